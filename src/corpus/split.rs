//! Splits: folds by document, so that what was read together is judged together.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::document::documents;
use super::pair::Pair;

/// The fold (0 ‥ `wanted`) of each pair. Documents are put in the order of the seeded hash of their ids and
/// dealt out in turn: no fold is empty while there are as many documents as folds, and fold sizes differ by
/// one document at most. With one document only, its rows are dealt out instead. Where the hash ties (rows
/// without a document, equal texts) the earlier row goes first.
///
/// The fold of a document depends on the other documents' ids, not on the order of the rows.
pub fn folds(pairs: &[Pair], wanted: usize, seed: u64) -> Vec<usize> {
    let mut groups = documents(pairs.iter().map(|p| p.document.as_str()));
    let by_row = groups.len() == 1;
    if by_row {
        groups = (0..pairs.len()).map(|row| vec![row]).collect();
    }
    let hash = |rows: &Vec<usize>| {
        let pair = rows.first().and_then(|row| pairs.get(*row));
        pair.map_or(0, |pair| {
            if pair.document.is_empty() || by_row {
                let text = xxh3_64_with_seed(pair.observed.as_bytes(), seed);
                xxh3_64_with_seed(pair.intended.as_bytes(), text)
            } else {
                xxh3_64_with_seed(pair.document.as_bytes(), seed)
            }
        })
    };
    groups.sort_by_cached_key(|rows| (hash(rows), rows.first().copied()));
    let mut folds = vec![0; pairs.len()];
    for (rank, rows) in groups.iter().enumerate() {
        for row in rows {
            if let Some(fold) = folds.get_mut(*row) {
                *fold = rank % wanted.max(1);
            }
        }
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(ids: &[String]) -> Vec<Pair> {
        let pair = |(row, id): (usize, &String)| Pair {
            observed: format!("row {row}"),
            document: id.clone(),
            ..Pair::default()
        };
        ids.iter().enumerate().map(pair).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_fold_is_empty_and_no_document_is_torn(
            ids in prop::collection::vec("[a-f]?", 1..40), wanted in 1usize..6, seed in 0u64..4,
        ) {
            let pairs = pairs(&ids);
            let found = folds(&pairs, wanted, seed);
            let groups = documents(ids.iter().map(String::as_str));
            let parts = if groups.len() == 1 { pairs.len() } else { groups.len() };
            for fold in 0..wanted.min(parts) {
                prop_assert!(found.contains(&fold));
            }
            prop_assert!(found.iter().all(|f| *f < wanted));
            if groups.len() > 1 {
                for rows in groups {
                    prop_assert!(rows.iter().all(|r| found[*r] == found[rows[0]]));
                }
            }
        }
    }

    #[test]
    fn the_order_of_documents_does_not_matter() {
        let ids: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        let back: Vec<String> = ids.iter().rev().cloned().collect();
        let (there, mut again) = (folds(&pairs(&ids), 2, 1), folds(&pairs(&back), 2, 1));
        again.reverse();
        assert_eq!(there, again);
    }
}
