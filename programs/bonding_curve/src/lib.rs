//! Bonding curve: sells a token's public supply along 1 to 32 constant-product
//! segments and buys it back at the same prices, until everything is sold.
//!
//! The reserve is always exactly `F(sold)` lamports (see [`math`]); fees lie
//! beside it as counters until they are claimed. Pausing stops opening and
//! buying; selling and claiming cannot be stopped.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod log;
pub mod math;
pub mod raydium;
pub mod state;

pub use {constants::*, error::CurveError, events::*, instructions::*, state::*};

declare_id!("CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL");
launchpad_common::security_txt!();

#[program]
pub mod bonding_curve {
    use super::*;

    /// Creates the one config. Signed by the program's upgrade authority, once.
    ///
    /// Errors: `NotUpgradeAuthority`; `InvalidFee` above a cap; `InvalidAuthority`
    /// and `InvalidFeeRecipient` for the default key.
    pub fn create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
        instructions::handle_create_config(ctx, args)
    }

    /// Replaces every parameter. Open curves keep their rates; sweeps go to the
    /// new recipient. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`, `InvalidFee`, `InvalidFeeRecipient`.
    pub fn update_config(ctx: Context<ManageConfig>, args: ConfigUpdate) -> Result<()> {
        instructions::handle_update_config(ctx, args)
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

    /// Stops or resumes opening and buying. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`.
    pub fn set_paused(ctx: Context<ManageConfig>, paused: bool) -> Result<()> {
        instructions::handle_set_paused(ctx, paused)
    }

    /// Keeps segments in an account of their own, at the address of their content,
    /// for curves too long for the transaction that opens them. Anybody may pay for it;
    /// where it is there already nothing happens.
    ///
    /// Errors: `InvalidSegments`.
    pub fn create_shape(ctx: Context<CreateShape>, segments: Vec<Segment>) -> Result<()> {
        instructions::handle_create_shape(ctx, segments)
    }

    /// Keeps the terms of sales in an account at the address of their content. Anybody
    /// may pay for it; every sale may name it. Where they are there already nothing happens.
    ///
    /// Errors: `InvalidTerms`, `InvalidLaunchFee`.
    pub fn create_terms(ctx: Context<CreateTerms>, sale: SaleTerms) -> Result<()> {
        instructions::handle_create_terms(ctx, sale)
    }

    /// Opens the curve of a mint, at the fee rates of the moment. Signed by the
    /// mint's authority or, where there is none, by who deposits the whole
    /// supply. The vault ends with at least the sale and liquidity supply,
    /// topped up from `depositor_base`. The curve copies the segments of a shape. Terms, where they are named, hold for
    /// the whole sale; with a batch in them deposits are taken before anybody trades.
    ///
    /// Errors: `Paused`, `InvalidSegments`, `InvalidShape`, `InvalidCreator`,
    /// `InvalidMint` (wrapped SOL, freeze authority), `ForbiddenExtension`,
    /// `InvalidAuthority`, `DepositShort`, `LiquidityShort`, `PoolTooSmall`, `RaiseTooSmall` for
    /// Raydium; with a deadline `InvalidDeadline`, and
    /// `SupplyOutsideSale` where the sale does not hold the whole supply.
    pub fn open_curve(ctx: Context<OpenCurve>, args: OpenCurveArgs) -> Result<()> {
        instructions::handle_open_curve(ctx, args)
    }

    /// Buys as much as `quote_in` lamports pay for, fees included, and charges
    /// exactly what that costs. Fills what is left when that is less. Cost and
    /// fees round up. Base units go to the trader's own account.
    ///
    /// Errors: `Paused`, `DeadlinePassed` (Unix seconds), `CurveComplete`,
    /// `CurveNotTrading`, `SaleEnded`, `ZeroAmount`, `AmountTooSmall`, `SlippageExceeded`
    /// below `min_base_out`, `InvalidReferrer`, `MissingTokenAccount`; while the rules of
    /// the opening hold `MissingTerms`, `MissingPosition`, `NotAdmitted`,
    /// `WalletCapReached`, `OneBuyPerSlot`.
    pub fn buy_exact_in(
        ctx: Context<Trade>,
        quote_in: u64,
        min_base_out: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_buy_exact_in(ctx, quote_in, min_base_out, deadline)
    }

    /// Buys `base_out` units, or what is left when that is less. Cost and fees
    /// round up.
    ///
    /// Errors: those of `buy_exact_in`, `SlippageExceeded` above `max_quote_in`.
    pub fn buy_exact_out(
        ctx: Context<Trade>,
        base_out: u64,
        max_quote_in: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_buy_exact_out(ctx, base_out, max_quote_in, deadline)
    }

    /// Returns `base_in` units for what the curve holds for them, rounded down,
    /// less fees, rounded up. Works while paused.
    ///
    /// Errors: `DeadlinePassed`, `CurveComplete`, `CurveNotTrading`, `SaleEnded`,
    /// `ZeroAmount`, `AmountTooSmall`, `InsufficientSold`, `SlippageExceeded`
    /// below `min_quote_out`, `InvalidReferrer`, `MissingTokenAccount`.
    pub fn sell(
        ctx: Context<Trade>,
        base_in: u64,
        min_quote_out: u64,
        deadline: i64,
    ) -> Result<()> {
        instructions::handle_sell(ctx, base_in, min_quote_out, deadline)
    }

    /// Makes the account that a wallet needs to buy while rules of the opening hold. Anybody
    /// may pay for it. Does nothing where it is there already, or where no rules hold any more.
    pub fn open_position(ctx: Context<OpenPosition>) -> Result<()> {
        instructions::handle_open_position(ctx)
    }

    /// Admits a wallet that the allowlist names, from the opening on. `proof` are the other
    /// nodes on the way from the wallet's leaf up to the root. Anybody may prove it.
    ///
    /// Errors: `MissingTerms`, `MissingPosition`, `NoSuchTier`, `InvalidProof`.
    pub fn prove_allowlisted(ctx: Context<ProveAllowlisted>, proof: Vec<[u8; 32]>) -> Result<()> {
        instructions::handle_prove_allowlisted(ctx, proof)
    }

    /// Admits a wallet from the holders' tier on, for as much of the community's token as the
    /// sale asks for, which lies in the position's own account until the rules are over.
    ///
    /// Errors: `MissingTerms`, `MissingPosition`, `AlreadyPledged`, `NoSuchTier`,
    /// `PledgeRefused`, `PledgeShort`.
    pub fn pledge(ctx: Context<Pledge>) -> Result<()> {
        instructions::handle_pledge(ctx)
    }

    /// Returns a position's rent, and its pledge with everything else in the escrow, to its
    /// wallet, who signs, once the rules are over.
    ///
    /// Errors: `MissingPosition`, `RulesStillHold`, `PledgeAccountsMissing`, `PledgeShort`.
    pub fn close_position(ctx: Context<ClosePosition>) -> Result<()> {
        instructions::handle_close_position(ctx)
    }

    /// Ends a sale whose deadline has passed before everything was sold: trading is
    /// over, tokens are returned for refunds. Anybody may call it.
    ///
    /// Errors: `CurveNotTrading`, `SaleNotEnded`.
    pub fn expire(ctx: Context<Expire>) -> Result<()> {
        instructions::handle_expire(ctx)
    }

    /// Returns `base_in` units of an expired sale for their part of the reserve,
    /// rounded down, without fees; the last holder gets all that is left. Tokens in a
    /// vesting schedule count as sold and are returned once they are claimed.
    /// Works while paused.
    ///
    /// Errors: `NotRefunding`, `ZeroAmount`, `AmountTooSmall`, `InsufficientSold`,
    /// `InvalidMint`, `MissingTokenAccount`.
    pub fn refund(ctx: Context<Refund>, base_in: u64) -> Result<()> {
        instructions::handle_refund(ctx, base_in)
    }

    /// Puts lamports into a batch launch, all of which buys at one price when the window
    /// ends. The wallet's receipt is made with its first deposit, and its rent comes back.
    ///
    /// Errors: `Paused`, `NotDepositing`, `DepositWindowClosed`, `ZeroAmount`,
    /// `DepositLimit` above what one wallet may deposit in all.
    pub fn deposit(ctx: Context<MakeDeposit>, amount: u64) -> Result<()> {
        instructions::handle_deposit(ctx, amount)
    }

    /// Takes `amount` lamports of a deposit back, or all of it where that is less: as long
    /// as the terms allow it, and again once the batch has failed. The last lamport closes
    /// the receipt. Works while paused.
    ///
    /// Errors: `WithdrawWindowClosed`, `ZeroAmount`, `BatchNotSettled` where the window is over
    /// and nobody settled yet.
    pub fn withdraw_deposit(ctx: Context<WithdrawDeposit>, amount: u64) -> Result<()> {
        instructions::handle_withdraw_deposit(ctx, amount)
    }

    /// Ends a deposit window: one buy along the curve for all deposits, at the curve's fees,
    /// capped at what is for sale; trading begins behind it. The batch fails, and everybody
    /// takes his deposit back, where the deposits miss the minimum or buy nothing, or where
    /// the sale's deadline has passed and they would not sell it out. Anybody may call it.
    /// Works while paused.
    ///
    /// Errors: `BatchOpen` before the end of the window, `NotDepositing` the second time,
    /// `InvalidMint` for another sale's curve.
    pub fn settle_batch(ctx: Context<SettleBatch>) -> Result<()> {
        instructions::handle_settle_batch(ctx)
    }

    /// Pays a depositor's part of what the batch bought and of what it did not need, pro rata
    /// of what is left, rounded down; the last one gets all that is left. Closes the receipt.
    /// Anybody may call it; the token account is the depositor's associated one, made where
    /// it is missing. Works while paused and in every later stage of the sale.
    ///
    /// Errors: `BatchNotSettled`, `BatchFailed`, `InvalidMint`.
    pub fn claim_batch(ctx: Context<ClaimBatch>) -> Result<()> {
        instructions::handle_claim_batch(ctx)
    }

    /// Opens the pool of a sold-out curve at its last price, or above it where launch fees
    /// brought more than fits, and burns the tokens that were kept for it and did not fit.
    /// Anybody may call it; the bounty and the rent are repaid from the raise, at most a tenth
    /// of it. A second call succeeds and does nothing. Works while paused.
    ///
    /// A sale that promised Raydium comes here a week after it sold out, or at once where
    /// Raydium cannot take it: its program and its fee tier then follow as two more accounts.
    ///
    /// Errors: `NotComplete`, `MissingTerms`, `WrongVenue`.
    pub fn graduate(ctx: Context<Graduate>) -> Result<()> {
        instructions::handle_graduate(ctx)
    }

    /// The same at Raydium, for sales whose terms name it: the pool opens at the curve's last
    /// price under Raydium's fee tier 0, and its shares are burned or wait with the curve for
    /// their lock. Raydium's fee and rent are part of what the caller is repaid.
    ///
    /// Errors: `NotComplete`, `MissingTerms`, `WrongVenue`, `VenueUnavailable`; Raydium's.
    pub fn graduate_to_raydium(ctx: Context<GraduateToRaydium>) -> Result<()> {
        instructions::handle_graduate_to_raydium(ctx)
    }

    /// Puts the team's or the treasury's part of a raise into a vesting schedule of wrapped SOL,
    /// counted from the graduation. Anybody may call it, whenever; the rent is repaid from the
    /// payout, at most a tenth of it. `index` tells schedules of one wallet apart: a taken one
    /// is passed over by choosing another.
    ///
    /// Errors: `PayoutMissing`, `MissingTerms`; the vesting program's.
    pub fn release_payout(ctx: Context<ReleasePayout>, kind: PayoutKind, index: u16) -> Result<()> {
        instructions::handle_release_payout(ctx, kind, index)
    }

    /// Puts the pool's shares that the curve holds into a vesting schedule that pays them
    /// to the creator when the lock ends, counted from the graduation. Anybody may call it.
    ///
    /// Errors: `PayoutMissing`, `MissingTerms`, `InvalidMint`; the vesting program's.
    pub fn lock_liquidity(ctx: Context<LockLiquidity>, index: u16) -> Result<()> {
        instructions::handle_lock_liquidity(ctx, index)
    }

    /// Lets a wallet be named as referrer in trades. Anybody may pay for it.
    pub fn register_referrer(ctx: Context<RegisterReferrer>) -> Result<()> {
        instructions::handle_register_referrer(ctx)
    }

    /// Pays the creator's fees of one curve to the creator, who signs.
    ///
    /// Errors: `NotCreator`, `NothingToClaim`.
    pub fn claim_creator_fees(ctx: Context<ClaimCreatorFees>) -> Result<()> {
        instructions::handle_claim_creator_fees(ctx)
    }

    /// Pays the protocol's fees of one curve to the config's recipient.
    /// Anybody may call it.
    ///
    /// Errors: `InvalidFeeRecipient`, `NothingToClaim`.
    pub fn sweep_protocol_fees(ctx: Context<SweepProtocolFees>) -> Result<()> {
        instructions::handle_sweep_protocol_fees(ctx)
    }

    /// Pays a referrer's fees of all curves to the referrer, who signs.
    ///
    /// Errors: `InvalidReferrer`, `NothingToClaim`.
    pub fn claim_referrer_fees(ctx: Context<ClaimReferrerFees>) -> Result<()> {
        instructions::handle_claim_referrer_fees(ctx)
    }

    /// Gives the creator's fees, unclaimed ones too, to another wallet. Signed
    /// by who opened the curve; a launcher signs after its own two steps.
    ///
    /// Errors: `InvalidAuthority`, `InvalidCreator` for the default key.
    pub fn set_creator(ctx: Context<SetCreator>, new_creator: Pubkey) -> Result<()> {
        instructions::handle_set_creator(ctx, new_creator)
    }
}
