//! What the tokens of a failed sale are worth.

use {
    crate::error::{Checked, CurveError},
    launchpad_common::mul_div_floor,
};

/// The part of `quote_reserve` lamports that `base_in` of `sold` units get:
/// `floor(quote_reserve * base_in / sold)`. What rounding keeps back stays for
/// the others, so the last holder gets all that is left.
///
/// # Errors
/// `ZeroAmount`; `InsufficientSold` for more than was sold; `AmountTooSmall` for
/// units worth less than a lamport, which stay with their holder.
pub fn refund(quote_reserve: u64, sold: u64, base_in: u64) -> Checked<u64> {
    if base_in == 0 {
        return Err(CurveError::ZeroAmount);
    }
    if base_in > sold {
        return Err(CurveError::InsufficientSold);
    }
    match mul_div_floor(quote_reserve, base_in, sold)? {
        0 => Err(CurveError::AmountTooSmall),
        amount => Ok(amount),
    }
}
