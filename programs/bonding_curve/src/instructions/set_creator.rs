use {
    crate::{constants::*, error::CurveError, events::CreatorChanged, state::Curve},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SetCreator<'info> {
    /// Who opened the curve.
    pub authority: Signer<'info>,
    #[account(
        mut,
        seeds = [CURVE_SEED, curve.mint.as_ref()],
        bump = curve.bump,
        has_one = authority @ CurveError::InvalidAuthority
    )]
    pub curve: Box<Account<'info, Curve>>,
}

pub fn handle_set_creator(ctx: Context<SetCreator>, new_creator: Pubkey) -> Result<()> {
    // Check
    require!(new_creator != Pubkey::default(), CurveError::InvalidCreator);

    // Effect
    let curve = &mut ctx.accounts.curve;
    let old_creator = curve.creator;
    curve.creator = new_creator;
    let lamports = curve.to_account_info().lamports();
    curve.invariant(lamports)?;

    // Event
    emit_cpi!(CreatorChanged {
        mint: curve.mint,
        curve: curve.key(),
        old_creator,
        new_creator,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
