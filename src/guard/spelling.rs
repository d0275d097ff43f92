//! What a document writes again and again: its spelling, and not misread each time.
//!
//! An orthography that the model does not know ("shew", "publick", long s as f) looks like misreadings in every word; what
//! tells them apart is that a document misreads now and then and spells always.

use hashbrown::HashMap;

use super::Proposal;
use crate::corpus::Line;
use crate::counts::Segment;
use crate::text::words;

/// The words of a document that occur in proposals, and which proposals would mend them though they are its spelling.
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    /// How often each word that occurs in a proposal stands in the document.
    words: HashMap<Box<str>, u32>,
    /// Proposals by their rarest segment: all, and those of letters that would mend a spelling.
    segments: HashMap<(Segment, Segment), (u32, u32)>,
    /// Proposals of letters: all,
    lettered: usize,
    /// those that would mend a spelling,
    spelled: usize,
    /// and those on which the document insists.
    insisted: usize,
}

/// A word that stands more often than so in a document is not misread there each time,
const SPELLED: u32 = 2;
/// if it also stands more than so often for each time that the other word does.
const SPELLING_SHARE: f64 = 0.5;
/// In a text that is too short for words to stand there again, what would be mended alike so often is its spelling ("hee",
/// "backe", "olde"): of BLN600's own changes in lines by themselves that is 2 %, of those in old books' right ones 37 %.
const REPEATED: u32 = 3;
/// So often where a document is asked how much it insists: then in doubt it is stranger.
const INSISTED_SHARE: f64 = 0.3;
/// Proposals that are counted beforehand, none of them of a spelling.
const AS_IF: usize = 10;
/// Changes like those of the whole document that are counted beside those that mend the same.
const KIN: f32 = 4.0;
/// Share of spellings among changes beyond which the rest are taken for such too.
const ORTHOGRAPHY: f32 = 0.3;

impl Spellings {
    /// Of all that is proposed for a document. O(length).
    pub fn of(proposals: &[Proposal], lines: &[Line<'_>]) -> Self {
        let mut found = Self { words: count(proposals, lines), ..Self::default() };
        for proposal in proposals.iter().filter(|p| p.rank == 0) {
            let lettered = proposal.is_lettered(lines);
            let line = lines.get(proposal.line);
            let share = line.filter(|_| lettered).map_or(0.0, |line| found.share(proposal, line));
            let (all, spellings) = found.segments.entry(proposal.rarest).or_default();
            // Digits spell nothing: a reader that takes I for 1 does so each time.
            let digits = line.is_some_and(|line| proposal.span.of(line.text).contains(char::is_numeric));
            let spelled = share > SPELLING_SHARE && !digits;
            (*all, *spellings) = (*all + 1, *spellings + u32::from(spelled));
            found.lettered += usize::from(lettered);
            found.spelled += usize::from(spelled);
            found.insisted += usize::from(share > INSISTED_SHARE);
        }
        found
    }

    /// How often a word stands in the document, for words that occur in proposals.
    pub fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// How many proposals mend the same as this one, itself among them.
    pub fn alike(&self, proposal: &Proposal) -> u32 {
        self.segments.get(&proposal.rarest).map_or(0, |n| n.0)
    }

    /// How often what a change would mend stands in the document, for each time that what would stand there does; 0
    /// where it does not stand there again and again. Much is a spelling, it seems, and no misreading.
    fn share(&self, proposal: &Proposal, line: &Line<'_>) -> f64 {
        let least = |text: &str| words(text).map(|word| self.count(word.text)).min().unwrap_or(0);
        let observed = proposal.span.of(line.text);
        let (own, other) = (least(observed), least(&proposal.intended));
        if own > SPELLED { f64::from(own) / f64::from(other) } else { 0.0 }
    }

    /// How much of what would be mended the document writes again and again, 0–1: of misreadings little is, of an
    /// orthography that the model does not know half. Some are counted beforehand that are not.
    pub fn insistence(&self) -> f32 {
        self.insisted as f32 / (self.lettered + AS_IF) as f32
    }

    /// Whether the same would be mended three times, which tells a spelling where words are too few to stand there again.
    pub fn is_repeated(&self, proposal: &Proposal) -> bool {
        self.alike(proposal) >= REPEATED
    }

    /// Whether a change would mend the document's own spelling: words stand there again and again in which the same would be
    /// mended, or most of what would be mended does.
    pub fn is_orthography(&self, proposal: &Proposal) -> bool {
        let (all, spelled) = self.segments.get(&proposal.rarest).copied().unwrap_or_default();
        let usual = self.spelled as f32 / (self.lettered + AS_IF) as f32;
        let share = (spelled as f32 + KIN * usual) / (all as f32 + KIN);
        share > ORTHOGRAPHY
    }
}

fn count(proposals: &[Proposal], lines: &[Line<'_>]) -> HashMap<Box<str>, u32> {
    let mut counts: HashMap<Box<str>, u32> = HashMap::new();
    for proposal in proposals {
        let observed = lines.get(proposal.line).map_or("", |l| proposal.span.of(l.text));
        for word in words(observed).chain(words(&proposal.intended)) {
            counts.entry(word.text.into()).or_insert(0);
        }
    }
    if !counts.is_empty() {
        for word in lines.iter().flat_map(|line| words(line.text)) {
            if let Some(count) = counts.get_mut(word.text) {
                *count += 1;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::proposal;

    #[test]
    fn what_a_document_writes_again_and_again_is_its_spelling() {
        let cases = [
            ("shew", "show", &[("shew", 3)][..], f64::INFINITY),
            ("shew", "show", &[("shew", 2)], 0.0),
            ("shew", "show", &[("shew", 3), ("show", 6)], 0.5),
            // Of more words the rarest counts, on both sides.
            ("to shew", "to show", &[("to", 50), ("shew", 3), ("show", 4)], 0.75),
            ("to shew", "to show", &[("to", 50), ("shew", 2)], 0.0),
            // Where no word stands there is no spelling.
            ("—", "-", &[], 0.0),
        ];
        for (observed, intended, counts, want) in cases {
            let words = counts.iter().map(|&(word, n)| (word.into(), n)).collect();
            let spellings = Spellings { words, ..Spellings::default() };
            let proposal = proposal(0, observed, observed, intended, 0);
            let found = spellings.share(&proposal, &Line::new(observed));
            assert_eq!(found, want, "{observed} {spellings:?}");
        }
    }

    #[test]
    fn what_is_mended_alike_in_words_of_the_document_is_its_orthography() {
        // `shew` stands there four times, each time it would be mended; `strew` once, alike; `tbe` otherwise.
        let text = "shew shew shew shew strew tbe";
        let lines = [Line::new(text)];
        let [alike, other] = [2, 3].map(|n| (Segment::new(&[n]).unwrap(), Segment::new(&[n]).unwrap()));
        let of = |observed, intended, rarest| Proposal { rarest, ..proposal(0, text, observed, intended, 0) };
        let mut proposals = vec![of("shew", "show", alike); 4];
        proposals.extend([of("strew", "strow", alike), of("tbe", "the", other)]);
        let spellings = Spellings::of(&proposals, &lines);
        assert_eq!(spellings.insistence(), 4.0 / 16.0);
        let own = [0, 4, 5].map(|at| spellings.is_orthography(&proposals[at]));
        // Alike: (4 + 4 · .25) / (5 + 4) = .56; otherwise: (0 + 4 · .25) / (1 + 4) = .2.
        assert_eq!(own, [true, true, false]);
    }

    #[test]
    fn what_is_mended_alike_in_three_words_of_a_line_is_repeated() {
        let text = "hee came backe tben, olde";
        let lines = [Line::new(text)];
        let [last, other] = [2, 3].map(|n| (Segment::new(&[n]).unwrap(), Segment::new(&[n]).unwrap()));
        let of = |observed, intended, rank, rarest| Proposal {
            rarest,
            ..proposal(0, text, observed, intended, rank)
        };
        let proposals = [
            of("hee", "he", 0, last),
            of("backe", "back", 0, last),
            of("olde", "old", 0, last),
            of("tben", "then", 0, other),
            // Another reading of the same place is no second one.
            of("tben", "ten", 1, other),
            of("tben", "tens", 2, other),
        ];
        let spellings = Spellings::of(&proposals, &lines);
        assert_eq!(
            proposals.each_ref().map(|p| spellings.is_repeated(p)),
            [true, true, true, false, false, false]
        );
    }
}
