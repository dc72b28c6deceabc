//! One file for each instruction.

pub mod accept_beneficiary;
pub mod claim;
pub mod create_schedule;
pub mod propose_beneficiary;
pub mod revoke;

mod payout;

pub use {accept_beneficiary::*, claim::*, create_schedule::*, propose_beneficiary::*, revoke::*};
