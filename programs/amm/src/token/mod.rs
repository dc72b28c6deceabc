//! What the pools ask of the token programs.

pub mod mints;
pub mod shares;
pub mod transfer_fee;
pub mod vaults;

pub use {mints::*, shares::*, transfer_fee::*, vaults::*};
