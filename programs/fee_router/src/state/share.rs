use {
    crate::{error::RouterError, math::earnings::Earned},
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

/// One recipient's entry; entries follow their router's fields, ordered by wallet.
/// With 0 basis points: somebody who left and is not paid yet.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub wallet: Pubkey,
    pub bps: u16,
    /// Ten-thousandths of a lamport, earned besides `owed`.
    pub fraction: u16,
    /// The router's income up to which `owed` and `fraction` count.
    pub counted: u64,
    /// Whole lamports earned and not paid.
    pub owed: u64,
}

impl Share {
    /// Counts what was earned up to `income`, all that the router has received.
    pub fn settle(&mut self, income: u64) -> Result<()> {
        let new = income.safe_sub(self.counted).map_err(RouterError::from)?;
        let earned = self.earned().with_part_of(new, self.bps).map_err(RouterError::from)?;
        self.counted = income;
        self.set(earned);
        Ok(())
    }

    /// Takes over what is less than a lamport from somebody who left for good.
    pub fn inherit(&mut self, fraction: u16) -> Result<()> {
        let earned = self.earned().with_fraction(fraction).map_err(RouterError::from)?;
        self.set(earned);
        Ok(())
    }

    pub fn has_left(&self) -> bool {
        self.bps == 0
    }

    fn earned(&self) -> Earned {
        Earned { whole: self.owed, fraction: self.fraction }
    }

    fn set(&mut self, earned: Earned) {
        (self.owed, self.fraction) = (earned.whole, earned.fraction);
    }
}
