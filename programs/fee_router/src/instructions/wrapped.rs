//! Wrapped SOL of a router's, turned into lamports.

use {
    crate::state::Router,
    anchor_lang::prelude::*,
    anchor_spl::token::{close_account, CloseAccount},
};

/// Closes a token account of the router's for wrapped SOL: everything on it, rent included, becomes lamports of the router.
pub fn unwrap_all<'info>(
    router: &Account<'info, Router>,
    account: &AccountInfo<'info>,
    token_program: &Pubkey,
) -> Result<()> {
    let accounts = CloseAccount {
        account: account.clone(),
        destination: router.to_account_info(),
        authority: router.to_account_info(),
    };
    router.sign(|seeds| close_account(CpiContext::new_with_signer(*token_program, accounts, seeds)))
}
