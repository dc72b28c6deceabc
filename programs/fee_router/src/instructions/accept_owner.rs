use {
    crate::{error::RouterError, events::OwnerChanged, state::Router},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptOwner<'info> {
    /// The successor. The default key cannot sign, so an empty offer cannot be accepted.
    pub pending_owner: Signer<'info>,
    #[account(mut, has_one = pending_owner @ RouterError::NotPendingOwner)]
    pub router: Box<Account<'info, Router>>,
}

pub fn handle_accept_owner(ctx: Context<AcceptOwner>) -> Result<()> {
    let router = &mut ctx.accounts.router;

    // Effect
    let old_owner = router.owner;
    router.owner = router.pending_owner;
    router.pending_owner = Pubkey::default();
    router.invariant(router.to_account_info().lamports())?;

    // Event
    emit_cpi!(OwnerChanged {
        router: router.key(),
        old_owner,
        new_owner: router.owner,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
