use {
    super::income::{Collection, Teller},
    crate::{events::IncomeSource, state::Router},
    anchor_lang::prelude::*,
    bonding_curve::{program::BondingCurve, CURVE_SEED},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CollectCurve<'info> {
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// CHECK: part of the curve's address.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: its program pays nobody but the curve's creator.
    #[account(
        mut,
        seeds = [CURVE_SEED, mint.key().as_ref()],
        bump,
        seeds::program = bonding_curve::ID
    )]
    pub curve: UncheckedAccount<'info>,
    pub bonding_curve_program: Program<'info, BondingCurve>,
    /// CHECK: the curve program checks it.
    pub bonding_curve_event_authority: UncheckedAccount<'info>,
}

pub fn handle_collect_curve(ctx: Context<CollectCurve>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let teller = Teller { authority: &accounts.event_authority };

    // Effect: what was sent before is no fee
    teller.notice(&mut accounts.router)?;

    // Interaction
    let claim = bonding_curve::cpi::accounts::ClaimCreatorFees {
        creator: accounts.router.to_account_info(),
        curve: accounts.curve.to_account_info(),
        event_authority: accounts.bonding_curve_event_authority.to_account_info(),
        program: accounts.bonding_curve_program.to_account_info(),
    };
    accounts.router.sign(|seeds| {
        let context = CpiContext::new_with_signer(bonding_curve::ID, claim, seeds);
        bonding_curve::cpi::claim_creator_fees(context)
    })?;

    // Event
    let (mint, origin) = (accounts.mint.key(), accounts.curve.key());
    let what = Collection { mint, source: IncomeSource::Curve, origin };
    teller.collected(&mut accounts.router, &what)
}
