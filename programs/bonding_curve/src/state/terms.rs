use {
    super::LaunchFee,
    crate::{
        constants::*,
        error::{Checked, CurveError},
    },
    anchor_lang::prelude::*,
    launchpad_common::bps::BPS_ONE,
};

/// What a sale promises beside its prices. Readable by everybody before the first
/// trade, and never changed.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct SaleTerms {
    /// What buys pay besides, counted from the opening; all zero where there is none.
    pub launch_fee: LaunchFee,
    pub opening: OpeningRules,
    pub graduation: GraduationTerms,
    /// Begins with one price for all instead of a race.
    pub batch: Option<BatchTerms>,
}

/// Who may buy how much soon after the opening.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct OpeningRules {
    /// Seconds in which the next two hold; 0 where neither does.
    pub window_seconds: u32,
    /// Most that one wallet buys, in basis points of the sale supply, rounded down; 0 for any amount.
    pub wallet_cap_bps: u16,
    pub one_buy_per_slot: bool,
    /// Who buys first.
    pub allowlist: Option<Allowlist>,
    /// Who buys next, beside them. Everybody does afterwards.
    pub holders: Option<HoldersTier>,
    /// Whether all this and the launch fee bind the opener's buy in the opening transaction too.
    pub binds_creator: bool,
}

/// Wallets named by a Merkle tree. A leaf is SHA-256 of a zero byte and the wallet, a
/// node of a one byte and its two children, the smaller first.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowlist {
    pub root: [u8; 32],
    pub seconds: u32,
}

/// Wallets that pledge some of another token for the time of the tiers.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldersTier {
    pub mint: Pubkey,
    /// Base units to pledge.
    pub minimum: u64,
    pub seconds: u32,
}

/// Where a pool opens.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub enum Venue {
    /// Our own pools.
    #[default]
    Amm,
    RaydiumCpSwap,
}

/// What becomes of the raise.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraduationTerms {
    pub venue: Venue,
    /// The part that becomes liquidity, in basis points.
    pub liquidity_bps: u16,
    /// After which the pool's shares are the creator's; 0 for never.
    pub liquidity_lock_seconds: u32,
    /// Who vests the rest.
    pub payout: Option<Payout>,
}

/// How the part of the raise that is not liquidity is paid, counted from graduation.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payout {
    pub team: Pubkey,
    pub treasury: Pubkey,
    /// The team's part, in basis points of the payout, rounded down; the rest is the treasury's.
    pub team_bps: u16,
    pub cliff_seconds: u32,
    pub duration_seconds: u32,
    pub period_seconds: u32,
}

/// A window of deposits that all buy at one price.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchTerms {
    /// Length of the window.
    pub seconds: u32,
    /// In which deposits can be taken back; at most `seconds`.
    pub withdraw_seconds: u32,
    /// Lamports below which the launch fails and every deposit is returned.
    pub minimum: u64,
    /// Most lamports of one wallet; 0 for any amount.
    pub max_deposit: u64,
}

/// [`SaleTerms`] that any number of sales name; PDA `["terms", hash]` with the SHA-256
/// of the terms as Borsh. Its address is its content, so it is written once, by
/// anybody, and never changes.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Terms {
    pub version: u8,
    pub bump: u8,
    pub sale: SaleTerms,
}

impl Default for GraduationTerms {
    fn default() -> Self {
        GraduationTerms {
            venue: Venue::Amm,
            liquidity_bps: BPS_ONE,
            liquidity_lock_seconds: 0,
            payout: None,
        }
    }
}

impl SaleTerms {
    /// Refuses what is outside of the caps, contradictory or without effect.
    pub fn validate(&self) -> Checked<()> {
        if self.launch_fee != LaunchFee::default() {
            self.launch_fee.validate()?;
        }
        self.opening.validate()?;
        self.graduation.validate()?;
        let Some(batch) = &self.batch else {
            return Ok(());
        };
        batch.validate()?;
        let plain = self.opening == OpeningRules::default();
        require_that(plain && self.launch_fee == LaunchFee::default())
    }

    /// The terms as Borsh; the SHA-256 of that is in the address of their account.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(SaleTerms::INIT_SPACE);
        self.serialize(&mut bytes)?;
        Ok(bytes)
    }
}

impl OpeningRules {
    fn validate(&self) -> Checked<()> {
        let limited = self.wallet_cap_bps > 0 || self.one_buy_per_slot;
        let tiers = self.tiers();
        require_that(
            limited == (self.window_seconds > 0)
                && self.wallet_cap_bps <= BPS_ONE
                && self.window_seconds <= MAX_OPENING_SECONDS
                && tiers.0.is_none_or(|seconds| seconds > 0)
                && tiers.1.is_none_or(|seconds| seconds > 0)
                && self.tier_seconds() <= MAX_OPENING_SECONDS
                && self.holders.is_none_or(|tier| tier.minimum > 0)
                && self.holders.is_none_or(|tier| tier.mint != Pubkey::default()),
        )
    }

    fn tiers(&self) -> (Option<u32>, Option<u32>) {
        (self.allowlist.map(|tier| tier.seconds), self.holders.map(|tier| tier.seconds))
    }

    /// Seconds before everybody may buy.
    pub fn tier_seconds(&self) -> u32 {
        let (allowlist, holders) = self.tiers();
        allowlist.unwrap_or_default().saturating_add(holders.unwrap_or_default())
    }

    /// Seconds in which any of the rules holds.
    pub fn seconds(&self) -> u32 {
        self.window_seconds.max(self.tier_seconds())
    }
}

impl GraduationTerms {
    fn validate(&self) -> Checked<()> {
        let lock = self.liquidity_lock_seconds;
        require_that(
            (MIN_LIQUIDITY_BPS..=BPS_ONE).contains(&self.liquidity_bps)
                && (lock == 0 || (MIN_LIQUIDITY_LOCK_SECONDS..=MAX_PAYOUT_SECONDS).contains(&lock))
                && self.payout.is_some() == (self.liquidity_bps < BPS_ONE)
                && self.payout.is_none_or(|payout| payout.is_sound()),
        )
    }
}

impl Payout {
    fn is_sound(&self) -> bool {
        let named = (self.team_bps == 0 || self.team != Pubkey::default())
            && (self.team_bps == BPS_ONE || self.treasury != Pubkey::default());
        named
            && self.team_bps <= BPS_ONE
            && self.cliff_seconds <= self.duration_seconds
            && (1..=MAX_PAYOUT_SECONDS).contains(&self.duration_seconds)
            && (1..=self.duration_seconds).contains(&self.period_seconds)
    }
}

impl BatchTerms {
    fn validate(&self) -> Checked<()> {
        require_that(
            (1..=MAX_BATCH_SECONDS).contains(&self.seconds)
                && self.withdraw_seconds <= self.seconds
                && self.minimum > 0,
        )
    }
}

impl Terms {
    /// Bytes of an account whose terms are `sale` bytes long, discriminator included.
    pub fn space(sale: usize) -> usize {
        const HEAD: usize = Terms::DISCRIMINATOR.len() + 2;
        HEAD.saturating_add(sale)
    }

    /// Accepts what [`SaleTerms::validate`] accepts.
    pub fn new(sale: SaleTerms, bump: u8) -> Checked<Self> {
        sale.validate()?;
        Ok(Terms { version: ACCOUNT_VERSION, bump, sale })
    }
}

fn require_that(holds: bool) -> Checked<()> {
    holds.then_some(()).ok_or(CurveError::InvalidTerms)
}

#[cfg(test)]
mod tests;
