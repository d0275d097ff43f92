//! A small deterministic classifier over numeric features: gradient-boosted trees with calibrated output.
//!
//! In: rows of `f32` features (NaN = not known). Out: a probability. Knows nothing of text.
