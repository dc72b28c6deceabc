use {
    crate::{constants::*, error::RouterError},
    anchor_lang::prelude::*,
    launchpad_common::{bps::BPS_ONE, SafeMath},
};

/// A recipient and his part of the income.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    pub wallet: Pubkey,
    pub bps: u16,
}

/// The shares that come next. Seeds: `["proposal", router]`. Written in pieces, then proposed, then applied.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Proposal {
    pub version: u8,
    pub bump: u8,
    pub router: Pubkey,
    /// Paid the rent and gets it back.
    pub rent_payer: Pubkey,
    /// Unix seconds; 0 = still being written.
    pub effective_at: i64,
    /// Of the portions so far.
    pub total_bps: u16,
    pub reserved: [u8; 32],
    pub portions: Vec<Portion>,
}

impl Proposal {
    /// Bytes of an account with so many portions.
    pub fn space(portions: usize) -> usize {
        let fixed: usize = 8 + 1 + 1 + 32 + 32 + 8 + 2 + 32 + 4;
        fixed.saturating_add(portions.saturating_mul(Portion::INIT_SPACE))
    }

    /// Shares of which none is written.
    pub fn new(router: Pubkey, rent_payer: Pubkey, bump: u8) -> Self {
        Self {
            version: ACCOUNT_VERSION,
            bump,
            router,
            rent_payer,
            effective_at: 0,
            total_bps: 0,
            reserved: [0; 32],
            portions: Vec::new(),
        }
    }

    /// Adds portions behind those there are.
    pub fn append(&mut self, portions: &[Portion]) -> Result<()> {
        require!(!self.is_proposed(), RouterError::AlreadyProposed);
        let room = usize::from(MAX_RECIPIENTS).saturating_sub(self.portions.len());
        require!(portions.len() <= room, RouterError::TooManyRecipients);
        self.portions.reserve_exact(portions.len());
        for portion in portions {
            self.push(*portion)?;
        }
        self.invariant()
    }

    fn push(&mut self, portion: Portion) -> Result<()> {
        let nobody = portion.wallet == Pubkey::default() || portion.wallet == self.router;
        require!(!nobody, RouterError::InvalidRecipient);
        require!(portion.bps > 0, RouterError::InvalidShare);
        let ordered = self.portions.last().is_none_or(|last| last.wallet < portion.wallet);
        require!(ordered, RouterError::SharesUnordered);
        self.total_bps = self.total_bps.safe_add(portion.bps).map_err(RouterError::from)?;
        require!(self.total_bps <= BPS_ONE, RouterError::SharesIncomplete);
        self.portions.push(portion);
        Ok(())
    }

    /// Makes the portions so far the proposed shares.
    pub fn propose(&mut self, effective_at: i64) -> Result<()> {
        require!(!self.is_proposed(), RouterError::AlreadyProposed);
        require!(self.total_bps == BPS_ONE, RouterError::SharesIncomplete);
        self.effective_at = effective_at;
        self.invariant()
    }

    /// Refuses what is not proposed, or whose time has not come.
    pub fn require_effective(&self, now: i64) -> Result<()> {
        require!(self.is_proposed(), RouterError::NotProposed);
        require!(now >= self.effective_at, RouterError::TimeLocked);
        Ok(())
    }

    pub fn is_proposed(&self) -> bool {
        self.effective_at != 0
    }

    /// What every stored proposal satisfies.
    pub fn invariant(&self) -> Result<()> {
        let sound = self.version == ACCOUNT_VERSION
            && self.portions.len() <= usize::from(MAX_RECIPIENTS)
            && self.total_bps <= BPS_ONE
            && (!self.is_proposed() || self.total_bps == BPS_ONE);
        require!(sound, RouterError::InvariantViolated);
        Ok(())
    }
}
