//! Prices summed over time, for averages that one transaction cannot move.
//!
//! A sum grows by `price * seconds`, where the price is the quotient of the
//! reserves that the pool's last instruction left, in fixed point with 64 binary
//! digits (Q64.64, rounded down). The average between two readings is
//! `(later - earlier) / seconds / 2^64`. A price has 128 bits and a time 63, so
//! 192 bits never overflow and no reader has to mind wrapping.

use {
    crate::{error::Checked, math::Reserves},
    launchpad_common::{div_floor, mul_div_floor, wide::product},
};

/// An unsigned integer of 192 bits, least significant 64 first.
pub type Cumulative = [u64; 3];

/// `numerator / denominator` in Q64.64, rounded down.
///
/// # Errors
/// `Overflow` when the denominator is zero.
pub fn ratio(numerator: u64, denominator: u64) -> Checked<u128> {
    // Long division in digits of 64 bits: a remainder is below the denominator.
    let whole = div_floor(numerator.into(), denominator)?;
    let rest = numerator.wrapping_sub(whole.wrapping_mul(denominator));
    let fraction = div_floor(u128::from(rest) << 64, denominator)?;
    Ok((u128::from(whole) << 64) | u128::from(fraction))
}

/// The sum after `price` stood for `seconds` more.
#[allow(clippy::cast_possible_truncation)] // Numbers are taken apart into 64-bit digits on purpose.
pub fn accumulate(sum: Cumulative, price: u128, seconds: u64) -> Cumulative {
    let low = product(price as u64, seconds);
    let high = product((price >> 64) as u64, seconds);
    let first = u128::from(sum[0]).wrapping_add(u128::from(low as u64));
    let second = u128::from(sum[1])
        .wrapping_add(low >> 64)
        .wrapping_add(u128::from(high as u64))
        .wrapping_add(first >> 64);
    let third = u128::from(sum[2]).wrapping_add(high >> 64).wrapping_add(second >> 64);
    [first as u64, second as u64, third as u64]
}

/// What `supply` base units are worth at the reserves' price, in quote units
/// rounded down; the largest number where that leaves 64 bits.
pub fn market_cap(supply: u64, reserves: Reserves) -> u64 {
    mul_div_floor(supply, reserves.quote, reserves.base).unwrap_or(u64::MAX)
}
