//! What can go wrong, in words for the person who meets it.
//! Numbers are 6000 plus the position: append only, never reorder.

use {anchor_lang::prelude::*, launchpad_common::Overflow};

/// Errors of this program.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum LauncherError {
    #[msg("New launches are paused. Everything else still works; try again later.")]
    Paused,
    #[msg("The name must have 1 to 32 bytes and no control, direction or invisible characters.")]
    InvalidName,
    #[msg("The symbol must have 1 to 10 bytes and no spaces, control, direction or invisible characters.")]
    InvalidSymbol,
    #[msg("The metadata address must have 1 to 200 bytes and no spaces, control, direction or invisible characters.")]
    InvalidUri,
    #[msg("A token has 0 to 9 decimal places.")]
    InvalidDecimals,
    #[msg("The supply must be above zero.")]
    InvalidSupply,
    #[msg("A mintable supply needs an authority and a cap above the launch supply.")]
    InvalidSupplyMode,
    #[msg("The allocations must sum to 10,000 basis points, the team at most 2,000, public sale and liquidity at least 5,000, none of them less than one unit.")]
    InvalidAllocations,
    #[msg("A team allocation needs its vesting terms, and terms need an allocation.")]
    InvalidTeam,
    #[msg("The segments must sell exactly the public allocation.")]
    SaleMismatch,
    #[msg("The mint address is taken: choose a new key for the token.")]
    MintInUse,
    #[msg("An account that these arguments need is missing.")]
    MissingAccount,
    #[msg("This signer is not the authority that the instruction needs.")]
    InvalidAuthority,
    #[msg("This address cannot be the creator, or was not proposed as one.")]
    InvalidCreator,
    #[msg("Only the program's upgrade authority may create the config.")]
    NotUpgradeAuthority,
    #[msg("The creation fee is above its cap of 1 SOL.")]
    InvalidFee,
    #[msg("This is not the treasury that the config names, or no valid address.")]
    InvalidTreasury,
    #[msg("This token's metadata can no longer be changed.")]
    MetadataImmutable,
    #[msg("This token's supply is fixed.")]
    SupplyFixed,
    #[msg("That would create more tokens than the cap allows.")]
    CapExceeded,
    #[msg("The amount is zero. Enter an amount above zero.")]
    ZeroAmount,
    #[msg("A number left its range.")]
    Overflow,
    #[msg("The accounts would not add up after this instruction, so it was refused.")]
    InvariantViolated,
    #[msg("More tokens can be created only once the token has graduated from its curve.")]
    NotGraduated,
    #[msg("The mint must be a new one of the classic Token program: no supply, the creator as its authority, nobody who can freeze.")]
    InvalidMint,
    #[msg("The metadata must stand in the account that Metaplex's program keeps for this mint.")]
    InvalidMetadata,
    #[msg("The metadata of a token names no creators and no royalty.")]
    RoyaltyOnToken,
    #[msg("This token's metadata stands in Metaplex's program: its update authority changes it there.")]
    MetadataElsewhere,
}

impl From<Overflow> for LauncherError {
    fn from(_: Overflow) -> Self {
        LauncherError::Overflow
    }
}

/// A result of this program's arithmetic.
pub type Checked<T> = core::result::Result<T, LauncherError>;
