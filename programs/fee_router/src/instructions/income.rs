//! Lamports in and out of a router.

use {
    crate::{
        error::RouterError,
        events::{FeesCollected, IncomeSource, LamportsReceived},
        state::Router,
    },
    anchor_lang::prelude::*,
    launchpad_common::{event::emit, SafeMath},
};

/// Takes lamports out of a router and puts them on another writable account.
pub fn pay_out(from: &AccountInfo, to: &AccountInfo, amount: u64) -> Result<()> {
    let left = from.lamports().safe_sub(amount).map_err(RouterError::from)?;
    **from.try_borrow_mut_lamports()? = left;
    // Read after the debit: the two may be one account.
    let grown = to.lamports().safe_add(amount).map_err(RouterError::from)?;
    **to.try_borrow_mut_lamports()? = grown;
    Ok(())
}

/// Where a router's events go.
pub struct Teller<'a, 'info> {
    pub authority: &'a AccountInfo<'info>,
}

impl Teller<'_, '_> {
    /// Sends an event of this program.
    pub fn tell<E: AnchorSerialize + Discriminator>(&self, event: &E) -> Result<()> {
        emit(event, &crate::ID, self.authority, crate::EVENT_AUTHORITY_AND_BUMP.1)
    }

    /// Notices what somebody sent since the last instruction, and tells it.
    pub fn notice(&self, router: &mut Account<Router>) -> Result<()> {
        let lamports = router.to_account_info().lamports();
        let amount = router.notice(lamports)?;
        if amount == 0 {
            return Ok(());
        }
        self.tell(&LamportsReceived {
            router: router.key(),
            amount,
            income: router.income,
            timestamp: Clock::get()?.unix_timestamp,
        })
    }

    /// Notices what was just collected, and tells it.
    ///
    /// # Errors
    /// `NothingToCollect` where nothing came.
    pub fn collected(&self, router: &mut Account<Router>, what: &Collection) -> Result<()> {
        let lamports = router.to_account_info().lamports();
        let amount = router.notice(lamports)?;
        require!(amount > 0, RouterError::NothingToCollect);
        router.invariant(lamports)?;
        self.tell(&FeesCollected {
            router: router.key(),
            mint: what.mint,
            source: what.source,
            origin: what.origin,
            amount,
            income: router.income,
            timestamp: Clock::get()?.unix_timestamp,
        })
    }
}

/// What lamports were collected of.
pub struct Collection {
    pub mint: Pubkey,
    pub source: IncomeSource,
    pub origin: Pubkey,
}
