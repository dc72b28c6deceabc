use crate::constants::SCHEDULE_SEED;
use crate::error::VestingError;
use crate::events::{BeneficiaryChanged, BeneficiaryProposed};
use crate::state::Schedule;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeBeneficiary<'info> {
    pub beneficiary: Signer<'info>,
    #[account(
        mut,
        has_one = beneficiary @ VestingError::NotBeneficiary,
        seeds = [
            SCHEDULE_SEED,
            schedule.mint.as_ref(),
            schedule.original_beneficiary.as_ref(),
            &schedule.index.to_le_bytes(),
        ],
        bump = schedule.bump,
    )]
    pub schedule: Box<Account<'info, Schedule>>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptBeneficiary<'info> {
    pub pending_beneficiary: Signer<'info>,
    #[account(
        mut,
        has_one = pending_beneficiary @ VestingError::NotPendingBeneficiary,
        seeds = [
            SCHEDULE_SEED,
            schedule.mint.as_ref(),
            schedule.original_beneficiary.as_ref(),
            &schedule.index.to_le_bytes(),
        ],
        bump = schedule.bump,
    )]
    pub schedule: Box<Account<'info, Schedule>>,
}

pub fn propose_beneficiary(
    ctx: Context<ProposeBeneficiary>,
    new_beneficiary: Pubkey,
) -> Result<()> {
    let schedule = &mut ctx.accounts.schedule;

    // Check
    require_keys_neq!(new_beneficiary, schedule.beneficiary, VestingError::InvalidBeneficiary);

    // Effect
    schedule.pending_beneficiary = new_beneficiary;

    // Event
    emit_cpi!(BeneficiaryProposed {
        schedule: ctx.accounts.schedule.key(),
        mint: ctx.accounts.schedule.mint,
        beneficiary: ctx.accounts.schedule.beneficiary,
        pending_beneficiary: new_beneficiary,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

pub fn accept_beneficiary(ctx: Context<AcceptBeneficiary>) -> Result<()> {
    let schedule = &mut ctx.accounts.schedule;

    // Effect
    let old_beneficiary = schedule.beneficiary;
    schedule.beneficiary = schedule.pending_beneficiary;
    schedule.pending_beneficiary = Pubkey::default();

    // Event
    emit_cpi!(BeneficiaryChanged {
        schedule: ctx.accounts.schedule.key(),
        mint: ctx.accounts.schedule.mint,
        old_beneficiary,
        new_beneficiary: ctx.accounts.schedule.beneficiary,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
