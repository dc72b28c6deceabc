//! One file for each instruction, or for each group that shares its accounts.

pub mod buy_exact_in;
pub mod buy_exact_out;
pub mod claim_creator_fees;
pub mod claim_referrer_fees;
pub mod create_shape;
pub mod create_terms;
pub mod expire;
pub mod manage_config;
pub mod open_curve;
pub mod refund;
pub mod register_referrer;
pub mod sell;
pub mod set_creator;
pub mod sweep_protocol_fees;
pub mod trade;

mod lamports;

pub use {
    buy_exact_in::*, buy_exact_out::*, claim_creator_fees::*, claim_referrer_fees::*,
    create_shape::*, create_terms::*, expire::*, manage_config::*, open_curve::*, refund::*,
    register_referrer::*, sell::*, set_creator::*, sweep_protocol_fees::*, trade::*,
};
