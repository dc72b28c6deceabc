//! Accounts of this program. Layouts are pinned by `tests.rs`.

pub mod config;
pub mod curve;
pub mod launch_fee;
pub mod ledger;
pub mod referrer_fees;
pub mod shape;

#[cfg(test)]
mod tests;

pub use {config::*, curve::*, launch_fee::*, ledger::*, referrer_fees::*, shape::*};
