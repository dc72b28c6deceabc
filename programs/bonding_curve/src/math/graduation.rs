//! What a sold-out curve leaves for its pool.

use {
    super::SegmentList,
    crate::{
        constants::GRADUATION_COST_PART,
        error::{Checked, CurveError},
    },
    amm::{constants::MINIMUM_LIQUIDITY, math::Reserves},
    launchpad_common::{bps::share_floor, mul_div_floor, SafeMath},
};

/// What a graduation divides, in lamports.
#[derive(Clone, Copy, Debug)]
pub struct Raise {
    pub raise: u64,
    /// For the liquidity alone.
    pub launch_fees: u64,
    /// The liquidity's part of the raise, in basis points.
    pub liquidity_bps: u16,
    /// The team's part of what is not liquidity.
    pub team_bps: u16,
}

/// A raise divided: together exactly the raise and the launch fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// The caller's, for the rent that he paid and for his trouble.
    pub reward: u64,
    /// The pool's.
    pub quote: u64,
    pub team: u64,
    pub treasury: u64,
}

impl Raise {
    /// Takes the reward, at most a tenth, from the raise and divides the rest: the
    /// liquidity's part and the team's are rounded down.
    pub fn divide(&self, reward: u64) -> Checked<Division> {
        let reward = reward.min(most_of(self.raise));
        let rest = self.raise.safe_sub(reward)?;
        let liquidity = share_of_raise(rest, self.liquidity_bps)?;
        let payout = rest.safe_sub(liquidity)?;
        let team = share_floor(payout, self.team_bps)?;
        Ok(Division {
            reward,
            quote: liquidity.safe_add(self.launch_fees)?,
            team,
            treasury: payout.safe_sub(team)?,
        })
    }
}

/// The most of `amount` that whoever graduates or releases gets for it.
pub fn most_of(amount: u64) -> u64 {
    amount.checked_div(GRADUATION_COST_PART).unwrap_or_default()
}

/// The part of `raise` lamports that `bps` basis points are, rounded down.
pub fn share_of_raise(raise: u64, bps: u16) -> Checked<u64> {
    Ok(share_floor(raise, bps)?)
}

/// Base units that stand against `quote` lamports at the curve's last price, rounded
/// down: a pool of the two opens at that price, or above it by less than one unit.
///
/// # Errors
/// `Overflow` where the amount leaves 64 bits; `InvalidSegments` without segments.
pub fn base_at_end_price(segments: impl SegmentList, quote: u64) -> Checked<u64> {
    let last = segments.count().checked_sub(1).and_then(|index| segments.at(index));
    let (base, end_quote) = last.ok_or(CurveError::InvalidSegments)?.end()?;
    Ok(mul_div_floor(quote, base, end_quote)?)
}

/// Base units for a pool of `quote` lamports: those of the last price, or all that was kept
/// where launch fees brought more than fits. Then the pool opens above that price.
pub fn base_for_pool(segments: impl SegmentList, quote: u64, kept: u64) -> Checked<u64> {
    match base_at_end_price(segments, quote) {
        Ok(base) => Ok(base.min(kept)),
        Err(CurveError::Overflow) => Ok(kept),
        Err(error) => Err(error),
    }
}

/// Refuses curves whose pool could not open: the tokens kept do not take the whole
/// liquidity at the last price, or what is left after the highest reward is next to nothing.
///
/// # Errors
/// `LiquidityShort`, `PoolTooSmall`.
pub fn require_pool(segments: impl SegmentList, raise: u64, bps: u16, kept: u64) -> Checked<()> {
    let most = base_at_end_price(segments, share_of_raise(raise, bps)?)?;
    if most > kept {
        return Err(CurveError::LiquidityShort);
    }
    let quote = share_of_raise(raise.safe_sub(most_of(raise))?, bps)?;
    let least = Reserves { base: base_at_end_price(segments, quote)?, quote };
    let shares = least.k().isqrt();
    if shares > MINIMUM_LIQUIDITY.into() {
        Ok(())
    } else {
        Err(CurveError::PoolTooSmall)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::state::Segment, proptest::prelude::*};

    const CLASSIC: Segment = Segment {
        base_reserve: 1_073_000_000_000_000_000,
        quote_reserve: 30_000_000_000,
        base_for_sale: 793_100_000_000_000_000,
    };
    const KEPT: u64 = 206_900_000_000_000_000;

    #[test]
    fn the_classic_raise_fits_the_classic_liquidity() {
        let base = base_at_end_price([CLASSIC].as_slice(), 85_005_359_057).unwrap();
        assert_eq!(base, 206_886_011_183_720_554);
        assert!(base <= KEPT);
    }

    #[test]
    fn a_pool_that_could_not_open_is_refused_at_the_opening() {
        let needs = |raise, kept| require_pool([CLASSIC].as_slice(), raise, 10_000, kept);
        assert_eq!(needs(85_005_359_057, KEPT), Ok(()));
        assert_eq!(needs(85_005_359_057, KEPT / 2), Err(CurveError::LiquidityShort));
        assert_eq!(needs(0, KEPT), Err(CurveError::PoolTooSmall));
        let dear = Segment { base_reserve: 2, quote_reserve: 1 << 40, base_for_sale: 1 };
        let found = require_pool([dear].as_slice(), 1 << 40, 10_000, 10);
        assert_eq!(found, Err(CurveError::PoolTooSmall), "no whole unit is left for the pool");
    }

    #[test]
    fn launch_fees_that_do_not_fit_raise_the_price_and_stop_nothing() {
        assert_eq!(base_for_pool([CLASSIC].as_slice(), 200_000_000_000, KEPT), Ok(KEPT));
        let cheap = Segment { base_reserve: u64::MAX, quote_reserve: 1, base_for_sale: 1 };
        assert_eq!(base_for_pool([cheap].as_slice(), u64::MAX, 7), Ok(7));
    }

    proptest! {
        #[test]
        fn a_raise_is_divided_to_the_lamport(
            raise: u64, fees in 0u64..1 << 60, liquidity_bps in 5_000u16..=10_000,
            team_bps in 0u16..=10_000, reward: u64,
        ) {
            let raise = raise / 2;
            let whole = Raise { raise, launch_fees: fees, liquidity_bps, team_bps };
            let found = whole.divide(reward).unwrap();
            let sum = found.reward + found.quote + found.team + found.treasury;
            prop_assert_eq!(sum, raise + fees);
            prop_assert!(found.reward <= raise / 10 && found.reward <= reward);
            prop_assert!(liquidity_bps < 10_000 || found.team + found.treasury == 0);
        }

        #[test]
        fn the_pool_never_opens_below_the_last_price(
            base in 2u64..1 << 40, quote in 1u64..1 << 40, part in 1u64..100, raise in 1u64..1 << 40,
        ) {
            let base_for_sale = (base / 100 * part).max(1);
            let segment = Segment { base_reserve: base, quote_reserve: quote, base_for_sale };
            let (end_base, end_quote) = segment.end().unwrap();
            if let Ok(found) = base_at_end_price([segment].as_slice(), raise) {
                let (found, raise) = (u128::from(found), u128::from(raise));
                let (end_base, end_quote) = (u128::from(end_base), u128::from(end_quote));
                prop_assert!(raise * end_base >= found * end_quote);
                prop_assert!(raise * end_base < (found + 1) * end_quote);
            }
        }
    }
}
