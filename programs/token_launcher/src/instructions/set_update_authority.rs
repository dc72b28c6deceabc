use {
    crate::{
        constants::*,
        error::LauncherError,
        events::UpdateAuthorityChanged,
        state::{LaunchRecord, UpdateAuthority, UpdatePolicy},
        token::instructions,
    },
    anchor_lang::{prelude::*, solana_program::program::invoke_signed},
    anchor_spl::token_2022::Token2022,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SetUpdateAuthority<'info> {
    pub update_authority: Signer<'info>,
    /// Takes over; signs so that nothing is handed to an address nobody holds. None for immutable.
    pub new_authority: Option<Signer<'info>>,
    #[account(
        mut,
        seeds = [LAUNCH_SEED, mint.key().as_ref()],
        bump = launch_record.bump,
        has_one = mint
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

pub fn handle_set_update_authority(
    ctx: Context<SetUpdateAuthority>,
    to: UpdateAuthority,
) -> Result<()> {
    // Check
    let old_authority = ctx.accounts.update_authority.key();
    let record = &mut ctx.accounts.launch_record;
    record.require_mutable()?;
    require_keys_eq!(old_authority, record.update_authority, LauncherError::InvalidAuthority);
    let (policy, new_authority) = to.resolve(record.creator);
    let consent = ctx.accounts.new_authority.as_ref().map(Key::key).unwrap_or_default();
    require_keys_eq!(new_authority, consent, LauncherError::InvalidAuthority);

    // Effect
    record.update_policy = policy;
    record.update_authority = new_authority;
    record.invariant_alone()?;
    let mint = record.mint;

    // Interaction
    if policy == UpdatePolicy::Immutable {
        ctx.accounts.renounce()?;
    }

    // Event
    let timestamp = Clock::get()?.unix_timestamp;
    emit_cpi!(UpdateAuthorityChanged { mint, old_authority, new_authority, timestamp });
    Ok(())
}

impl SetUpdateAuthority<'_> {
    fn renounce(&self) -> Result<()> {
        let record = &self.launch_record;
        let renounce = instructions::renounce_metadata_authority(self.mint.key, &record.key());
        let infos = [self.mint.to_account_info(), record.to_account_info()];
        record.sign(|seeds| Ok(invoke_signed(&renounce, &infos, seeds)?))
    }
}
