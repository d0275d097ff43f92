//! All proposals for one document, with what the document itself says.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::parts::{letters_only, passed_only, spelled, unhyphenated};
use super::places::{Place, Places};
use super::{Act, Echoes, Endings, Left, Proposal, Spellings, broken, echo};
use crate::corpus::Line;
use crate::cost::{Cost, narrow};
use crate::counts::Segment;
use crate::decode::{
    Beam, Change, Decoder, Knowledge, Listened, Observed, Reading, Rescorer, UNSEEN, changes,
};
use crate::model::Habits;
use crate::text::{QuoteStyle, Span, fold_word, graphemes, units};

/// What the search proposes for a document.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// In order of line and place.
    pub proposals: Vec<Proposal>,
    /// What listening to it told.
    pub listened: Listened,
    /// White-space tokens of the document.
    pub tokens: usize,
    /// Tokens of each line.
    pub line_tokens: Vec<usize>,
    /// Proposals of each line.
    pub line_proposals: Vec<usize>,
    /// Tokens with a proposal of letters (not of spaces, hyphens and marks alone).
    pub lettered: usize,
    /// Those whose change is cheaper than leaving by more than 8 nats.
    pub clear: usize,
    /// Proposals that do each act.
    pub acts: [usize; Act::COUNT],
    /// Words that nobody knows and that the search leaves.
    pub left: Left,
    /// What it writes again and again.
    pub spellings: Spellings,
    /// How its lines end.
    pub endings: Endings,
    /// What its lines say to its addresses.
    pub echoes: Echoes,
}

/// What is known of a document when one of its lines is searched.
#[derive(Clone, Copy)]
struct Scene<'a> {
    lines: &'a [Line<'a>],
    endings: &'a Endings,
    /// Once all lines were read.
    echoes: Option<&'a Echoes>,
}

/// A margin beyond which a proposal is hardly ever chance, nats.
pub(super) const CLEAR: f32 = 8.0;
/// Lines that one thread searches at a time in a long document.
const BLOCK: usize = 256;
/// Lines of a document that are listened to for its noise.
pub(crate) const LISTENED: usize = 64;
/// Bytes of each.
const LISTENED_BYTES: usize = 2_000;
/// Readings beside the search's own that are proposed as well.
const ALTERNATIVES: usize = 2;
/// Readings looked at beside the best, and how far from it, nats.
const NEAR: (usize, f32) = (12, 8.0);

impl Survey {
    /// The search's own reading of a line: what it would do made everywhere.
    pub fn reading(&self, lines: &[Line<'_>], line: usize) -> String {
        self.read_as(lines, line, |_| true)
    }

    /// A line with what seems misread mended, and all that may be its habit left alone.
    pub(super) fn mended(&self, lines: &[Line<'_>], line: usize) -> String {
        self.read_as(lines, line, |p| !p.kind.is_habit())
    }

    /// Where the proposals of a line begin and end.
    fn of_line(&self, line: usize) -> (usize, usize) {
        let place = |line: usize| self.proposals.partition_point(|p| p.line < line);
        (place(line), place(line + 1))
    }

    fn read_as(&self, lines: &[Line<'_>], line: usize, which: impl Fn(&Proposal) -> bool) -> String {
        let text = lines.get(line).map_or("", |l| l.text);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let (from, to) = self.of_line(line);
        let own = self.proposals.get(from..to).unwrap_or(&[]).iter();
        for proposal in own.filter(|p| p.is_of_search() && which(p)) {
            out.push_str(text.get(at..proposal.span.start()).unwrap_or(""));
            out.push_str(&proposal.intended);
            at = proposal.span.end();
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }

    /// The places where something is proposed, each with the numbers of its proposals, in order.
    pub fn places(&self) -> Vec<Range<usize>> {
        by_place(self.proposals.iter().map(|proposal| proposal.rank))
    }
}

/// Where what is proposed for each place stands among all, by their ranks: 0 for the first of a place.
pub fn by_place(ranks: impl Iterator<Item = u8>) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for (at, rank) in ranks.enumerate() {
        match places.last_mut() {
            Some(place) if rank > 0 => place.end = at + 1,
            _ => places.push(at..at + 1),
        }
    }
    places
}

/// Memory for surveying document after document.
#[derive(Debug, Default)]
pub struct Surveyor {
    decoder: Decoder,
    near: Decoder,
    rescorer: Rescorer,
    observed: Observed,
}

impl Surveyor {
    /// Searches every line of a document.
    pub fn survey(&mut self, knowledge: &Knowledge<'_>, beam: &Beam, lines: &[Line<'_>]) -> Survey {
        let mut survey = Survey::default();
        let knowledge = &Knowledge { habits: habits(lines), ..*knowledge };
        survey.listened = self.listen(knowledge, lines);
        let heard = survey.listened;
        let beam = &Beam { doubt: beam.doubt.of_document(heard.surprising, heard.tokens), ..*beam };
        survey.endings = Endings::of(lines);
        let scene = Scene { lines, endings: &survey.endings, echoes: None };
        survey.proposals = if lines.len() > BLOCK {
            let blocks = (0..lines.len().div_ceil(BLOCK)).into_par_iter().map(|k| k * BLOCK);
            let found = blocks.map_init(Self::default, |own, from| {
                own.search(knowledge, beam, &scene, from..lines.len().min(from + BLOCK))
            });
            found.collect::<Vec<_>>().concat()
        } else {
            self.search(knowledge, beam, &scene, 0..lines.len())
        };
        survey.echoes = Echoes::of(lines, |line| survey.reading(lines, line));
        self.search_again(knowledge, beam, &mut survey, lines);
        survey.line_tokens = lines.iter().map(|line| units(line.text).count()).collect();
        survey.tokens = survey.line_tokens.iter().sum();
        survey.line_proposals = vec![0; lines.len()];
        for proposal in survey.proposals.iter().filter(|p| p.rank == 0) {
            survey.line_proposals[proposal.line] += 1;
            survey.acts[proposal.act.index()] += 1;
        }
        let lettered = || survey.proposals.iter().filter(|p| p.rank == 0 && p.is_lettered(lines));
        (survey.lettered, survey.clear) =
            (lettered().count(), lettered().filter(|p| p.margin() > CLEAR).count());
        survey.left = Left::of(knowledge, &survey.proposals, lines);
        survey.spellings = Spellings::of(&survey.proposals, lines);
        survey
    }

    /// Listens to at most 64 lines of a document, spread over it.
    pub fn listen(&mut self, knowledge: &Knowledge<'_>, lines: &[Line<'_>]) -> Listened {
        let heard = lines.iter().step_by(lines.len().div_ceil(LISTENED).max(1)).map(|line| {
            let head = line.text.get(..line.text.floor_char_boundary(LISTENED_BYTES)).unwrap_or("");
            self.observed.read(head, knowledge.alphabet);
            self.decoder.listen(knowledge, &self.observed)
        });
        heard.fold(Listened::default(), Listened::and)
    }

    /// Searches the addresses of a document once more: now it is known what its other lines say.
    fn search_again(
        &mut self,
        knowledge: &Knowledge<'_>,
        beam: &Beam,
        survey: &mut Survey,
        lines: &[Line<'_>],
    ) {
        let mut anew = Vec::new();
        let mut done = 0;
        for at in survey.echoes.addresses() {
            let (from, to) = survey.of_line(at);
            anew.extend_from_slice(survey.proposals.get(done..from).unwrap_or_default());
            let scene = Scene { lines, endings: &survey.endings, echoes: Some(&survey.echoes) };
            self.line(knowledge, beam, &scene, at, &mut anew);
            done = to;
        }
        if done > 0 || !anew.is_empty() {
            anew.extend_from_slice(survey.proposals.get(done..).unwrap_or_default());
            survey.proposals = anew;
        }
    }

    /// The proposals for some lines of a document.
    fn search(
        &mut self,
        knowledge: &Knowledge<'_>,
        beam: &Beam,
        scene: &Scene<'_>,
        lines: Range<usize>,
    ) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        for at in lines {
            self.line(knowledge, beam, scene, at, &mut proposals);
        }
        proposals
    }

    fn line(
        &mut self,
        knowledge: &Knowledge<'_>,
        beam: &Beam,
        scene: &Scene<'_>,
        at: usize,
        proposals: &mut Vec<Proposal>,
    ) {
        let Some(line) = scene.lines.get(at) else { return };
        // A field is short, and nobody waits longer for it.
        let beam = &if line.kind.is_some() { beam.thorough() } else { *beam };
        self.observed.read(line.text, knowledge.alphabet);
        if let Some(confidences) = line.evidence {
            self.observed.heed(line.text, confidences, &beam.trust);
        }
        let edits = self.decoder.decode(knowledge, &self.observed, beam);
        let mut places = Places::of(changes(&self.observed, knowledge.symbols, edits));
        let ending = scene.endings.mended(knowledge, line.text, &self.observed);
        let last = places.changes().last().map_or(0, |last| last.at.end);
        places.add(Act::Ending, ending.filter(|change| last <= change.at.start));
        let after = scene.lines.get(at + 1).map(|next| next.text);
        places.add(Act::Break, broken::mended(knowledge, line.text, after, &self.observed, scene.endings));
        if let Some(echoes) = scene.echoes {
            places.add(Act::Echo, self.echoed(knowledge, echoes, at, line, places.changes()));
        }
        if places.changes().is_empty() {
            return;
        }
        self.rescorer.read(knowledge, &self.observed, places.changes());
        for (number, place) in places.iter().enumerate() {
            self.place(knowledge, at, line, (number, place), proposals);
        }
    }

    /// The changes, beside or in place of those found, that make pieces of an address what other lines say; those of one
    /// place follow each other.
    fn echoed(
        &self,
        knowledge: &Knowledge<'_>,
        echoes: &Echoes,
        at: usize,
        line: &Line<'_>,
        found: &[Change],
    ) -> Vec<Change> {
        let observed = &self.observed;
        let space = |at: usize| observed.symbols.get(at).is_none_or(|&s| knowledge.symbols.is_space(s));
        let byte = |at: usize| observed.at_byte.get(at).copied().unwrap_or(line.text.len());
        // The tokens that nothing is found in, and the places where something is.
        let mut stretches: Vec<(Range<usize>, String)> = Vec::new();
        let mut from = 0;
        let end = [Change { at: observed.symbols.len()..observed.symbols.len(), steps: Vec::new() }];
        for change in found.iter().chain(&end) {
            let tokens = (from..change.at.start).filter(|&k| !space(k) && (k == from || space(k - 1)));
            for start in tokens {
                let end = (start..change.at.start).find(|&k| space(k)).unwrap_or(change.at.start);
                stretches.push((start..end, line.text.get(byte(start)..byte(end)).unwrap_or("").to_owned()));
            }
            if !change.steps.is_empty() {
                stretches.push((change.at.clone(), spelled(knowledge.alphabet, line.text, observed, change)));
                let as_it_stands = line.text.get(byte(change.at.start)..byte(change.at.end)).unwrap_or("");
                stretches.push((change.at.clone(), as_it_stands.to_owned()));
            }
            from = change.at.end;
        }
        let known = |word: &str| knowledge.vocabulary.id(&fold_word(word)).is_some();
        let heard = echoes.heard(at);
        let echo = |(stretch, reading): (Range<usize>, String)| {
            let said = Echoes::mended(&heard, &reading, known)?;
            echo::change(knowledge.alphabet, line.text, observed, stretch, &said)
        };
        stretches.into_iter().filter_map(echo).collect()
    }

    /// What might be done at one place of a line, the first of the candidates first.
    fn place(
        &mut self,
        knowledge: &Knowledge<'_>,
        at: usize,
        line: &Line<'_>,
        (number, place): (usize, Place<'_>),
        proposals: &mut Vec<Proposal>,
    ) {
        let text = line.text;
        let own = |at: usize| self.observed.at_byte.get(at).copied();
        let bounds = own(place.change.at.start).zip(own(place.change.at.end));
        let Some(span) = bounds.and_then(|(start, end)| Span::new(text, start, end)) else { return };
        let leave = Change { at: place.change.at.clone(), steps: Vec::new() };
        let kept = self.rescorer.price(knowledge, &self.observed, number, &leave);
        let mut readings = vec![(span.of(text).to_owned(), kept.total)];
        let candidates = self.candidates(knowledge, line, (number, place), &mut readings);
        // Where nothing but leaving is left there is nothing to propose.
        if candidates.first().is_none_or(|first| first.change.steps != place.change.steps) {
            return;
        }
        shares(&mut readings);
        let near: Arc<[(String, f32)]> = readings.into();
        let leave = near.iter().find(|(t, _)| t == span.of(text)).map_or(0.0, |r| r.1);
        for (rank, candidate) in (0..).zip(candidates) {
            let Candidate { change, price, intended, .. } = candidate;
            let (rarest, dearest) = self.seen(knowledge, &change);
            let known = |word: &str| knowledge.vocabulary.id(&fold_word(word)).is_some();
            let (kind, act) = place.judged(known, candidate.act, span.of(text), &intended);
            proposals.push(Proposal {
                line: at,
                span,
                support: rarest.0,
                rarest: (rarest.1, rarest.2),
                dearest,
                leave,
                near: Arc::clone(&near),
                kept: kept.clone(),
                changed: price,
                symbols: (change.at.start, change.at.end),
                kind,
                act,
                rank,
                intended,
            });
        }
    }

    /// The place's own change, what else is known there, readings that came near, the letters of the first alone, what is left
    /// of it without hyphens that nobody saw, and without the steps that no policy lets pass: each text once, and none of
    /// those in `readings`. Their costs, and those of all that came near, are added to `readings`.
    fn candidates(
        &mut self,
        knowledge: &Knowledge<'_>,
        line: &Line<'_>,
        (number, place): (usize, Place<'_>),
        readings: &mut Vec<(String, f32)>,
    ) -> Vec<Candidate> {
        let (observed, change) = (&self.observed, place.change);
        let near = self.rescorer.near(&mut self.near, knowledge, observed, number, change, NEAR);
        let rest = letters_only(knowledge.alphabet, observed, change);
        let unhyphenated = unhyphenated(knowledge.alphabet, change);
        let passed = passed_only(knowledge.alphabet, observed, change, line);
        let others = &place.origin.others;
        let all = std::iter::once((place.origin.act, change.clone(), None))
            .chain(others.iter().map(|(act, change)| (*act, change.clone(), None)))
            .chain(near.into_iter().map(|(change, cost)| (Act::Mend, change, Some(cost))))
            .chain([rest, unhyphenated, passed].into_iter().flatten().map(|part| (Act::Mend, part, None)));
        let mut candidates: Vec<Candidate> = Vec::new();
        for (act, change, cost) in all {
            let intended = spelled(knowledge.alphabet, line.text, observed, &change);
            if readings.iter().any(|(text, _)| *text == intended) {
                continue;
            }
            match cost {
                Some(cost) if candidates.len() > ALTERNATIVES + others.len() => {
                    readings.push((intended, cost));
                }
                _ => {
                    let price = self.rescorer.price(knowledge, observed, number, &change);
                    readings.push((intended.clone(), cost.unwrap_or(price.total)));
                    candidates.push(Candidate { change, act, price, intended });
                }
            }
        }
        candidates
    }

    /// The rarest of a change's segments as misread (times seen, observed, intended), and what the dearest costs, nats.
    fn seen(&self, knowledge: &Knowledge<'_>, change: &Change) -> ((u32, Segment, Segment), f32) {
        let steps = change.steps.iter().map(|step| {
            let from = self.observed.symbols.get(step.at.clone()).unwrap_or(&[]);
            let found = knowledge.channel.reading(from, step.intended.symbols());
            let (count, cost) = found.map_or((0, UNSEEN), |reading| (reading.count, reading.cost));
            ((count, Segment::new(from).unwrap_or_default(), step.intended), cost)
        });
        let rarest = steps.clone().map(|step| step.0).min_by_key(|seen| seen.0).unwrap_or_default();
        (rarest, steps.map(|step| step.1).fold(0.0, f32::max))
    }
}

/// Something that might be done at a place.
struct Candidate {
    change: Change,
    /// What it does, if that is known beforehand; [`Act::Mend`]: it is told from the texts.
    act: Act,
    price: Reading,
    intended: String,
}

/// How a document writes what can be written in several ways, from the lines that are listened to.
fn habits(lines: &[Line<'_>]) -> Habits {
    let mut counts = [0_u32; QuoteStyle::COUNT];
    for line in lines.iter().step_by(lines.len().div_ceil(LISTENED).max(1)) {
        let head = line.text.get(..line.text.floor_char_boundary(LISTENED_BYTES)).unwrap_or("");
        for (_, grapheme) in graphemes(head) {
            if let Some(style) = QuoteStyle::of(grapheme) {
                counts[style.index()] += 1;
            }
        }
    }
    let styles = [
        QuoteStyle::StraightSingle,
        QuoteStyle::CurlySingle,
        QuoteStyle::StraightDouble,
        QuoteStyle::CurlyDouble,
    ];
    let cost = |style: QuoteStyle| {
        let (own, other) = (f64::from(counts[style.index()]), f64::from(counts[style.other().index()]));
        // One of each is seen beforehand; nothing seen, no cost.
        if own + other == 0.0 { 0.0 } else { Cost::of_probability((own + 1.0) / (own + other + 2.0)).nats() }
    };
    Habits { quotes: styles.map(cost) }
}

/// Turns costs into shares of probability, the likeliest first (ties: as found).
fn shares(readings: &mut [(String, f32)]) {
    readings.sort_by(|a, b| a.1.total_cmp(&b.1));
    let best = readings.first().map_or(0.0, |r| r.1);
    let mut sum = 0.0;
    for reading in readings.iter_mut() {
        reading.1 = narrow(Cost::new(reading.1 - best).probability());
        sum += reading.1;
    }
    for reading in readings.iter_mut() {
        reading.1 /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::proposal;

    #[test]
    fn each_place_holds_what_is_proposed_there() {
        let places = |ranks: &[u8]| {
            let proposals = ranks.iter().map(|&rank| proposal(0, "tbe", "tbe", "the", rank)).collect();
            Survey { proposals, ..Survey::default() }.places()
        };
        let none: [Range<usize>; 0] = [];
        assert_eq!(places(&[]), none);
        assert_eq!(places(&[0, 1, 2, 0, 0, 1]), [0..3, 3..4, 4..6]);
    }

    #[test]
    fn what_is_mended_are_letters_as_the_search_would_have_them() {
        let texts = ["tbe end ofthe day", "no thing", "aud so"];
        let lines = texts.map(Line::new);
        let of =
            |line: usize, observed, intended, rank| proposal(line, texts[line], observed, intended, rank);
        let proposals = vec![
            of(0, "tbe", "the", 0),
            of(0, "tbe", "tube", 1),
            of(0, "ofthe", "of the", 0),
            of(1, "no thing", "nothing", 0),
            of(2, "aud", "and,", 0),
            of(2, "aud", "and", 1),
        ];
        let survey = Survey { proposals, ..Survey::default() };
        let each = |read: &dyn Fn(usize) -> String| (0..4).map(read).collect::<Vec<_>>();
        let read = each(&|line| survey.reading(&lines, line));
        assert_eq!(
            read,
            ["the end of the day", "nothing", "and, so", ""],
            "nothing is on a line that is not"
        );
        let mended = each(&|line| survey.mended(&lines, line));
        assert_eq!(mended, ["the end ofthe day", "no thing", "and, so", ""], "spaces are habits");
    }

    #[cfg(feature = "english")]
    #[test]
    fn a_field_is_searched_as_widely_as_who_asks_for_it_searches_text() {
        let model = crate::Model::english().expect("it is part of the program");
        let knowledge = model.knowledge().expect("it is sound");
        let beam = model.metadata().settings.beam;
        let rows = include_str!("../../data/samples/cards.tsv");
        let read: Vec<&str> = rows.lines().filter_map(|row| row.split('\t').next()).collect();
        let mut surveyor = Surveyor::default();
        // No policy knows the kind.
        let mut found = |kind, beam: Beam| -> Vec<(usize, String)> {
            let lines: Vec<Line<'_>> = read.iter().map(|&text| Line { kind, ..Line::new(text) }).collect();
            let survey = surveyor.survey(&knowledge, &beam, &lines);
            survey.proposals.into_iter().map(|p| (p.line, p.intended)).collect()
        };
        let (text, field) = (found(None, beam), found(Some("thing"), beam));
        assert_eq!(field, found(None, beam.thorough()));
        assert!(text != field && !text.is_empty(), "or there is nothing to see");
    }
}
