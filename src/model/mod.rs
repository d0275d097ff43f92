//! model
mod knowledge;
mod settings;
pub use knowledge::{Knowledge, SymbolTable};
pub use settings::{Beam, Doubt, Settings, Weights};
