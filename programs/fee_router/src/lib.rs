//! Creator fees divided among many: a router is the creator of tokens and pays its recipients by basis points.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;

pub use {constants::*, error::RouterError, events::*, instructions::*, state::*};

declare_id!("FeeR8JbPbN6mR7xpfYLFrKZ3wYHDwDMNPGQuvgELtnqF");
launchpad_common::security_txt!();

#[program]
pub mod fee_router {
    use super::*;

    /// Creates a router without recipients, owned by its creator, who signs. `args.delay_seconds` is the time
    /// lock of every change after the first shares; with `args.fixed` those are the last.
    ///
    /// Errors: `InvalidDelay` outside an hour and 30 days; the system program's 0 where it exists.
    pub fn create_router(ctx: Context<CreateRouter>, args: RouterArgs) -> Result<()> {
        instructions::handle_create_router(ctx, args)
    }

    /// Writes the next recipients of a proposal, as many as a transaction holds, ordered by the bytes of their
    /// addresses over all pieces. Signed by the owner.
    ///
    /// Errors: `NotOwner`, `SharesFixed`, `AlreadyProposed`, `TooManyRecipients`, `InvalidRecipient` for the
    /// router and the default key, `InvalidShare`, `SharesUnordered`, `SharesIncomplete` beyond 10 000.
    pub fn write_proposal(ctx: Context<WriteProposal>, portions: Vec<Portion>) -> Result<()> {
        instructions::handle_write_proposal(ctx, portions)
    }

    /// Starts the time lock of the shares that were written; the first shares of a router have none. Signed by
    /// the owner.
    ///
    /// Errors: `NotOwner`, `SharesFixed`, `AlreadyProposed`, `SharesIncomplete` unless they sum to 10 000.
    pub fn propose_shares(ctx: Context<ProposeShares>) -> Result<()> {
        instructions::handle_propose_shares(ctx)
    }

    /// Makes the proposed shares hold for all income from now on. What was earned before stays whose it was;
    /// the first shares count from the first lamport. Anybody, once the time lock has ended.
    ///
    /// Errors: `NotProposed`, `TimeLocked`, `SharesFixed`, `WrongRentPayer`; `TooManyLeaving` when more
    /// than 200 would be owed something.
    pub fn apply_shares(ctx: Context<ApplyShares>) -> Result<()> {
        instructions::handle_apply_shares(ctx)
    }

    /// Throws the written or proposed shares away. Signed by the owner.
    ///
    /// Errors: `NotOwner`, `WrongRentPayer`.
    pub fn cancel_proposal(ctx: Context<CancelProposal>) -> Result<()> {
        instructions::handle_cancel_proposal(ctx)
    }

    /// Fixes shares and tokens for good: nothing can be proposed, applied or released any more. Signed by the
    /// owner.
    ///
    /// Errors: `NotOwner`, `NoShares`, `SharesFixed` the second time.
    pub fn fix_shares(ctx: Context<ManageRouter>) -> Result<()> {
        instructions::handle_fix_shares(ctx)
    }

    /// Accepts the role of a token's creator, which its creator proposed to the router at the launcher.
    /// Anybody. Unclaimed fees of the curve come along.
    ///
    /// Errors: `NoShares`; the launcher's `InvalidCreator` unless the router was proposed.
    pub fn adopt(ctx: Context<Adopt>) -> Result<()> {
        instructions::handle_adopt(ctx)
    }

    /// Brings a curve's creator fees into the router. Anybody.
    ///
    /// Errors: the curve's `NotCreator` and `NothingToClaim`.
    pub fn collect_curve(ctx: Context<CollectCurve>) -> Result<()> {
        instructions::handle_collect_curve(ctx)
    }

    /// Brings a pool's creator fees into the router, as lamports. Anybody; the rent that he lends returns.
    ///
    /// Errors: the pools' `InvalidCreator` and `NothingToClaim`.
    pub fn collect_pool(ctx: Context<CollectPool>) -> Result<()> {
        instructions::handle_collect_pool(ctx)
    }

    /// Turns wrapped SOL that somebody sent to the router into income, the rent of its account too. Anybody.
    ///
    /// Errors: `ConstraintTokenMint`, `ConstraintTokenOwner` for another account.
    pub fn unwrap(ctx: Context<Unwrap>) -> Result<()> {
        instructions::handle_unwrap(ctx)
    }

    /// Pays a recipient, or somebody who was one, every whole lamport of his part of all income so far, rounded
    /// down; what is less stays his. Anybody may ask for it; nobody need sign.
    ///
    /// Errors: `NotRecipient`, `NothingToClaim`; `BelowRent` for too little to an empty wallet.
    pub fn claim(ctx: Context<Claim>) -> Result<()> {
        instructions::handle_claim(ctx)
    }

    /// Starts the time lock after which a token can be offered to another creator; the default key takes an
    /// offer back. Signed by the owner.
    ///
    /// Errors: `NotOwner`, `SharesFixed`, `NoShares`, `InvalidCreator` for the router.
    pub fn propose_release(ctx: Context<ProposeRelease>, new_creator: Pubkey) -> Result<()> {
        instructions::handle_propose_release(ctx, new_creator)
    }

    /// Offers the token at the launcher to whom the release names. Anybody, once the time lock has ended and the
    /// curve's fees are collected.
    ///
    /// Errors: `SharesFixed`, `TimeLocked`, `UncollectedFees`, `WrongRentPayer`; the launcher's
    /// `InvalidAuthority` for a token that is not the router's.
    pub fn release(ctx: Context<ReleaseToken>) -> Result<()> {
        instructions::handle_release(ctx)
    }

    /// Withdraws a release before it happens. Signed by the owner.
    ///
    /// Errors: `NotOwner`, `WrongRentPayer`.
    pub fn cancel_release(ctx: Context<CancelRelease>) -> Result<()> {
        instructions::handle_cancel_release(ctx)
    }

    /// Names the next owner, who becomes it by accepting. The default key withdraws the offer. Signed by the
    /// owner.
    ///
    /// Errors: `NotOwner`, `InvalidOwner` for the owner himself.
    pub fn propose_owner(ctx: Context<ManageRouter>, new_owner: Pubkey) -> Result<()> {
        instructions::handle_propose_owner(ctx, new_owner)
    }

    /// Makes the proposed owner the owner. Signed by him.
    ///
    /// Errors: `NotPendingOwner` for anybody else.
    pub fn accept_owner(ctx: Context<AcceptOwner>) -> Result<()> {
        instructions::handle_accept_owner(ctx)
    }
}
