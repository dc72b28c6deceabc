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
/// Seed of a [`crate::state::Curve`], before the mint.
#[constant]
pub const CURVE_SEED: &[u8] = b"curve";
/// Seed of a [`crate::state::ReferrerFees`], before the referrer.
#[constant]
pub const REFERRER_SEED: &[u8] = b"referrer";
/// Seed of a [`crate::state::Shape`], before the hash of its segments.
#[constant]
pub const SHAPE_SEED: &[u8] = b"shape";

/// Seed of a [`crate::state::Terms`], before the hash of what they say.
#[constant]
pub const TERMS_SEED: &[u8] = b"terms";
/// Seed of a [`crate::state::Position`], before mint and wallet.
#[constant]
pub const POSITION_SEED: &[u8] = b"position";
/// Seed of a [`crate::state::Batch`], before the mint.
#[constant]
pub const BATCH_SEED: &[u8] = b"batch";
/// Seed of a [`crate::state::Deposit`], before mint and wallet.
#[constant]
pub const DEPOSIT_SEED: &[u8] = b"deposit";
/// Seed of a graduate's pool at Raydium, before the mint: an address that only we sign for.
#[constant]
pub const RAYDIUM_POOL_SEED: &[u8] = b"raydium_pool";
/// Seed of who opens that pool, before the mint: empty before and after.
#[constant]
pub const POOL_CREATOR_SEED: &[u8] = b"pool_creator";
/// Seeds of its two token accounts, before the mint.
#[constant]
pub const CREATOR_BASE_SEED: &[u8] = b"creator_base";
#[constant]
pub const CREATOR_QUOTE_SEED: &[u8] = b"creator_quote";

/// Layout version that new accounts carry.
pub const ACCOUNT_VERSION: u8 = 1;

/// Most segments a curve may have.
#[constant]
pub const MAX_SEGMENTS: u8 = 32;
/// Highest protocol fee, in basis points of the curve amount.
#[constant]
pub const MAX_PROTOCOL_FEE_BPS: u16 = 200;
/// Highest creator fee, in basis points of the curve amount.
#[constant]
pub const MAX_CREATOR_FEE_BPS: u16 = 200;
/// Highest launch fee at its start, in basis points of the curve amount of a buy.
#[constant]
pub const MAX_LAUNCH_FEE_BPS: u16 = 5_000;
/// Longest time that a launch fee takes to fall to zero.
#[constant]
pub const MAX_LAUNCH_FEE_SECONDS: u16 = 600;
/// Longest time after the opening in which any rule of it holds, tiers included.
#[constant]
pub const MAX_OPENING_SECONDS: u32 = 86_400;
/// Most nodes of a proof: enough for four thousand million wallets.
#[constant]
pub const MAX_PROOF_NODES: u8 = 32;
/// Extensions of a community's mint with which tokens come back from a pledge as they went in.
pub const PLEDGE_MINT_EXTENSIONS: [u16; 9] = [
    MINT_CLOSE_AUTHORITY,
    INTEREST_BEARING,
    METADATA_POINTER,
    TOKEN_METADATA,
    GROUP_POINTER,
    TOKEN_GROUP,
    GROUP_MEMBER_POINTER,
    TOKEN_GROUP_MEMBER,
    SCALED_UI_AMOUNT,
];
const MINT_CLOSE_AUTHORITY: u16 = 3;
const INTEREST_BEARING: u16 = 10;
const GROUP_POINTER: u16 = 20;
const TOKEN_GROUP: u16 = 21;
const GROUP_MEMBER_POINTER: u16 = 22;
const TOKEN_GROUP_MEMBER: u16 = 23;
const SCALED_UI_AMOUNT: u16 = 25;
/// Longest deposit window of a batch launch.
#[constant]
pub const MAX_BATCH_SECONDS: u32 = 2_592_000;
/// Smallest part of the raise that becomes liquidity, in basis points.
#[constant]
pub const MIN_LIQUIDITY_BPS: u16 = 5_000;
/// Shortest lock of a pool's shares that are given out at all: 180 days.
#[constant]
pub const MIN_LIQUIDITY_LOCK_SECONDS: u32 = 15_552_000;
/// Longest lock or vesting after graduation: ten years.
#[constant]
pub const MAX_PAYOUT_SECONDS: u32 = 315_360_000;
/// The most of a raise that a graduation's caller gets: one part in so many.
#[constant]
pub const GRADUATION_COST_PART: u64 = 10;
/// Raydium's constant-product pools.
#[constant]
pub const RAYDIUM_CP_SWAP: Pubkey = pubkey!("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C");
/// Its fee tier of index 0, the one that graduates trade under: nobody chooses another.
#[constant]
pub const RAYDIUM_AMM_CONFIG: Pubkey = pubkey!("D4FPEruKEHrG5TenZ2mpDGEfu1iUvTiqBxvpU8HLBvC2");
/// Least lamports that a sale raises which graduates at Raydium: a tenth carries the fee and
/// the rent for a pool there, 0.192 SOL, and the highest bounty.
#[constant]
pub const MIN_RAYDIUM_RAISE: u64 = 3_000_000_000_u64;
/// How long a sold-out curve waits for the venue that its terms name, before our own pools
/// take it whatever the reason.
#[constant]
pub const VENUE_FALLBACK_SECONDS: u32 = 604_800;
/// Highest part of the protocol fee that goes to a referrer, in basis points.
#[constant]
pub const MAX_REFERRER_SHARE_BPS: u16 = 5_000;
/// Highest reward for the caller who graduates a curve, in lamports.
#[constant]
pub const MAX_KEEPER_BOUNTY: u64 = 100_000_000;

// Every fee is below half of what it is taken from: a sale always leaves
// something, and a referrer never earns more than the protocol.
const_assert!(MAX_PROTOCOL_FEE_BPS + MAX_CREATOR_FEE_BPS < BPS_ONE / 2);
const_assert!(MAX_REFERRER_SHARE_BPS <= BPS_ONE / 2);
// The surcharge of a buy stays below the whole, as the inverse of its cost needs.
const_assert!(MAX_PROTOCOL_FEE_BPS + MAX_CREATOR_FEE_BPS + MAX_LAUNCH_FEE_BPS <= BPS_ONE);
// A position is an index into the segments.
const_assert!(MAX_SEGMENTS >= 1 && MAX_SEGMENTS < u8::MAX);
