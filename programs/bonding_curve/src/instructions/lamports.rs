use {crate::error::CurveError, anchor_lang::prelude::*, launchpad_common::SafeMath};

/// Takes lamports out of an account of this program and puts them on another
/// writable account. The runtime refuses to take what this program does not own.
pub fn pay_out(from: &AccountInfo, to: &AccountInfo, amount: u64) -> Result<()> {
    let left = from.lamports().safe_sub(amount).map_err(CurveError::from)?;
    **from.try_borrow_mut_lamports()? = left;
    // Read after the debit: the two may be one account.
    let grown = to.lamports().safe_add(amount).map_err(CurveError::from)?;
    **to.try_borrow_mut_lamports()? = grown;
    Ok(())
}
