//! A token account closed for its owner.

use anchor_lang::{
    prelude::*,
    solana_program::{instruction::Instruction, program::invoke_signed},
};

const CLOSE_ACCOUNT: u8 = 9;

/// The accounts of one `CloseAccount`.
pub struct CloseAccount<'a, 'info> {
    /// Token or Token-2022.
    pub token_program: &'a AccountInfo<'info>,
    /// An empty token account.
    pub account: &'a AccountInfo<'info>,
    /// Gets its lamports.
    pub recipient: &'a AccountInfo<'info>,
    /// The account's owner; signs the transaction or by `seeds`.
    pub authority: &'a AccountInfo<'info>,
}

impl CloseAccount<'_, '_> {
    /// Closes the account; `seeds` as for `TransferChecked`.
    pub fn invoke(&self, seeds: &[&[&[u8]]]) -> Result<()> {
        let instruction = Instruction {
            program_id: *self.token_program.key,
            accounts: vec![
                AccountMeta::new(*self.account.key, false),
                AccountMeta::new(*self.recipient.key, false),
                AccountMeta::new_readonly(*self.authority.key, true),
            ],
            data: vec![CLOSE_ACCOUNT],
        };
        let infos = [self.account.clone(), self.recipient.clone(), self.authority.clone()];
        invoke_signed(&instruction, &infos, seeds).map_err(Into::into)
    }
}
