use {
    crate::{
        constants::*,
        error::AmmError,
        events::AuthorityProposed,
        state::{Config, FeeArgs},
    },
    anchor_lang::prelude::*,
};

/// Accounts of every change that the config's authority makes alone.
#[event_cpi]
#[derive(Accounts)]
pub struct ManageConfig<'info> {
    pub authority: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = authority @ AmmError::InvalidAuthority
    )]
    pub config: Account<'info, Config>,
}

pub fn handle_set_fees(ctx: Context<ManageConfig>, fees: FeeArgs) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.apply(fees);
    config.invariant()?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}

pub fn handle_set_paused(ctx: Context<ManageConfig>, paused: bool) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.paused = paused;
    config.invariant()?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}

pub fn handle_propose_authority(ctx: Context<ManageConfig>, new_authority: Pubkey) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.pending_authority = new_authority;
    config.invariant()?;

    // Event
    emit_cpi!(AuthorityProposed {
        authority: config.authority,
        pending_authority: new_authority,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
