//! Accounts of this program. Layouts are pinned by `tests.rs`.

pub mod batch;
pub mod config;
pub mod curve;
pub mod launch_fee;
pub mod ledger;
pub mod opening;
pub mod position;
pub mod referrer_fees;
pub mod shape;
pub mod terms;

#[cfg(test)]
mod tests;

pub use {
    batch::*, config::*, curve::*, launch_fee::*, ledger::*, opening::*, position::*,
    referrer_fees::*, shape::*, terms::*,
};
