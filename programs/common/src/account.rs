//! Accounts of a program's own, read and written where they lie. Unpacking and
//! repacking a whole account moves every byte several times; a hot instruction
//! touches the few it needs, after the same checks.

use {
    crate::keys::is_key,
    anchor_lang::prelude::*,
    std::cell::{Ref, RefMut},
};

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
    if is_key(info.owner.as_array(), program) {
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
