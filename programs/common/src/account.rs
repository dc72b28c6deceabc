//! Accounts of a program's own: created so that nobody can stand in the way,
//! and read and written where they lie.
//!
//! Unpacking and repacking a whole account moves every byte several times; a hot
//! instruction touches the few it needs, after the same checks.

use {
    anchor_lang::{
        prelude::*,
        solana_program::{
            program::{invoke, invoke_signed},
            system_instruction,
        },
    },
    std::cell::{Ref, RefMut},
};

/// Creates the program-derived account `target` with `space` bytes, rent-exempt
/// and owned by `program`; `seeds` are its own with the bump. The caller has
/// checked the address.
///
/// Anybody may send lamports to an address before it exists. Anchor's `init`
/// then calls a system instruction that not every cluster knows, so a stranger
/// could block an account for the price of one lamport; this does it in steps
/// that every cluster knows.
///
/// # Errors
/// `AccountNotSystemOwned` when the account exists already.
pub fn create<'info>(
    payer: &AccountInfo<'info>,
    target: &AccountInfo<'info>,
    program: &Pubkey,
    space: usize,
    seeds: &[&[u8]],
) -> Result<()> {
    require!(
        target.owner == &System::id() && target.data_is_empty(),
        ErrorCode::AccountNotSystemOwned
    );
    let missing = Rent::get()?.minimum_balance(space).saturating_sub(target.lamports());
    if missing > 0 {
        let transfer = system_instruction::transfer(payer.key, target.key, missing);
        invoke(&transfer, &[payer.clone(), target.clone()])?;
    }
    let size = u64::try_from(space)?;
    let allocate = system_instruction::allocate(target.key, size);
    invoke_signed(&allocate, core::slice::from_ref(target), &[seeds])?;
    let assign = system_instruction::assign(target.key, program);
    invoke_signed(&assign, core::slice::from_ref(target), &[seeds])?;
    Ok(())
}

/// Writes discriminator and fields of `value` at the start of the account.
pub fn store<T: AccountSerialize>(info: &AccountInfo, value: &T) -> Result<()> {
    let mut data = info.try_borrow_mut_data()?;
    let mut rest: &mut [u8] = &mut data;
    value.try_serialize(&mut rest)
}

/// The bytes of an account of type `T` of `program`.
///
/// # Errors
/// As for `Account<T>`: `AccountNotInitialized`, `AccountOwnedByWrongProgram`,
/// `AccountDiscriminatorNotFound`, `AccountDiscriminatorMismatch`.
pub fn data_of<'a, T: Discriminator>(
    info: &'a AccountInfo,
    program: &Pubkey,
) -> Result<Ref<'a, [u8]>> {
    require_owner(info, program)?;
    let data = Ref::map(info.try_borrow_data()?, |data| &**data);
    require_discriminator::<T>(&data)?;
    Ok(data)
}

/// The same bytes, to write to.
///
/// # Errors
/// Those of [`data_of`].
pub fn data_of_mut<'a, T: Discriminator>(
    info: &'a AccountInfo,
    program: &Pubkey,
) -> Result<RefMut<'a, [u8]>> {
    require_owner(info, program)?;
    let data = RefMut::map(info.try_borrow_mut_data()?, |data| &mut **data);
    require_discriminator::<T>(&data)?;
    Ok(data)
}

fn require_owner(info: &AccountInfo, program: &Pubkey) -> Result<()> {
    if info.owner == program {
        return Ok(());
    }
    if info.owner == &System::id() && info.lamports() == 0 {
        return err!(ErrorCode::AccountNotInitialized);
    }
    err!(ErrorCode::AccountOwnedByWrongProgram)
}

fn require_discriminator<T: Discriminator>(data: &[u8]) -> Result<()> {
    match data.get(..T::DISCRIMINATOR.len()) {
        None => err!(ErrorCode::AccountDiscriminatorNotFound),
        Some(found) if found != T::DISCRIMINATOR => err!(ErrorCode::AccountDiscriminatorMismatch),
        Some(_) => Ok(()),
    }
}
