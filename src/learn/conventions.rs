//! Plain text is written as the pairs are: where the intended sides never use a typographic sign, the plain
//! one stands for it, or the language model would "mend" quotes and dashes.

use crate::corpus::Pair;
use crate::text::as_counted;

/// Typographic sign and what stands for it.
const PLAIN: [(char, &str); 3] = [('—', "-"), ('–', "-"), ('…', "...")];

/// Which signs are folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Conventions {
    folded: Vec<(char, &'static str)>,
}

impl Conventions {
    /// What the intended sides show. A sign is folded when it makes up less than a hundredth of itself and its
    /// plain form together; with no pairs, nothing is.
    pub(super) fn of(pairs: &[Pair]) -> Self {
        let count = |what: &str| pairs.iter().map(|p| p.intended.matches(what).count()).sum::<usize>();
        let rare = |&(sign, plain): &(char, &'static str)| {
            let (signs, plains) = (count(sign.encode_utf8(&mut [0; 4])), count(plain));
            plains > 0 && signs * 99 < plains
        };
        Self { folded: PLAIN.into_iter().filter(rare).collect() }
    }

    /// `line` as the pairs would have it, and as the language model counts it.
    pub(super) fn fold(&self, line: &str) -> String {
        let mut out = String::with_capacity(line.len());
        for c in line.chars() {
            match self.folded.iter().find(|(sign, _)| *sign == c) {
                Some((_, plain)) => out.push_str(plain),
                None => out.push(c),
            }
        }
        as_counted(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_folded_only_where_the_pairs_show_the_plain_one() {
        let pair = |intended: &str| Pair { intended: intended.to_owned(), ..Pair::default() };
        assert_eq!(Conventions::of(&[pair("so - it is")]).fold("so — it's"), "so - it’s");
        assert_eq!(Conventions::of(&[pair("so — it - is")]).fold("so — it"), "so — it");
        assert_eq!(Conventions::of(&[]).fold("so — it"), "so — it");
    }
}
