//! Tokens held in escrow for a beneficiary and released in steps.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;

pub use {constants::*, error::VestingError, events::*, instructions::*, state::*};

declare_id!("VeBW2GQxPNdE1EAKCF6ofiQ3W6JPJfjGnkhXpWwXGYX");
launchpad_common::security_txt!();

#[program]
pub mod vesting {
    use super::*;

    /// Brings a new escrow to `args.amount` base units, from the grantor's token account as far as they do not
    /// lie there already, and fixes the terms of their release: nothing before the cliff, then in steps of
    /// `args.period` seconds in proportion to the time since the start, rounded down, everything from the end
    /// on. The grantor signs; anyone may pay the rent.
    ///
    /// Errors: `ZeroAmount`, `InvalidTimes`, `InvalidPeriod`, `InvalidBeneficiary`; `ForbiddenMint` for tokens
    /// that somebody could freeze, take, tax or block; `SourceMissing`.
    pub fn create_schedule(ctx: Context<CreateSchedule>, args: ScheduleArgs) -> Result<()> {
        instructions::handle_create_schedule(ctx, args)
    }

    /// Pays everything vested and not yet claimed to a token account of the beneficiary, who signs; the
    /// associated one is created if missing.
    ///
    /// Errors: `NotBeneficiary`; `NothingToClaim` between two releases.
    pub fn claim(ctx: Context<Claim>) -> Result<()> {
        instructions::handle_claim(ctx)
    }

    /// Returns what has not vested to a token account of the grantor, who signs; what has vested stays with
    /// the beneficiary and can be claimed at once.
    ///
    /// Errors: `NotGrantor`, `NotRevocable`, `AlreadyRevoked`, `NothingToRevoke`.
    pub fn revoke(ctx: Context<Revoke>) -> Result<()> {
        instructions::handle_revoke(ctx)
    }

    /// Names the next beneficiary, who becomes it by accepting. The default key withdraws the offer. Signed by
    /// the beneficiary.
    ///
    /// Errors: `NotBeneficiary`, `InvalidBeneficiary` for the beneficiary himself.
    pub fn propose_beneficiary(
        ctx: Context<ProposeBeneficiary>,
        new_beneficiary: Pubkey,
    ) -> Result<()> {
        instructions::handle_propose_beneficiary(ctx, new_beneficiary)
    }

    /// Makes the proposed beneficiary the beneficiary. The schedule's address stays what it was. Signed by him.
    ///
    /// Errors: `NotPendingBeneficiary` for anybody else.
    pub fn accept_beneficiary(ctx: Context<AcceptBeneficiary>) -> Result<()> {
        instructions::handle_accept_beneficiary(ctx)
    }
}
