//! What can go wrong, in words for the person who meets it.
//! Numbers are 6000 plus the position: append only, never reorder.

use {anchor_lang::prelude::*, launchpad_common::Overflow};

/// Errors of this program.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum CurveError {
    #[msg("New launches and buys are paused. Selling and claiming still work; try again later.")]
    Paused,
    #[msg("The deadline of this trade has passed. Ask for a new quote and send it again.")]
    DeadlinePassed,
    #[msg("The price moved past your limit. Ask for a new quote or allow more slippage.")]
    SlippageExceeded,
    #[msg("The amount is zero. Enter an amount above zero.")]
    ZeroAmount,
    #[msg("The amount is too small: after rounding and fees nothing would be left. Enter more.")]
    AmountTooSmall,
    #[msg("Everything on this curve is sold. Trading goes on in the pool after graduation.")]
    CurveComplete,
    #[msg("This curve is not open for trading.")]
    CurveNotTrading,
    #[msg("The curve cannot buy back more than it has sold. Enter a smaller amount.")]
    InsufficientSold,
    #[msg("The segments are not a valid curve: 1 to 32, amounts above zero, the sum equal to the sale supply, prices never falling.")]
    InvalidSegments,
    #[msg("A fee or bounty is above its cap.")]
    InvalidFee,
    #[msg("This mint cannot be sold on a curve: wrapped SOL, a freeze authority, or not the mint of this curve.")]
    InvalidMint,
    #[msg("This mint has a Token-2022 extension that curves refuse; only metadata is accepted.")]
    ForbiddenExtension,
    #[msg("This signer is not the authority that the instruction needs.")]
    InvalidAuthority,
    #[msg("Only the program's upgrade authority may create the config.")]
    NotUpgradeAuthority,
    #[msg("This referrer account cannot be used here: a trader cannot refer himself.")]
    InvalidReferrer,
    #[msg("This is not the fee recipient that the config names.")]
    InvalidFeeRecipient,
    #[msg("There is nothing to claim yet.")]
    NothingToClaim,
    #[msg("An amount left the range of 64 bits.")]
    Overflow,
    #[msg("The accounts would not add up after this instruction, so it was refused.")]
    InvariantViolated,
    #[msg("The vault lacks tokens for the sale and the liquidity. Deposit the whole supply.")]
    DepositShort,
    #[msg("The creator must be a wallet address, not the default key.")]
    InvalidCreator,
    #[msg("Only the curve's creator can claim its creator fees. Sign with the creator's wallet.")]
    NotCreator,
    #[msg("The trader has no token account for this token. Create it in the same transaction, before the trade.")]
    MissingTokenAccount,
    /// Never raised any more: what is on chain already is no error. It keeps the numbers behind it.
    #[msg("This curve shape is on chain already. Open curves from it.")]
    ShapeExists,
    #[msg("The curve is to be opened from a shape, but none is given or it sells another amount.")]
    InvalidShape,
    #[msg("This sale has ended without reaching its goal. Expire it, then return the tokens for a refund.")]
    SaleEnded,
    #[msg("This sale has no deadline, or its deadline has not passed yet.")]
    SaleNotEnded,
    #[msg("There are no refunds: this curve has not expired.")]
    NotRefunding,
    #[msg("The deadline must lie in the future, and behind the deposit window of a batch.")]
    InvalidDeadline,
    #[msg("A sale with a deadline must hold the whole supply: tokens outside of it could take the buyers' refunds.")]
    SupplyOutsideSale,
    #[msg("A launch fee starts at 1 to 5,000 basis points and falls to zero within 600 seconds; a half-life fits into that time.")]
    InvalidLaunchFee,
    #[msg("The rules of a sale are set once, in the moment it opens.")]
    RulesTooLate,
    /// Never raised any more, as `ShapeExists`.
    #[msg("These terms are on chain already. Open sales under them.")]
    TermsExists,
    #[msg("The terms of a sale are outside of their caps or contradict each other.")]
    InvalidTerms,
    #[msg("The tokens kept for liquidity are too few for the raise at the curve's last price. Keep more for liquidity, or raise less.")]
    LiquidityShort,
    #[msg("This sale has terms: name their account.")]
    MissingTerms,
    #[msg("While the rules of the opening hold, a buyer needs a position. Open it in the same transaction, before the buy.")]
    MissingPosition,
    #[msg("This is more than one wallet may buy while the sale opens. Buy less, or wait.")]
    WalletCapReached,
    #[msg("A wallet buys once a slot while the sale opens. Send the next buy a moment later.")]
    OneBuyPerSlot,
    #[msg("This wallet is not admitted to the sale yet. Wait for the next stage, or prove that it belongs to this one.")]
    NotAdmitted,
    #[msg(
        "This proof does not lead to the allowlist of the sale. Ask for the wallet's proof again."
    )]
    InvalidProof,
    #[msg("This wallet has pledged already.")]
    AlreadyPledged,
    #[msg("The wallet holds less of the community's token than the sale asks for.")]
    PledgeShort,
    #[msg("The rules of the opening still hold. Try again when they are over.")]
    RulesStillHold,
    #[msg("This curve is not sold out yet, so it cannot graduate.")]
    NotComplete,
    #[msg("This sale graduates at another venue.")]
    WrongVenue,
    #[msg("There is nothing to pay out here.")]
    PayoutMissing,
    #[msg("This sale takes no deposits: it is not a batch launch, or its window is over.")]
    NotDepositing,
    #[msg("The deposit window is over. Settle the batch.")]
    DepositWindowClosed,
    #[msg(
        "Deposits can no longer be taken back. When the batch is settled, claim what yours bought."
    )]
    WithdrawWindowClosed,
    #[msg("This is more than one wallet may deposit.")]
    DepositLimit,
    #[msg("The batch is not settled yet. Settle it first; anybody may.")]
    BatchNotSettled,
    #[msg("The batch missed its minimum. Take the deposit back.")]
    BatchFailed,
    #[msg("The batch still takes deposits; trading begins when it is settled.")]
    BatchOpen,
    #[msg("This sale has no such tier: there is nothing to prove or to pledge for.")]
    NoSuchTier,
    #[msg("This community's token cannot be pledged: it taxes, hooks or freezes transfers, or somebody may take it back.")]
    PledgeRefused,
    #[msg("A pledge lies with this position. Name its accounts, so that it comes back.")]
    PledgeAccountsMissing,
    #[msg("The raise is too small to open a pool with. Raise more, or keep more tokens for liquidity.")]
    PoolTooSmall,
    #[msg("A sale that graduates at Raydium raises at least 3 SOL: opening the pool there costs about 0.2 SOL. Raise more, or let it graduate into the launchpad's own pool.")]
    RaiseTooSmall,
    #[msg("Raydium does not take this pool now. Graduate into the launchpad's own pool instead; anybody may.")]
    VenueUnavailable,
}

impl From<Overflow> for CurveError {
    fn from(_: Overflow) -> Self {
        CurveError::Overflow
    }
}

/// A result of this program's arithmetic.
pub type Checked<T> = core::result::Result<T, CurveError>;
