//! The table that is learned from.

/// A row-major matrix of features: rows × [`Rows::features`], NaN = not known.
///
/// ```
/// use amend::classify::Rows;
/// let mut rows = Rows::new(2);
/// rows.push(&[0.5, f32::NAN]);
/// assert_eq!((rows.len(), rows.row(0)[0]), (1, 0.5));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rows {
    features: usize,
    values: Vec<f32>,
}

impl Rows {
    /// An empty table of `features` columns.
    pub fn new(features: usize) -> Self {
        Self { features, values: Vec::new() }
    }

    /// Adds a row. A short one is filled up with NaN, the surplus of a long one is dropped.
    pub fn push(&mut self, row: &[f32]) {
        self.values.extend(row.iter().copied().chain(std::iter::repeat(f32::NAN)).take(self.features));
    }

    /// Number of columns.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of rows; 0 for a table without columns.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.features).unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The features of row `at`; empty where there is no such row.
    pub fn row(&self, at: usize) -> &[f32] {
        self.values.get(at * self.features..(at + 1) * self.features).unwrap_or_default()
    }

    /// The values of one column, top to bottom.
    pub(super) fn column(&self, feature: usize) -> impl Iterator<Item = f32> + '_ {
        self.values.iter().skip(feature).step_by(self.features.max(1)).copied()
    }
}
