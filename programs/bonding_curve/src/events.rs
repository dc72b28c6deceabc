//! What happened, with everything an indexer needs to rebuild the accounts
//! without reading them. Sent by `emit_cpi!`; fields are only ever appended.

use {
    crate::state::{LaunchFee, SaleTerms, Segment, Venue},
    anchor_lang::prelude::*,
};

/// The config was created or any of its values changed.
#[event]
pub struct ConfigChanged {
    pub authority: Pubkey,
    pub fee_recipient: Pubkey,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    pub keeper_bounty: u64,
    pub paused: bool,
    pub lookup_table: Pubkey,
    pub timestamp: i64,
}

/// The config's authority named a successor, who must accept. The default key withdraws the offer.
#[event]
pub struct AuthorityProposed {
    pub authority: Pubkey,
    pub pending_authority: Pubkey,
    pub timestamp: i64,
}

/// The successor accepted.
#[event]
pub struct AuthorityTransferred {
    pub old_authority: Pubkey,
    pub new_authority: Pubkey,
    pub timestamp: i64,
}

/// Curves can be opened from these segments by naming `shape` instead of them.
#[event]
pub struct ShapeCreated {
    pub shape: Pubkey,
    pub sale_supply: u64,
    pub raise_target: u64,
    pub segments: Vec<Segment>,
    pub timestamp: i64,
}

/// Sales can be opened under these terms by naming `terms`.
#[event]
pub struct TermsCreated {
    pub terms: Pubkey,
    pub sale: SaleTerms,
    pub timestamp: i64,
}

/// A curve began to trade. Rates are those of its whole life.
#[event]
pub struct CurveOpened {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub creator: Pubkey,
    pub authority: Pubkey,
    pub token_program: Pubkey,
    pub decimals: u8,
    pub sale_supply: u64,
    pub liquidity_supply: u64,
    pub raise_target: u64,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    pub segments: Vec<Segment>,
    pub timestamp: i64,
    /// When the sale ends unless everything is sold; 0 for never.
    pub deadline: i64,
    /// What buys pay besides at first; all zero where there is none.
    pub launch_fee: LaunchFee,
    /// The terms of the sale; none for the usual ones.
    pub terms: Option<Pubkey>,
    /// Until when rules of the opening hold; 0 where there are none.
    pub rules_end: i64,
    /// The account of the deposits, where the sale begins with a batch.
    pub batch: Option<Pubkey>,
}

/// A wallet can buy while the rules of the opening hold.
#[event]
pub struct PositionOpened {
    pub mint: Pubkey,
    pub wallet: Pubkey,
    pub position: Pubkey,
    pub timestamp: i64,
}

/// A stage of the opening that admits some wallets before all others.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    Allowlist,
    Holders,
}

/// A wallet proved that it belongs to a tier.
#[event]
pub struct Admitted {
    pub mint: Pubkey,
    pub wallet: Pubkey,
    pub tier: Tier,
    pub timestamp: i64,
}

/// The rules are over; the wallet has its pledge and the rent back.
#[event]
pub struct PositionClosed {
    pub mint: Pubkey,
    pub wallet: Pubkey,
    /// Base units bought under the rules.
    pub bought: u64,
    pub timestamp: i64,
}

/// One buy or sell. A buyer paid `quote_amount` and the three fees; a seller
/// received `quote_amount` less the three fees. A buyer paid `launch_fee` too. What follows `referrer` is the
/// state after the trade.
#[event]
pub struct Traded {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub trader: Pubkey,
    pub is_buy: bool,
    /// Base units that changed hands.
    pub base_amount: u64,
    /// Lamports that the curve's reserve gained or lost, without fees.
    pub quote_amount: u64,
    /// The protocol's fee after the referrer's part.
    pub protocol_fee: u64,
    pub creator_fee: u64,
    pub referrer_fee: u64,
    pub referrer: Option<Pubkey>,
    pub sold: u64,
    pub quote_reserve: u64,
    /// Reserves of the segment that the next buy meets; their quotient is the spot price.
    pub virtual_base: u64,
    pub virtual_quote: u64,
    pub segment: u8,
    /// Fees not yet claimed.
    pub protocol_fees: u64,
    pub creator_fees: u64,
    pub timestamp: i64,
    /// What a buyer paid besides, in the first minutes; it goes to the liquidity.
    pub launch_fee: u64,
    /// All launch fees so far.
    pub launch_fees: u64,
}

/// The last unit for sale was bought.
#[event]
pub struct CurveCompleted {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub sold: u64,
    pub quote_reserve: u64,
    pub timestamp: i64,
}

/// The sale ended below its goal: tokens are returned for refunds from now on.
#[event]
pub struct Expired {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub sold: u64,
    /// What all refunds together pay: the reserve and the launch fees.
    pub quote_reserve: u64,
    pub timestamp: i64,
}

/// Tokens of a failed sale were returned for their part of the reserve, without fees.
#[event]
pub struct Refunded {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub holder: Pubkey,
    /// Base units returned.
    pub base_amount: u64,
    /// Lamports paid.
    pub quote_amount: u64,
    /// Base units still outside, and the lamports that wait for them.
    pub sold: u64,
    pub quote_reserve: u64,
    pub timestamp: i64,
}

/// The token trades in its pool from now on.
#[event]
pub struct Graduated {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub pool: Pubkey,
    pub venue: Venue,
    /// What the pool opened with; their quotient is its first price.
    pub base_amount: u64,
    pub quote_amount: u64,
    /// Base units that did not fit, gone for good.
    pub burned: u64,
    /// Who called, and the lamports he got: the bounty and the rent that he paid.
    pub keeper: Pubkey,
    pub reward: u64,
    /// Lamports that wait for their schedules.
    pub team_payout: u64,
    pub treasury_payout: u64,
    /// When the pool's shares become the creator's; 0 for never.
    pub locked_until: i64,
    pub timestamp: i64,
}

/// Whose part of the raise was paid into a schedule.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutKind {
    Team,
    Treasury,
}

/// A part of the raise went into a vesting schedule, as wrapped SOL.
#[event]
pub struct PayoutReleased {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub kind: PayoutKind,
    pub beneficiary: Pubkey,
    pub amount: u64,
    pub schedule: Pubkey,
    pub timestamp: i64,
}

/// The pool's shares went into a vesting schedule of the creator.
#[event]
pub struct LiquidityLocked {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub lp_mint: Pubkey,
    pub shares: u64,
    pub schedule: Pubkey,
    pub until: i64,
    pub timestamp: i64,
}

/// A batch launch takes deposits.
#[event]
pub struct BatchOpened {
    pub mint: Pubkey,
    pub batch: Pubkey,
    pub closes_at: i64,
    pub withdraw_until: i64,
    pub minimum: u64,
    /// Most lamports of one wallet; 0 for any amount.
    pub max_deposit: u64,
    pub timestamp: i64,
}

/// Lamports came into a batch.
#[event]
pub struct BatchDeposited {
    pub mint: Pubkey,
    pub batch: Pubkey,
    pub depositor: Pubkey,
    pub amount: u64,
    /// All of this wallet, and of everybody, afterwards.
    pub deposited: u64,
    pub deposits: u64,
    pub timestamp: i64,
}

/// Lamports were taken back out of a batch.
#[event]
pub struct BatchWithdrawn {
    pub mint: Pubkey,
    pub batch: Pubkey,
    pub depositor: Pubkey,
    pub amount: u64,
    /// All of this wallet, and of everybody, afterwards.
    pub deposited: u64,
    pub deposits: u64,
    pub timestamp: i64,
}

/// The window ended. What follows `failed` was bought for all at one price; nothing where it failed.
#[event]
pub struct BatchSettled {
    pub mint: Pubkey,
    pub batch: Pubkey,
    pub failed: bool,
    pub deposits: u64,
    pub base_amount: u64,
    /// Lamports that the curve's reserve gained, without fees.
    pub quote_amount: u64,
    pub fees: u64,
    /// Lamports that were not needed.
    pub refund: u64,
    pub timestamp: i64,
}

/// A wallet got its part of a batch.
#[event]
pub struct BatchClaimed {
    pub mint: Pubkey,
    pub batch: Pubkey,
    pub depositor: Pubkey,
    /// What it had deposited.
    pub deposited: u64,
    pub base_amount: u64,
    pub refund: u64,
    /// Deposits of those who have not claimed yet.
    pub deposits_left: u64,
    pub timestamp: i64,
}

/// Whose fees were paid out.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeKind {
    Protocol,
    Creator,
    Referrer,
}

/// All fees of one kind were paid out; the counter behind them is zero now.
#[event]
pub struct FeesClaimed {
    /// The curve's mint; none for a referrer, whose fees come from every curve.
    pub mint: Option<Pubkey>,
    pub kind: FeeKind,
    pub recipient: Pubkey,
    pub amount: u64,
    pub timestamp: i64,
}

/// A referrer can be named in trades from now on.
#[event]
pub struct ReferrerRegistered {
    pub referrer: Pubkey,
    pub timestamp: i64,
}

/// The creator's fees go to another wallet from now on, the unclaimed ones too.
#[event]
pub struct CreatorChanged {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub old_creator: Pubkey,
    pub new_creator: Pubkey,
    pub timestamp: i64,
}
