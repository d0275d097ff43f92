//! Words that nobody knows and that the search leaves: where there are many, the text is dialect, of another age or another
//! language, and that a word is not known says little.

use super::Proposal;
use crate::corpus::Line;
use crate::decode::Knowledge;
use crate::text::{fold_word, words};

/// Of each line of a document with proposals: words outside of them, and how many of these nobody knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Left {
    /// By line, ascending: its number, unknown words, all words.
    lines: Vec<(usize, u32, u32)>,
}

impl Left {
    /// Of the lines that something is proposed for. O(their length).
    pub fn of(knowledge: &Knowledge<'_>, proposals: &[Proposal], lines: &[Line<'_>]) -> Self {
        Self::among(|word| knowledge.vocabulary.id(word).is_some(), proposals, lines)
    }

    fn among(known: impl Fn(&str) -> bool, proposals: &[Proposal], lines: &[Line<'_>]) -> Self {
        let own = proposals.chunk_by(|a, b| a.line == b.line).filter_map(|own| {
            let number = own.first()?.line;
            let (mut unknown, mut all) = (0, 0);
            // Words and proposals both stand in the order of their places.
            let mut ahead = own;
            for word in words(lines.get(number)?.text) {
                while let Some((_, rest)) = ahead.split_first().filter(|(p, _)| p.span.end() <= word.at) {
                    ahead = rest;
                }
                if ahead.first().is_some_and(|p| p.span.start() <= word.at) {
                    continue;
                }
                all += 1;
                unknown += u32::from(!known(&fold_word(word.text)));
            }
            Some((number, unknown, all))
        });
        Self { lines: own.collect() }
    }

    /// The share of a line, 0–1; half of one word is counted beforehand, known.
    pub fn of_line(&self, number: usize) -> f32 {
        let at = self.lines.binary_search_by_key(&number, |line| line.0);
        at.ok().and_then(|at| self.lines.get(at)).map_or(0.0, |line| share(line.1, line.2))
    }
}

fn share(unknown: u32, all: u32) -> f32 {
    unknown as f32 / (all as f32 + 0.5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::guard::proposal;
    use crate::text::Span;

    proptest! {
        /// Proposals of one line may share a place, but never cross.
        #[test]
        fn a_word_is_left_where_no_proposal_holds_its_beginning(
            places in proptest::collection::vec((0_usize..4, 1_usize..8, 1_usize..3), 0..8),
        ) {
            let text = "a bc d  efg h ij k lmn o pq r stu v w xyz a bc d efg h";
            let mut proposals = Vec::new();
            let mut start = 0;
            for (gap, length, many) in places {
                let end = start + gap + length;
                if let Some(span) = Span::new(text, start + gap, end) {
                    let one = proposal(0, text, "a", "b", 0);
                    proposals.extend((0..many).map(|_| Proposal { span, ..one.clone() }));
                    start = end;
                }
            }
            let lines = [Line::new(text)];
            let left = Left::among(|word| word.len() > 1, &proposals, &lines);
            let touched = |at: usize| proposals.iter().any(|p| p.span.range().contains(&at));
            let own: Vec<_> = words(text).filter(|word| !touched(word.at)).collect();
            let unknown = own.iter().filter(|word| word.text.len() == 1).count();
            let counted = u32::try_from(unknown).unwrap_or(0);
            let all = u32::try_from(own.len()).unwrap_or(0);
            prop_assert_eq!(left.lines.first().copied(), proposals.first().map(|_| (0, counted, all)));
        }
    }

    #[test]
    fn words_that_nobody_knows_are_counted_where_nothing_is_proposed() {
        let texts = ["Tha mun coom in", "all is known", "tbe cat"];
        let lines = texts.map(Line::new);
        let proposals = [
            proposal(0, texts[0], "Tha", "The", 0),
            proposal(2, texts[2], "tbe", "the", 0),
            proposal(2, texts[2], "tbe", "tube", 1),
        ];
        let known = |word: &str| ["in", "all", "is", "known", "cat"].contains(&word);
        let left = Left::among(known, &proposals, &lines);
        assert_eq!(left.of_line(0), 2.0 / 3.5);
        assert_eq!((left.of_line(1), left.of_line(2)), (0.0, 0.0));
    }
}
