use {
    crate::{
        constants::*,
        error::RouterError,
        events::ReleaseProposed,
        state::{Release, Router},
    },
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeRelease<'info> {
    /// Pays the rent, and gets it back.
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ RouterError::NotOwner)]
    pub router: Box<Account<'info, Router>>,
    /// CHECK: any token; the launcher refuses one that is not the router's.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: made here, at its own address.
    #[account(mut, seeds = [RELEASE_SEED, router.key().as_ref(), mint.key().as_ref()], bump)]
    pub release: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_propose_release(ctx: Context<ProposeRelease>, new_creator: Pubkey) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &ctx.accounts;

    // Check
    let (router, mint) = (accounts.router.key(), accounts.mint.key());
    accounts.router.require_open()?;
    require!(accounts.router.is_active(), RouterError::NoShares);
    require_keys_neq!(new_creator, router, RouterError::InvalidCreator);

    // Effect
    let release = Release {
        version: ACCOUNT_VERSION,
        bump: ctx.bumps.release,
        router,
        mint,
        new_creator,
        rent_payer: accounts.payer.key(),
        effective_at: accounts.router.effective_at(now)?,
        reserved: [0; 32],
    };
    release.invariant()?;
    let seeds: &[&[u8]] = &[RELEASE_SEED, router.as_ref(), mint.as_ref(), &[release.bump]];
    let space = 8 + Release::INIT_SPACE;
    NewAccount::rent_exempt(&accounts.payer, &accounts.release, &crate::ID, space)?
        .create_with(&release, &[seeds])?;

    // Event
    emit_cpi!(ReleaseProposed {
        router,
        mint,
        new_creator,
        effective_at: release.effective_at,
        timestamp: now,
    });
    Ok(())
}
