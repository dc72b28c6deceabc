use anchor_lang::prelude::*;
use launchpad_common::Overflow;

/// The order is published: append only.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum VestingError {
    #[msg("The amount is zero: name how many tokens the schedule should hold")]
    ZeroAmount,
    #[msg("The times do not fit: start <= cliff <= end, start < end, and the end at most 100 years away")]
    InvalidTimes,
    #[msg("The period must be at least one second and no longer than the schedule runs")]
    InvalidPeriod,
    #[msg("This address cannot be the beneficiary")]
    InvalidBeneficiary,
    #[msg("Only the beneficiary may do this")]
    NotBeneficiary,
    #[msg("Only the grantor may do this")]
    NotGrantor,
    #[msg("Nobody was proposed as beneficiary, or it was someone else")]
    NotPendingBeneficiary,
    #[msg("This schedule was created irrevocable")]
    NotRevocable,
    #[msg("This schedule is revoked already")]
    AlreadyRevoked,
    #[msg("Nothing can be claimed now: wait for the next release")]
    NothingToClaim,
    #[msg("Everything has vested: nothing is left to revoke")]
    NothingToRevoke,
    #[msg("Tokens of this mint could be taken, frozen or blocked by others, so they cannot be held in escrow")]
    ForbiddenMint,
    #[msg("A number left its range")]
    Overflow,
    #[msg("The schedule's state is inconsistent")]
    InvariantViolated,
    #[msg("The escrow lacks tokens: name the account of the grantor that they come from")]
    SourceMissing,
}

impl From<Overflow> for VestingError {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}
