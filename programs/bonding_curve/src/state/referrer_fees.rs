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

/// Behind discriminator, version and bump.
const REFERRER_AT: core::ops::Range<usize> = 10..42;

impl ReferrerFees {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = ReferrerFees::DISCRIMINATOR.len() + ReferrerFees::INIT_SPACE;

    /// An account that has earned nothing.
    pub fn new(referrer: Pubkey, bump: u8) -> Self {
        let version = ACCOUNT_VERSION;
        ReferrerFees { version, bump, referrer, earned: 0, unclaimed: 0, reserved: [0; 64] }
    }

    /// The referrer of an account, discriminator checked, where it lies.
    pub fn referrer_of(data: &[u8]) -> Checked<Pubkey> {
        let key = data.get(REFERRER_AT).and_then(|bytes| Pubkey::try_from(bytes).ok());
        key.ok_or(CurveError::InvalidReferrer)
    }

    /// Books `amount` lamports, which the same instruction moves here, where the counters lie.
    /// A claim checks the balance against them.
    pub fn earn(data: &mut [u8], amount: u64) -> Checked<()> {
        let counters = data.get_mut(REFERRER_AT.end..).ok_or(CurveError::InvalidReferrer)?;
        let (counters, _) = counters.as_chunks_mut::<8>();
        // First `earned`, then `unclaimed`.
        for counter in counters.iter_mut().take(2) {
            *counter = u64::from_le_bytes(*counter).safe_add(amount)?.to_le_bytes();
        }
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
