//! The rules of an opening where they meet accounts: found, checked against the buyer, booked.

use {
    super::trade::Trade,
    crate::{
        error::{Checked, CurveError},
        state::{Curve, CurveBytes, Ledger, OpeningRules, Position, Purchases, Terms},
    },
    anchor_lang::prelude::*,
    launchpad_common::account::{data_of, data_of_mut},
};

/// A buyer whom the rules bind and admit.
pub struct Admission {
    rules: OpeningRules,
    purchases: Purchases,
    elapsed: i64,
    slot: u64,
}

impl Admission {
    /// Refuses a trade that the rules do not admit, whatever its size.
    pub fn new(trade: &Trade, curve: &CurveBytes, ledger: &Ledger, clock: &Clock) -> Result<Self> {
        let rules = opening_rules(curve, trade.terms.as_ref().ok_or(CurveError::MissingTerms)?)?;
        let position = trade.position.as_ref().ok_or(CurveError::MissingPosition)?;
        // A buyer who forgot to open it hears so, instead of which program owns an empty account.
        require!(!position.data_is_empty(), CurveError::MissingPosition);
        let data = data_of::<Position>(position, &crate::ID)?;
        let purchases = Purchases::read(&data, trade.mint.key, trade.trader.key)?;
        let elapsed = clock.unix_timestamp.saturating_sub(ledger.opened_at);
        rules.require_admitted(&purchases, elapsed, clock.slot)?;
        Ok(Admission { rules, purchases, elapsed, slot: clock.slot })
    }

    /// Counts a buy of `base` units, or refuses it.
    pub fn count(&mut self, base: u64, sale_supply: u64) -> Checked<()> {
        self.purchases = self.purchases.after(base, self.slot)?;
        self.rules.require_room(self.purchases.bought, sale_supply, self.elapsed)
    }

    /// Books what was counted.
    pub fn store(&self, trade: &Trade) -> Result<()> {
        let position = trade.position.as_ref().ok_or(CurveError::MissingPosition)?;
        let mut data = data_of_mut::<Position>(position, &crate::ID)?;
        Ok(self.purchases.store(&mut data)?)
    }
}

/// A position that must belong to a sale, or to a wallet in it. Authentic by owner and
/// discriminator: this program creates each at its own address only.
pub trait OwnPosition {
    fn require_of_sale(&self, mint: &Pubkey) -> Checked<()>;
    fn require_of(&self, mint: &Pubkey, wallet: &Pubkey) -> Checked<()>;
}

impl OwnPosition for Position {
    fn require_of_sale(&self, mint: &Pubkey) -> Checked<()> {
        (self.mint == *mint).then_some(()).ok_or(CurveError::MissingPosition)
    }

    fn require_of(&self, mint: &Pubkey, wallet: &Pubkey) -> Checked<()> {
        self.require_of_sale(mint)?;
        (self.wallet == *wallet).then_some(()).ok_or(CurveError::MissingPosition)
    }
}

/// The mint of a curve, and whether rules of its opening still hold.
pub fn mint_with_rules(curve: &AccountInfo, now: i64) -> Result<(Pubkey, bool)> {
    let data = data_of::<Curve>(curve, &crate::ID)?;
    let bytes = CurveBytes::new(&data);
    Ok((bytes.mint()?, bytes.ledger()?.has_rules(now)))
}

/// The mint of a curve and the rules in its terms.
pub fn rules_of(curve: &AccountInfo, terms: &AccountInfo) -> Result<(Pubkey, OpeningRules)> {
    let data = data_of::<Curve>(curve, &crate::ID)?;
    let bytes = CurveBytes::new(&data);
    Ok((bytes.mint()?, opening_rules(&bytes, terms)?))
}

fn opening_rules(curve: &CurveBytes, terms: &AccountInfo) -> Result<OpeningRules> {
    require!(curve.has_terms(terms.key), CurveError::MissingTerms);
    Terms::opening_of(&data_of::<Terms>(terms, &crate::ID)?)
}
