use {
    crate::{
        constants::*,
        error::LauncherError,
        state::{Config, ConfigArgs},
    },
    anchor_lang::prelude::*,
    launchpad_common::authority::is_upgrade_authority,
};

#[event_cpi]
#[derive(Accounts)]
pub struct CreateConfig<'info> {
    /// The program's upgrade authority.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(init, payer = payer, space = 8 + Config::INIT_SPACE, seeds = [CONFIG_SEED], bump)]
    pub config: Box<Account<'info, Config>>,
    /// CHECK: address, owner and content are checked against the loader's layout.
    #[account(
        constraint = is_upgrade_authority(&crate::ID, &program_data, payer.key)?
            @ LauncherError::NotUpgradeAuthority
    )]
    pub program_data: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.version = ACCOUNT_VERSION;
    config.bump = ctx.bumps.config;
    config.authority = args.authority;
    config.apply(args.treasury, args.creation_fee);
    config.invariant()?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}
