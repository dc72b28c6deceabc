use {
    crate::{constants::*, error::CurveError, events::ReferrerRegistered, state::ReferrerFees},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct RegisterReferrer<'info> {
    /// Pays the rent; anybody.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: any key; only its holder can claim.
    #[account(constraint = referrer.key() != Pubkey::default() @ CurveError::InvalidReferrer)]
    pub referrer: UncheckedAccount<'info>,
    #[account(
        init,
        payer = payer,
        space = 8 + ReferrerFees::INIT_SPACE,
        seeds = [REFERRER_SEED, referrer.key().as_ref()],
        bump
    )]
    pub referrer_fees: Account<'info, ReferrerFees>,
    pub system_program: Program<'info, System>,
}

pub fn handle_register_referrer(ctx: Context<RegisterReferrer>) -> Result<()> {
    // Effect
    let info = ctx.accounts.referrer_fees.to_account_info();
    let fees = &mut ctx.accounts.referrer_fees;
    fees.version = ACCOUNT_VERSION;
    fees.bump = ctx.bumps.referrer_fees;
    fees.referrer = ctx.accounts.referrer.key();
    fees.invariant(info.lamports(), Rent::get()?.minimum_balance(info.data_len()))?;

    // Event
    emit_cpi!(ReferrerRegistered {
        referrer: fees.referrer,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
