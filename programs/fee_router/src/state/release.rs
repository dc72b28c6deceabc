use {
    crate::{constants::ACCOUNT_VERSION, error::RouterError},
    anchor_lang::prelude::*,
};

/// A token may leave its router after the time lock. Seeds: `["release", router, mint]`.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Release {
    pub version: u8,
    pub bump: u8,
    pub router: Pubkey,
    pub mint: Pubkey,
    /// Whom the token is offered to; default = an earlier offer is taken back.
    pub new_creator: Pubkey,
    /// Paid the rent and gets it back.
    pub rent_payer: Pubkey,
    pub effective_at: i64,
    pub reserved: [u8; 32],
}

impl Release {
    /// What every stored release satisfies.
    pub fn invariant(&self) -> Result<()> {
        let sound = self.version == ACCOUNT_VERSION && self.new_creator != self.router;
        require!(sound && self.effective_at > 0, RouterError::InvariantViolated);
        Ok(())
    }
}
