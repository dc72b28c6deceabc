use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{FeeKind, FeesClaimed},
        state::ReferrerFees,
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ClaimReferrerFees<'info> {
    #[account(mut)]
    pub referrer: Signer<'info>,
    #[account(
        mut,
        seeds = [REFERRER_SEED, referrer.key().as_ref()],
        bump = referrer_fees.bump,
        has_one = referrer @ CurveError::InvalidReferrer
    )]
    pub referrer_fees: Account<'info, ReferrerFees>,
}

pub fn handle_claim_referrer_fees(ctx: Context<ClaimReferrerFees>) -> Result<()> {
    // Check
    let fees = &mut ctx.accounts.referrer_fees;
    let amount = fees.unclaimed;
    require!(amount > 0, CurveError::NothingToClaim);

    // Effect
    fees.unclaimed = 0;
    let info = fees.to_account_info();
    pay_out(&info, &ctx.accounts.referrer, amount)?;
    fees.invariant(info.lamports(), Rent::get()?.minimum_balance(info.data_len()))?;

    // Event
    emit_cpi!(FeesClaimed {
        mint: None,
        kind: FeeKind::Referrer,
        recipient: fees.referrer,
        amount,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
