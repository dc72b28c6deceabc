use anchor_lang::prelude::*;

/// The deposits of a batch launch; PDA `["batch", mint]`. Holds their lamports above its rent.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Batch {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub status: BatchStatus,
    /// Last second of the window.
    pub closes_at: i64,
    /// Until when deposits can be taken back.
    pub withdraw_until: i64,
    /// Lamports below which the launch fails.
    pub minimum: u64,
    /// Most lamports of one wallet; 0 for any amount.
    pub max_deposit: u64,
    /// Lamports deposited and neither taken back nor claimed for.
    pub deposits: u64,
    /// Base units bought for them, not yet claimed.
    pub base_left: u64,
    /// Lamports that they did not need, not yet claimed.
    pub refund_left: u64,
    /// Lamports that keep this account alive.
    pub rent_reserve: u64,
    pub settled_at: i64,
    pub reserved: [u8; 64],
}

/// Life of a batch. Later stages are appended, never reordered.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStatus {
    /// Takes deposits.
    Open,
    /// Everybody has a part of what was bought.
    Settled,
    /// Everybody takes his deposit back.
    Failed,
}

/// One wallet's deposit; PDA `["deposit", mint, wallet]`. Closed when it is claimed or taken back.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Deposit {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub wallet: Pubkey,
    /// Lamports.
    pub amount: u64,
    pub reserved: [u8; 32],
}

impl Batch {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Batch::DISCRIMINATOR.len() + Batch::INIT_SPACE;
}

impl Deposit {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Deposit::DISCRIMINATOR.len() + Deposit::INIT_SPACE;
}
