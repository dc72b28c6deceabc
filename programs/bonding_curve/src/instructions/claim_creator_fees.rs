use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{FeeKind, FeesClaimed},
        state::Curve,
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ClaimCreatorFees<'info> {
    #[account(mut)]
    pub creator: Signer<'info>,
    #[account(
        mut,
        seeds = [CURVE_SEED, curve.mint.as_ref()],
        bump = curve.bump,
        has_one = creator @ CurveError::NotCreator
    )]
    pub curve: Box<Account<'info, Curve>>,
}

pub fn handle_claim_creator_fees(ctx: Context<ClaimCreatorFees>) -> Result<()> {
    // Check
    let curve = &mut ctx.accounts.curve;
    let amount = curve.creator_fees;
    require!(amount > 0, CurveError::NothingToClaim);

    // Effect
    curve.creator_fees = 0;
    let info = curve.to_account_info();
    pay_out(&info, &ctx.accounts.creator, amount)?;
    curve.invariant(info.lamports())?;

    // Event
    emit_cpi!(FeesClaimed {
        mint: Some(curve.mint),
        kind: FeeKind::Creator,
        recipient: curve.creator,
        amount,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
