//! Documents: what was read together.

use std::collections::BTreeMap;

/// The rows of each document, by their positions; documents in the order in which they are first seen, rows
/// in theirs. A row without a document (an empty id) is a document of its own.
///
/// ```
/// let rows = amend::corpus::documents(["b", "a", "", "b", ""]);
/// assert_eq!(rows, [vec![0, 3], vec![1], vec![2], vec![4]]);
/// ```
pub fn documents<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, id) in ids.into_iter().enumerate() {
        let place = if id.is_empty() { found.len() } else { *places.entry(id).or_insert(found.len()) };
        match found.get_mut(place) {
            Some(rows) => rows.push(row),
            None => found.push(vec![row]),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_in_the_order_they_are_first_seen() {
        let cases: [(&[&str], &[&[usize]]); 4] = [
            (&[], &[]),
            (&["x"], &[&[0]]),
            (&["", ""], &[&[0], &[1]]),
            (&["z", "a", "z", "a", "m"], &[&[0, 2], &[1, 3], &[4]]),
        ];
        for (ids, want) in cases {
            assert_eq!(documents(ids.iter().copied()), want, "{ids:?}");
        }
    }
}
