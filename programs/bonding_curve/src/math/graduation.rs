//! What a sold-out curve leaves for its pool.

use {
    super::SegmentList,
    crate::error::{Checked, CurveError},
    launchpad_common::{bps::share_floor, mul_div_floor},
};

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

#[cfg(test)]
mod tests {
    use {super::*, crate::state::Segment, proptest::prelude::*};

    const CLASSIC: Segment = Segment {
        base_reserve: 1_073_000_000_000_000_000,
        quote_reserve: 30_000_000_000,
        base_for_sale: 793_100_000_000_000_000,
    };

    #[test]
    fn the_classic_raise_fits_the_classic_liquidity() {
        let base = base_at_end_price([CLASSIC].as_slice(), 85_005_359_057).unwrap();
        assert_eq!(base, 206_886_011_183_720_554);
        assert!(base <= 206_900_000_000_000_000);
    }

    proptest! {
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
