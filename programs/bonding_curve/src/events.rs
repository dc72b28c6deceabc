//! What happened, with everything an indexer needs to rebuild the accounts
//! without reading them. Sent by `emit_cpi!`; fields are only ever appended.

use {
    crate::state::{LaunchFee, Segment},
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
}

/// Buys pay a fee that falls to zero, counted from the opening of the curve.
#[event]
pub struct LaunchFeeSet {
    pub mint: Pubkey,
    pub curve: Pubkey,
    pub launch_fee: LaunchFee,
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
