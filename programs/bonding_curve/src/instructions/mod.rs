//! One file for each instruction, or for each group that shares its accounts.

pub mod buy_exact_in;
pub mod buy_exact_out;
pub mod claim_batch;
pub mod claim_creator_fees;
pub mod claim_referrer_fees;
pub mod close_position;
pub mod create_shape;
pub mod create_terms;
pub mod deposit;
pub mod expire;
pub mod graduate;
pub mod graduate_to_raydium;
pub mod lock_liquidity;
pub mod manage_config;
pub mod open_curve;
pub mod open_position;
pub mod pledge;
pub mod prove_allowlisted;
pub mod refund;
pub mod register_referrer;
pub mod release_payout;
pub mod sell;
pub mod set_creator;
pub mod settle_batch;
pub mod sweep_protocol_fees;
pub mod trade;
pub mod trade_rules;
pub mod withdraw_deposit;

mod close_token_account;
mod graduation;
mod lamports;
mod raydium_pool;

pub use {
    buy_exact_in::*, buy_exact_out::*, claim_batch::*, claim_creator_fees::*,
    claim_referrer_fees::*, close_position::*, create_shape::*, create_terms::*, deposit::*,
    expire::*, graduate::*, graduate_to_raydium::*, lock_liquidity::*, manage_config::*,
    open_curve::*, open_position::*, pledge::*, prove_allowlisted::*, refund::*,
    register_referrer::*, release_payout::*, sell::*, set_creator::*, settle_batch::*,
    sweep_protocol_fees::*, trade::*, withdraw_deposit::*,
};
