use {
    super::{Portion, Router, Share},
    crate::{constants::MAX_ENTRIES, error::RouterError},
    anchor_lang::prelude::*,
    launchpad_common::{bps::BPS_ONE, SafeMath},
};

const ONE: u64 = BPS_ONE as u64;

/// A router's entries, taken out of its account to be changed together. Ordered by wallet.
#[derive(Debug, PartialEq, Eq)]
pub struct Table(pub Vec<Share>);

impl Table {
    /// The entries with room for as many more as a new set of shares can bring.
    pub fn read(router: &Router, data: &[u8]) -> Result<Self> {
        let mut entries = Vec::with_capacity(MAX_ENTRIES.into());
        for at in 0..router.entries {
            entries.push(Router::entry(data, at)?);
        }
        Ok(Self(entries))
    }

    /// Writes the entries back, and zeroes behind them.
    pub fn write(&self, data: &mut [u8]) -> Result<()> {
        let rest = data.get_mut(Router::TABLE..).ok_or(RouterError::InvariantViolated)?;
        let mut rest = &mut *rest;
        for entry in &self.0 {
            entry.serialize(&mut rest)?;
        }
        rest.fill(0);
        Ok(())
    }

    /// Settles everybody at `income`, then makes `portions` the shares. Who is not among them keeps what
    /// he earned. The first shares of all count from the router's first lamport on.
    pub fn replace(&mut self, portions: &[Portion], income: u64) -> Result<()> {
        let from = if self.0.is_empty() { 0 } else { income };
        for entry in &mut self.0 {
            entry.settle(income)?;
            entry.bps = 0;
        }
        let known = self.0.len();
        for portion in portions {
            match self.0[..known].binary_search_by(|entry| entry.wallet.cmp(&portion.wallet)) {
                Ok(at) => self.0[at].bps = portion.bps,
                Err(_) => self.add(portion, from)?,
            }
        }
        for entry in &mut self.0[known..] {
            entry.settle(income)?;
        }
        self.0.sort_unstable_by_key(|entry| entry.wallet);
        self.forget_paid()
    }

    /// What every table satisfies beside its router: 10 000 basis points, and every lamport that was
    /// received and not paid is owed to somebody.
    pub fn invariant(&self, router: &Router) -> Result<()> {
        let (mut bps, mut owed, mut fractions) = (0u64, 0u64, 0u64);
        for entry in &self.0 {
            bps = bps.safe_add(entry.bps.into()).map_err(RouterError::from)?;
            owed = owed.safe_add(entry.owed).map_err(RouterError::from)?;
            fractions = fractions.safe_add(entry.fraction.into()).map_err(RouterError::from)?;
        }
        let (whole, rest) = lamports_of(fractions)?;
        let held = router.income.safe_sub(router.paid).map_err(RouterError::from)?;
        let sound = bps == ONE
            && rest == 0
            && owed.checked_add(whole) == Some(held)
            && self.0.iter().all(|entry| entry.counted == router.income)
            && self.0.windows(2).all(|pair| pair[0].wallet < pair[1].wallet);
        require!(sound, RouterError::InvariantViolated);
        Ok(())
    }

    fn add(&mut self, portion: &Portion, counted: u64) -> Result<()> {
        require!(self.0.len() < usize::from(MAX_ENTRIES), RouterError::TooManyLeaving);
        let Portion { wallet, bps } = *portion;
        self.0.push(Share { wallet, bps, fraction: 0, counted, owed: 0 });
        Ok(())
    }

    /// Drops who left and is owed no whole lamport; the fractions pass to the first recipient.
    fn forget_paid(&mut self) -> Result<()> {
        let gone = |entry: &Share| entry.has_left() && entry.owed == 0;
        let left: u64 =
            self.0.iter().filter(|entry| gone(entry)).map(|entry| u64::from(entry.fraction)).sum();
        self.0.retain(|entry| !gone(entry));
        let heir = self.0.iter_mut().find(|entry| !entry.has_left());
        let heir = heir.ok_or(RouterError::InvariantViolated)?;
        let (whole, rest) = lamports_of(left)?;
        heir.owed = heir.owed.safe_add(whole).map_err(RouterError::from)?;
        heir.inherit(rest)
    }
}

/// Ten-thousandths of a lamport as whole ones and what is left.
fn lamports_of(fractions: u64) -> Result<(u64, u16)> {
    let whole = fractions.safe_div(ONE).map_err(RouterError::from)?;
    let rest = fractions.wrapping_rem(ONE);
    Ok((whole, u16::try_from(rest).map_err(|_| RouterError::Overflow)?))
}
