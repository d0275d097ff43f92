//! Training the guard on cross-fitted decodes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use hashbrown::HashMap;

use super::gathering::{Gathered, Sample, Seen};
use super::growing::{Judged, grow};
use super::trade::{AT_HOME, BEYOND, ELSEWHERE, FAR, HOMELESS, LEFT_OUT, NEXT_DOOR, Outcome, Totals, Trade};
use super::unfinished::unfinished;
use crate::corpus::{Line, Pair};
use crate::decode::Listened;
use crate::guard::{
    AROUND, Band, Guard, HARM_LIMIT, Home, Kind, LISTENED, Near, Operating, Resident, Standing, Surveyor,
    Thresholds, Trees,
};
use crate::model::{Model, ModelError};

/// What the guard learns from.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    /// Documents searched with models of their own sources.
    pub(super) home: Gathered,
    /// The same, cut into short stretches.
    pub(super) stretches: Gathered,
    /// Documents searched with models of other sources only, or, where there is one, pages of plain text.
    pub(super) abroad: Gathered,
}

impl Samples {
    /// Listens to documents as they were observed and as they should be: the shares of surprising tokens in both.
    pub(super) fn noise(model: &Model, pairs: &[&Pair]) -> Result<(f32, f32), ModelError> {
        let knowledge = model.knowledge()?;
        let mut surveyor = Surveyor::default();
        let mut share = |side: fn(&Pair) -> &str| {
            let lines: Vec<Line<'_>> = pairs.iter().map(|p| Line::new(side(p))).collect();
            // As many together as are all listened to.
            let heard = lines.chunks(LISTENED).map(|chunk| surveyor.listen(&knowledge, chunk));
            let all = heard.fold(Listened::default(), Listened::and);
            all.surprising as f32 / all.tokens.max(1) as f32
        };
        Ok((share(|p| &p.intended), share(|p| &p.observed)))
    }

    /// Grows the trees, calibrates them out of fold, and measures the trade between gain and harm. `limit` is the
    /// harm that the model will take where nobody asks for another. Also gives the numbers of the documents that are not
    /// [finished](unfinished): they do not count as right text.
    pub(super) fn guard(&mut self, limit: Option<f32>) -> (Guard, Vec<u32>) {
        let residents: Vec<Resident> = self.home.residents.iter().map(|(_, r)| r.clone()).collect();
        let places: HashMap<u32, u32> = self.home.residents.iter().map(|(n, _)| *n).zip(0..).collect();
        let stretches: Vec<Resident> = self.stretches.residents.iter().map(|(_, r)| r.clone()).collect();
        let home = Home::learn(&residents, &stretches);
        if home.is_empty() {
            // Nobody knows what is home, so that nobody is told what is abroad.
            self.abroad = Gathered::default();
        }
        // The shortest of the documents tell those trees what is abroad.
        self.home.settle(&home, &residents, &places, false);
        self.stretches.settle(&home, &residents, &places, true);
        self.leave_sources_out(&home, &residents, &stretches, &places);
        let mut not_finished = Vec::new();
        let (trees, judged) = loop {
            let (trees, judged) = self.of_documents();
            let at_home = judged.iter().take(self.home.samples.len()).map(|(_, outcome)| outcome);
            let words = self.home.seen.iter().map(|seen| (seen.number, seen.totals.clean_right));
            let more = unfinished(at_home, words, &not_finished);
            if more.is_empty() {
                break (trees, judged);
            }
            drop(judged);
            for gathered in [&mut self.home, &mut self.stretches, &mut self.abroad] {
                gathered.set_aside(&more);
            }
            not_finished.extend(more);
        };
        let (at_home, abroad) = judged.split_at(self.home.samples.len());
        let (of_short, judged) = self.of_short();
        let (stretches, taken) = judged.split_at(self.stretches.samples.len());
        let thresholds = Thresholds {
            home: self.of_sources(&home, Standing::Home, (&self.home, at_home), abroad),
            short: self.of_sources(&home, Standing::Short, (&self.stretches, stretches), taken),
            abroad: self.bands(&home, at_home, abroad),
            default: limit.unwrap_or(HARM_LIMIT),
        };
        not_finished.sort_unstable();
        (Guard { trees, short: of_short, thresholds, home }, not_finished)
    }

    /// The trees of documents, and what they say of those at home and then of those abroad. Of what is abroad these and those
    /// of short texts learn each from what they will judge.
    fn of_documents(&self) -> (Trees, Vec<Judged<'_>>) {
        let long = |sample: &&Sample| !self.abroad.stands(sample, is_short);
        let blind = self.home.blind.iter().chain(self.abroad.blind.iter().filter(long));
        grow(&self.home.samples, self.abroad.samples.iter().filter(long), blind)
    }

    /// The trees of short texts, and what they say of stretches at home and then of those abroad.
    fn of_short(&self) -> (Trees, Vec<Judged<'_>>) {
        let short = |sample: &&Sample| self.abroad.stands(sample, is_short);
        let blind = self.stretches.blind.iter().chain(self.abroad.blind.iter().filter(short));
        grow(&self.stretches.samples, self.abroad.samples.iter().filter(short), blind)
    }

    /// What holds abroad, by rising strangeness.
    fn bands(&self, home: &Home, at_home: &[Judged<'_>], abroad: &[Judged<'_>]) -> Vec<Band> {
        let (judged, totals) = if home.is_empty() || abroad.is_empty() {
            (at_home, totals(self.home.that(|_| true), std::iter::empty()))
        } else {
            (abroad, totals(self.abroad.that(|near| !is_short(near)), std::iter::empty()))
        };
        let is_piece = |(_, resident): &(u32, Resident)| resident.is_piece;
        let cares = if home.is_empty() {
            vec![(f32::INFINITY, HOMELESS)]
        } else if self.sources() > 1 {
            vec![(self.measured(), LEFT_OUT), (f32::INFINITY, FAR)]
        } else if self.home.residents.iter().any(is_piece) {
            // What pieces tell of home is rough: next door is as good as unknown.
            vec![(AROUND, HOMELESS), (f32::INFINITY, FAR)]
        } else {
            vec![(AROUND, NEXT_DOOR), (2.0 * AROUND, ELSEWHERE), (f32::INFINITY, BEYOND)]
        };
        let outcomes: Vec<Outcome> = judged.iter().map(|(_, outcome)| *outcome).collect();
        let trade = Trade::of(&outcomes, &totals, Kind::is_habit);
        cares.into_iter().map(|(reach, care)| Band { reach, points: trade.points(care) }).collect()
    }

    /// Documents abroad see a home without their source; pages of plain text are of none.
    fn leave_sources_out(
        &mut self,
        whole: &Home,
        residents: &[Resident],
        stretches: &[Resident],
        places: &HashMap<u32, u32>,
    ) {
        let source = |number: &u32| Some(residents.get(*places.get(number)? as usize)?.source);
        let mut sources: Vec<u32> = self.abroad.seen.iter().filter_map(|seen| source(&seen.number)).collect();
        sources.sort_unstable();
        sources.dedup();
        let homes: Vec<(u32, Home)> = sources
            .into_iter()
            .map(|left| {
                let others = |all: &[Resident]| -> Vec<Resident> {
                    all.iter().filter(|r| r.source != left).cloned().collect()
                };
                (left, Home::learn(&others(residents), &others(stretches)))
            })
            .collect();
        let near = |seen: &Seen| {
            let home = homes.iter().find(|(left, _)| source(&seen.number) == Some(*left));
            home.map_or_else(|| whole.near(&seen.looks, None), |(_, home)| home.near(&seen.looks, None))
        };
        let near = self.abroad.seen.par_iter().map(near).collect();
        self.abroad.tell(near);
    }

    /// How many sources there are.
    fn sources(&self) -> usize {
        let mut sources: Vec<u32> = self.home.residents.iter().map(|(_, r)| r.source).collect();
        sources.sort_unstable();
        sources.dedup();
        sources.len()
    }

    /// How strange those of the documents left out are that are abroad: the median.
    fn measured(&self) -> f32 {
        let mut strange: Vec<f32> = self.abroad.near.iter().map(|near| near.strangeness).collect();
        strange.retain(|&strangeness| strangeness > 1.0);
        strange.sort_by(f32::total_cmp);
        strange.get(strange.len() / 2).copied().unwrap_or(1.0)
    }

    /// The trade of each source among what stands there, of the source's own and of those abroad that were taken for its
    /// own. The oddest of those learned from are not at home among the others: two books of fifty-five, that keep other habits,
    /// would set the thresholds of all the rest.
    fn of_sources(
        &self,
        home: &Home,
        standing: Standing,
        (gathered, own): (&Gathered, &[Judged<'_>]),
        taken: &[Judged<'_>],
    ) -> BTreeMap<u32, Vec<Operating>> {
        let of_source = |source| {
            let (outcomes, totals) = self.of_source(source, standing, (gathered, own), taken);
            // What is short is told less surely: nobody knows what else is taken for it. And no other lines tell what becomes of
            // broken words.
            let points = match standing {
                Standing::Short => Trade::of(&outcomes, &totals, Kind::is_layout).points(NEXT_DOOR),
                _ => Trade::of(&outcomes, &totals, |_| false).points(AT_HOME),
            };
            (source, points)
        };
        home.sources().map(of_source).collect()
    }

    fn of_source(
        &self,
        source: u32,
        standing: Standing,
        (gathered, own): (&Gathered, &[Judged<'_>]),
        taken: &[Judged<'_>],
    ) -> (Vec<Outcome>, Totals) {
        let is_its = |near: &Near| near.source == source && near.standing() == standing;
        let own = own.iter().filter(|(sample, _)| gathered.stands(sample, is_its));
        // A page that looks like home is not of another source: it is left to the documents there to say what comes of it.
        let several = self.sources() > 1;
        let is_imposter = |near: &Near| several && is_its(near);
        let taken = taken.iter().filter(|(sample, _)| self.abroad.stands(sample, is_imposter));
        let taken = taken.map(|(_, outcome)| Outcome { imposter: true, ..*outcome });
        let outcomes = own.map(|(_, outcome)| *outcome).chain(taken).collect();
        (outcomes, totals(gathered.that(is_its), self.abroad.that(is_imposter)))
    }
}

fn is_short(near: &Near) -> bool {
    near.standing() == Standing::Short
}

/// The totals of documents, and of imposters.
fn totals<'s>(own: impl Iterator<Item = &'s Seen>, taken: impl Iterator<Item = &'s Seen>) -> Totals {
    let mut totals = Totals::default();
    for seen in own {
        totals.errors += seen.totals.errors;
        totals.right += seen.totals.right;
        totals.clean_right += seen.totals.clean_right;
    }
    for seen in taken {
        totals.imposters_right += seen.totals.right;
        totals.imposters_clean_right += seen.totals.clean_right;
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::{Act, COUNT, Looks, NAMES, Profile};

    /// Twelve documents of each of two sources that lie apart; one joins broken words, the other keeps them.
    fn residents() -> Vec<Resident> {
        let resident = |source: u32, at: u32| {
            let mut acts = [[0; 2]; Act::COUNT];
            acts[Act::Unbreak.index()] = [10, if source == 0 { 10 } else { 0 }];
            Resident {
                source,
                is_piece: false,
                lines: 9,
                looks: looks(profile(source, at)),
                halves: None,
                acts,
            }
        };
        (0..2).flat_map(|source| (0..12).map(move |at| resident(source, at))).collect()
    }

    fn profile(source: u32, at: u32) -> Profile {
        Profile::of_one(10.0 * source as f32 + (at % 5) as f32 / 10.0)
    }

    fn looks(profile: Profile) -> Looks {
        Looks { profile, tokens: 100, insistence: 0.0, kinds: std::collections::BTreeSet::new() }
    }

    /// Documents of one proposal each, of these numbers and profiles.
    fn gathered(documents: &[(u32, Profile)]) -> Gathered {
        let mut all = Gathered::default();
        for (at, &(number, profile)) in documents.iter().enumerate() {
            let outcome = Outcome {
                confidence: 0.5,
                preference: 0.0,
                kind: Kind::Hyphen,
                gain: 1,
                broken: 1,
                clean: false,
                rank: 0,
                document: number,
                fold: 0,
                imposter: false,
            };
            all.samples.push(Sample { row: [0.0; COUNT], act: Act::Unbreak, outcome, profile: at });
            let totals = Totals { right: 100 + u64::from(number), clean_right: 200, ..Totals::default() };
            all.seen.push(Seen { number, looks: looks(profile), totals });
        }
        all
    }

    fn told(sample: &Sample) -> (f32, f32) {
        let feature = |name| sample.row[NAMES.iter().position(|n| *n == name).unwrap()];
        (feature("the same act at kin"), feature("strangeness of the document"))
    }

    #[test]
    fn with_its_sources_at_home_each_document_is_told_of_its_own_habits() {
        let residents = residents();
        let places = (0..24).map(|number| (number, number)).collect();
        let mut home = gathered(&[(0, profile(0, 0)), (12, profile(1, 0))]);
        home.settle(&Home::learn(&residents, &[]), &residents, &places, false);
        let (joins, keeps) = (told(&home.samples[0]), told(&home.samples[1]));
        assert!(joins.0 > 0.99 && joins.1 <= 1.0, "{joins:?}");
        assert!(keeps.0 < 0.01 && keeps.1 <= 1.0, "{keeps:?}");
    }

    #[test]
    fn a_document_whose_source_is_left_out_is_a_stranger_to_the_other() {
        let residents = residents();
        let places = (0..24).map(|number| (number, number)).collect();
        // The last is of the second source and looks as if it were of the first.
        let documents = [(0, profile(0, 0)), (12, profile(1, 0)), (13, profile(0, 2))];
        let mut samples = Samples { abroad: gathered(&documents), ..Samples::default() };
        samples.home.residents = (0..).zip(residents.iter().cloned()).collect();
        let home = Home::learn(&residents, &[]);
        samples.leave_sources_out(&home, &residents, &[], &places);
        let near: Vec<bool> = samples.abroad.near.iter().map(Near::is_home).collect();
        assert_eq!(near, [false, false, true]);
        let [first, second, third] = [0, 1, 2].map(|at| told(&samples.abroad.samples[at]));
        assert!(first.0 < 0.01 && first.1 > 1.0, "it is told of the second's habits: {first:?}");
        assert!(second.0 > 0.99 && second.1 > 1.0, "it is told of the first's habits: {second:?}");
        assert!(third.0 > 0.99 && third.1 <= 1.0, "it is taken for one of the first: {third:?}");

        // Pages are of no source, so that none is left out for them.
        let pages = gathered(&[(24, profile(0, 2)), (25, profile(7, 0))]);
        let mut read = Samples { abroad: pages, ..Samples::default() };
        read.leave_sources_out(&home, &residents, &[], &places);
        assert_eq!(read.abroad.near.iter().map(Near::is_home).collect::<Vec<_>>(), [true, false]);

        let judged: Vec<Judged<'_>> = samples.abroad.samples.iter().map(|s| (s, s.outcome)).collect();
        let of_source = |source| samples.of_source(source, Standing::Home, (&samples.home, &[]), &judged);
        let (taken, totals) = of_source(0);
        assert_eq!(taken.iter().map(|o| (o.imposter, o.broken)).collect::<Vec<_>>(), [(true, 1)]);
        assert_eq!((totals.imposters_right, totals.imposters_clean_right), (113, 200));
        assert_eq!(totals.right, 0, "none is at home");
        assert!(of_source(1).0.is_empty(), "none is taken for the other's");
    }

    #[test]
    fn the_oddest_of_the_documents_learned_from_do_not_count_at_home() {
        let alike = residents().into_iter().filter(|r| r.source == 0);
        let mut residents: Vec<Resident> = alike.cycle().take(30).collect();
        residents[29].looks = looks(profile(1, 0));
        let places = (0..30).map(|number| (number, number)).collect();
        let home = gathered(&[(0, profile(0, 0)), (29, profile(1, 0))]);
        let mut samples = Samples { home, ..Samples::default() };
        samples.home.settle(&Home::learn(&residents, &[]), &residents, &places, false);
        let judged: Vec<Judged<'_>> = samples.home.samples.iter().map(|s| (s, s.outcome)).collect();
        let (own, totals) = samples.of_source(0, Standing::Home, (&samples.home, &judged), &[]);
        assert_eq!(own.iter().map(|o| o.document).collect::<Vec<_>>(), [0]);
        assert_eq!((totals.right, totals.clean_right), (100, 200));
    }

    #[test]
    fn what_is_not_finished_is_no_right_text_and_is_judged_as_it_was_read() {
        let mut home = gathered(&[(3, profile(0, 0)), (3, profile(0, 0)), (4, profile(0, 1))]);
        for (at, sample) in home.samples.iter_mut().enumerate() {
            sample.outcome.clean = at > 0;
        }
        for (at, seen) in home.seen.iter_mut().enumerate() {
            seen.totals.clean_right = if at > 0 { 200 } else { 0 };
        }
        home.set_aside(&[3]);
        let left: Vec<(u32, bool)> =
            home.samples.iter().map(|s| (s.outcome.document, s.outcome.clean)).collect();
        assert_eq!(left, [(3, false), (4, true)]);
        let right: Vec<(u64, u64)> =
            home.seen.iter().map(|s| (s.totals.right, s.totals.clean_right)).collect();
        assert_eq!(right, [(103, 0), (103, 0), (104, 200)]);
    }

    #[test]
    fn a_source_that_is_alone_leaves_no_home_behind() {
        let residents: Vec<Resident> = residents().into_iter().filter(|r| r.source == 0).collect();
        let places = (0..12).map(|number| (number, number)).collect();
        let mut samples = Samples { abroad: gathered(&[(0, profile(0, 0))]), ..Samples::default() };
        samples.leave_sources_out(&Home::learn(&residents, &[]), &residents, &[], &places);
        let (rate, strangeness) = told(&samples.abroad.samples[0]);
        assert!(rate.is_nan() && strangeness > 1.0, "{rate} {strangeness}");
    }
}
