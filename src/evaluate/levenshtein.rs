//! Levenshtein distance and alignment, 64 rows of the table at a time.
//!
//! Hyyrö 2003 ("A bit-vector algorithm for computing Levenshtein and Damerau edit distances"), by strips of 64
//! symbols of `a` over all of `b`: between strips only the differences along their border are kept, so memory is
//! |b| bytes a strip, and the alignment computes each strip that it crosses a second time.

const STRIP: usize = 64;

/// What two sequences have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Alignment {
    /// Least number of insertions, deletions and substitutions from one to the other.
    pub(super) distance: usize,
    /// Positions in `a` and `b` of the symbols held equal, ascending.
    pub(super) equal: Vec<(usize, usize)>,
}

/// Levenshtein distance of two sequences.
pub(super) fn distance(a: &[u32], b: &[u32]) -> usize {
    let (_, a, b, _) = trim(a, b);
    // The shorter one makes the strips.
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut table = Table::new(a, b);
    let mut border = vec![1; b.len()];
    for strip in 0..table.strips() {
        table.run(strip, &mut border, |_, _| {});
    }
    bottom_right(a.len(), &border)
}

/// The distance with one alignment of that many edits. Ties are broken as rapidfuzz breaks them, walking back from
/// the ends of what the common prefix and suffix leave: a[i] is surplus where D[i][j] = D[i−1][j] + 1; else b[j] is
/// missing where D[i][j−1] = D[i−1][j−1] − 1; else both go together, equal or not.
pub(super) fn align(a: &[u32], b: &[u32]) -> Alignment {
    let (prefix, inner_a, inner_b, suffix) = trim(a, b);
    let mut equal: Vec<_> = (0..prefix).map(|k| (k, k)).collect();
    let mut table = Table::new(inner_a, inner_b);
    let mut borders = vec![vec![1; inner_b.len()]];
    for strip in 0..table.strips() {
        let mut border = borders[strip].clone();
        table.run(strip, &mut border, |_, _| {});
        borders.push(border);
    }
    let distance = bottom_right(inner_a.len(), borders.last().map_or(&[], |b| b.as_slice()));
    equal.extend(table.walk_back(borders).into_iter().rev().map(|(i, j)| (prefix + i, prefix + j)));
    equal.extend((0..suffix).rev().map(|k| (a.len() - 1 - k, b.len() - 1 - k)));
    Alignment { distance, equal }
}

/// Length of the common prefix, what is left of both, and length of the common suffix after it.
fn trim<'a>(a: &'a [u32], b: &'a [u32]) -> (usize, &'a [u32], &'a [u32], usize) {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (prefix, &a[..a.len() - suffix], &b[..b.len() - suffix], suffix)
}

/// D[|a|][|b|]: down the first column, then along the lowest border.
fn bottom_right(height: usize, border: &[i8]) -> usize {
    let along: isize = border.iter().map(|step| isize::from(*step)).sum();
    height.saturating_add_signed(along)
}

/// The table of D[i][j], distances of the prefixes a[..i] and b[..j], by its differences.
struct Table {
    /// Both sequences in symbols numbered from 0; symbols of `b` that `a` lacks share the last number.
    a: Vec<usize>,
    b: Vec<usize>,
    /// By symbol: where it stands in the strip at work.
    places: Vec<u64>,
}

impl Table {
    fn new(a: &[u32], b: &[u32]) -> Self {
        let mut symbols = a.to_vec();
        symbols.sort_unstable();
        symbols.dedup();
        let number = |symbol: &u32| symbols.binary_search(symbol).unwrap_or(symbols.len());
        let (a, b) = (a.iter().map(number).collect(), b.iter().map(number).collect());
        Self { a, b, places: vec![0; symbols.len() + 1] }
    }

    fn strips(&self) -> usize {
        self.a.len().div_ceil(STRIP)
    }

    /// Computes one strip. `border` holds D[i][j] − D[i][j−1] along its upper border, and then along its lower
    /// one. After each column, `column` gets two words of bits: D[i][j] − D[i−1][j] is +1; is −1.
    fn run(&mut self, strip: usize, border: &mut [i8], mut column: impl FnMut(u64, u64)) {
        let start = strip * STRIP;
        let rows = start..self.a.len().min(start + STRIP);
        let last = rows.len() - 1;
        self.places.fill(0);
        for (bit, symbol) in self.a[rows].iter().enumerate() {
            self.places[*symbol] |= 1 << bit;
        }
        let (mut rises, mut falls) = (u64::MAX, 0_u64);
        for (symbol, border) in self.b.iter().zip(border) {
            let (right, left) = (u64::from(*border > 0), u64::from(*border < 0));
            let places = self.places[*symbol];
            let vertical = places | falls;
            let places = places | left;
            let diagonal = ((places & rises).wrapping_add(rises) ^ rises) | places;
            let mut up = falls | !(diagonal | rises);
            let mut down = rises & diagonal;
            *border = i8::from(up >> last & 1 == 1) - i8::from(down >> last & 1 == 1);
            up = up << 1 | right;
            down = down << 1 | left;
            rises = down | !(vertical | up);
            falls = up & vertical;
            column(rises, falls);
        }
    }

    /// The equal symbols on the way from the end of both to the start of one, last first. `borders` are the upper
    /// borders of all strips.
    fn walk_back(&mut self, borders: Vec<Vec<i8>>) -> Vec<(usize, usize)> {
        let (mut i, mut j) = (self.a.len(), self.b.len());
        let mut equal = Vec::new();
        let mut columns: Vec<(u64, u64)> = Vec::with_capacity(j);
        for (strip, mut border) in borders.into_iter().enumerate().take(self.strips()).rev() {
            if j == 0 {
                break;
            }
            columns.clear();
            self.run(strip, &mut border, |rises, falls| columns.push((rises, falls)));
            while i > strip * STRIP && j > 0 {
                let bit = (i - 1) % STRIP;
                if columns[j - 1].0 >> bit & 1 == 1 {
                    i -= 1;
                    continue;
                }
                j -= 1;
                if j > 0 && columns[j - 1].1 >> bit & 1 == 1 {
                    continue;
                }
                i -= 1;
                if self.a[i] == self.b[j] {
                    equal.push((i, j));
                }
            }
        }
        equal
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn symbols(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    /// The textbook's table.
    fn plain(a: &[u32], b: &[u32]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = std::mem::replace(&mut row[j + 1], best);
            }
        }
        row[b.len()]
    }

    /// Whether the equal pairs can be filled up to an alignment of that many edits.
    fn costs(a: &[u32], b: &[u32], alignment: &Alignment) -> usize {
        let ends = alignment.equal.iter().copied().chain([(a.len(), b.len())]);
        let mut from = (0, 0);
        ends.map(|(i, j)| {
            let gap = (i - from.0).max(j - from.1);
            from = (i + 1, j + 1);
            gap
        })
        .sum()
    }

    #[test]
    fn known_distances() {
        let cases = [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("日本語", "日木語", 1),
        ];
        for (a, b, want) in cases {
            assert_eq!(distance(&symbols(a), &symbols(b)), want, "{a} {b}");
            assert_eq!(align(&symbols(b), &symbols(a)).distance, want, "{b} {a}");
        }
    }

    #[test]
    fn ties_are_broken_from_the_end() {
        // One of two equal symbols is surplus: the common prefix takes the first.
        assert_eq!(align(&symbols("xx"), &symbols("x")).equal, [(0, 0)]);
        // The walk from the end passes the later "b", on either side.
        assert_eq!(align(&symbols("abbc"), &symbols("xbz")).equal, [(1, 1)]);
        assert_eq!(align(&symbols("xbz"), &symbols("abbc")).equal, [(1, 1)]);
        // a, x | b as substitutions cost as much as dropping both sides of a match.
        assert_eq!(align(&symbols("ab"), &symbols("ba")).equal, [(0, 1)]);
    }

    fn text(longest: usize) -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(0..4_u32, 0..longest)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        #[test]
        fn agrees_with_the_textbook(a in text(200), b in text(200)) {
            let want = plain(&a, &b);
            let alignment = align(&a, &b);
            prop_assert_eq!(distance(&a, &b), want);
            prop_assert_eq!(alignment.distance, want);
            prop_assert!(alignment.equal.iter().all(|(i, j)| a[*i] == b[*j]));
            prop_assert!(alignment.equal.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert_eq!(costs(&a, &b, &alignment), want);
        }
    }
}
