//! Shares of a pool. What a depositor pays rounds up, what shares return rounds
//! down, so that the others' shares are never worth less.

use {
    crate::{
        constants::MINIMUM_LIQUIDITY,
        error::{AmmError, Checked},
        math::Reserves,
    },
    launchpad_common::{mul_div_ceil, mul_div_floor, SafeMath},
};

/// Shares of the first deposit, with those that nobody gets: `floor(sqrt(base * quote))`.
///
/// # Errors
/// `ZeroAmount`; `AmountTooSmall` when nothing is left above the locked minimum.
pub fn first_shares(deposit: Reserves) -> Checked<u64> {
    if deposit.base == 0 || deposit.quote == 0 {
        return Err(AmmError::ZeroAmount);
    }
    // The root of 128 bits has 64.
    let shares = u64::try_from(deposit.k().isqrt()).map_err(|_| AmmError::Overflow)?;
    if shares <= MINIMUM_LIQUIDITY {
        return Err(AmmError::AmountTooSmall);
    }
    Ok(shares)
}

/// The most shares, rounded down, that neither side of `most` falls short of.
///
/// # Errors
/// `ZeroAmount`; `AmountTooSmall` for less than one share.
pub fn shares_within(most: Reserves, reserves: Reserves, supply: u64) -> Checked<u64> {
    if most.base == 0 || most.quote == 0 {
        return Err(AmmError::ZeroAmount);
    }
    // A side that allows more shares than 64 bits count does not limit them.
    let by_base = mul_div_floor(most.base, supply, reserves.base).unwrap_or(u64::MAX);
    let by_quote = mul_div_floor(most.quote, supply, reserves.quote).unwrap_or(u64::MAX);
    match by_base.min(by_quote) {
        0 => Err(AmmError::AmountTooSmall),
        shares => Ok(shares),
    }
}

/// What new `shares` cost, rounded up on both sides; at most the `most` that they were found with.
pub fn cost_of(shares: u64, reserves: Reserves, supply: u64) -> Checked<Reserves> {
    Ok(Reserves {
        base: mul_div_ceil(shares, reserves.base, supply)?,
        quote: mul_div_ceil(shares, reserves.quote, supply)?,
    })
}

/// What `shares` return, rounded down on both sides.
///
/// # Errors
/// `ZeroAmount`; `InsufficientLiquidity` for more than all shares but the locked
/// minimum; `AmountTooSmall` when a side would return nothing.
pub fn worth_of(shares: u64, reserves: Reserves, supply: u64) -> Checked<Reserves> {
    if shares == 0 {
        return Err(AmmError::ZeroAmount);
    }
    if shares > supply.safe_sub(MINIMUM_LIQUIDITY)? {
        return Err(AmmError::InsufficientLiquidity);
    }
    let base = mul_div_floor(shares, reserves.base, supply)?;
    let quote = mul_div_floor(shares, reserves.quote, supply)?;
    if base == 0 || quote == 0 {
        return Err(AmmError::AmountTooSmall);
    }
    Ok(Reserves { base, quote })
}
