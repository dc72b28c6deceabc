use {
    crate::error::CurveError,
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke_signed},
        system_program,
    },
    launchpad_common::SafeMath,
};

const TRANSFER: u32 = 2;

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

/// Lamports that whoever makes `account` with `space` bytes has to add to what lies there.
pub fn missing_rent(account: &AccountInfo, space: usize) -> Result<u64> {
    Ok(Rent::get()?.minimum_balance(space).saturating_sub(account.lamports()))
}

/// Moves `amount` lamports out of an account of this program through a system account, which
/// signs the transaction or by `seeds`, to where programs see them arrive by a transfer.
pub fn send_through<'info>(
    from: &AccountInfo<'info>,
    through: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    amount: u64,
    seeds: &[&[&[u8]]],
) -> Result<()> {
    pay_out(from, through, amount)?;
    pass_on(from, through, to, amount, seeds)
}

/// Moves `amount` lamports from a system account, which signs the transaction or by `seeds`,
/// after `from` paid some of them out to it.
///
/// The runtime balances the books at every call, over the accounts that the call names: the
/// system program reads its two and ignores the third, which is why that is named.
pub fn pass_on<'info>(
    from: &AccountInfo<'info>,
    through: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    amount: u64,
    seeds: &[&[&[u8]]],
) -> Result<()> {
    let mut data = Vec::with_capacity(12);
    data.extend_from_slice(&TRANSFER.to_le_bytes());
    data.extend_from_slice(&amount.to_le_bytes());
    let accounts = vec![
        AccountMeta::new(*through.key, true),
        AccountMeta::new(*to.key, false),
        AccountMeta::new_readonly(*from.key, false),
    ];
    let instruction = Instruction { program_id: system_program::ID, accounts, data };
    invoke_signed(&instruction, &[through.clone(), to.clone(), from.clone()], seeds)
        .map_err(Into::into)
}
