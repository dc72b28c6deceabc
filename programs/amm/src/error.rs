//! What can go wrong, in words for the person who meets it.
//! Numbers are 6000 plus the position: append only, never reorder.

use {anchor_lang::prelude::*, launchpad_common::Overflow};

/// Errors of this program.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum AmmError {
    #[msg("New pools, deposits and buys are paused. Selling, withdrawing and claiming still work; try again later.")]
    Paused,
    #[msg("The deadline has passed. Ask for a new quote and send it again.")]
    DeadlinePassed,
    #[msg("The price moved past your limit. Ask for a new quote or allow more slippage.")]
    SlippageExceeded,
    #[msg("The amount is zero. Enter an amount above zero.")]
    ZeroAmount,
    #[msg("The amount is too small: after rounding and fees nothing would be left. Enter more.")]
    AmountTooSmall,
    #[msg("The pool does not hold that much. Enter a smaller amount.")]
    InsufficientLiquidity,
    #[msg("These mints cannot be pooled: one mint twice, SOL as the base, or a graduate's mint with a freeze authority.")]
    InvalidMint,
    #[msg("This mint has a Token-2022 extension that pools refuse; metadata and transfer fees are accepted.")]
    ForbiddenExtension,
    #[msg("A fee is above its cap.")]
    InvalidFee,
    #[msg("The fee tiers are not valid: 1 to 16, the first from a market cap of 0, each from more than the one before.")]
    InvalidTiers,
    #[msg("This signer is not the authority that the instruction needs.")]
    InvalidAuthority,
    #[msg("Only the program's upgrade authority may create the config.")]
    NotUpgradeAuthority,
    #[msg("This is not the fee recipient that the config names.")]
    InvalidFeeRecipient,
    #[msg("This is not the pool's creator, or no wallet address.")]
    InvalidCreator,
    #[msg("There is nothing to claim yet.")]
    NothingToClaim,
    #[msg("The token's own transfer fee took more than its rules say. Ask for a new quote and try again.")]
    TransferFeeMismatch,
    #[msg("The pool's vault lacks the quote amount that was to be put there first.")]
    DepositShort,
    #[msg("An amount left the range of 64 bits.")]
    Overflow,
    #[msg("The accounts would not add up after this instruction, so it was refused.")]
    InvariantViolated,
}

impl From<Overflow> for AmmError {
    fn from(_: Overflow) -> Self {
        AmmError::Overflow
    }
}

/// A result of this program's arithmetic.
pub type Checked<T> = core::result::Result<T, AmmError>;
