//! What happened, with everything an indexer needs to rebuild the accounts
//! without reading them. Sent by `emit_cpi!`; fields are only ever appended.

use {crate::state::FeeTier, anchor_lang::prelude::*};

/// The config was created or any of its values changed.
#[event]
pub struct ConfigChanged {
    pub authority: Pubkey,
    pub fee_recipient: Pubkey,
    pub lp_fee_bps: u16,
    pub protocol_fee_bps: u16,
    pub paused: bool,
    pub tiers: Vec<FeeTier>,
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

/// A pool began to trade at the price of its two reserves.
#[event]
pub struct PoolCreated {
    pub pool: Pubkey,
    pub base_mint: Pubkey,
    pub quote_mint: Pubkey,
    pub lp_mint: Pubkey,
    pub base_token_program: Pubkey,
    pub quote_token_program: Pubkey,
    pub opener: Pubkey,
    pub creator: Pubkey,
    pub authority: Pubkey,
    pub index: u16,
    pub canonical: bool,
    pub base_decimals: u8,
    pub quote_decimals: u8,
    pub base_taxed: bool,
    pub quote_taxed: bool,
    pub pays_creator: bool,
    pub creator_fee_bps: u16,
    pub base_reserve: u64,
    pub quote_reserve: u64,
    /// All shares, with those that nobody got.
    pub lp_supply: u64,
    /// Shares that the opener got.
    pub lp_minted: u64,
    /// What lay in the quote vault before: booked as protocol fees.
    pub protocol_fees: u64,
    pub timestamp: i64,
}

/// One buy or sell of base units. A buyer's quote side is `quote_amount` and
/// the three fees; a seller's is `quote_amount` less the three fees. What
/// follows `received` is the state after the swap.
#[event]
pub struct Swapped {
    pub pool: Pubkey,
    pub base_mint: Pubkey,
    pub quote_mint: Pubkey,
    pub trader: Pubkey,
    pub is_buy: bool,
    /// Base units that entered or left the vault.
    pub base_amount: u64,
    /// Quote units that moved along the curve, without fees.
    pub quote_amount: u64,
    /// Stays in the reserves.
    pub lp_fee: u64,
    pub protocol_fee: u64,
    pub creator_fee: u64,
    /// What left the trader's account, of quote for a buy and of base for a sell.
    pub paid: u64,
    /// What arrived in the trader's other account.
    pub received: u64,
    pub base_reserve: u64,
    pub quote_reserve: u64,
    /// Fees not yet claimed.
    pub protocol_fees: u64,
    pub creator_fees: u64,
    pub creator_fee_bps: u16,
    pub timestamp: i64,
}

/// Somebody added to both reserves for new shares.
#[event]
pub struct LiquidityAdded {
    pub pool: Pubkey,
    pub provider: Pubkey,
    /// What arrived in the vaults.
    pub base_amount: u64,
    pub quote_amount: u64,
    pub lp_amount: u64,
    pub lp_supply: u64,
    pub base_reserve: u64,
    pub quote_reserve: u64,
    pub creator_fee_bps: u16,
    pub timestamp: i64,
}

/// Somebody gave shares back for their part of both reserves.
#[event]
pub struct LiquidityRemoved {
    pub pool: Pubkey,
    pub provider: Pubkey,
    /// What left the vaults.
    pub base_amount: u64,
    pub quote_amount: u64,
    pub lp_amount: u64,
    pub lp_supply: u64,
    pub base_reserve: u64,
    pub quote_reserve: u64,
    pub creator_fee_bps: u16,
    pub timestamp: i64,
}

/// Whose fees were paid out.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeKind {
    Protocol,
    Creator,
}

/// All fees of one kind were paid out; the counter behind them is zero now.
#[event]
pub struct FeesClaimed {
    pub pool: Pubkey,
    pub base_mint: Pubkey,
    pub quote_mint: Pubkey,
    pub kind: FeeKind,
    pub recipient: Pubkey,
    /// Quote units that left the vault.
    pub amount: u64,
    pub timestamp: i64,
}

/// The creator's fees go to another wallet from now on, the unclaimed ones too.
#[event]
pub struct CreatorChanged {
    pub pool: Pubkey,
    pub base_mint: Pubkey,
    pub old_creator: Pubkey,
    pub new_creator: Pubkey,
    pub pays_creator: bool,
    pub timestamp: i64,
}
