use {crate::state::Portion, anchor_lang::prelude::*};

/// Where collected lamports came from. The order is published.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncomeSource {
    Curve,
    Pool,
    Wrapped,
}

/// A router exists; it earns for nobody until its first shares are applied.
#[event]
pub struct RouterCreated {
    pub router: Pubkey,
    pub creator: Pubkey,
    pub owner: Pubkey,
    pub index: u16,
    pub delay_seconds: u32,
    pub fixed: bool,
    pub timestamp: i64,
}

/// These shares may be applied from `effective_at` on; until then the old ones hold.
#[event]
pub struct SharesProposed {
    pub router: Pubkey,
    pub shares: Vec<Portion>,
    pub effective_at: i64,
    pub timestamp: i64,
}

/// The shares that were being written or waiting are gone.
#[event]
pub struct ProposalCancelled {
    pub router: Pubkey,
    pub timestamp: i64,
}

/// These shares hold for all income beyond `income`, the lamports received so far. The first shares of a
/// router (`first`) hold for what came before them too.
#[event]
pub struct SharesApplied {
    pub router: Pubkey,
    pub shares: Vec<Portion>,
    pub first: bool,
    pub income: u64,
    pub timestamp: i64,
}

/// The shares can never change again, and no token can leave.
#[event]
pub struct SharesWereFixed {
    pub router: Pubkey,
    pub timestamp: i64,
}

/// The router is the creator of a token. Its curve's unclaimed fees are the router's.
#[event]
pub struct TokenAdopted {
    pub router: Pubkey,
    pub mint: Pubkey,
    pub timestamp: i64,
}

/// Creator fees reached the router. `mint` is wrapped SOL where no token is behind them; `origin` the curve,
/// pool or token account; `income` all lamports ever received, these included.
#[event]
pub struct FeesCollected {
    pub router: Pubkey,
    pub mint: Pubkey,
    pub source: IncomeSource,
    pub origin: Pubkey,
    pub amount: u64,
    pub income: u64,
    pub timestamp: i64,
}

/// Lamports that somebody sent to the router were noticed.
#[event]
pub struct LamportsReceived {
    pub router: Pubkey,
    pub amount: u64,
    pub income: u64,
    pub timestamp: i64,
}

/// A recipient was paid; `paid` is what all recipients got so far, `income` what the router received.
#[event]
pub struct SharePaid {
    pub router: Pubkey,
    pub recipient: Pubkey,
    pub amount: u64,
    pub paid: u64,
    pub income: u64,
    pub timestamp: i64,
}

/// From `effective_at` on a token can be offered to `new_creator`; the default address takes an offer back.
#[event]
pub struct ReleaseProposed {
    pub router: Pubkey,
    pub mint: Pubkey,
    pub new_creator: Pubkey,
    pub effective_at: i64,
    pub timestamp: i64,
}

#[event]
pub struct ReleaseCancelled {
    pub router: Pubkey,
    pub mint: Pubkey,
    pub timestamp: i64,
}

/// A token was offered to `new_creator`, who becomes its creator by accepting at the launcher.
#[event]
pub struct TokenReleased {
    pub router: Pubkey,
    pub mint: Pubkey,
    pub new_creator: Pubkey,
    pub timestamp: i64,
}

/// The default address as `pending_owner` withdraws an earlier proposal.
#[event]
pub struct OwnerProposed {
    pub router: Pubkey,
    pub owner: Pubkey,
    pub pending_owner: Pubkey,
    pub timestamp: i64,
}

#[event]
pub struct OwnerChanged {
    pub router: Pubkey,
    pub old_owner: Pubkey,
    pub new_owner: Pubkey,
    pub timestamp: i64,
}
