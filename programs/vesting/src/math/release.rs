//! How much of a schedule has vested: pure functions of its terms and the time.

use launchpad_common::{mul_div_floor, Overflow, SafeMath};

/// The terms of a release: `amount` base units, times in Unix seconds, `period` in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    pub amount: u64,
    pub start: i64,
    pub cliff: i64,
    pub end: i64,
    pub period: i64,
}

impl Release {
    /// Base units vested at `now`: nothing before the cliff, everything from the end on, between them
    /// `amount` in proportion to the whole periods since the start, rounded down.
    ///
    /// # Errors
    /// [`Overflow`] when the terms are no schedule: `period` below 1, or times that leave their range.
    pub fn vested(&self, now: i64) -> Result<u64, Overflow> {
        if now < self.cliff {
            return Ok(0);
        }
        if now >= self.end {
            return Ok(self.amount);
        }
        let elapsed = self.whole_periods(now)?;
        let duration = seconds_between(self.start, self.end)?;
        mul_div_floor(self.amount, elapsed, duration)
    }

    /// Base units the beneficiary may take at `now`, having taken `claimed` before; never below zero.
    ///
    /// # Errors
    /// Those of [`Release::vested`].
    pub fn claimable(&self, claimed: u64, now: i64) -> Result<u64, Overflow> {
        Ok(self.vested(now)?.saturating_sub(claimed))
    }

    /// Seconds in the whole periods between the start and `now`.
    fn whole_periods(&self, now: i64) -> Result<u64, Overflow> {
        // Unsigned, as the virtual machine has no signed division.
        let period = u64::try_from(self.period).map_err(|_| Overflow::here())?;
        seconds_between(self.start, now)?.safe_div(period)?.safe_mul(period)
    }
}

fn seconds_between(earlier: i64, later: i64) -> Result<u64, Overflow> {
    u64::try_from(later.safe_sub(earlier)?).map_err(|_| Overflow::here())
}

#[cfg(test)]
mod small_worlds;
#[cfg(test)]
mod tests;
