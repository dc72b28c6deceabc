use {
    crate::{
        constants::*,
        error::CurveError,
        events::Expired,
        state::{Curve, CurveStatus},
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

#[event_cpi]
#[derive(Accounts)]
pub struct Expire<'info> {
    #[account(mut, seeds = [CURVE_SEED, curve.mint.as_ref()], bump = curve.bump)]
    pub curve: Box<Account<'info, Curve>>,
}

pub fn handle_expire(ctx: Context<Expire>) -> Result<()> {
    // Check
    let curve = &mut ctx.accounts.curve;
    let timestamp = Clock::get()?.unix_timestamp;
    require!(curve.status == CurveStatus::Trading, CurveError::CurveNotTrading);
    require!(curve.ledger().has_ended(timestamp), CurveError::SaleNotEnded);

    // Effect
    curve.status = CurveStatus::Refunding;
    if curve.sold > 0 {
        let fees = core::mem::take(&mut curve.launch_fees);
        curve.quote_reserve = curve.quote_reserve.safe_add(fees).map_err(CurveError::from)?;
    }
    let lamports = curve.to_account_info().lamports();
    curve.invariant(lamports)?;

    // Event
    emit_cpi!(Expired {
        mint: curve.mint,
        curve: curve.key(),
        sold: curve.sold,
        quote_reserve: curve.quote_reserve,
        timestamp,
    });
    Ok(())
}
