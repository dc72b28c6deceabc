use anchor_lang::prelude::*;
use launchpad_common::Overflow;

/// The order is published: append only.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum RouterError {
    #[msg("The time lock must be at least an hour and at most 30 days")]
    InvalidDelay,
    #[msg("Only the router's owner may do this")]
    NotOwner,
    #[msg("Nobody was proposed as owner, or it was someone else")]
    NotPendingOwner,
    #[msg("This address cannot be the owner")]
    InvalidOwner,
    #[msg("This address cannot be a recipient")]
    InvalidRecipient,
    #[msg("Every recipient needs at least one basis point")]
    InvalidShare,
    #[msg("Recipients must stand in the order of their addresses' bytes, each of them once")]
    SharesUnordered,
    #[msg("A router has at most 100 recipients")]
    TooManyRecipients,
    #[msg("The shares must sum to 10000 basis points")]
    SharesIncomplete,
    #[msg("These shares are proposed already: cancel them before writing others")]
    AlreadyProposed,
    #[msg("These shares are still being written: propose them first")]
    NotProposed,
    #[msg("The time lock still holds: try again when it has ended")]
    TimeLocked,
    #[msg("This router's shares are fixed for good")]
    SharesFixed,
    #[msg("Too many who left are not paid yet: claim for them first")]
    TooManyLeaving,
    #[msg("This router has no recipients yet")]
    NoShares,
    #[msg("This wallet has no share in the router")]
    NotRecipient,
    #[msg("Nothing can be claimed now")]
    NothingToClaim,
    #[msg("The wallet is empty and this amount is below what an account must hold: claim when it is more")]
    BelowRent,
    #[msg("Nothing can be collected now")]
    NothingToCollect,
    #[msg("The curve owes the router fees: collect them first")]
    UncollectedFees,
    #[msg("This address cannot be the creator")]
    InvalidCreator,
    #[msg("The rent returns to whoever paid it")]
    WrongRentPayer,
    #[msg("A number left its range")]
    Overflow,
    #[msg("The router's state is inconsistent")]
    InvariantViolated,
}

impl From<Overflow> for RouterError {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}
