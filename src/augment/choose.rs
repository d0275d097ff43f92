//! Text that looks like what the model was learned from.

use super::make::Document;
use super::noise::Noise;
use super::random::Random;
use crate::channel::Looks;

/// Shares vary at least so much.
const LEAST_DEVIATION: f64 = 0.02;

impl Noise {
    /// Of many documents as many as hold `rows` rows, in their order: for each document that the model was learned from,
    /// in turn and round again, the one that looks most like it and was not taken yet (ties: the earlier). What a document
    /// looks like is how much of it are capitals, figures, talk, and the like: novels are mostly talk and newspapers
    /// mostly names and figures, and what is learned from noisy talk does not help with figures.
    ///
    /// All of them where they hold no more; spread evenly where the model does not say what its documents looked like.
    /// O(documents · chosen).
    pub fn choose(&self, documents: Vec<Document>, rows: usize, seed: u64) -> Vec<Document> {
        let all: usize = documents.iter().map(|document| document.lines.len()).sum();
        if all <= rows {
            return documents;
        }
        let wanted: Vec<[f64; Looks::COUNT]> =
            self.falls.documents.iter().map(|d| d.looks.shares()).collect();
        if wanted.is_empty() {
            let step = all.div_ceil(rows.max(1));
            return documents.into_iter().step_by(step).collect();
        }
        let scale = deviations(&wanted);
        let looks: Vec<[f64; Looks::COUNT]> = documents
            .iter()
            .map(|document| Looks::of(document.lines.iter().map(String::as_str)).shares())
            .collect();
        let mut left: Vec<usize> = (0..documents.len()).collect();
        let mut taken = vec![false; documents.len()];
        let mut random = Random::new(seed, b"choose");
        let (mut found, mut turns) = (0, Vec::new());
        while found < rows {
            if turns.is_empty() {
                turns = (0..wanted.len()).collect();
            }
            let model = wanted[turns.swap_remove(random.index(turns.len()))];
            let apart = |&at: &usize| {
                let parts = looks[at].iter().zip(model).zip(scale);
                parts.map(|((a, b), scale)| ((a - b) / scale) * ((a - b) / scale)).sum::<f64>()
            };
            let nearest = (0..left.len()).min_by(|&a, &b| apart(&left[a]).total_cmp(&apart(&left[b])));
            let Some(nearest) = nearest else { break };
            let at = left.remove(nearest);
            taken[at] = true;
            found += documents[at].lines.len();
        }
        documents.into_iter().zip(taken).filter(|(_, taken)| *taken).map(|(document, _)| document).collect()
    }
}

fn deviations(all: &[[f64; Looks::COUNT]]) -> [f64; Looks::COUNT] {
    let n = all.len() as f64;
    std::array::from_fn(|at| {
        let mean = all.iter().map(|shares| shares[at]).sum::<f64>() / n;
        let variance = all.iter().map(|shares| (shares[at] - mean) * (shares[at] - mean)).sum::<f64>() / n;
        libm::sqrt(variance).max(LEAST_DEVIATION)
    })
}
