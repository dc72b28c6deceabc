//! Tokens held in escrow for a beneficiary and released in steps.

// Anchor's macros expand to arithmetic and casts of their own.
#![allow(clippy::arithmetic_side_effects)]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;

use instructions::*;
use state::ScheduleArgs;

declare_id!("VeBW2GQxPNdE1EAKCF6ofiQ3W6JPJfjGnkhXpWwXGYX");

#[program]
pub mod vesting {
    use super::*;

    /// Moves `args.amount` base units from the grantor's token account into a new escrow and fixes the terms
    /// of their release: nothing before the cliff, then in steps of `args.period` seconds in proportion to the
    /// time since the start, rounded down, everything from the end on. Refuses mints whose tokens somebody
    /// could freeze, take, tax or block. Anyone may pay; the grantor signs.
    pub fn create_schedule(ctx: Context<CreateSchedule>, args: ScheduleArgs) -> Result<()> {
        instructions::create_schedule(ctx, args)
    }

    /// Pays everything vested and not yet claimed to the beneficiary's associated token account, which is
    /// created if missing. Only the beneficiary may call it. Fails with `NothingToClaim` between two releases.
    pub fn claim(ctx: Context<Claim>) -> Result<()> {
        instructions::claim(ctx)
    }

    /// Returns what has not vested to a token account of the grantor, once, where the schedule was created
    /// revocable; what has vested stays with the beneficiary and can be claimed at once.
    pub fn revoke(ctx: Context<Revoke>) -> Result<()> {
        instructions::revoke(ctx)
    }

    /// First of two steps that hand the schedule to another beneficiary; the default address withdraws it.
    pub fn propose_beneficiary(
        ctx: Context<ProposeBeneficiary>,
        new_beneficiary: Pubkey,
    ) -> Result<()> {
        instructions::propose_beneficiary(ctx, new_beneficiary)
    }

    /// Second step: the proposed beneficiary takes the schedule over. Its address stays what it was.
    pub fn accept_beneficiary(ctx: Context<AcceptBeneficiary>) -> Result<()> {
        instructions::accept_beneficiary(ctx)
    }
}
