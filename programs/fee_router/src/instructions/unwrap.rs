use {
    super::{
        income::{Collection, Teller},
        wrapped::unwrap_all,
    },
    crate::{events::IncomeSource, state::Router},
    amm::token::WRAPPED_SOL,
    anchor_lang::prelude::*,
    anchor_spl::token::Token,
    launchpad_common::token::require_account_of,
};

#[event_cpi]
#[derive(Accounts)]
pub struct Unwrap<'info> {
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// Any token account of the router's for wrapped SOL.
    /// CHECK: program, mint and owner are checked below.
    #[account(mut)]
    pub wrapped: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token>,
}

pub fn handle_unwrap(ctx: Context<Unwrap>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let teller = Teller { authority: &accounts.event_authority };
    let program = accounts.token_program.key;

    // Check
    let router = accounts.router.key();
    require_account_of(&accounts.wrapped, program, &WRAPPED_SOL, &router)?;

    // Effect: what was sent before came by another way
    teller.notice(&mut accounts.router)?;

    // Interaction
    unwrap_all(&accounts.router, &accounts.wrapped, program)?;

    // Event
    let origin = accounts.wrapped.key();
    let what = Collection { mint: WRAPPED_SOL, source: IncomeSource::Wrapped, origin };
    teller.collected(&mut accounts.router, &what)
}
