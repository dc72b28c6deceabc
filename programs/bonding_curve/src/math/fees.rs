use {
    crate::error::Checked,
    launchpad_common::{bps, SafeMath},
};

/// Rates of one curve, in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRates {
    /// Of the curve amount.
    pub protocol_bps: u16,
    /// Of the curve amount.
    pub creator_bps: u16,
    /// Of the protocol's fee.
    pub referrer_share_bps: u16,
    /// Of the curve amount of a buy, at the moment of it.
    pub launch_bps: u16,
}

/// What one trade pays, in lamports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// Without the referrer's part.
    pub protocol: u64,
    pub creator: u64,
    /// Taken out of the protocol's fee; the trader pays the same with and without.
    pub referrer: u64,
    /// For the liquidity; buys alone pay it.
    pub launch: u64,
}

impl FeeRates {
    /// Fees on the curve amount of a buy: the protocol's, the creator's and the launch
    /// fee rounded up, the referrer's part of the first rounded down.
    pub fn on(&self, amount: u64, referred: bool) -> Checked<Fees> {
        let protocol = bps::share_ceil(amount, self.protocol_bps)?;
        let referrer =
            if referred { bps::share_floor(protocol, self.referrer_share_bps)? } else { 0 };
        Ok(Fees {
            protocol: protocol.safe_sub(referrer)?,
            creator: bps::share_ceil(amount, self.creator_bps)?,
            referrer,
            launch: bps::share_ceil(amount, self.launch_bps)?,
        })
    }

    /// The same rates without the launch fee, which sells do not pay.
    pub fn of_sell(&self) -> Self {
        FeeRates { launch_bps: 0, ..*self }
    }

    /// The largest curve amount that, with its fees, costs at most `quote_in`.
    ///
    /// The quotient is at most three too large, because each fee rounds up by less than one.
    pub fn largest_cost_within(&self, quote_in: u64) -> Checked<u64> {
        let surcharge = self.protocol_bps.safe_add(self.creator_bps)?.safe_add(self.launch_bps)?;
        let mut cost = bps::net_of_surcharge_floor(quote_in, surcharge)?;
        while !self.fits(cost, quote_in)? {
            cost = cost.safe_sub(1)?;
        }
        Ok(cost)
    }

    /// Whether `cost` with its fees is at most `quote_in`; a sum beyond 64 bits is not.
    fn fits(&self, cost: u64, quote_in: u64) -> Checked<bool> {
        let fees = self.on(cost, false)?.total()?;
        Ok(cost.checked_add(fees).is_some_and(|total| total <= quote_in))
    }
}

impl Fees {
    /// All four, in lamports.
    pub fn total(&self) -> Checked<u64> {
        let both = self.protocol.safe_add(self.referrer)?;
        Ok(both.safe_add(self.creator)?.safe_add(self.launch)?)
    }
}
