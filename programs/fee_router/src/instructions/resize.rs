//! Accounts of ours that grow.

use {anchor_lang::prelude::*, launchpad_common::lamports::transfer};

/// Brings an account to `space` bytes at least and its rent on it. `held` are the lamports on it that count
/// for rent; returns what was added to them. `payer` signed the transaction.
pub fn grow<'info>(
    account: &AccountInfo<'info>,
    space: usize,
    held: u64,
    payer: &AccountInfo<'info>,
) -> Result<u64> {
    if account.data_len() >= space {
        return Ok(0);
    }
    let missing = Rent::get()?.minimum_balance(space).saturating_sub(held);
    if missing > 0 {
        transfer(payer, account, missing)?;
    }
    account.resize(space)?;
    Ok(missing)
}
