//! Fees out of a pool's quote vault.

use {
    crate::{error::AmmError, state::Pool, token::amount_of},
    anchor_lang::prelude::*,
    launchpad_common::token::TransferChecked,
};

/// The accounts of one payment.
pub struct Payout<'a, 'info> {
    pub pool: &'a Account<'info, Pool>,
    pub quote_mint: &'a AccountInfo<'info>,
    pub base_vault: &'a AccountInfo<'info>,
    pub quote_vault: &'a AccountInfo<'info>,
    pub to: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
}

impl Payout<'_, '_> {
    /// Pays `amount` quote units, which the pool's counters no longer owe, and judges the result.
    pub fn pay(&self, amount: u64) -> Result<()> {
        let pool = self.pool;
        let info = pool.to_account_info();
        let transfer = TransferChecked {
            token_program: self.token_program,
            from: self.quote_vault,
            mint: self.quote_mint,
            to: self.to,
            authority: &info,
            decimals: pool.quote_decimals,
        };
        pool.signer().with(|seeds| transfer.invoke(amount, &[seeds]))?;
        pool.invariant((amount_of(self.base_vault)?, amount_of(self.quote_vault)?))?;
        Ok(())
    }
}

/// Insists that something is owed.
pub fn require_owed(amount: u64) -> Result<u64> {
    require!(amount > 0, AmmError::NothingToClaim);
    Ok(amount)
}
