use anchor_lang::prelude::*;
use static_assertions::const_assert;

/// First seed of a schedule: `["vesting", mint, original beneficiary, index (u16, little endian)]`.
#[constant]
pub const SCHEDULE_SEED: &[u8] = b"vesting";

/// Layout of `Schedule`; a new layout takes the next number.
#[constant]
pub const SCHEDULE_VERSION: u8 = 1;

/// The longest a schedule may run, and the furthest its end may lie ahead: 100 years of 365 days, in seconds.
#[constant]
pub const MAX_DURATION_SECONDS: i64 = 3_153_600_000_i64;

// `amount * elapsed` is formed in u128: the largest product must fit.
const_assert!(MAX_DURATION_SECONDS > 0);
const_assert!((u64::MAX as u128).checked_mul(MAX_DURATION_SECONDS as u128).is_some());
