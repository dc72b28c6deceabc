use {
    crate::{
        error::RouterError,
        events::{OwnerProposed, SharesWereFixed},
        state::Router,
    },
    anchor_lang::prelude::*,
};

/// Accounts of every change that the owner makes alone.
#[event_cpi]
#[derive(Accounts)]
pub struct ManageRouter<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ RouterError::NotOwner)]
    pub router: Box<Account<'info, Router>>,
}

pub fn handle_fix_shares(ctx: Context<ManageRouter>) -> Result<()> {
    let router = &mut ctx.accounts.router;

    // Check
    require!(router.is_active(), RouterError::NoShares);
    router.require_open()?;

    // Effect
    router.fixed = true;
    router.invariant(router.to_account_info().lamports())?;

    // Event
    emit_cpi!(SharesWereFixed { router: router.key(), timestamp: Clock::get()?.unix_timestamp });
    Ok(())
}

pub fn handle_propose_owner(ctx: Context<ManageRouter>, new_owner: Pubkey) -> Result<()> {
    let router = &mut ctx.accounts.router;

    // Check
    require_keys_neq!(new_owner, router.owner, RouterError::InvalidOwner);

    // Effect
    router.pending_owner = new_owner;
    router.invariant(router.to_account_info().lamports())?;

    // Event
    emit_cpi!(OwnerProposed {
        router: router.key(),
        owner: router.owner,
        pending_owner: new_owner,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
