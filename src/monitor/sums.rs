//! Documents added up, and the figures that are compared.

use super::stability::stability_index;
use crate::guard::Kind;
use crate::learn::{Reference, Sampled, SourceFigures};

/// Documents added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) documents: f64,
    pub(super) words: f64,
    pub(super) spelled: f64,
    pub(super) unknown: f64,
    pub(super) symbols: f64,
    pub(super) nats: f64,
    pub(super) proposals: [f64; Kind::COUNT],
    pub(super) stretches: f64,
    /// Of the confusions that are followed.
    pub(super) confusions: [f64; Reference::FOLLOWED],
}

impl Sums {
    pub(super) fn of<'s>(documents: impl IntoIterator<Item = &'s Sampled>) -> Self {
        let mut sums = Self::default();
        documents.into_iter().for_each(|document| sums.add(document));
        sums
    }

    /// Those of a whole source.
    pub(super) fn of_source(source: &SourceFigures) -> Self {
        let counted = (0..).zip(source.confusions.iter().copied()).take(Reference::FOLLOWED).collect();
        let all = Sampled { source: source.source, figures: source.figures, confusions: counted };
        Self { documents: source.documents as f64, ..Self::of([&all]) }
    }

    pub(super) fn add(&mut self, document: &Sampled) {
        let figures = &document.figures;
        self.documents += 1.0;
        self.words += figures.words as f64;
        self.spelled += figures.spelled as f64;
        self.unknown += figures.unknown as f64;
        self.symbols += figures.symbols as f64;
        self.nats += f64::from(figures.nats);
        self.stretches += figures.stretches as f64;
        for (sum, n) in self.proposals.iter_mut().zip(figures.proposals) {
            *sum += n as f64;
        }
        for &(place, n) in &document.confusions {
            if let Some(sum) = self.confusions.get_mut(usize::from(place)) {
                *sum += n as f64;
            }
        }
    }

    #[must_use]
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.documents += other.documents;
        self.words += other.words;
        self.spelled += other.spelled;
        self.unknown += other.unknown;
        self.symbols += other.symbols;
        self.nats += other.nats;
        self.stretches += other.stretches;
        let pairs = self.proposals.iter_mut().zip(other.proposals);
        pairs.chain(self.confusions.iter_mut().zip(other.confusions)).for_each(|(sum, n)| *sum += n);
        self
    }

    fn proposed(&self) -> f64 {
        self.proposals.iter().sum()
    }

    /// The followed confusions and all others.
    fn bins(&self) -> impl Iterator<Item = f64> + Clone {
        let rest = self.stretches - self.confusions.iter().sum::<f64>();
        self.confusions.into_iter().chain([rest.max(0.0)])
    }
}

/// A figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Words that the vocabulary does not hold, of all words.
    Unknown,
    /// What a grapheme costs the language model.
    Perplexity,
    /// Changes proposed, of all words.
    Proposals,
    /// Changes of one kind, of all words.
    Kind(usize),
    /// One confusion, of all words.
    Confusion(usize),
    /// Which confusions, whatever their number.
    Mix,
}

/// A rate below this part more or less is the same: a tenth of the rate is a twentieth of its root.
const SAME_ROOT: f64 = 0.05;
/// Perplexities nearer than this part are the same.
const SAME_NATS: f64 = 0.02;

impl Test {
    /// All that can be asked of a reference with so many confusions.
    pub(super) fn all(confusions: usize) -> impl Iterator<Item = Self> {
        let kinds = (0..Kind::COUNT).map(Self::Kind);
        let confusions = (0..confusions.min(Reference::FOLLOWED)).map(Self::Confusion);
        [Self::Unknown, Self::Perplexity, Self::Proposals]
            .into_iter()
            .chain(kinds)
            .chain(confusions)
            .chain([Self::Mix])
    }

    /// Whether it is looked at only where there is enough to count.
    pub(super) fn is_part(self) -> bool {
        matches!(self, Self::Kind(_) | Self::Confusion(_) | Self::Mix)
    }

    /// Count and exposure.
    fn parts(self, sums: &Sums) -> (f64, f64) {
        match self {
            Self::Unknown => (sums.unknown, sums.spelled),
            Self::Perplexity => (sums.nats, sums.symbols),
            Self::Proposals => (sums.proposed(), sums.words),
            Self::Kind(kind) => (sums.proposals.get(kind).copied().unwrap_or(0.0), sums.words),
            Self::Confusion(at) => (sums.confusions.get(at).copied().unwrap_or(0.0), sums.words),
            Self::Mix => (sums.stretches, sums.words),
        }
    }

    /// What is expected of its count in a text like `new`.
    pub(super) fn expected(self, reference: &Sums, new: &Sums) -> f64 {
        let ((count, exposure), (_, wanted)) = (self.parts(reference), self.parts(new));
        if exposure > 0.0 { count / exposure * wanted } else { 0.0 }
    }

    /// The figure as people read it: a share, nats, or an index.
    pub(super) fn plain(self, sums: &Sums, reference: &Sums) -> f64 {
        let (count, exposure) = self.parts(sums);
        match self {
            Self::Mix => stability_index(sums.bins().zip(reference.bins())),
            _ if exposure > 0.0 => count / exposure,
            _ => 0.0,
        }
    }

    /// The figure as it is compared: rates by their roots, which stray alike whatever the rate.
    pub(super) fn value(self, sums: &Sums, reference: &Sums) -> f64 {
        let plain = self.plain(sums, reference);
        if self == Self::Perplexity { plain } else { plain.max(0.0).sqrt() }
    }

    /// How far two values may be apart and mean the same.
    pub(super) fn same(self, reference: f64) -> f64 {
        match self {
            Self::Perplexity => SAME_NATS * reference,
            Self::Mix => 0.0,
            _ => SAME_ROOT * reference,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Figures;

    #[test]
    fn rates_are_counts_by_what_they_could_be() {
        let figures = Figures {
            words: 100,
            spelled: 80,
            unknown: 20,
            symbols: 400,
            nats: 600.0,
            stretches: 10,
            proposals: [9, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        let sums = Sums::of([&Sampled { source: 0, figures, confusions: vec![(1, 4), (999, 1)] }]);
        let plain = |test: Test| test.plain(&sums, &sums);
        assert_eq!(plain(Test::Unknown), 0.25);
        assert_eq!(plain(Test::Perplexity), 1.5);
        assert_eq!((plain(Test::Proposals), plain(Test::Kind(0)), plain(Test::Kind(1))), (0.09, 0.09, 0.0));
        assert_eq!((plain(Test::Confusion(1)), plain(Test::Confusion(0))), (0.04, 0.0));
        assert!(plain(Test::Mix).abs() < 1e-12, "a mix is as it is");
        assert_eq!(Test::Proposals.value(&sums, &sums), 0.3);
        assert_eq!(Test::Confusion(1).expected(&sums, &Sums { words: 50.0, ..Sums::default() }), 2.0);
        assert_eq!(sums.bins().sum::<f64>(), 10.0, "six are other confusions");
    }
}
