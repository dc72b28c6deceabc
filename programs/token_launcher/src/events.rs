//! What the program tells indexers: enough to rebuild its accounts without reading them.

use {
    crate::state::{Allocations, SupplyMode},
    anchor_lang::prelude::*,
};

/// The config after a change.
#[event]
pub struct ConfigChanged {
    pub authority: Pubkey,
    pub treasury: Pubkey,
    /// Lamports.
    pub creation_fee: u64,
    pub paused: bool,
    pub timestamp: i64,
}

/// The default key as `pending_authority` withdraws an earlier proposal.
#[event]
pub struct AuthorityProposed {
    pub authority: Pubkey,
    pub pending_authority: Pubkey,
    pub timestamp: i64,
}

#[event]
pub struct AuthorityTransferred {
    pub old_authority: Pubkey,
    pub new_authority: Pubkey,
    pub timestamp: i64,
}

/// A token exists, its supply is distributed and its curve is open.
#[event]
pub struct TokenLaunched {
    pub mint: Pubkey,
    pub creator: Pubkey,
    pub launch_record: Pubkey,
    pub curve: Pubkey,
    pub name: String,
    pub symbol: String,
    pub uri: String,
    /// SHA-256 of the document at `uri`.
    pub metadata_hash: [u8; 32],
    pub decimals: u8,
    /// Base units.
    pub supply: u64,
    pub supply_mode: SupplyMode,
    pub allocations: Allocations,
    /// Who may change the metadata; the default key when nobody may.
    pub update_authority: Pubkey,
    /// Lamports paid to the treasury.
    pub creation_fee: u64,
    /// The schedule that locks the creator's first buy, if it is locked.
    pub first_buy_lock: Option<Pubkey>,
    pub timestamp: i64,
    /// Base units that the creator bought in the launch; 0 without a first buy.
    pub first_buy: u64,
    pub team_schedule: Option<Pubkey>,
    pub ecosystem_owner: Option<Pubkey>,
    pub treasury_owner: Option<Pubkey>,
}

/// The metadata after a change.
#[event]
pub struct MetadataUpdated {
    pub mint: Pubkey,
    pub name: String,
    pub symbol: String,
    pub uri: String,
    pub metadata_hash: [u8; 32],
    pub timestamp: i64,
}

/// The default key as `new_authority` says that nobody can change the metadata any more.
#[event]
pub struct UpdateAuthorityChanged {
    pub mint: Pubkey,
    pub old_authority: Pubkey,
    pub new_authority: Pubkey,
    pub timestamp: i64,
}

/// The default key as `pending_creator` withdraws an earlier proposal.
#[event]
pub struct CreatorProposed {
    pub mint: Pubkey,
    pub creator: Pubkey,
    pub pending_creator: Pubkey,
    pub timestamp: i64,
}

#[event]
pub struct CreatorChanged {
    pub mint: Pubkey,
    pub old_creator: Pubkey,
    pub new_creator: Pubkey,
    pub timestamp: i64,
}

/// `amount` base units were created after the launch; `minted` is the total so far.
#[event]
pub struct TokensMinted {
    pub mint: Pubkey,
    pub authority: Pubkey,
    pub amount: u64,
    pub minted: u64,
    pub timestamp: i64,
}

/// What the team had not earned was destroyed.
#[event]
pub struct TeamRevoked {
    pub mint: Pubkey,
    pub schedule: Pubkey,
    /// Base units.
    pub burned: u64,
    pub timestamp: i64,
}
