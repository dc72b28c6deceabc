use {
    super::Share,
    crate::{constants::*, error::RouterError},
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

/// Terms of a new router. `index` tells routers of one creator apart; `fixed` makes the first shares the last.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouterArgs {
    pub index: u16,
    /// Between a proposal and its effect.
    pub delay_seconds: u32,
    pub fixed: bool,
}

/// Divides lamports among recipients by basis points. Seeds: `["router", creator, index]`. It is the creator
/// of tokens, signs for their fees, and holds what is not paid yet beside its own rent: every lamport that
/// arrives at its address is income. `entries` entries of `Share` (52 bytes each) follow.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Router {
    pub version: u8,
    pub bump: u8,
    /// Created the router; part of the address.
    pub creator: Pubkey,
    pub index: u16,
    /// Proposes shares and releases; changes in two steps.
    pub owner: Pubkey,
    /// Default = nobody proposed.
    pub pending_owner: Pubkey,
    pub delay_seconds: u32,
    /// The shares can never change, and no token can leave.
    pub fixed: bool,
    pub created_at: i64,
    /// Unix seconds of the shares that hold; 0 = none yet.
    pub applied_at: i64,
    /// Lamports of rent, which are nobody's income.
    pub deposit: u64,
    /// Lamports ever received, as far as noticed.
    pub income: u64,
    /// Lamports ever paid to recipients.
    pub paid: u64,
    /// Tokens adopted so far, also those that left.
    pub adopted: u32,
    pub recipients: u16,
    /// Recipients, and those who left and are not paid yet.
    pub entries: u16,
    pub reserved: [u8; 64],
}

impl Router {
    /// Where the entries begin in the account's data.
    pub const TABLE: usize = 8 + Router::INIT_SPACE;

    /// Bytes of an account with so many entries.
    pub fn space(entries: usize) -> Result<usize> {
        let table = entries.checked_mul(Share::INIT_SPACE).ok_or(RouterError::Overflow)?;
        Ok(Self::TABLE.checked_add(table).ok_or(RouterError::Overflow)?)
    }

    /// A router without recipients.
    pub fn new(args: &RouterArgs, creator: Pubkey, deposit: u64, bump: u8, now: i64) -> Self {
        Self {
            version: ACCOUNT_VERSION,
            bump,
            creator,
            index: args.index,
            owner: creator,
            pending_owner: Pubkey::default(),
            delay_seconds: args.delay_seconds,
            fixed: args.fixed,
            created_at: now,
            applied_at: 0,
            deposit,
            income: 0,
            paid: 0,
            adopted: 0,
            recipients: 0,
            entries: 0,
            reserved: [0; 64],
        }
    }

    /// Notices all income there is, and tells how much of it is new. `lamports` is the account's balance.
    pub fn notice(&mut self, lamports: u64) -> Result<u64> {
        let held = lamports.safe_sub(self.deposit).map_err(RouterError::from)?;
        let income = held.safe_add(self.paid).map_err(RouterError::from)?;
        let new = income.safe_sub(self.income).map_err(RouterError::from)?;
        self.income = income;
        Ok(new)
    }

    /// When what is proposed now takes effect: the first shares at once, everything else after the time lock.
    pub fn effective_at(&self, now: i64) -> Result<i64> {
        let delay = if self.is_active() { i64::from(self.delay_seconds) } else { 0 };
        Ok(now.safe_add(delay).map_err(RouterError::from)?)
    }

    /// Whether it has recipients.
    pub fn is_active(&self) -> bool {
        self.applied_at != 0
    }

    /// Refuses every change of what is fixed; the first shares are none.
    pub fn require_open(&self) -> Result<()> {
        require!(!self.fixed || !self.is_active(), RouterError::SharesFixed);
        Ok(())
    }

    /// The entry at a place of the table, read from the account's data.
    pub fn entry(data: &[u8], at: u16) -> Result<Share> {
        let start = Self::space(at.into())?;
        let mut bytes = data.get(start..).ok_or(RouterError::InvariantViolated)?;
        Ok(Share::deserialize(&mut bytes)?)
    }

    /// Writes the entry at a place of the table.
    pub fn put_entry(data: &mut [u8], at: u16, entry: &Share) -> Result<()> {
        let start = Self::space(at.into())?;
        let mut bytes = data.get_mut(start..).ok_or(RouterError::InvariantViolated)?;
        Ok(entry.serialize(&mut bytes)?)
    }

    /// The place of a wallet's entry.
    pub fn find(&self, data: &[u8], wallet: &Pubkey) -> Result<u16> {
        let (mut low, mut high) = (0, self.entries);
        while low < high {
            let middle = low.midpoint(high);
            let start = Self::space(middle.into())?;
            let end = Self::space(usize::from(middle).saturating_add(1))?;
            let entry = data.get(start..end).ok_or(RouterError::InvariantViolated)?;
            match entry[..32].cmp(wallet.as_ref()) {
                core::cmp::Ordering::Equal => return Ok(middle),
                core::cmp::Ordering::Less => low = middle.saturating_add(1),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        err!(RouterError::NotRecipient)
    }

    /// Drops the entry of somebody who left and is paid; what he has less than a lamport passes to the first recipient.
    pub fn forget(&mut self, data: &mut [u8], at: u16) -> Result<()> {
        let gone = Self::entry(data, at)?;
        let (start, next) =
            (Self::space(at.into())?, Self::space(usize::from(at).saturating_add(1))?);
        let end = Self::space(self.entries.into())?;
        let last = end.checked_sub(Share::INIT_SPACE).ok_or(RouterError::InvariantViolated)?;
        data.copy_within(next..end, start);
        data[last..end].fill(0);
        self.entries = self.entries.safe_sub(1).map_err(RouterError::from)?;
        for place in 0..self.entries {
            let mut heir = Self::entry(data, place)?;
            if !heir.has_left() {
                heir.inherit(gone.fraction)?;
                return Self::put_entry(data, place, &heir);
            }
        }
        err!(RouterError::InvariantViolated)
    }

    /// Runs `call` with the seeds by which the router signs.
    pub fn sign<T>(&self, call: impl FnOnce(&[&[&[u8]]]) -> T) -> T {
        let index = self.index.to_le_bytes();
        let seeds: [&[u8]; 4] = [ROUTER_SEED, self.creator.as_ref(), &index, &[self.bump]];
        call(&[&seeds])
    }

    /// What every stored router satisfies; `lamports` is its balance.
    pub fn invariant(&self, lamports: u64) -> Result<()> {
        let held = self.income.safe_sub(self.paid).map_err(RouterError::from)?;
        let needed = self.deposit.safe_add(held).map_err(RouterError::from)?;
        let delays = MIN_DELAY_SECONDS..=MAX_DELAY_SECONDS;
        let sound = self.version == ACCOUNT_VERSION
            && lamports >= needed
            && delays.contains(&self.delay_seconds)
            && self.owner != Pubkey::default()
            && self.recipients <= MAX_RECIPIENTS
            && self.recipients <= self.entries
            && self.entries <= MAX_ENTRIES
            && self.is_active() == (self.recipients > 0);
        require!(sound, RouterError::InvariantViolated);
        Ok(())
    }
}
