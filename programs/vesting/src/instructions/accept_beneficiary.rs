use {
    crate::{error::VestingError, events::BeneficiaryChanged, state::Schedule},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptBeneficiary<'info> {
    /// The successor. The default key cannot sign, so an empty offer cannot be accepted.
    pub pending_beneficiary: Signer<'info>,
    #[account(mut, has_one = pending_beneficiary @ VestingError::NotPendingBeneficiary)]
    pub schedule: Box<Account<'info, Schedule>>,
}

pub fn handle_accept_beneficiary(ctx: Context<AcceptBeneficiary>) -> Result<()> {
    let schedule = &mut ctx.accounts.schedule;

    // Effect
    let old_beneficiary = schedule.beneficiary;
    schedule.beneficiary = schedule.pending_beneficiary;
    schedule.pending_beneficiary = Pubkey::default();
    schedule.invariant_alone()?;

    // Event
    emit_cpi!(BeneficiaryChanged {
        schedule: schedule.key(),
        mint: schedule.mint,
        old_beneficiary,
        new_beneficiary: schedule.beneficiary,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
