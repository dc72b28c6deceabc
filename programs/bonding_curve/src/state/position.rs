use anchor_lang::prelude::*;

/// What one wallet did while the opening rules of a sale hold; PDA
/// `["position", mint, wallet]`. Closed afterwards.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Position {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub wallet: Pubkey,
    /// Base units bought under the rules; selling does not lower it.
    pub bought: u64,
    /// Slot of the last buy; 0 before the first.
    pub last_slot: u64,
    /// Whether a proof led to the allowlist.
    pub allowlisted: bool,
    /// Base units of the community's token in the position's token account.
    pub pledged: u64,
    pub reserved: [u8; 32],
}

impl Position {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Position::DISCRIMINATOR.len() + Position::INIT_SPACE;
}
