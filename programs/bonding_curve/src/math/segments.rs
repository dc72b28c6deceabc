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

/// Segments wherever they lie: unpacked, or in an account's bytes.
pub trait SegmentList: Copy {
    /// How many there are.
    fn count(&self) -> usize;
    /// The segment at `index`, counted from 0.
    fn at(&self, index: usize) -> Option<Segment>;
}

impl SegmentList for &[Segment] {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Option<Segment> {
        self.get(index).copied()
    }
}

/// The segments one after the other, with what the earlier ones sold and raised.
struct Walk<S> {
    segments: S,
    index: usize,
    segment: Segment,
    sold_before: u64,
    reserve_before: u64,
}

impl<S: SegmentList> Walk<S> {
    fn start(segments: S) -> Checked<Self> {
        let segment = segments.at(0).ok_or(CurveError::InvalidSegments)?;
        Ok(Walk { segments, index: 0, segment, sold_before: 0, reserve_before: 0 })
    }

    fn is_last(&self) -> bool {
        self.index.saturating_add(1) >= self.segments.count()
    }

    /// Steps over this segment, which raises `raise` lamports.
    fn advance(&mut self, raise: u64) -> Checked<()> {
        self.index = self.index.saturating_add(1);
        self.sold_before = self.sold_before.safe_add(self.segment.base_for_sale)?;
        self.reserve_before = self.reserve_before.safe_add(raise)?;
        self.segment = self.segments.at(self.index).ok_or(CurveError::InvalidSegments)?;
        Ok(())
    }

    /// The place when `sold` units of this segment are gone.
    fn place(&self, sold: u64) -> Checked<Place> {
        if sold > self.segment.base_for_sale {
            return Err(Overflow::here().into());
        }
        let (virtual_base, virtual_quote) = self.segment.quote_after(sold)?;
        let raised = virtual_quote.safe_sub(self.segment.quote_reserve)?;
        Ok(Place {
            segment: u8::try_from(self.index).map_err(|_| CurveError::InvalidSegments)?,
            virtual_base,
            virtual_quote,
            reserve: self.reserve_before.safe_add(raised)?,
        })
    }
}

/// The place after `sold` units: `F` rounded up.
///
/// # Errors
/// `Overflow` when more is sold than the segments have.
pub fn place_of(segments: impl SegmentList, sold: u64) -> Checked<Place> {
    let mut walk = Walk::start(segments)?;
    loop {
        let left = sold.safe_sub(walk.sold_before)?;
        if walk.is_last() || left < walk.segment.base_for_sale {
            return walk.place(left);
        }
        walk.advance(walk.segment.raise()?)?;
    }
}

/// The most units that can be sold while `F` is at most `reserve`, and the place
/// after them: rounded down, the exact inverse of [`place_of`].
pub fn sold_within(segments: impl SegmentList, reserve: u64) -> Checked<(u64, Place)> {
    let mut walk = Walk::start(segments)?;
    loop {
        let left = reserve.safe_sub(walk.reserve_before)?;
        let raise = if walk.is_last() { u64::MAX } else { walk.segment.raise()? };
        if walk.is_last() || left < raise {
            let sold = walk.segment.sold_within(left)?;
            return Ok((walk.sold_before.safe_add(sold)?, walk.place(sold)?));
        }
        walk.advance(raise)?;
    }
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

/// Units sold by all segments.
pub fn base_for_sale(segments: &[Segment]) -> Result<u64, Overflow> {
    segments.iter().try_fold(0u64, |sum, segment| sum.safe_add(segment.base_for_sale))
}

/// Units sold and lamports raised by all segments.
fn totals(segments: &[Segment]) -> Checked<(u64, u64)> {
    let raise = segments.iter().try_fold(0u64, |sum, segment| sum.safe_add(segment.raise()?))?;
    Ok((base_for_sale(segments)?, raise))
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

    /// Virtual base and lamports, rounded up, behind the last unit: their quotient is the last price.
    pub fn end(&self) -> Result<(u64, u64), Overflow> {
        self.quote_after(self.base_for_sale)
    }

    /// Lamports from start to end, rounded up.
    fn raise(&self) -> Result<u64, Overflow> {
        let (_, quote) = self.quote_after(self.base_for_sale)?;
        quote.safe_sub(self.quote_reserve)
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
