use {
    super::resize::grow,
    crate::{
        constants::*,
        error::RouterError,
        state::{Portion, Proposal, Router},
    },
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
};

#[derive(Accounts)]
pub struct WriteProposal<'info> {
    /// Pays the rent, which returns to whoever paid the first piece.
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ RouterError::NotOwner)]
    pub router: Box<Account<'info, Router>>,
    /// CHECK: made here at its own address, or read below.
    #[account(mut, seeds = [PROPOSAL_SEED, router.key().as_ref()], bump)]
    pub proposal: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_write_proposal(ctx: Context<WriteProposal>, portions: Vec<Portion>) -> Result<()> {
    let accounts = &ctx.accounts;

    // Check
    accounts.router.require_open()?;

    // Effect
    if accounts.proposal.data_is_empty() {
        accounts.create(&portions, ctx.bumps.proposal)
    } else {
        accounts.extend(&portions)
    }
}

impl WriteProposal<'_> {
    fn create(&self, portions: &[Portion], bump: u8) -> Result<()> {
        let (router, payer) = (self.router.key(), self.payer.key());
        let mut proposal = Proposal::new(router, payer, bump);
        proposal.append(portions)?;
        let seeds: &[&[u8]] = &[PROPOSAL_SEED, router.as_ref(), &[bump]];
        let space = Proposal::space(portions.len());
        NewAccount::rent_exempt(&self.payer, &self.proposal, &crate::ID, space)?
            .create_with(&proposal, &[seeds])
    }

    fn extend(&self, portions: &[Portion]) -> Result<()> {
        let info = self.proposal.to_account_info();
        require_keys_eq!(*info.owner, crate::ID, ErrorCode::AccountOwnedByWrongProgram);
        let mut proposal = Proposal::try_deserialize(&mut &info.try_borrow_data()?[..])?;
        proposal.append(portions)?;
        grow(&info, Proposal::space(proposal.portions.len()), info.lamports(), &self.payer)?;
        let mut data = info.try_borrow_mut_data()?;
        proposal.try_serialize(&mut &mut data[..])
    }
}
