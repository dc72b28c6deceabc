use {
    super::income::Teller,
    crate::{
        error::RouterError,
        events::SharesProposed,
        state::{Proposal, Router},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeShares<'info> {
    pub owner: Signer<'info>,
    #[account(has_one = owner @ RouterError::NotOwner)]
    pub router: Box<Account<'info, Router>>,
    /// Authentic by owner and discriminator: this program creates each at its own address only.
    #[account(mut, has_one = router)]
    pub proposal: Box<Account<'info, Proposal>>,
}

pub fn handle_propose_shares(ctx: Context<ProposeShares>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let router = &ctx.accounts.router;

    // Check
    router.require_open()?;

    // Effect
    let effective_at = router.effective_at(now)?;
    let proposal = &mut ctx.accounts.proposal;
    proposal.propose(effective_at)?;

    // Event: too long for the heap in two copies
    let event = SharesProposed {
        router: router.key(),
        shares: proposal.portions.clone(),
        effective_at,
        timestamp: now,
    };
    let authority = &ctx.accounts.event_authority;
    Teller { authority }.tell(&event)
}
