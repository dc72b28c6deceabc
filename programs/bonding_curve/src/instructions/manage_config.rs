//! The config's instructions: those that every program shares, and its own.

use {
    crate::{
        constants::*,
        error::CurveError,
        events::{AuthorityProposed, AuthorityTransferred},
        state::{Config, ConfigArgs, ConfigUpdate},
    },
    anchor_lang::prelude::*,
};

launchpad_common::config_instructions!(CurveError);

pub fn handle_update_config(ctx: Context<ManageConfig>, args: ConfigUpdate) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.apply(args);
    config.invariant()?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}
