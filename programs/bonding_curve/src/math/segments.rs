//! The one arithmetic of every curve. With `s` units sold inside segment `i`,
//! of start `(x, y)`, and `S`, `F` the units and lamports of earlier segments,
//!
//! `F(s) = F + ceil(x * y / (x - (s - S))) - y`
//!
//! depends on `s` alone and never falls, so a round trip returns what it cost
//! and splitting a trade gains nothing.

use {
    crate::{
        constants::MAX_SEGMENTS,
        error::{Checked, CurveError},
        state::Segment,
    },
    launchpad_common::{mul_div_ceil, wide::product, Overflow, SafeMath},
};

/// Where a curve stands after some amount sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The segment that the next buy meets; the last one when all is sold.
    pub segment: u8,
    /// Base units left in that segment's virtual reserve.
    pub virtual_base: u64,
    /// Lamports in it, rounded up; with `virtual_base` the spot price.
    pub virtual_quote: u64,
    /// Lamports that the curve holds: `F`.
    pub reserve: u64,
}

/// The place after `sold` units: `F` rounded up.
///
/// # Errors
/// `Overflow` when more is sold than the segments have.
pub fn place_of(segments: &[Segment], sold: u64) -> Checked<Place> {
    let mut left = sold;
    let mut reserve = 0u64;
    let mut index = 0u8;
    let mut rest = segments;
    while let [segment, following @ ..] = rest {
        if left < segment.base_for_sale || following.is_empty() {
            return segment.place(index, left, reserve);
        }
        left = left.safe_sub(segment.base_for_sale)?;
        reserve = reserve.safe_add(segment.raise()?)?;
        index = index.saturating_add(1);
        rest = following;
    }
    Err(CurveError::InvalidSegments)
}

/// The most units that can be sold while `F` is at most `reserve`: rounded
/// down, the exact inverse of [`place_of`].
pub fn sold_within(segments: &[Segment], reserve: u64) -> Checked<u64> {
    let mut sold = 0u64;
    let mut left = reserve;
    let mut rest = segments;
    while let [segment, following @ ..] = rest {
        if following.is_empty() {
            return Ok(sold.safe_add(segment.sold_within(left)?)?);
        }
        let raise = segment.raise()?;
        if left < raise {
            return Ok(sold.safe_add(segment.sold_within(left)?)?);
        }
        left = left.safe_sub(raise)?;
        sold = sold.safe_add(segment.base_for_sale)?;
        rest = following;
    }
    Err(CurveError::InvalidSegments)
}

/// Accepts 1 to 32 segments that sell exactly `sale_supply`, each ending above
/// zero base, at prices that never fall from one to the next, and returns what
/// they raise in lamports.
///
/// # Errors
/// `InvalidSegments`, also where an amount leaves 64 bits.
pub fn validate(segments: &[Segment], sale_supply: u64) -> Checked<u64> {
    if segments.is_empty() || segments.len() > usize::from(MAX_SEGMENTS) {
        return Err(CurveError::InvalidSegments);
    }
    let rising = segments.windows(2).all(|pair| pair[0].ends_at_most_at_start_of(&pair[1]));
    let sound = segments.iter().all(Segment::is_sound);
    match totals(segments) {
        Ok((base, raise)) if sound && rising && base == sale_supply && raise > 0 => Ok(raise),
        _ => Err(CurveError::InvalidSegments),
    }
}

/// Units sold and lamports raised by all segments.
fn totals(segments: &[Segment]) -> Checked<(u64, u64)> {
    let mut base = 0u64;
    let mut raise = 0u64;
    for segment in segments {
        base = base.safe_add(segment.base_for_sale)?;
        raise = raise.safe_add(segment.raise()?)?;
    }
    Ok((base, raise))
}

impl Segment {
    /// Amounts above zero, and some virtual base left at the end.
    fn is_sound(&self) -> bool {
        self.base_for_sale > 0 && self.quote_reserve > 0 && self.base_reserve > self.base_for_sale
    }

    /// Virtual lamports, rounded up, when `sold` units of this segment are gone.
    fn quote_after(&self, sold: u64) -> Result<(u64, u64), Overflow> {
        let base = self.base_reserve.safe_sub(sold)?;
        Ok((base, mul_div_ceil(self.base_reserve, self.quote_reserve, base)?))
    }

    /// Lamports from start to end, rounded up.
    fn raise(&self) -> Result<u64, Overflow> {
        let (_, quote) = self.quote_after(self.base_for_sale)?;
        quote.safe_sub(self.quote_reserve)
    }

    fn place(&self, index: u8, sold: u64, before: u64) -> Checked<Place> {
        if sold > self.base_for_sale {
            return Err(Overflow::here().into());
        }
        let (virtual_base, virtual_quote) = self.quote_after(sold)?;
        Ok(Place {
            segment: index,
            virtual_base,
            virtual_quote,
            reserve: before.safe_add(virtual_quote.safe_sub(self.quote_reserve)?)?,
        })
    }

    /// Most units of this segment that cost at most `quote` lamports.
    fn sold_within(&self, quote: u64) -> Result<u64, Overflow> {
        let quote = self.quote_reserve.safe_add(quote)?;
        let base = mul_div_ceil(self.base_reserve, self.quote_reserve, quote)?;
        Ok(self.base_reserve.safe_sub(base)?.min(self.base_for_sale))
    }

    /// Whether the last price here, `k / end^2`, is at most the first one there,
    /// `y / x`; compared exactly as `k * x <= y * end^2` in 192 bits.
    fn ends_at_most_at_start_of(&self, next: &Segment) -> bool {
        let end = self.base_reserve.saturating_sub(self.base_for_sale);
        let k = product(self.base_reserve, self.quote_reserve);
        times(k, next.base_reserve) <= times(product(end, end), next.quote_reserve)
    }
}

/// `a * b` as 128 high and 64 low bits, which compare like the number itself.
#[allow(clippy::cast_possible_truncation)] // The halves of a and the low half of a product.
fn times(a: u128, b: u64) -> (u128, u64) {
    let low = product(a as u64, b);
    let high = product((a >> 64) as u64, b).wrapping_add(low >> 64);
    (high, low as u64)
}
