//! 64 x 64 -> 128 bit products and 128 / 64 -> 64 bit quotients.
//!
//! On chain a `u128` division is a library call of many hundred instructions.
//! A quotient that fits 64 bits needs two hardware divisions (long division in
//! digits of 32 bits; D. Knuth, TAOCP vol. 2, 4.3.1, algorithm D), which is what
//! [`div_floor`] does. The tests compare it with `u128` arithmetic.

// Every divisor is checked to be above zero before it is used.
#![allow(clippy::arithmetic_side_effects)]

use crate::math::Overflow;

const HALF: u32 = 32;
const LOW: u64 = 0xffff_ffff;

/// `a * b / d` rounded down. Fails when `d` is 0 or the quotient exceeds 64 bits.
#[track_caller]
pub fn mul_div_floor(a: u64, b: u64, d: u64) -> Result<u64, Overflow> {
    div_floor(product(a, b), d)
}

/// `a * b / d` rounded up. Fails when `d` is 0 or the quotient exceeds 64 bits.
#[track_caller]
pub fn mul_div_ceil(a: u64, b: u64, d: u64) -> Result<u64, Overflow> {
    div_ceil(product(a, b), d)
}

/// The full product; never fails.
#[inline(always)]
pub fn product(a: u64, b: u64) -> u128 {
    // 64 x 64 bits always fit 128.
    u128::from(a).wrapping_mul(u128::from(b))
}

/// `n / d` rounded down. Fails when `d` is 0 or the quotient exceeds 64 bits.
#[track_caller]
pub fn div_floor(n: u128, d: u64) -> Result<u64, Overflow> {
    match divide(n, d) {
        Some((quotient, _)) => Ok(quotient),
        None => Err(Overflow::here()),
    }
}

/// `n / d` rounded up. Fails when `d` is 0 or the quotient exceeds 64 bits.
#[track_caller]
pub fn div_ceil(n: u128, d: u64) -> Result<u64, Overflow> {
    match divide(n, d) {
        Some((quotient, 0)) => Ok(quotient),
        Some((u64::MAX, _)) | None => Err(Overflow::here()),
        Some((quotient, _)) => Ok(quotient.wrapping_add(1)),
    }
}

/// Quotient and remainder, or `None` when `d` is 0 or the quotient exceeds 64 bits.
#[allow(clippy::cast_possible_truncation)] // The two halves of n are taken apart on purpose.
fn divide(n: u128, d: u64) -> Option<(u64, u64)> {
    let (high, low) = ((n >> 64) as u64, n as u64);
    if high >= d {
        return None;
    }
    if high == 0 {
        return Some((low.wrapping_div(d), low.wrapping_rem(d)));
    }
    // Normalised, the divisor's top bit is set and each digit's estimate is at most 2 too large.
    let shift = d.leading_zeros();
    let d = d.wrapping_shl(shift);
    let (high, low) = if shift == 0 {
        (high, low)
    } else {
        let carried = low.wrapping_shr(64u32.wrapping_sub(shift));
        (high.wrapping_shl(shift) | carried, low.wrapping_shl(shift))
    };
    let (first, rest) = digit(high, low >> HALF, d);
    let (second, rest) = digit(rest, low & LOW, d);
    Some(((first << HALF) | second, rest.wrapping_shr(shift)))
}

/// One 32-bit quotient digit of `(high << 32 | next) / d` and the remainder,
/// for `high < d` and `d` with its top bit set.
#[inline(always)]
fn digit(high: u64, next: u64, d: u64) -> (u64, u64) {
    let (d_high, d_low) = (d >> HALF, d & LOW);
    let mut quotient = high.wrapping_div(d_high);
    let mut rest = high.wrapping_sub(quotient.wrapping_mul(d_high));
    while quotient > LOW || quotient.wrapping_mul(d_low) > ((rest << HALF) | next) {
        quotient = quotient.wrapping_sub(1);
        rest = rest.wrapping_add(d_high);
        if rest > LOW {
            break;
        }
    }
    // The true remainder is below d, so wrapping cancels out.
    let remainder = ((high << HALF) | next).wrapping_sub(quotient.wrapping_mul(d));
    (quotient, remainder)
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    fn reference(n: u128, d: u64) -> Option<(u64, u64)> {
        let quotient = n.checked_div(d.into())?;
        Some((u64::try_from(quotient).ok()?, u64::try_from(n % u128::from(d)).ok()?))
    }

    /// Numbers of every magnitude, with the edges where digits carry.
    fn edgy() -> impl Strategy<Value = u64> {
        prop_oneof![
            any::<u64>(),
            (0u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift),
            (0u32..64).prop_map(|shift| 1u64 << shift),
            (0u32..64).prop_map(|shift| u64::MAX >> shift),
            (0u32..64).prop_map(|shift| u64::MAX << shift),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn quotients_agree_with_u128(high in edgy(), low in edgy(), d in edgy()) {
            let n = (u128::from(high) << 64) | u128::from(low);
            prop_assert_eq!(divide(n, d), reference(n, d));
        }

        #[test]
        fn rounding_differs_only_where_there_is_a_remainder(a in edgy(), b in edgy(), d in edgy()) {
            let exact = u128::from(a) * u128::from(b);
            match (mul_div_floor(a, b, d), mul_div_ceil(a, b, d)) {
                (Ok(floor), Ok(ceil)) => {
                    prop_assert_eq!(u128::from(ceil - floor), u128::from(exact % u128::from(d) != 0));
                    prop_assert_eq!(u128::from(floor), exact / u128::from(d));
                }
                (Ok(floor), Err(_)) => prop_assert_eq!(floor, u64::MAX),
                (Err(_), ceil) => {
                    prop_assert_eq!(ceil, Err(Overflow));
                    prop_assert!(d == 0 || exact / u128::from(d) > u128::from(u64::MAX));
                }
            }
        }
    }

    #[test]
    fn the_largest_quotient_cannot_be_rounded_up() {
        assert_eq!(div_ceil(u128::from(u64::MAX), 1), Ok(u64::MAX));
        assert_eq!(div_ceil((u128::from(u64::MAX) << 1) + 1, 2), Err(Overflow));
    }
}
