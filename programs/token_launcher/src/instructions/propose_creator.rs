use {
    crate::{constants::*, error::LauncherError, events::CreatorProposed, state::LaunchRecord},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeCreator<'info> {
    pub creator: Signer<'info>,
    #[account(
        mut,
        seeds = [LAUNCH_SEED, launch_record.mint.as_ref()],
        bump = launch_record.bump,
        has_one = creator @ LauncherError::InvalidAuthority
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
}

pub fn handle_propose_creator(ctx: Context<ProposeCreator>, new_creator: Pubkey) -> Result<()> {
    let record = &mut ctx.accounts.launch_record;

    // Check
    require_keys_neq!(new_creator, record.creator, LauncherError::InvalidCreator);

    // Effect
    record.pending_creator = new_creator;
    record.invariant_alone()?;

    // Event
    emit_cpi!(CreatorProposed {
        mint: record.mint,
        creator: record.creator,
        pending_creator: new_creator,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
