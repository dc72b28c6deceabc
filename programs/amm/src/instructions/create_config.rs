use {
    crate::{
        constants::*,
        error::AmmError,
        state::{Config, ConfigArgs},
    },
    anchor_lang::prelude::*,
    launchpad_common::{authority::is_upgrade_authority, creation::NewAccount},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CreateConfig<'info> {
    /// The program's upgrade authority.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [CONFIG_SEED], bump)]
    pub config: UncheckedAccount<'info>,
    /// CHECK: address, owner and content are checked against the loader's layout.
    #[account(
        constraint = is_upgrade_authority(&crate::ID, &program_data, payer.key)?
            @ AmmError::NotUpgradeAuthority
    )]
    pub program_data: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
    // Check
    let bump = ctx.bumps.config;
    let config = Config::new(args, bump);
    config.invariant()?;

    // Effect
    let (payer, target) = (&ctx.accounts.payer, &ctx.accounts.config);
    NewAccount::rent_exempt(payer, target, &crate::ID, Config::SPACE)?
        .create_with(&config, &[&[CONFIG_SEED, &[bump]]])?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}
