use {
    crate::{
        constants::*,
        error::RouterError,
        events::RouterCreated,
        state::{Router, RouterArgs},
    },
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
};

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: RouterArgs)]
pub struct CreateRouter<'info> {
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Becomes the owner; signs, so that nobody takes an address of his.
    pub creator: Signer<'info>,
    /// CHECK: made here, at its own address.
    #[account(mut, seeds = [ROUTER_SEED, creator.key().as_ref(), &args.index.to_le_bytes()], bump)]
    pub router: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_router(ctx: Context<CreateRouter>, args: RouterArgs) -> Result<()> {
    // Check
    let delays = MIN_DELAY_SECONDS..=MAX_DELAY_SECONDS;
    require!(delays.contains(&args.delay_seconds), RouterError::InvalidDelay);

    // Effect
    let now = Clock::get()?.unix_timestamp;
    let (creator, target) = (ctx.accounts.creator.key(), &ctx.accounts.router);
    let new = NewAccount::rent_exempt(&ctx.accounts.payer, target, &crate::ID, Router::TABLE)?;
    let router = Router::new(&args, creator, new.lamports, ctx.bumps.router, now);
    router.sign(|seeds| new.create_with(&router, seeds))?;
    router.invariant(target.lamports())?;

    // Event
    emit_cpi!(RouterCreated {
        router: target.key(),
        creator,
        owner: router.owner,
        index: router.index,
        delay_seconds: router.delay_seconds,
        fixed: router.fixed,
        timestamp: now,
    });
    Ok(())
}
