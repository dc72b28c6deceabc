use {
    crate::{
        constants::*,
        error::CurveError,
        events::LaunchFeeSet,
        state::{Curve, LaunchFee},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SetLaunchFee<'info> {
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

pub fn handle_set_launch_fee(ctx: Context<SetLaunchFee>, launch_fee: LaunchFee) -> Result<()> {
    // Check
    let curve = &mut ctx.accounts.curve;
    let timestamp = Clock::get()?.unix_timestamp;
    launch_fee.validate()?;
    let fresh = curve.opened_at == timestamp && curve.launch_fee == LaunchFee::default();
    require!(fresh, CurveError::RulesTooLate);
    curve.ledger().require_trading(timestamp)?;

    // Effect
    curve.launch_fee = launch_fee;
    let lamports = curve.to_account_info().lamports();
    curve.invariant(lamports)?;

    // Event
    emit_cpi!(LaunchFeeSet { mint: curve.mint, curve: curve.key(), launch_fee, timestamp });
    Ok(())
}
