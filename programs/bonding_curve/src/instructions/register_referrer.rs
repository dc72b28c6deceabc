use {
    crate::{constants::*, error::CurveError, events::ReferrerRegistered, state::ReferrerFees},
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
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
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [REFERRER_SEED, referrer.key().as_ref()], bump)]
    pub referrer_fees: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_register_referrer(ctx: Context<RegisterReferrer>) -> Result<()> {
    // Effect
    let (payer, target) = (&ctx.accounts.payer, &ctx.accounts.referrer_fees);
    let fees = ReferrerFees::new(ctx.accounts.referrer.key(), ctx.bumps.referrer_fees);
    let seeds: &[&[u8]] = &[REFERRER_SEED, fees.referrer.as_ref(), &[fees.bump]];
    NewAccount::rent_exempt(payer, target, &crate::ID, ReferrerFees::SPACE)?
        .create_with(&fees, &[seeds])?;
    fees.invariant(target.lamports(), Rent::get()?.minimum_balance(ReferrerFees::SPACE))?;

    // Event
    emit_cpi!(ReferrerRegistered {
        referrer: fees.referrer,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
