//! Accounts of this program. Layouts are pinned by `tests.rs`.

pub mod config;
pub mod curve;
pub mod ledger;
pub mod referrer_fees;
pub mod shape;

#[cfg(test)]
mod tests;

pub use {config::*, curve::*, ledger::*, referrer_fees::*, shape::*};
