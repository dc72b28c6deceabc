//! What a trade costs or returns. A quote is computed in full before anything
//! is changed; instructions then only apply it.

use {
    crate::{
        error::{Checked, CurveError},
        math::{place_of, sold_within, FeeRates, Fees, Place, SegmentList},
    },
    launchpad_common::SafeMath,
};

/// A curve as the quote functions see it.
#[derive(Clone, Copy, Debug)]
pub struct Market<S> {
    pub segments: S,
    pub sale_supply: u64,
    /// `F(sale_supply)`, in lamports.
    pub raise_target: u64,
    pub sold: u64,
    /// `F(sold)`, in lamports.
    pub quote_reserve: u64,
    pub rates: FeeRates,
    /// Whether a referrer takes part of the protocol's fee.
    pub referred: bool,
}

/// A trade that has not happened yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Base units that change hands.
    pub base: u64,
    /// Lamports that the reserve gains or loses.
    pub amount: u64,
    pub fees: Fees,
    /// Lamports that the trader pays (amount and fees) or receives (amount less fees).
    pub total: u64,
    /// Where the curve stands afterwards.
    pub place: Place,
}

impl<S: SegmentList> Market<S> {
    /// The most base units whose cost with fees is at most `quote_in` lamports;
    /// charges exactly what they cost. Offered more than the rest of the curve
    /// costs, it sells the rest.
    ///
    /// # Errors
    /// `ZeroAmount`; `AmountTooSmall` when the money buys nothing.
    pub fn buy_exact_in(&self, quote_in: u64) -> Checked<Quote> {
        require_some(quote_in)?;
        let cost = self.rates.largest_cost_within(quote_in)?;
        // Beyond the target there is nothing to buy, so more money changes nothing.
        let reserve = self.quote_reserve.saturating_add(cost).min(self.raise_target);
        let (sold, place) = sold_within(self.segments, reserve)?;
        self.buy(sold.safe_sub(self.sold)?, place)
    }

    /// `base_out` units, or what is left if that is less, at their cost rounded
    /// up, plus fees.
    ///
    /// # Errors
    /// `ZeroAmount`; `AmountTooSmall` when so little is asked for that it would cost nothing.
    pub fn buy_exact_out(&self, base_out: u64) -> Checked<Quote> {
        require_some(base_out)?;
        let base = base_out.min(self.sale_supply.safe_sub(self.sold)?);
        self.buy(base, place_of(self.segments, self.sold.safe_add(base)?)?)
    }

    /// The lamports that `base_in` units return, rounded down, less fees.
    ///
    /// # Errors
    /// `ZeroAmount`; `InsufficientSold` for more than the curve has sold;
    /// `AmountTooSmall` when fees would leave nothing.
    pub fn sell(&self, base_in: u64) -> Checked<Quote> {
        require_some(base_in)?;
        if base_in > self.sold {
            return Err(CurveError::InsufficientSold);
        }
        let place = place_of(self.segments, self.sold.safe_sub(base_in)?)?;
        let amount = self.quote_reserve.safe_sub(place.reserve)?;
        let fees = self.rates.of_sell().on(amount, self.referred)?;
        match amount.checked_sub(fees.total()?) {
            None | Some(0) => Err(CurveError::AmountTooSmall),
            Some(total) => Ok(Quote { base: base_in, amount, fees, total, place }),
        }
    }

    fn buy(&self, base: u64, place: Place) -> Checked<Quote> {
        let sold = self.sold.safe_add(base)?;
        let amount = place.reserve.safe_sub(self.quote_reserve)?;
        // Rounding may have paid for the next few units already. Nobody gets
        // them for nothing, except as the very last ones: else the curve could not complete.
        if base == 0 || (amount == 0 && sold != self.sale_supply) {
            return Err(CurveError::AmountTooSmall);
        }
        let fees = self.rates.on(amount, self.referred)?;
        Ok(Quote { base, amount, fees, total: amount.safe_add(fees.total()?)?, place })
    }
}

fn require_some(amount: u64) -> Checked<()> {
    if amount == 0 {
        return Err(CurveError::ZeroAmount);
    }
    Ok(())
}
