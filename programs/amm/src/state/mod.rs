//! Accounts of this program. Layouts are pinned by `tests.rs`.

pub mod config;
pub mod ledger;
pub mod pool;

#[cfg(test)]
mod tests;

pub use {config::*, ledger::*, pool::*};
