use {
    crate::{constants::*, error::AmmError, events::AuthorityTransferred, state::Config},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptAuthority<'info> {
    /// The successor. The default key cannot sign, so an empty offer cannot be accepted.
    pub pending_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = pending_authority @ AmmError::InvalidAuthority
    )]
    pub config: Account<'info, Config>,
}

pub fn handle_accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
    // Effect
    let config = &mut ctx.accounts.config;
    let old_authority = config.authority;
    config.authority = config.pending_authority;
    config.pending_authority = Pubkey::default();
    config.invariant()?;

    // Event
    emit_cpi!(AuthorityTransferred {
        old_authority,
        new_authority: config.authority,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
