//! Constant-product pools, for tokens that graduated from their curve and for
//! anyone.
//!
//! Reserves are what the vaults hold less the fees not yet claimed, so gifts to
//! a vault belong to the liquidity. Fees are always of the quote side: creators
//! earn SOL. Prices are summed over time for averages that one transaction
//! cannot move (see [`math::price`]). Pausing stops new pools, deposits and
//! buys; selling, withdrawing, claiming and graduating cannot be stopped.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod math;
pub mod state;
pub mod token;

pub use {constants::*, error::AmmError, events::*, instructions::*, state::*};

declare_id!("AmmBvmBCCTmKrSu9aJqp6RoqQdh58xfyomJdB9h4nFVr");
launchpad_common::security_txt!();

#[program]
pub mod amm {
    use super::*;

    /// Creates the one config. Signed by the program's upgrade authority, once.
    ///
    /// Errors: `NotUpgradeAuthority`; `InvalidFee` above a cap; `InvalidTiers`;
    /// `InvalidAuthority` and `InvalidFeeRecipient` for the default key.
    pub fn create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
        instructions::handle_create_config(ctx, args)
    }

    /// Replaces every fee, for all pools from now on. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`, `InvalidFee`, `InvalidTiers`, `InvalidFeeRecipient`.
    pub fn set_fees(ctx: Context<ManageConfig>, fees: FeeArgs) -> Result<()> {
        instructions::handle_set_fees(ctx, fees)
    }

    /// Names the next authority, who becomes it by accepting. The default key
    /// withdraws the offer. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`.
    pub fn propose_authority(ctx: Context<ManageConfig>, new_authority: Pubkey) -> Result<()> {
        instructions::handle_propose_authority(ctx, new_authority)
    }

    /// Makes the proposed authority the authority. Signed by it.
    ///
    /// Errors: `InvalidAuthority` for anybody else.
    pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
        instructions::handle_accept_authority(ctx)
    }

    /// Stops or resumes new pools, deposits and buys. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`.
    pub fn set_paused(ctx: Context<ManageConfig>, paused: bool) -> Result<()> {
        instructions::handle_set_paused(ctx, paused)
    }

    /// Creates the one canonical pool of a graduate, against SOL, at exactly the
    /// price of the two amounts. Signed by the mint's curve, so only its program
    /// can call it; the curve puts the lamports at the quote vault's address
    /// before. A pause does not stop it.
    ///
    /// Errors: `ZeroAmount`, `InvalidCreator`, `DepositShort`, `InvalidMint`
    /// (freeze authority), `ForbiddenExtension`, `AmountTooSmall`.
    pub fn create_canonical_pool(
        ctx: Context<CreateCanonicalPool>,
        args: CanonicalPoolArgs,
    ) -> Result<()> {
        instructions::handle_create_canonical_pool(ctx, args)
    }

    /// Creates a pool of any two accepted mints with its first deposit, whose
    /// quotient is the price. SOL is always the quote. The opener gets all shares
    /// but a locked minimum.
    ///
    /// Errors: `Paused`, `ZeroAmount`, `InvalidMint`, `ForbiddenExtension`, `AmountTooSmall`.
    pub fn create_pool(ctx: Context<CreatePool>, args: CreatePoolArgs) -> Result<()> {
        instructions::handle_create_pool(ctx, args)
    }

    /// Adds to both reserves in their proportion, as much as both limits allow.
    /// Amounts round up, shares down. Limits are of what leaves the provider.
    ///
    /// Errors: `Paused`, `DeadlinePassed` (Unix seconds), `ZeroAmount`,
    /// `AmountTooSmall`, `SlippageExceeded` below `min_lp`, `TransferFeeMismatch`.
    pub fn deposit(
        ctx: Context<ChangeLiquidity>,
        max_base: u64,
        max_quote: u64,
        min_lp: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_deposit(ctx, max_base, max_quote, min_lp, deadline)
    }

    /// Returns shares for their part of both reserves, rounded down. Cannot be paused.
    ///
    /// Errors: `ZeroAmount`, `InsufficientLiquidity`, `AmountTooSmall`,
    /// `SlippageExceeded` when less than the minimum arrives.
    pub fn withdraw(
        ctx: Context<ChangeLiquidity>,
        lp_amount: u64,
        min_base: u64,
        min_quote: u64,
    ) -> Result<()> {
        instructions::handle_withdraw(ctx, lp_amount, min_base, min_quote)
    }

    /// Buys base units with exactly `amount_in` quote units, fees included, or
    /// sells exactly `amount_in` base units. Proceeds round down. A pause stops
    /// buys alone.
    ///
    /// Errors: `Paused`, `DeadlinePassed` (Unix seconds), `ZeroAmount`,
    /// `AmountTooSmall`, `SlippageExceeded` when less than `min_amount_out` arrives.
    pub fn swap_exact_in(
        ctx: Context<Swap>,
        is_buy: bool,
        amount_in: u64,
        min_amount_out: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_swap_exact_in(ctx, is_buy, amount_in, min_amount_out, deadline)
    }

    /// Buys `amount_out` base units, or sells for `amount_out` quote units after
    /// fees. The price rounds up.
    ///
    /// Errors: those of `swap_exact_in`, `InsufficientLiquidity`,
    /// `SlippageExceeded` above `max_amount_in`, `TransferFeeMismatch`.
    pub fn swap_exact_out(
        ctx: Context<Swap>,
        is_buy: bool,
        amount_out: u64,
        max_amount_in: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_swap_exact_out(ctx, is_buy, amount_out, max_amount_in, deadline)
    }

    /// Pays the creator's fees of one pool to the creator, who signs.
    ///
    /// Errors: `InvalidCreator`, `NothingToClaim`.
    pub fn claim_creator_fees(ctx: Context<ClaimCreatorFees>) -> Result<()> {
        instructions::handle_claim_creator_fees(ctx)
    }

    /// Pays the protocol's fees of one pool to the config's recipient. Anybody may call it.
    ///
    /// Errors: `InvalidFeeRecipient`, `NothingToClaim`.
    pub fn sweep_protocol_fees(ctx: Context<SweepProtocolFees>) -> Result<()> {
        instructions::handle_sweep_protocol_fees(ctx)
    }

    /// Gives the creator's fees, unclaimed ones too, to another wallet. Signed by
    /// the authority that the pool was created with.
    ///
    /// Errors: `InvalidAuthority`, `InvalidCreator` for the default key.
    pub fn set_creator(ctx: Context<SetCreator>, new_creator: Pubkey) -> Result<()> {
        instructions::handle_set_creator(ctx, new_creator)
    }
}
