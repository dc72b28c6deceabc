//! Accounts that a stranger may have funded before they exist.

use {
    crate::error::LauncherError,
    anchor_lang::{prelude::*, system_program},
    launchpad_common::lamports::transfer,
};

/// Makes `account`, which signs, an empty account of `owner` with `space` bytes and at least `lamports`.
/// Lamports that lie there already count; anything else in it is refused.
pub fn create_funded<'info>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    owner: &Pubkey,
    space: usize,
    lamports: u64,
) -> Result<()> {
    let unused = account.owner == &system_program::ID && account.data_is_empty();
    require!(unused, LauncherError::MintInUse);
    let id = system_program::ID;
    let space = u64::try_from(space).map_err(|_| LauncherError::Overflow)?;
    if account.lamports() == 0 {
        let create = system_program::CreateAccount { from: payer.clone(), to: account.clone() };
        return system_program::create_account(CpiContext::new(id, create), lamports, space, owner);
    }
    fund(payer, account, lamports)?;
    let allocate = system_program::Allocate { account_to_allocate: account.clone() };
    system_program::allocate(CpiContext::new(id, allocate), space)?;
    let assign = system_program::Assign { account_to_assign: account.clone() };
    system_program::assign(CpiContext::new(id, assign), owner)
}

/// Brings `account` to at least `lamports`.
pub fn fund<'info>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    lamports: u64,
) -> Result<()> {
    match lamports.saturating_sub(account.lamports()) {
        0 => Ok(()),
        missing => transfer(payer, account, missing),
    }
}
