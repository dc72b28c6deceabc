use {
    crate::{
        error::RouterError,
        events::ReleaseCancelled,
        state::{Release, Router},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct CancelRelease<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ RouterError::NotOwner)]
    pub router: Box<Account<'info, Router>>,
    /// Authentic by owner and discriminator: this program creates each at its own address only.
    #[account(
        mut,
        close = rent_payer,
        has_one = router,
        has_one = rent_payer @ RouterError::WrongRentPayer
    )]
    pub release: Box<Account<'info, Release>>,
    /// CHECK: the release names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_cancel_release(ctx: Context<CancelRelease>) -> Result<()> {
    // Event; the account closes by its constraint
    emit_cpi!(ReleaseCancelled {
        router: ctx.accounts.router.key(),
        mint: ctx.accounts.release.mint,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
