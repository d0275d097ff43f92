//! Few documents, cut into pieces that count as documents.
//!
//! Two corrected pages are how most people begin. Whole documents are what tells home from abroad, what learns and what is
//! held out; of two there is neither a home nor much to hold out, and a model learned from them would follow no habit and
//! hardly mend a letter. Pieces tell less than documents would, since those of one document are more alike, but far more than
//! nothing: with 30 pairs of BLN600 (of two documents) −23 instead of −17 %, with 100 −41 instead of −24 (means of four draws).

use crate::corpus::{Pair, documents};
use crate::guard::LEAST_DOCUMENTS;

/// Pieces that a source is cut into, about.
const PIECES: usize = 12;
/// A source of more rows is not cut: longer pieces are told from whole documents by too much.
const MOST_ROWS: usize = 300;
/// Rows of a piece at least.
const LEAST_ROWS: usize = 2;

/// Makes the rows of few documents, of a source that has few rows, documents of their own, piece by piece; gives the
/// sources of which documents were cut.
pub(super) fn cut_few(pairs: &mut [Pair]) -> Vec<u32> {
    let groups = documents(pairs.iter().map(|p| p.document.as_str()));
    let mut sources: Vec<u32> = pairs.iter().map(|p| p.source).collect();
    sources.sort_unstable();
    sources.dedup();
    sources.retain(|&source| {
        let is_own = |group: &&Vec<usize>| group.iter().all(|&k| pairs[k].source == source);
        let own: Vec<&Vec<usize>> = groups.iter().filter(is_own).collect();
        let rows: usize = own.iter().map(|group| group.len()).sum();
        if own.len() >= LEAST_DOCUMENTS || rows > MOST_ROWS {
            return false;
        }
        let most = rows.div_ceil(PIECES).max(LEAST_ROWS);
        let mut cut = false;
        for group in own {
            let pieces = group.len().div_ceil(most);
            // Rows without a document stay alone.
            if pieces == 1 {
                continue;
            }
            cut = true;
            // About as long as each other.
            for (number, piece) in group.chunks(group.len().div_ceil(pieces)).enumerate() {
                for &k in piece {
                    // In a file no document's name has a tab.
                    pairs[k].document = format!("{}\t{number}", pairs[k].document);
                }
            }
        }
        cut
    });
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths of the documents after the cut, of documents of these sources and lengths.
    fn cut(of: &[(u32, usize)]) -> Vec<usize> {
        let rows = of.iter().enumerate().flat_map(|(at, &(source, rows))| {
            let pair = move |_| Pair { source, document: format!("d{at}"), ..Pair::default() };
            (0..rows).map(pair)
        });
        let mut pairs: Vec<Pair> = rows.collect();
        cut_few(&mut pairs);
        documents(pairs.iter().map(|p| p.document.as_str())).iter().map(Vec::len).collect()
    }

    #[test]
    fn few_rows_of_few_documents_are_cut_into_pieces() {
        type Lengths = &'static [usize];
        let cases: [(&[(u32, usize)], Lengths); 7] = [
            (&[], &[]),
            (&[(0, 5)], &[2, 2, 1]),
            // 31 rows: pieces of three at most.
            (&[(0, 16), (0, 15)], &[3, 3, 3, 3, 3, 1, 3, 3, 3, 3, 3]),
            (&[(0, 1); 10], &[1; 10]),
            (&[(0, 1); 3], &[1; 3]),
            (&[(0, 200), (0, 101)], &[200, 101]),
            // Each source by itself.
            (&[(0, 301), (1, 4)], &[301, 2, 2]),
        ];
        for (of, want) in cases {
            assert_eq!(cut(of), want, "{of:?}");
        }
    }
}
