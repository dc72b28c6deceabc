use anchor_lang::prelude::*;

/// A schedule holds tokens for a beneficiary. `amount` is what the escrow received, in base units.
#[event]
pub struct ScheduleCreated {
    pub schedule: Pubkey,
    pub mint: Pubkey,
    pub grantor: Pubkey,
    pub beneficiary: Pubkey,
    pub amount: u64,
    pub start: i64,
    pub cliff: i64,
    pub end: i64,
    pub period: i64,
    pub revocable: bool,
    pub index: u16,
    pub timestamp: i64,
}

/// The beneficiary took `amount`; `claimed` is the total so far.
#[event]
pub struct Claimed {
    pub schedule: Pubkey,
    pub mint: Pubkey,
    pub beneficiary: Pubkey,
    pub amount: u64,
    pub claimed: u64,
    pub timestamp: i64,
}

/// The grantor took back `returned`; `amount` is what stays, all of it vested.
#[event]
pub struct Revoked {
    pub schedule: Pubkey,
    pub mint: Pubkey,
    pub grantor: Pubkey,
    pub returned: u64,
    pub amount: u64,
    pub timestamp: i64,
}

/// The default address as `pending_beneficiary` withdraws an earlier proposal.
#[event]
pub struct BeneficiaryProposed {
    pub schedule: Pubkey,
    pub mint: Pubkey,
    pub beneficiary: Pubkey,
    pub pending_beneficiary: Pubkey,
    pub timestamp: i64,
}

#[event]
pub struct BeneficiaryChanged {
    pub schedule: Pubkey,
    pub mint: Pubkey,
    pub old_beneficiary: Pubkey,
    pub new_beneficiary: Pubkey,
    pub timestamp: i64,
}
