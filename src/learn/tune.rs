//! Weights of the search.
