use {
    crate::{
        error::RouterError,
        events::ProposalCancelled,
        state::{Proposal, Router},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct CancelProposal<'info> {
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
    pub proposal: Box<Account<'info, Proposal>>,
    /// CHECK: the proposal names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

pub fn handle_cancel_proposal(ctx: Context<CancelProposal>) -> Result<()> {
    // Event; the account closes by its constraint
    emit_cpi!(ProposalCancelled {
        router: ctx.accounts.router.key(),
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
