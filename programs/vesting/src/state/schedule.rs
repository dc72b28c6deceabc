use crate::constants::{MAX_DURATION_SECONDS, SCHEDULE_SEED, SCHEDULE_VERSION};
use crate::error::VestingError;
use crate::math::release::Release;
use anchor_lang::prelude::*;
use launchpad_common::SafeMath;

/// Terms of a new schedule. `amount` in base units, times in Unix seconds, `period` in seconds.
/// `index` tells schedules of one mint and beneficiary apart.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleArgs {
    pub beneficiary: Pubkey,
    pub amount: u64,
    pub start: i64,
    pub cliff: i64,
    pub end: i64,
    pub period: i64,
    pub revocable: bool,
    pub index: u16,
}

impl ScheduleArgs {
    /// Refuses terms under which a beneficiary could be cheated or never paid.
    pub fn validate(&self, now: i64) -> Result<()> {
        require!(self.amount > 0, VestingError::ZeroAmount);
        require_keys_neq!(self.beneficiary, Pubkey::default(), VestingError::InvalidBeneficiary);
        let ordered = 0 <= self.start && self.start <= self.cliff && self.cliff <= self.end;
        require!(ordered && self.start < self.end, VestingError::InvalidTimes);
        let duration = self.end.safe_sub(self.start).map_err(VestingError::from)?;
        let ahead = self.end.saturating_sub(now);
        require!(duration.max(ahead) <= MAX_DURATION_SECONDS, VestingError::InvalidTimes);
        require!((1..=duration).contains(&self.period), VestingError::InvalidPeriod);
        Ok(())
    }
}

/// Tokens held for a beneficiary, in the associated token account of this PDA (the escrow).
/// Seeds: `["vesting", mint, original_beneficiary, index]`. A revoked schedule keeps what had vested.
#[account]
#[derive(InitSpace, Debug)]
pub struct Schedule {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    /// Funded the schedule and may revoke it where `revocable`.
    pub grantor: Pubkey,
    /// Part of the address; stays when the beneficiary changes.
    pub original_beneficiary: Pubkey,
    pub beneficiary: Pubkey,
    /// Default = nobody proposed.
    pub pending_beneficiary: Pubkey,
    /// Base units granted; after a revocation what had vested.
    pub amount: u64,
    pub claimed: u64,
    /// Unix seconds; 0 = not revoked.
    pub revoked_at: i64,
    pub start: i64,
    pub cliff: i64,
    pub end: i64,
    pub period: i64,
    pub revocable: bool,
    pub index: u16,
    /// The schedule's associated token account.
    pub escrow: Pubkey,
    pub reserved: [u8; 64],
}

impl Schedule {
    /// A schedule of which nothing is claimed yet.
    pub fn new(
        args: &ScheduleArgs,
        mint: Pubkey,
        escrow: Pubkey,
        grantor: Pubkey,
        bump: u8,
    ) -> Self {
        Self {
            version: SCHEDULE_VERSION,
            bump,
            mint,
            grantor,
            original_beneficiary: args.beneficiary,
            beneficiary: args.beneficiary,
            pending_beneficiary: Pubkey::default(),
            amount: args.amount,
            claimed: 0,
            revoked_at: 0,
            start: args.start,
            cliff: args.cliff,
            end: args.end,
            period: args.period,
            revocable: args.revocable,
            index: args.index,
            escrow,
            reserved: [0; 64],
        }
    }

    /// Base units vested at `now`, rounded down; all of what is left once revoked.
    pub fn vested(&self, now: i64) -> Result<u64> {
        if self.is_revoked() {
            return Ok(self.amount);
        }
        Ok(self.release().vested(now).map_err(VestingError::from)?)
    }

    /// Base units the beneficiary may take at `now`.
    pub fn claimable(&self, now: i64) -> Result<u64> {
        Ok(self.vested(now)?.saturating_sub(self.claimed))
    }

    /// Base units the escrow owes: granted and not yet claimed.
    pub fn outstanding(&self) -> Result<u64> {
        Ok(self.amount.safe_sub(self.claimed).map_err(VestingError::from)?)
    }

    pub fn is_revoked(&self) -> bool {
        self.revoked_at != 0
    }

    /// Runs `call` with the seeds by which the schedule signs for its escrow.
    pub fn sign<T>(&self, call: impl FnOnce(&[&[&[u8]]]) -> T) -> T {
        let index = self.index.to_le_bytes();
        let seeds: [&[u8]; 5] = [
            SCHEDULE_SEED,
            self.mint.as_ref(),
            self.original_beneficiary.as_ref(),
            &index,
            &[self.bump],
        ];
        call(&[&seeds])
    }

    /// What every stored schedule satisfies; `escrowed` is the escrow's balance. Anybody may send tokens
    /// there: they change nothing and are never paid out.
    pub fn invariant(&self, escrowed: u64) -> Result<()> {
        require!(escrowed >= self.outstanding()?, VestingError::InvariantViolated);
        self.invariant_alone()
    }

    /// What every stored schedule satisfies by itself.
    pub fn invariant_alone(&self) -> Result<()> {
        let sound = self.version == SCHEDULE_VERSION
            && self.claimed <= self.amount
            && self.start <= self.cliff
            && self.cliff <= self.end
            && self.start < self.end
            && self.period >= 1
            && (self.revocable || !self.is_revoked())
            && self.beneficiary != Pubkey::default();
        require!(sound, VestingError::InvariantViolated);
        Ok(())
    }

    fn release(&self) -> Release {
        Release {
            amount: self.amount,
            start: self.start,
            cliff: self.cliff,
            end: self.end,
            period: self.period,
        }
    }
}

#[cfg(test)]
mod tests;
