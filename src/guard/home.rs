//! Whether a document is like those that were learned from, and what the habits of its nearest of kin are.
//!
//! Letters are misread alike everywhere; spaces, hyphens, marks and case follow the habits of a source. A guard that
//! learned the habits of one source breaks the right text of another, and nothing in a single change tells. So each
//! document has a profile, a few plain shares of how it is laid out, written and misread. A document that is far from
//! all that were learned from is *abroad*: there, changes that follow habits are not made. At home the nearest
//! documents tell how often each way of changing was right among them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::spread::{Measured, Spread, all_but};
use super::stretches::{SHORT, Stretches};
use super::{Act, Profile, Survey};
use crate::corpus::Line;
use crate::decode::Knowledge;

/// What a document is told by.
#[derive(Clone, Debug)]
pub struct Looks {
    /// Its profile, of the text as the search mends it.
    pub profile: Profile,
    /// All its tokens, though its profile comes of 128 lines at most: a long document has to be the nearer.
    pub tokens: usize,
    /// How much it insists on what would be mended ([`super::Spellings::insistence`]).
    pub insistence: f32,
    /// The kinds of its fields.
    pub kinds: BTreeSet<String>,
}

impl Looks {
    /// How a document looks. O(length).
    pub fn of(knowledge: &Knowledge<'_>, lines: &[Line<'_>], survey: &Survey) -> Self {
        let profile = Profile::of(knowledge, lines, survey);
        let kinds = lines.iter().filter_map(|line| line.kind).map(str::to_owned).collect();
        Self { profile, tokens: survey.tokens, insistence: survey.spellings.insistence(), kinds }
    }
}

/// A document that was learned from.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Which source it is of.
    pub source: u32,
    /// Whether it is a piece of a document, whose source has too few to tell how they differ.
    pub is_piece: bool,
    /// How many lines it has.
    pub lines: usize,
    /// How it looks.
    pub looks: Looks,
    /// The profiles of its halves, where it has more than one line.
    pub halves: Option<[Profile; 2]>,
    /// For each [`Act`] how many changes were proposed, and how many of them were right.
    pub acts: [[u32; 2]; Act::COUNT],
}

/// Where a document stands to those learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is like them.
    Home,
    /// It is too short to tell, and like short stretches of them.
    Short,
    /// It is unlike them: its habits are kept, and changes have to be surer.
    Abroad,
    /// It is unlike them, and in another language: it is left alone.
    Foreign,
}

/// How near a document is to those learned from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The source that it is nearest to.
    pub source: u32,
    /// How far it is from the middle of its nearest source, or how much more it insists on what would be mended, as a part
    /// of what is usual there; above 1 it is abroad.
    pub strangeness: f32,
    /// How strange it is among short stretches of the documents there, where it is too short to be told from those, is
    /// abroad among them and is not among the stretches.
    pub short: Option<f32>,
    /// Whether so many of its words are unknown that it must be in another language.
    pub foreign: bool,
    /// How often each [`Act`] was right there, 0–1; NaN where nothing is known.
    pub rates: [f32; Act::COUNT],
}

impl Near {
    /// Nothing is known.
    pub const NOWHERE: Self = Self {
        source: 0,
        strangeness: MOST_STRANGE,
        short: None,
        foreign: false,
        rates: [f32::NAN; Act::COUNT],
    };

    /// Whether the document is like those learned from.
    pub fn is_home(&self) -> bool {
        self.standing() == Standing::Home
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match (self.strangeness <= 1.0, self.foreign, self.short) {
            (true, _, _) => Standing::Home,
            (false, true, _) => Standing::Foreign,
            (false, false, Some(_)) => Standing::Short,
            (false, false, None) => Standing::Abroad,
        }
    }

    /// Whether the document is like those learned from, or not unlike them.
    pub fn is_around(&self) -> bool {
        self.strangeness <= AROUND || self.short.is_some()
    }
}

/// One of the documents learned from that does not count as such.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Its place among them.
    place: u32,
    /// How the others of its source spread, if it is one of those that tell: a document that helped to make the spread would
    /// seem nearer than any other ever can.
    others: Option<Spread>,
}

impl Resident {
    pub(super) fn measured(&self) -> Measured<'_> {
        let halves = self.halves.as_ref().map(|[a, b]| [a.shares(), b.shares()]);
        Measured { shares: self.looks.profile.shares(), tokens: self.looks.tokens, halves }
    }
}

/// The documents learned from, by source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    sources: Vec<Source>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Source {
    number: u32,
    /// Each document's place among those learned from.
    places: Vec<u32>,
    profiles: Vec<Profile>,
    acts: Vec<[[u32; 2]; Act::COUNT]>,
    scale: Profile,
    spread: Spread,
    reach: f32,
    stretches: Stretches,
    /// Most that its documents insist on what would be mended.
    insistence: f32,
    /// The kinds of its documents' fields.
    kinds: BTreeSet<String>,
}

/// How strange a document may be and yet have fields, marks and readers of the kind that was learned from.
pub const AROUND: f32 = 1.5;
/// A document of so many kinds of fields, all of which a source has, is of its sort: `AROUND` is near enough to be at home.
const KINDS: usize = 3;
/// Documents kept of a source.
const MOST: usize = 256;
/// Of a source of fewer documents nothing is known.
pub const LEAST_DOCUMENTS: usize = 10;
/// Neighbours whose habits count.
const KIN: usize = 12;
/// Weight of the whole source's habits beside those of the nearest, in changes.
const COMMON: f32 = 4.0;
/// Share of the documents learned from that would not be at home among the others.
const STRANGE: f32 = 0.07;
/// How much farther than those a document may be; more where they are few.
const MARGIN: f32 = 0.92;
const FEW: f32 = 10.0;
/// How far a document may be where only pieces of documents are known, beside the median of those: they are short, and by
/// chance farther from each other than documents are. As far as the farthest of them, models of 30 and 100 pairs of BLN600
/// took most of OverProof for their own.
const PIECES_REACH: f32 = 1.6;
/// A piece that is so much farther than the median does not count.
const ODD_PIECE: f32 = 2.0;
/// A document may always insist on so much, and on so much more than those.
const LEAST_INSISTENCE: f32 = 0.35;
const MORE_INSISTENCE: f32 = 0.05;
/// Text in the model's own language has unknown words, as mended, up to a tenth; badly misread one or a list of names up to a
/// fifth. In another language they are a third and more: French for a model that knows novels in English.
const FOREIGN: f32 = 0.25;
/// Words that are counted as known beforehand: of a short text few say little.
const KNOWN_BEFOREHAND: f32 = 8.0;
/// Beyond this all is equally strange.
const MOST_STRANGE: f32 = 8.0;

impl Home {
    /// The home of these documents, and of stretches of them that are short; in a source of fewer than ten nothing is at home.
    pub fn learn(residents: &[Resident], stretches: &[Resident]) -> Self {
        let mut numbers: Vec<u32> = residents.iter().map(|r| r.source).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let sources = numbers.into_iter().filter_map(|number| {
            let own: Vec<(u32, &Resident)> =
                (0..).zip(residents).filter(|(_, resident)| resident.source == number).collect();
            Source::learn(number, &own, stretches)
        });
        Self { sources: sources.collect() }
    }

    /// The numbers of its sources.
    pub fn sources(&self) -> impl Iterator<Item = u32> {
        self.sources.iter().map(|source| source.number)
    }

    /// Whether nothing is known of any source.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The nearest of kin of a document; what is `leaving` does not count.
    pub fn near(&self, of: &Looks, leaving: Option<&Leaving>) -> Near {
        let near = self.sources.iter().map(|source| source.near(of, leaving));
        // What is at home is, however near it may be elsewhere to what is too short to tell.
        let order = |near: &Near| (near.strangeness > 1.0, near.short.is_none());
        let strangeness = |near: &Near| near.short.unwrap_or(near.strangeness);
        near.min_by(|a, b| order(a).cmp(&order(b)).then(strangeness(a).total_cmp(&strangeness(b))))
            .unwrap_or(Near::NOWHERE)
    }

    /// The document that was learned from at this place of `residents`, as one that does not count.
    pub fn leaving(&self, residents: &[Resident], place: u32) -> Leaving {
        let source = self.sources.iter().find(|source| source.places.contains(&place));
        let others = source.map(|source| {
            let others =
                source.others(Some(place)).filter_map(|at| residents.get(source.places[at] as usize));
            spread(others)
        });
        Leaving { place, others }
    }
}

fn spread<'r>(of: impl Iterator<Item = &'r Resident>) -> Spread {
    Spread::of(&of.map(Resident::measured).collect::<Vec<_>>())
}

/// How far each document is from the others.
fn from_the_others(all: &[(u32, &Resident)]) -> Vec<f32> {
    let one = |(at, (_, resident)): (usize, &(u32, &Resident))| {
        let others = all.iter().enumerate().filter(|(other, _)| *other != at);
        spread(others.map(|(_, (_, resident))| *resident))
            .distance(resident.looks.profile.shares(), resident.looks.tokens)
    };
    all.iter().enumerate().map(one).collect()
}

impl Source {
    fn learn(number: u32, all: &[(u32, &Resident)], stretches: &[Resident]) -> Option<Self> {
        if all.len() < LEAST_DOCUMENTS {
            return None;
        }
        let mut kept: Vec<(u32, &Resident)> = all.iter().step_by(all.len().div_ceil(MOST)).copied().collect();
        let of_pieces = kept.iter().any(|(_, resident)| resident.is_piece);
        let mut distances = from_the_others(&kept);
        if of_pieces {
            let most = ODD_PIECE * all_but(0.5, distances.clone());
            let mut own = distances.iter();
            kept.retain(|_| own.next().is_some_and(|&distance| distance <= most));
            distances = from_the_others(&kept);
        }
        let profiles: Vec<Profile> = kept.iter().map(|(_, r)| r.looks.profile).collect();
        let n = profiles.len();
        let reach = if of_pieces {
            PIECES_REACH * all_but(0.5, distances)
        } else {
            (MARGIN + FEW / n as f32) * all_but(STRANGE, distances)
        };
        let insistence = kept.iter().map(|(_, resident)| resident.looks.insistence).collect();
        let spread = spread(kept.iter().map(|(_, resident)| *resident));
        let insistence = all_but(STRANGE, insistence) + MORE_INSISTENCE;
        Some(Self {
            number,
            places: kept.iter().map(|(place, _)| *place).collect(),
            acts: kept.iter().map(|(_, r)| r.acts).collect(),
            scale: Profile::deviations(&profiles),
            stretches: Stretches::learn(stretches.iter().filter(|stretch| stretch.source == number)),
            spread,
            reach,
            insistence: insistence.max(LEAST_INSISTENCE),
            kinds: all.iter().flat_map(|(_, resident)| resident.looks.kinds.iter().cloned()).collect(),
            profiles,
        })
    }

    fn near(&self, of: &Looks, leaving: Option<&Leaving>) -> Near {
        let Looks { ref profile, tokens, insistence, ref kinds } = *of;
        let place = leaving.map(|l| l.place);
        let nearest = self.nearest(profile, place);
        let left = leaving.filter(|l| self.places.contains(&l.place));
        let spread = left.and_then(|l| l.others.as_ref()).unwrap_or(&self.spread);
        let of_its_sort = kinds.len() >= KINDS && kinds.is_subset(&self.kinds);
        let reach = self.reach * if of_its_sort { AROUND } else { 1.0 };
        let distance = spread.distance(profile.shares(), tokens);
        let insists = insistence / self.insistence.max(f32::MIN_POSITIVE);
        let strangeness = (distance / reach.max(f32::MIN_POSITIVE)).max(insists).min(MOST_STRANGE);
        let is_short = ((SHORT * tokens) as f32) < self.spread.tokens;
        let short = self.stretches.strangeness(of).map(|strange| strange.max(insists));
        let short = short.filter(|&short| is_short && short <= 1.0 && strangeness > 1.0);
        let rates = std::array::from_fn(|act| {
            let sum = |acts: &mut dyn Iterator<Item = &[[u32; 2]; Act::COUNT]>| {
                acts.fold([0.0, 0.0], |sum, acts| {
                    [sum[0] + acts[act][0] as f32, sum[1] + acts[act][1] as f32]
                })
            };
            let all = sum(&mut self.others(place).filter_map(|at| self.acts.get(at)));
            let kin = sum(&mut nearest.iter().take(KIN).filter_map(|&(_, at)| self.acts.get(at)));
            (kin[1] + COMMON * all[1] / all[0]) / (kin[0] + COMMON)
        });
        Near { source: self.number, strangeness, short, foreign: !of_its_sort && self.is_foreign(of), rates }
    }

    /// Whether a document seems to be in another language: more than a quarter of its words is unknown, and more than
    /// twice as many as in the source. Scripts without spaces have no words to tell by.
    fn is_foreign(&self, of: &Looks) -> bool {
        let n = of.tokens as f32;
        let share = of.profile.unknown_words() * n / (n + KNOWN_BEFOREHAND);
        let own = self.profiles.iter().map(Profile::unknown_words).sum::<f32>();
        share > FOREIGN.max(2.0 * own / self.profiles.len().max(1) as f32)
    }

    fn others(&self, leaving: Option<u32>) -> impl Iterator<Item = usize> {
        (0..self.profiles.len())
            .filter(move |&at| leaving.is_none() || self.places.get(at).copied() != leaving)
    }

    /// Distance and place of the others, the nearest first.
    fn nearest(&self, from: &Profile, leaving: Option<u32>) -> Vec<(f32, usize)> {
        let each = |at: usize| (from.distance(&self.profiles[at], &self.scale), at);
        let mut found: Vec<(f32, usize)> = self.others(leaving).map(each).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resident(at: u32, source: u32, right: u32) -> Resident {
        let mut acts = [[0; 2]; Act::COUNT];
        acts[Act::Unbreak.index()] = [10, right];
        let middle = 10.0 * source as f32;
        let profile = Profile::of_one(middle + (at % 5) as f32 / 10.0);
        Resident { source, is_piece: false, lines: 1, looks: looks(profile, 0.0), halves: None, acts }
    }

    fn looks(profile: Profile, insistence: f32) -> Looks {
        Looks { profile, tokens: 100, insistence, kinds: BTreeSet::new() }
    }

    fn kinds(of: &[&str]) -> BTreeSet<String> {
        of.iter().map(|&kind| kind.to_owned()).collect()
    }

    #[test]
    fn each_source_has_its_own_habits_and_what_is_far_from_all_is_abroad() {
        let residents: Vec<Resident> = (0..12)
            .map(|at| resident(at, 0, 10))
            .chain((0..12).map(|at| resident(at, 1, 0)))
            .chain((0..3).map(|at| resident(at, 2, 5)))
            .collect();
        let home = Home::learn(&residents, &[]);
        let near = |x: f32| home.near(&looks(Profile::of_one(x), 0.0), None);
        assert!(near(0.2).is_home() && near(10.3).is_home());
        assert!(near(0.2).rates[Act::Unbreak.index()] > 0.99);
        assert!(near(10.3).rates[Act::Unbreak.index()] < 0.01);
        assert!(near(10.3).rates[Act::Case.index()].is_nan(), "never proposed");
        assert!(!near(4.0).is_home() && !near(20.1).is_home(), "of three documents nothing is known");
        assert_eq!((near(0.2).source, near(10.3).source), (0, 1));
        assert!(!Home::default().near(&looks(Profile::default(), 0.0), None).is_home());
    }

    #[test]
    fn a_line_that_is_like_lines_of_theirs_is_too_short_to_tell() {
        let residents: Vec<Resident> =
            (0..24).map(|at| Resident { lines: 20, ..resident(at, at / 12, 10) }).collect();
        // Lines of the first source lie far from its documents.
        let lines: Vec<Resident> = (0..200)
            .map(|at| Resident {
                looks: looks(Profile::of_one(3.0 + (at % 5) as f32), 0.0),
                ..resident(at, 0, 10)
            })
            .collect();
        let home = Home::learn(&residents, &lines);
        let near = |x: f32, tokens, insistence| {
            home.near(&Looks { tokens, ..looks(Profile::of_one(x), insistence) }, None)
        };
        let cases = [
            (0.2, 10, Standing::Home),
            (4.0, 10, Standing::Short),
            (4.0, 24, Standing::Short),
            (4.0, 25, Standing::Abroad),
            (8.0, 10, Standing::Abroad),
            // Where it is at home it is.
            (10.2, 10, Standing::Home),
        ];
        for (x, tokens, want) in cases {
            assert_eq!(near(x, tokens, 0.0).standing(), want, "{x} of {tokens} tokens");
        }
        assert_eq!(near(4.0, 10, 0.9).standing(), Standing::Abroad, "it insists on what would be mended");
        assert_eq!((near(4.0, 10, 0.0).source, near(10.2, 10, 0.0).source), (0, 1));
        let foreign = Looks { tokens: 10, ..looks(Profile::of_one(4.0).with_unknown_words(0.6), 0.0) };
        assert_eq!(home.near(&foreign, None).standing(), Standing::Foreign);
    }

    #[test]
    fn pieces_let_in_what_is_near_to_most_of_them() {
        // Two of twelve lie far out: the farthest of documents would reach beyond them.
        let mut residents: Vec<Resident> = (0..12).map(|at| resident(at, 0, 10)).collect();
        residents[10].looks = looks(Profile::of_one(2.0), 0.0);
        residents[11].looks = looks(Profile::of_one(3.0), 0.0);
        let reaches = |residents: &[Resident]| {
            let home = Home::learn(residents, &[]);
            [0.3, 1.0, 2.5].map(|x| home.near(&looks(Profile::of_one(x), 0.0), None).is_home())
        };
        assert_eq!(reaches(&residents), [true, true, true]);
        residents.iter_mut().for_each(|resident| resident.is_piece = true);
        assert_eq!(reaches(&residents), [true, false, false]);
    }

    #[test]
    fn who_insists_on_what_would_be_mended_is_abroad() {
        let mut residents: Vec<Resident> = (0..24).map(|at| resident(at, at / 12, 10)).collect();
        for resident in &mut residents[12..] {
            resident.looks.insistence = 0.4;
        }
        let home = Home::learn(&residents, &[]);
        let is_home = |x: f32, insistence| home.near(&looks(Profile::of_one(x), insistence), None).is_home();
        assert!(is_home(0.2, 0.34) && !is_home(0.2, 0.36), "so much is always allowed");
        assert!(is_home(10.2, 0.44) && !is_home(10.2, 0.46), "and more where it is the custom");
    }

    #[test]
    fn a_document_of_the_kinds_of_a_source_is_of_its_sort() {
        let mut residents: Vec<Resident> = (0..12).map(|at| resident(at, 0, 10)).collect();
        for resident in &mut residents {
            resident.looks.kinds = kinds(&["name", "email", "phone", "url"]);
        }
        let home = Home::learn(&residents, &[]);
        let strangeness = |of: &[&str]| {
            let looks = Looks { kinds: kinds(of), ..looks(Profile::of_one(1.0), 0.0) };
            home.near(&looks, None).strangeness
        };
        let stranger = strangeness(&[]);
        assert!(stranger > 1.0);
        assert_eq!(strangeness(&["name", "email", "phone"]), stranger / AROUND);
        assert_eq!(strangeness(&["name", "email"]), stranger, "two may be by chance");
        assert_eq!(strangeness(&["name", "email", "phone", "plot"]), stranger, "nobody has seen plots");
    }

    #[test]
    fn a_document_of_unknown_words_is_in_another_language() {
        // Words that nobody knows in the source, and in the document, 0–1; its words; its kinds; whether it is foreign.
        let cases: [(f32, f32, usize, &[&str], bool); 8] = [
            (0.1, 0.2, 1_000, &[], false),
            (0.1, 0.3, 1_000, &[], true),
            // 12 of 32 + 8 words, not quite 6 of 15 + 8.
            (0.1, 0.375, 32, &[], true),
            (0.1, 0.375, 15, &[], false),
            (0.2, 0.39, 1_000, &[], false),
            (0.2, 0.42, 1_000, &[], true),
            // Names of people and firms.
            (0.1, 0.6, 1_000, &["name", "email", "phone"], false),
            // A script without spaces.
            (0.9, 1.0, 1_000, &[], false),
        ];
        for (usual, unknown, tokens, of, foreign) in cases {
            let mut residents: Vec<Resident> = (0..12).map(|at| resident(at, 0, 10)).collect();
            for resident in &mut residents {
                resident.looks.kinds = kinds(&["name", "email", "phone"]);
                resident.looks.profile = resident.looks.profile.with_unknown_words(usual);
            }
            let profile = Profile::of_one(9.0).with_unknown_words(unknown);
            let looks = Looks { tokens, kinds: kinds(of), ..looks(profile, 0.0) };
            let near = Home::learn(&residents, &[]).near(&looks, None);
            assert_eq!(near.foreign, foreign, "{unknown} of {tokens} where {usual} is usual, {of:?}");
        }
    }

    #[test]
    fn a_document_is_not_its_own_kin() {
        let mut residents: Vec<Resident> = (0..12).map(|at| resident(at, 0, 10)).collect();
        residents[0].acts[Act::Unbreak.index()] = [1_000, 0];
        let home = Home::learn(&residents, &[]);
        let rate = |leaving: Option<Leaving>| {
            home.near(&residents[0].looks, leaving.as_ref()).rates[Act::Unbreak.index()]
        };
        assert!(rate(None) < 0.2 && rate(Some(home.leaving(&residents, 0))) > 0.99);
    }
}
