//! The config's instructions: those that every program shares, and its own.

use {
    crate::{
        constants::*,
        error::AmmError,
        events::{AuthorityProposed, AuthorityTransferred},
        state::{Config, ConfigArgs, FeeArgs},
    },
    anchor_lang::prelude::*,
};

launchpad_common::config_instructions!(AmmError);

pub fn handle_set_fees(ctx: Context<ManageConfig>, fees: FeeArgs) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    config.apply(fees);
    config.invariant()?;

    // Event
    emit_cpi!(config.changed(Clock::get()?.unix_timestamp));
    Ok(())
}
