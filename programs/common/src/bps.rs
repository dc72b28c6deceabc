//! Basis points: ten-thousandths of an amount, with the rounding in the name.

use crate::math::Overflow;

/// The whole, in basis points.
pub const BPS_ONE: u16 = 10_000;

const ONE: u64 = BPS_ONE as u64;

/// `floor(amount * bps / 10_000)`.
///
/// # Errors
/// [`Overflow`] when `bps` is more than the whole.
#[track_caller]
pub fn share_floor(amount: u64, bps: u16) -> Result<u64, Overflow> {
    let (whole, part) = split(amount, bps)?;
    Ok(whole.wrapping_add(part.wrapping_div(ONE)))
}

/// `ceil(amount * bps / 10_000)`.
///
/// # Errors
/// [`Overflow`] when `bps` is more than the whole.
#[track_caller]
pub fn share_ceil(amount: u64, bps: u16) -> Result<u64, Overflow> {
    let (whole, part) = split(amount, bps)?;
    Ok(whole.wrapping_add(part.div_ceil(ONE)))
}

/// The largest amount that might still leave room for `bps` on top of it:
/// `floor(total * 10_000 / (10_000 + bps))`.
///
/// # Errors
/// [`Overflow`] when `bps` is more than the whole.
#[track_caller]
#[allow(clippy::arithmetic_side_effects)] // The divisor is at least 10_000, the result at most total.
pub fn net_of_surcharge_floor(total: u64, bps: u16) -> Result<u64, Overflow> {
    if bps > BPS_ONE {
        return Err(Overflow::here());
    }
    let gross = ONE.wrapping_add(u64::from(bps));
    // Taken apart so that 64 bits suffice: total = q * gross + r, r < 20_000.
    let (quotient, rest) = (total / gross, total % gross);
    Ok(quotient * ONE + rest * ONE / gross)
}

/// `amount * bps` as whole units and a rest in ten-thousandths below `10_000 * bps`.
/// Neither can leave 64 bits while `bps` is at most the whole.
#[inline(always)]
#[track_caller]
fn split(amount: u64, bps: u16) -> Result<(u64, u64), Overflow> {
    if bps > BPS_ONE {
        return Err(Overflow::here());
    }
    let bps = u64::from(bps);
    Ok((amount.wrapping_div(ONE).wrapping_mul(bps), amount.wrapping_rem(ONE).wrapping_mul(bps)))
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    proptest! {
        #[test]
        fn shares_agree_with_u128(amount: u64, bps in 0..=BPS_ONE) {
            let exact = u128::from(amount) * u128::from(bps);
            prop_assert_eq!(u128::from(share_floor(amount, bps).unwrap()), exact / 10_000);
            prop_assert_eq!(u128::from(share_ceil(amount, bps).unwrap()), exact.div_ceil(10_000));
        }

        #[test]
        fn the_net_of_a_surcharge_agrees_with_u128(total: u64, bps in 0..=BPS_ONE) {
            let exact = u128::from(total) * 10_000 / (10_000 + u128::from(bps));
            prop_assert_eq!(u128::from(net_of_surcharge_floor(total, bps).unwrap()), exact);
        }
    }

    #[test]
    fn more_than_the_whole_is_refused() {
        assert_eq!(share_floor(1, 10_001), Err(Overflow));
        assert_eq!(share_ceil(1, 10_001), Err(Overflow));
        assert_eq!(net_of_surcharge_floor(1, 10_001), Err(Overflow));
    }
}
