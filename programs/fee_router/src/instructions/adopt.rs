use {
    crate::{error::RouterError, events::TokenAdopted, state::Router},
    anchor_lang::prelude::*,
    bonding_curve::program::BondingCurve,
    launchpad_common::SafeMath,
    token_launcher::{program::TokenLauncher, LAUNCH_SEED},
};

#[event_cpi]
#[derive(Accounts)]
pub struct Adopt<'info> {
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// CHECK: part of the record's address.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the launcher accepts nobody but whom the token's creator proposed.
    #[account(
        mut,
        seeds = [LAUNCH_SEED, mint.key().as_ref()],
        bump,
        seeds::program = token_launcher::ID
    )]
    pub launch_record: UncheckedAccount<'info>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub curve: UncheckedAccount<'info>,
    pub token_launcher_program: Program<'info, TokenLauncher>,
    /// CHECK: the launcher checks it.
    pub token_launcher_event_authority: UncheckedAccount<'info>,
    pub bonding_curve_program: Program<'info, BondingCurve>,
    /// CHECK: the curve program checks it.
    pub bonding_curve_event_authority: UncheckedAccount<'info>,
    /// With a token that trades in a pool of ours: this and the next four.
    /// CHECK: the launcher checks it.
    #[account(mut)]
    pub pool: Option<UncheckedAccount<'info>>,
    /// CHECK: the pools' program checks it.
    pub pool_base_vault: Option<UncheckedAccount<'info>>,
    /// CHECK: the pools' program checks it.
    pub pool_quote_vault: Option<UncheckedAccount<'info>>,
    /// CHECK: the launcher checks it.
    pub amm_program: Option<UncheckedAccount<'info>>,
    /// CHECK: the pools' program checks it.
    pub amm_event_authority: Option<UncheckedAccount<'info>>,
}

pub fn handle_adopt(ctx: Context<Adopt>) -> Result<()> {
    // Check
    let router = &mut ctx.accounts.router;
    require!(router.is_active(), RouterError::NoShares);

    // Effect
    router.adopted = router.adopted.safe_add(1).map_err(RouterError::from)?;
    router.invariant(router.to_account_info().lamports())?;

    // Interaction
    ctx.accounts.accept()?;

    // Event
    emit_cpi!(TokenAdopted {
        router: ctx.accounts.router.key(),
        mint: ctx.accounts.mint.key(),
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl Adopt<'_> {
    fn accept(&self) -> Result<()> {
        let accounts = token_launcher::cpi::accounts::AcceptCreator {
            pending_creator: self.router.to_account_info(),
            launch_record: self.launch_record.to_account_info(),
            curve: self.curve.to_account_info(),
            bonding_curve_program: self.bonding_curve_program.to_account_info(),
            bonding_curve_event_authority: self.bonding_curve_event_authority.to_account_info(),
            pool: self.pool.as_ref().map(ToAccountInfo::to_account_info),
            pool_base_vault: self.pool_base_vault.as_ref().map(ToAccountInfo::to_account_info),
            pool_quote_vault: self.pool_quote_vault.as_ref().map(ToAccountInfo::to_account_info),
            amm_program: self.amm_program.as_ref().map(ToAccountInfo::to_account_info),
            amm_event_authority: self
                .amm_event_authority
                .as_ref()
                .map(ToAccountInfo::to_account_info),
            event_authority: self.token_launcher_event_authority.to_account_info(),
            program: self.token_launcher_program.to_account_info(),
        };
        self.router.sign(|seeds| {
            let context = CpiContext::new_with_signer(token_launcher::ID, accounts, seeds);
            token_launcher::cpi::accept_creator(context)
        })
    }
}
