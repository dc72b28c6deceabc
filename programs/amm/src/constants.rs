//! Seeds, versions and the caps that no authority can pass.

use {
    anchor_lang::prelude::*,
    launchpad_common::{
        bps::BPS_ONE,
        token::{METADATA_POINTER, TOKEN_METADATA},
    },
    static_assertions::const_assert,
};

/// Seed of the one [`crate::state::Config`].
#[constant]
pub const CONFIG_SEED: &[u8] = b"config";
/// Seed of a [`crate::state::Pool`]: before the mint of a graduate, or before
/// base mint, quote mint, opener and index (u16, little-endian).
#[constant]
pub const POOL_SEED: &[u8] = b"pool";
/// Seed of a pool's two token accounts, before pool and mint.
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";
/// Seed of the mint of a pool's shares, before the pool.
#[constant]
pub const LP_MINT_SEED: &[u8] = b"lp_mint";

/// The program whose curves graduate into canonical pools.
#[constant]
pub const CURVE_PROGRAM: Pubkey = pubkey!("CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL");
/// That program's seed of a curve, before the mint.
pub const CURVE_SEED: &[u8] = b"curve";

/// Layout version that new accounts carry.
pub const ACCOUNT_VERSION: u8 = 1;

/// Decimal places of every pool's shares.
pub const LP_DECIMALS: u8 = 9;
/// Shares of the first deposit that nobody gets, so that a pool is never empty
/// and one share cannot be made worth more than its depositor paid a thousand times.
#[constant]
pub const MINIMUM_LIQUIDITY: u64 = 1_000;

/// Most steps of the creator's fee.
#[constant]
pub const MAX_FEE_TIERS: u8 = 16;
/// Highest fee for liquidity providers, in basis points of the quote amount.
#[constant]
pub const MAX_LP_FEE_BPS: u16 = 100;
/// Highest protocol fee, in basis points of the quote amount.
#[constant]
pub const MAX_PROTOCOL_FEE_BPS: u16 = 50;
/// Highest creator fee of any tier, in basis points of the quote amount.
#[constant]
pub const MAX_CREATOR_FEE_BPS: u16 = 100;

/// Token-2022's fee on transfers: the one extension that a pool reckons with.
pub const TRANSFER_FEE_CONFIG: u16 = 1;
/// Extensions of a mint that a pool accepts. Whatever could stop, take or hide
/// tokens in a vault is not among them.
pub const POOL_MINT_EXTENSIONS: [u16; 3] = [TRANSFER_FEE_CONFIG, METADATA_POINTER, TOKEN_METADATA];

// All fees together stay far below what they are taken from.
const_assert!(MAX_LP_FEE_BPS + MAX_PROTOCOL_FEE_BPS + MAX_CREATOR_FEE_BPS < BPS_ONE / 20);
const_assert!(MINIMUM_LIQUIDITY > 0);
