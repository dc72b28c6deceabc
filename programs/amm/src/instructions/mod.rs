//! One file for each instruction, or for each group that shares its accounts.

pub mod claim_creator_fees;
pub mod create_canonical_pool;
pub mod create_pool;
pub mod deposit;
pub mod manage_config;
pub mod set_creator;
pub mod swap;
pub mod swap_exact_in;
pub mod swap_exact_out;
pub mod sweep_protocol_fees;
pub mod withdraw;

mod liquidity;
mod opening;
mod pair;
mod payout;

pub use {
    claim_creator_fees::*, create_canonical_pool::*, create_pool::*, deposit::*, liquidity::*,
    manage_config::*, set_creator::*, swap::*, swap_exact_in::*, swap_exact_out::*,
    sweep_protocol_fees::*, withdraw::*,
};
