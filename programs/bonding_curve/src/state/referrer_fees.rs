use {
    crate::{
        constants::*,
        error::{Checked, CurveError},
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

/// What a referrer earned on all curves; PDA `["referrer", referrer]`. The
/// unclaimed lamports lie on this account above its rent.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct ReferrerFees {
    pub version: u8,
    pub bump: u8,
    pub referrer: Pubkey,
    /// Lamports earned since registration.
    pub earned: u64,
    /// Lamports earned and not claimed.
    pub unclaimed: u64,
    pub reserved: [u8; 64],
}

impl ReferrerFees {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = ReferrerFees::DISCRIMINATOR.len() + ReferrerFees::INIT_SPACE;

    /// An account that has earned nothing.
    pub fn new(referrer: Pubkey, bump: u8) -> Self {
        let version = ACCOUNT_VERSION;
        ReferrerFees { version, bump, referrer, earned: 0, unclaimed: 0, reserved: [0; 64] }
    }

    /// Books `amount` lamports that the same instruction moves here.
    pub fn earn(&mut self, amount: u64) -> Checked<()> {
        self.earned = self.earned.safe_add(amount)?;
        self.unclaimed = self.unclaimed.safe_add(amount)?;
        Ok(())
    }

    /// What every stored account satisfies; `lamports` is its whole balance.
    pub fn invariant(&self, lamports: u64, rent: u64) -> Result<()> {
        let held = lamports.saturating_sub(rent);
        let sound = self.version == ACCOUNT_VERSION
            && self.unclaimed <= self.earned
            && held >= self.unclaimed;
        require!(sound, CurveError::InvariantViolated);
        Ok(())
    }
}
