use anchor_lang::prelude::*;
use static_assertions::const_assert;

/// First seed of a router: `["router", creator, index (u16, little endian)]`.
#[constant]
pub const ROUTER_SEED: &[u8] = b"router";

/// First seed of the shares that come next: `["proposal", router]`.
#[constant]
pub const PROPOSAL_SEED: &[u8] = b"proposal";

/// First seed of a token's way out: `["release", router, mint]`.
#[constant]
pub const RELEASE_SEED: &[u8] = b"release";

/// Layout of every account here; a new layout takes the next number.
#[constant]
pub const ACCOUNT_VERSION: u8 = 1;

/// The most recipients of one router at a time.
#[constant]
pub const MAX_RECIPIENTS: u16 = 100;

/// The most entries of a router: all its recipients, and as many who left and are not paid yet.
#[constant]
pub const MAX_ENTRIES: u16 = 200;

/// The shortest and the longest time between a proposal and its effect, in seconds: an hour, 30 days.
#[constant]
pub const MIN_DELAY_SECONDS: u32 = 3_600;
#[constant]
pub const MAX_DELAY_SECONDS: u32 = 2_592_000;

const_assert!(MIN_DELAY_SECONDS < MAX_DELAY_SECONDS);
// Whoever replaces everybody must find room.
const_assert!(MAX_ENTRIES >= 2 * MAX_RECIPIENTS);
