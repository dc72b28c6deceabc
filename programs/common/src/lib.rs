//! What two or more Launchpad programs share.
//!
//! - [`math`]: checked arithmetic whose failures log where they happened.
//! - [`wide`]: 64 x 64 -> 128 bit products and quotients at on-chain cost.
//! - [`bps`]: basis points with the rounding in the name.
//! - [`token`]: token and mint accounts read by offset, extension rules, `TransferChecked`.
//! - [`associated`]: associated token accounts that may already exist.
//! - [`account`]: accounts of a program read and written where they lie.
//! - [`creation`]: new accounts at addresses that a stranger may have funded first.
//! - [`authority`]: who may upgrade a program.
//! - [`config`]: the instructions that every program's config has alike.
//! - [`security_txt`]: where to report a fault, in the program's bytes.
//! - [`base58`], [`event`], [`keys`], [`lamports`]: texts of keys, events by self-call,
//!   comparisons and system transfers at on-chain cost.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod account;
pub mod associated;
pub mod authority;
pub mod base58;
pub mod bps;
pub mod config;
pub mod creation;
pub mod event;
pub mod keys;
pub mod lamports;
pub mod math;
pub mod security_txt;
pub mod token;
pub mod wide;

pub use {
    math::{Overflow, SafeMath},
    wide::{div_ceil, div_floor, mul_div_ceil, mul_div_floor},
};
