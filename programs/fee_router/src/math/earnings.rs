//! What a share of income is worth: exact, in lamports and ten-thousandths of one.

use launchpad_common::{bps::BPS_ONE, Overflow, SafeMath};

const ONE: u64 = BPS_ONE as u64;

/// Whole lamports, and ten-thousandths below one lamport that wait for company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earned {
    pub whole: u64,
    pub fraction: u16,
}

impl Earned {
    /// With the `bps` part of `income` lamports added. Nothing is rounded: what is no whole lamport stays in
    /// `fraction`, so the order and number of additions change nothing.
    ///
    /// # Errors
    /// [`Overflow`] when `bps` is more than the whole, or the sum exceeds 64 bits.
    pub fn with_part_of(self, income: u64, bps: u16) -> Result<Self, Overflow> {
        if bps > BPS_ONE {
            return Err(Overflow::here());
        }
        let bps = u64::from(bps);
        // Taken apart so that 64 bits suffice: the second product is below 10^8.
        let lamports = income.safe_div(ONE)?.safe_mul(bps)?;
        let rest = income.wrapping_rem(ONE).safe_mul(bps)?;
        self.plus(lamports, rest)
    }

    /// With another's fraction of a lamport added.
    ///
    /// # Errors
    /// [`Overflow`] when the sum exceeds 64 bits.
    pub fn with_fraction(self, fraction: u16) -> Result<Self, Overflow> {
        self.plus(0, fraction.into())
    }

    /// `lamports` and `rest` ten-thousandths more.
    fn plus(self, lamports: u64, rest: u64) -> Result<Self, Overflow> {
        let rest = rest.safe_add(self.fraction.into())?;
        let whole = self.whole.safe_add(lamports)?.safe_add(rest.safe_div(ONE)?)?;
        let fraction = u16::try_from(rest.wrapping_rem(ONE)).map_err(|_| Overflow::here())?;
        Ok(Self { whole, fraction })
    }
}

#[cfg(test)]
mod tests;
