use anchor_lang::prelude::*;
use static_assertions::const_assert;

/// Seed of the one config: `["config"]`.
#[constant]
pub const CONFIG_SEED: &[u8] = b"config";

/// First seed of a launch record: `["launch", mint]`.
#[constant]
pub const LAUNCH_SEED: &[u8] = b"launch";

/// Layout of this program's accounts; a new layout takes the next number.
#[constant]
pub const ACCOUNT_VERSION: u8 = 1;

/// The highest creation fee any authority can set, in lamports: 1 SOL.
#[constant]
pub const MAX_CREATION_FEE: u64 = 1_000_000_000;

/// Decimal places of a token: 0 to 9.
#[constant]
pub const MAX_DECIMALS: u8 = 9;

/// The most the team may receive, in basis points of the supply.
#[constant]
pub const MAX_TEAM_BPS: u16 = 2_000;

/// The least that public sale and liquidity together receive, in basis points of the supply.
#[constant]
pub const MIN_MARKET_BPS: u16 = 5_000;

/// Longest name, in bytes of UTF-8.
#[constant]
pub const MAX_NAME_BYTES: u16 = 32;

/// Longest symbol, in bytes of UTF-8.
#[constant]
pub const MAX_SYMBOL_BYTES: u16 = 10;

/// Longest metadata address, in bytes.
#[constant]
pub const MAX_URI_BYTES: u16 = 200;

/// Index of the team's vesting schedule.
#[constant]
pub const TEAM_SCHEDULE_INDEX: u16 = 0;

/// Index of the schedule that locks the creator's first buy.
#[constant]
pub const LOCK_SCHEDULE_INDEX: u16 = 1;

// A creator may be the team's beneficiary too: the two schedules need two addresses.
const_assert!(TEAM_SCHEDULE_INDEX != LOCK_SCHEDULE_INDEX);
const_assert!(MAX_TEAM_BPS + MIN_MARKET_BPS <= launchpad_common::bps::BPS_ONE);
