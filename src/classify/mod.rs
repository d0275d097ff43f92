//! A small deterministic classifier over numeric features: gradient-boosted trees with calibrated output.
//!
//! In: [`Rows`] of `f32` features (NaN = not known), a yes or no and a weight for each. Out: a [`Forest`] that
//! turns a row into log-odds, a calibrated probability, and the features that moved it. A forest is plain serde
//! data: whatever bytes it was read from, using it neither panics nor loops.
//!
//! Flow: quantile bins of each feature → per level of a tree, histograms of gradient and hessian → the split with
//! the greatest gain → leaf values −G/(H+λ) (Chen & Guestrin 2016, eqs. 5–7; a missing value goes to the side
//! where it gains more, their algorithm 3). With [`Chance`], cuts are drawn and trees look at a part of the features: they
//! overfit less (Geurts, Ernst & Wehenkel 2006). [`cross_fit`] gives every row a margin from a forest that never saw
//! its fold, of as many trees as serve best; on those [`Calibration`] is fitted (beta calibration, Kull et al. 2017).
//!
//! Invariant: the same rows give the same bytes on any number of threads. Threads share features, never sums;
//! ties go to the lowest feature, then the lowest cut. Knows nothing of text, edits or what a feature means.

mod bins;
mod calibrate;
mod forest;
mod rows;
mod train;

pub use calibrate::Calibration;
pub use forest::{Contributions, Forest};
pub use rows::Rows;
pub use train::{Chance, CrossFit, Options, cross_fit, train};
