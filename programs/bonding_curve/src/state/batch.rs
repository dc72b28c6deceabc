use {
    crate::{
        constants::*,
        error::{Checked, CurveError},
        math::{part_of, Market, Quote, SegmentList},
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

/// The deposits of a batch launch; PDA `["batch", mint]`. Holds their lamports above its rent.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Batch {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub status: BatchStatus,
    /// When the window ends; that second is after it.
    pub closes_at: i64,
    /// Until when deposits can be taken back; that second is too late.
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

    /// Refuses deposits from the end of the window on.
    pub fn require_taking(&self, now: i64) -> Checked<()> {
        match self.status {
            BatchStatus::Open if now < self.closes_at => Ok(()),
            BatchStatus::Open => Err(CurveError::DepositWindowClosed),
            BatchStatus::Settled | BatchStatus::Failed => Err(CurveError::NotDepositing),
        }
    }

    /// Refuses withdrawals between the time for them and the failure of the batch.
    pub fn require_giving_back(&self, now: i64) -> Checked<()> {
        match self.status {
            BatchStatus::Failed => Ok(()),
            BatchStatus::Open if now < self.withdraw_until => Ok(()),
            BatchStatus::Open if now >= self.closes_at => Err(CurveError::BatchNotSettled),
            BatchStatus::Open | BatchStatus::Settled => Err(CurveError::WithdrawWindowClosed),
        }
    }

    /// Refuses to settle before the end of the window, and twice.
    pub fn require_due(&self, now: i64) -> Checked<()> {
        match self.status {
            BatchStatus::Open if now < self.closes_at => Err(CurveError::BatchOpen),
            BatchStatus::Open => Ok(()),
            BatchStatus::Settled | BatchStatus::Failed => Err(CurveError::NotDepositing),
        }
    }

    /// Refuses claims of a batch that bought nothing, or nothing yet.
    pub fn require_settled(&self) -> Checked<()> {
        match self.status {
            BatchStatus::Settled => Ok(()),
            BatchStatus::Open => Err(CurveError::BatchNotSettled),
            BatchStatus::Failed => Err(CurveError::BatchFailed),
        }
    }

    /// Books lamports that come in.
    ///
    /// # Errors
    /// `DepositLimit` where the wallet would have more than `max_deposit`.
    pub fn put_in(&mut self, receipt: &mut Deposit, amount: u64) -> Checked<()> {
        receipt.amount = receipt.amount.safe_add(amount)?;
        self.deposits = self.deposits.safe_add(amount)?;
        if self.max_deposit > 0 && receipt.amount > self.max_deposit {
            return Err(CurveError::DepositLimit);
        }
        Ok(())
    }

    /// Books lamports that go back to who deposited them.
    pub fn take_back(&mut self, receipt: &mut Deposit, amount: u64) -> Checked<()> {
        receipt.amount = receipt.amount.safe_sub(amount)?;
        self.deposits = self.deposits.safe_sub(amount)?;
        Ok(())
    }

    /// The one buy for all deposits. None where they miss the minimum or buy nothing, and
    /// where the sale is `over` already and they would not sell it out: then everybody is
    /// better off with his whole deposit than with a refund less fees.
    pub fn purchase<S: SegmentList>(&self, market: &Market<S>, over: bool) -> Option<Quote> {
        if self.deposits < self.minimum {
            return None;
        }
        // Whatever a quote refuses must not keep the deposits for ever.
        let quote = market.buy_exact_in(self.deposits).ok()?;
        (!over || quote.base == market.sale_supply).then_some(quote)
    }

    /// Ends the window: with what was bought, or as failed.
    pub fn settle(&mut self, purchase: Option<&Quote>, now: i64) -> Checked<()> {
        self.settled_at = now;
        let Some(quote) = purchase else {
            self.status = BatchStatus::Failed;
            return Ok(());
        };
        self.status = BatchStatus::Settled;
        self.base_left = quote.base;
        self.refund_left = self.deposits.safe_sub(quote.total)?;
        Ok(())
    }

    /// Books the claim of a deposit; returns its base units and its refund in lamports.
    pub fn claim(&mut self, deposited: u64) -> Checked<(u64, u64)> {
        let base = part_of(self.base_left, deposited, self.deposits)?;
        let refund = part_of(self.refund_left, deposited, self.deposits)?;
        self.base_left = self.base_left.safe_sub(base)?;
        self.refund_left = self.refund_left.safe_sub(refund)?;
        self.deposits = self.deposits.safe_sub(deposited)?;
        Ok((base, refund))
    }

    /// What every stored batch satisfies; `lamports` is the account's whole balance.
    /// Anybody may send lamports here: they change nothing and are never paid out.
    pub fn invariant(&self, lamports: u64) -> Checked<()> {
        let open = self.status == BatchStatus::Open;
        let nothing_left = self.base_left == 0 && self.refund_left == 0;
        let (owed, in_its_stage) = match self.status {
            BatchStatus::Open | BatchStatus::Failed => (self.deposits, nothing_left),
            BatchStatus::Settled => (self.refund_left, self.deposits > 0 || nothing_left),
        };
        let sound = self.version == ACCOUNT_VERSION
            && in_its_stage
            && open == (self.settled_at == 0)
            && self.refund_left <= self.deposits
            && self.withdraw_until <= self.closes_at
            && lamports.saturating_sub(self.rent_reserve) >= owed;
        sound.then_some(()).ok_or(CurveError::InvariantViolated)
    }
}

impl Deposit {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Deposit::DISCRIMINATOR.len() + Deposit::INIT_SPACE;

    /// A receipt of nothing.
    pub fn new(mint: Pubkey, wallet: Pubkey, bump: u8) -> Self {
        Deposit { version: ACCOUNT_VERSION, bump, mint, wallet, amount: 0, reserved: [0; 32] }
    }

    /// What every stored receipt satisfies.
    pub fn invariant(&self) -> Checked<()> {
        let sound = self.version == ACCOUNT_VERSION && self.amount > 0;
        sound.then_some(()).ok_or(CurveError::InvariantViolated)
    }
}

#[cfg(test)]
mod tests;
