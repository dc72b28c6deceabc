//! One file for each instruction.

pub mod accept_owner;
pub mod adopt;
pub mod apply_shares;
pub mod cancel_proposal;
pub mod cancel_release;
pub mod claim;
pub mod collect_curve;
pub mod collect_pool;
pub mod create_router;
pub mod manage_router;
pub mod propose_release;
pub mod propose_shares;
pub mod release;
pub mod unwrap;
pub mod write_proposal;

mod income;
mod resize;
mod wrapped;

pub use {
    accept_owner::*, adopt::*, apply_shares::*, cancel_proposal::*, cancel_release::*, claim::*,
    collect_curve::*, collect_pool::*, create_router::*, manage_router::*, propose_release::*,
    propose_shares::*, release::*, unwrap::*, write_proposal::*,
};
