//! What a swap costs or returns, by `base * quote = k`. Fees are always of the
//! quote side. Every rounding goes against the trader, so `k` never falls.

use {
    crate::{
        error::{AmmError, Checked},
        math::{FeeRates, Fees},
    },
    launchpad_common::{mul_div_ceil, mul_div_floor, wide::product, SafeMath},
};

/// What the liquidity consists of, in base units of the two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserves {
    pub base: u64,
    pub quote: u64,
}

/// A pool as the quote functions see it.
#[derive(Clone, Copy, Debug)]
pub struct Market {
    pub reserves: Reserves,
    pub rates: FeeRates,
}

/// A swap that has not happened yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Base units that enter or leave the vault.
    pub base: u64,
    /// Quote units that move along the curve.
    pub amount: u64,
    pub fees: Fees,
    /// Quote units that enter the vault (amount and fees) or leave it (amount less fees).
    pub total: u64,
}

impl Market {
    /// The most base units that exactly `quote_in`, fees included, pays for.
    ///
    /// # Errors
    /// `ZeroAmount`; `AmountTooSmall` when the money buys nothing.
    pub fn buy_exact_in(&self, quote_in: u64) -> Checked<Quote> {
        require_some(quote_in)?;
        let Reserves { base, quote } = self.reserves;
        let amount = self.rates.largest_amount_within(quote_in)?;
        let bought = mul_div_floor(base, amount, quote.safe_add(amount)?)?;
        if bought == 0 {
            return Err(AmmError::AmountTooSmall);
        }
        let fees = self.rates.divide(amount, quote_in.safe_sub(amount)?)?;
        Ok(Quote { base: bought, amount, fees, total: quote_in })
    }

    /// `base_out` units at their cost rounded up, plus fees.
    ///
    /// # Errors
    /// `ZeroAmount`; `InsufficientLiquidity` for the whole reserve or more.
    pub fn buy_exact_out(&self, base_out: u64) -> Checked<Quote> {
        require_some(base_out)?;
        let Reserves { base, quote } = self.reserves;
        let amount = mul_div_ceil(quote, base_out, left_of(base, base_out)?)?;
        let fees = self.rates.on(amount)?;
        Ok(Quote { base: base_out, amount, fees, total: amount.safe_add(fees.total()?)? })
    }

    /// What `base_in` units return, rounded down, less fees.
    ///
    /// # Errors
    /// `ZeroAmount`; `AmountTooSmall` when fees would leave nothing.
    pub fn sell_exact_in(&self, base_in: u64) -> Checked<Quote> {
        require_some(base_in)?;
        let Reserves { base, quote } = self.reserves;
        let amount = mul_div_floor(quote, base_in, base.safe_add(base_in)?)?;
        let fees = self.rates.on(amount)?;
        match amount.checked_sub(fees.total()?) {
            None | Some(0) => Err(AmmError::AmountTooSmall),
            Some(total) => Ok(Quote { base: base_in, amount, fees, total }),
        }
    }

    /// The base units, rounded up, that return `quote_out` after fees.
    ///
    /// # Errors
    /// `ZeroAmount`; `InsufficientLiquidity` when the reserve is smaller.
    pub fn sell_exact_out(&self, quote_out: u64) -> Checked<Quote> {
        require_some(quote_out)?;
        let Reserves { base, quote } = self.reserves;
        let amount = self.rates.smallest_amount_leaving(quote_out)?;
        let sold = mul_div_ceil(base, amount, left_of(quote, amount)?)?;
        let fees = self.rates.divide(amount, amount.safe_sub(quote_out)?)?;
        Ok(Quote { base: sold, amount, fees, total: quote_out })
    }
}

impl Reserves {
    /// The constant product.
    pub fn k(&self) -> u128 {
        product(self.base, self.quote)
    }

    /// The reserves after a buy or a sell.
    pub fn after(&self, quote: &Quote, is_buy: bool) -> Checked<Reserves> {
        let Quote { base, amount, fees, .. } = *quote;
        let kept = self.quote.safe_add(fees.lp)?;
        if is_buy {
            return Ok(Reserves { base: self.base.safe_sub(base)?, quote: kept.safe_add(amount)? });
        }
        Ok(Reserves { base: self.base.safe_add(base)?, quote: kept.safe_sub(amount)? })
    }
}

/// What is left when `taken` leaves a reserve; something always is.
fn left_of(reserve: u64, taken: u64) -> Checked<u64> {
    match reserve.checked_sub(taken) {
        None | Some(0) => Err(AmmError::InsufficientLiquidity),
        Some(left) => Ok(left),
    }
}

fn require_some(amount: u64) -> Checked<()> {
    if amount == 0 {
        return Err(AmmError::ZeroAmount);
    }
    Ok(())
}
