use {
    crate::{error::VestingError, events::BeneficiaryProposed, state::Schedule},
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeBeneficiary<'info> {
    pub beneficiary: Signer<'info>,
    #[account(mut, has_one = beneficiary @ VestingError::NotBeneficiary)]
    pub schedule: Box<Account<'info, Schedule>>,
}

pub fn handle_propose_beneficiary(
    ctx: Context<ProposeBeneficiary>,
    new_beneficiary: Pubkey,
) -> Result<()> {
    let schedule = &mut ctx.accounts.schedule;

    // Check
    require_keys_neq!(new_beneficiary, schedule.beneficiary, VestingError::InvalidBeneficiary);

    // Effect
    schedule.pending_beneficiary = new_beneficiary;
    schedule.invariant_alone()?;

    // Event
    emit_cpi!(BeneficiaryProposed {
        schedule: schedule.key(),
        mint: schedule.mint,
        beneficiary: schedule.beneficiary,
        pending_beneficiary: new_beneficiary,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
