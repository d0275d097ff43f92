//! Documents cut into stretches, since users' texts come in all lengths.

use super::gathering::{Document, FOLDS};
use crate::guard::SHORT;

/// Rows of a source that are searched with a model of the others.
const ABROAD: usize = 2_000;

/// Documents, spread evenly, of about [`ABROAD`] rows: every other one whole, the rest in stretches of growing length,
/// since users' texts come in all lengths, and a short one is easily taken for what it is not.
pub(super) fn abroad(documents: Vec<Document<'_>>) -> Vec<Document<'_>> {
    let rows: usize = documents.iter().map(|d| d.rows.len()).sum();
    let spread = documents.into_iter().step_by((rows / ABROAD).max(1)).enumerate();
    spread
        .flat_map(|(at, document)| if at % 2 == 0 { vec![document] } else { stretches(&document) })
        .collect()
}

/// A document cut into stretches of 1, 4, 16, … rows.
fn stretches<'p>(document: &Document<'p>) -> Vec<Document<'p>> {
    cut(document, std::iter::successors(Some(1_usize), |n| n.checked_mul(4)))
}

/// A document cut into what is too short to tell where it stands: 1, 2, 1, 4, 1, 2, 1, 8, … rows, and a quarter of it at most.
/// What few lines or pieces are does not tell what lines of documents would be.
pub(super) fn short_stretches<'p>(document: &Document<'p>) -> Vec<Document<'p>> {
    if document.is_piece || document.rows.len() < SHORT {
        return Vec::new();
    }
    let most = document.rows.len() / SHORT;
    cut(document, (1_usize..).map(|n| (1 << n.trailing_zeros()).min(most)))
}

/// A document cut into stretches of these lengths, rows.
fn cut<'p>(document: &Document<'p>, lengths: impl Iterator<Item = usize>) -> Vec<Document<'p>> {
    let mut rest = &document.rows[..];
    let cut = lengths.map_while(|length| {
        let at = document.rows.len() - rest.len();
        let (rows, others) = rest.split_at(length.min(rest.len()));
        rest = others;
        let fold = document.fold.or(Some(at * FOLDS / document.rows.len().max(1)));
        (!rows.is_empty()).then(|| Document { rows: rows.to_vec(), fold, ..*document })
    });
    cut.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Pair;

    /// The number of the first row, the number of rows and the fold of each stretch.
    fn shapes(stretches: &[Document<'_>]) -> Vec<(usize, usize, Option<usize>)> {
        let shape = |stretch: &Document<'_>| {
            let first = stretch.rows.first().map_or(0, |pair| pair.document.parse().unwrap());
            (first, stretch.rows.len(), stretch.fold)
        };
        stretches.iter().map(shape).collect()
    }

    fn pairs(n: usize) -> Vec<Pair> {
        (0..n).map(|at| Pair { document: at.to_string(), ..Pair::default() }).collect()
    }

    #[test]
    fn lines_by_themselves_come_most_often() {
        let pairs = pairs(19);
        let document = |n: usize| Document {
            number: 7,
            rows: pairs[..n].iter().collect(),
            is_piece: false,
            fold: Some(3),
        };
        let of = |document: &Document<'_>| shapes(&short_stretches(document));
        assert_eq!(of(&document(3)), [], "nothing of it is short");
        assert_eq!(of(&Document { is_piece: true, ..document(8) }), []);
        assert_eq!(of(&document(5)), [0, 1, 2, 3, 4].map(|at| (at, 1, Some(3))));
        let long = of(&document(19));
        let cut = [(0, 1), (1, 2), (3, 1), (4, 4), (8, 1), (9, 2), (11, 1), (12, 4), (16, 1), (17, 2)];
        assert_eq!(long, cut.map(|(at, rows)| (at, rows, Some(3))), "a quarter of it at most");
        assert!(short_stretches(&document(19)).iter().all(|stretch| stretch.number == 7));
    }

    #[test]
    fn stretches_of_few_documents_are_dealt_by_where_they_stand() {
        let pairs = pairs(10);
        let document = Document { number: 0, rows: pairs.iter().collect(), is_piece: false, fold: None };
        assert_eq!(shapes(&stretches(&document)), [(0, 1, Some(0)), (1, 4, Some(0)), (5, 5, Some(2))]);
    }
}
