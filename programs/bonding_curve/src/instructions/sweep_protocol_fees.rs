use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{FeeKind, FeesClaimed},
        state::{Config, Curve},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SweepProtocolFees<'info> {
    /// Anybody: the destination is the config's.
    pub caller: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Account<'info, Config>,
    #[account(mut, seeds = [CURVE_SEED, curve.mint.as_ref()], bump = curve.bump)]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: compared with the config.
    #[account(mut, address = config.fee_recipient @ CurveError::InvalidFeeRecipient)]
    pub fee_recipient: UncheckedAccount<'info>,
}

pub fn handle_sweep_protocol_fees(ctx: Context<SweepProtocolFees>) -> Result<()> {
    // Check
    let curve = &mut ctx.accounts.curve;
    let amount = curve.protocol_fees;
    require!(amount > 0, CurveError::NothingToClaim);

    // Effect
    curve.protocol_fees = 0;
    let info = curve.to_account_info();
    pay_out(&info, &ctx.accounts.fee_recipient, amount)?;
    curve.invariant(info.lamports())?;

    // Event
    emit_cpi!(FeesClaimed {
        mint: Some(curve.mint),
        kind: FeeKind::Protocol,
        recipient: ctx.accounts.config.fee_recipient,
        amount,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
