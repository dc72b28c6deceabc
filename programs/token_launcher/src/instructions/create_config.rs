use {
    crate::{
        constants::*,
        error::LauncherError,
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
    /// CHECK: made here, at its own address.
    #[account(mut, seeds = [CONFIG_SEED], bump)]
    pub config: UncheckedAccount<'info>,
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
    let config = Config::new(&args, ctx.bumps.config);
    config.invariant()?;
    ctx.accounts.keep(&config)?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}

impl CreateConfig<'_> {
    fn keep(&self, config: &Config) -> Result<()> {
        let space = 8 + Config::INIT_SPACE;
        let account = NewAccount::rent_exempt(&self.payer, &self.config, &crate::ID, space)?;
        account.create_with(config, &[&[CONFIG_SEED, &[config.bump]]])
    }
}
