use {
    crate::error::Checked,
    launchpad_common::{
        bps::{self, BPS_ONE},
        mul_div_ceil, SafeMath,
    },
};

/// Rates of one swap, in basis points of the quote amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRates {
    pub lp_bps: u16,
    pub protocol_bps: u16,
    pub creator_bps: u16,
}

/// What one swap pays, in quote units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// Stays in the reserves, with what rounding left over.
    pub lp: u64,
    pub protocol: u64,
    pub creator: u64,
}

impl FeeRates {
    /// All fees together are rounded up once, so that no order of rounding
    /// exceeds them; the protocol's and the creator's part are rounded down, and
    /// the rest belongs to the liquidity.
    pub fn on(&self, amount: u64) -> Checked<Fees> {
        let total = bps::share_ceil(amount, self.total()?)?;
        self.divide(amount, total)
    }

    /// The largest quote amount that, with its fees, is at most `quote_in`.
    pub fn largest_amount_within(&self, quote_in: u64) -> Checked<u64> {
        Ok(bps::net_of_surcharge_floor(quote_in, self.total()?)?)
    }

    /// The smallest quote amount that leaves `quote_out` after its fees.
    pub fn smallest_amount_leaving(&self, quote_out: u64) -> Checked<u64> {
        let kept = BPS_ONE.safe_sub(self.total()?)?;
        Ok(mul_div_ceil(quote_out, BPS_ONE.into(), kept.into())?)
    }

    /// The parts of `total`, which is at least the rounded fees on `amount`.
    pub fn divide(&self, amount: u64, total: u64) -> Checked<Fees> {
        let protocol = bps::share_floor(amount, self.protocol_bps)?;
        let creator = bps::share_floor(amount, self.creator_bps)?;
        Ok(Fees { lp: total.safe_sub(protocol)?.safe_sub(creator)?, protocol, creator })
    }

    fn total(&self) -> Checked<u16> {
        Ok(self.lp_bps.safe_add(self.protocol_bps)?.safe_add(self.creator_bps)?)
    }
}

impl Fees {
    /// All three, in quote units.
    pub fn total(&self) -> Checked<u64> {
        Ok(self.lp.safe_add(self.protocol)?.safe_add(self.creator)?)
    }
}
