//! Checked integer arithmetic.
//!
//! Every operation either returns the exact result or [`Overflow`], after
//! logging the caller's file and line. A program turns it into its own error
//! with `impl From<Overflow> for ItsError`, so that `?` is all a formula needs.

use {anchor_lang::prelude::msg, core::panic::Location};

/// A result that its type cannot hold, or a division by zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl Overflow {
    /// Logs the caller's location and returns the marker.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub fn here() -> Self {
        let at = Location::caller();
        msg!("arithmetic overflow at {}:{}", at.file(), at.line());
        Overflow
    }
}

/// Arithmetic that fails instead of wrapping.
pub trait SafeMath: Sized {
    /// `self + rhs`.
    #[track_caller]
    fn safe_add(self, rhs: Self) -> Result<Self, Overflow>;
    /// `self - rhs`.
    #[track_caller]
    fn safe_sub(self, rhs: Self) -> Result<Self, Overflow>;
    /// `self * rhs`.
    #[track_caller]
    fn safe_mul(self, rhs: Self) -> Result<Self, Overflow>;
    /// `self / rhs`, towards zero; a zero divisor is an overflow.
    #[track_caller]
    fn safe_div(self, rhs: Self) -> Result<Self, Overflow>;
}

macro_rules! impl_safe_math {
    ($($int:ty),+) => {$(
        impl SafeMath for $int {
            #[inline(always)]
            #[track_caller]
            fn safe_add(self, rhs: Self) -> Result<Self, Overflow> {
                match self.checked_add(rhs) {
                    Some(value) => Ok(value),
                    None => Err(Overflow::here()),
                }
            }

            #[inline(always)]
            #[track_caller]
            fn safe_sub(self, rhs: Self) -> Result<Self, Overflow> {
                match self.checked_sub(rhs) {
                    Some(value) => Ok(value),
                    None => Err(Overflow::here()),
                }
            }

            #[inline(always)]
            #[track_caller]
            fn safe_mul(self, rhs: Self) -> Result<Self, Overflow> {
                match self.checked_mul(rhs) {
                    Some(value) => Ok(value),
                    None => Err(Overflow::here()),
                }
            }

            #[inline(always)]
            #[track_caller]
            fn safe_div(self, rhs: Self) -> Result<Self, Overflow> {
                match self.checked_div(rhs) {
                    Some(value) => Ok(value),
                    None => Err(Overflow::here()),
                }
            }
        }
    )+};
}

impl_safe_math!(u16, u32, u64, u128, i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_results_pass_and_everything_else_is_an_overflow() {
        assert_eq!(u64::MAX.safe_add(0), Ok(u64::MAX));
        assert_eq!(u64::MAX.safe_add(1), Err(Overflow));
        assert_eq!(0u64.safe_sub(1), Err(Overflow));
        assert_eq!(7u16.safe_div(2), Ok(3));
        assert_eq!(7u32.safe_div(0), Err(Overflow));
        assert_eq!(u128::MAX.safe_mul(2), Err(Overflow));
        assert_eq!(i64::MIN.safe_sub(1), Err(Overflow));
        assert_eq!(i64::MIN.safe_div(-1), Err(Overflow));
    }
}
