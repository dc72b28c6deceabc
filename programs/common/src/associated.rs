//! Associated token accounts, made where they may already exist.

use {
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke, system_program},
    },
    anchor_spl::associated_token,
};

const CREATE_IDEMPOTENT: u8 = 1;

/// The accounts of one creation. A stranger may have made or funded the account before; that
/// changes nothing. The associated token program refuses an `account` at any other address, of
/// another mint or of another owner.
pub struct CreateAssociated<'a, 'info> {
    /// Pays the rent; signs the transaction.
    pub payer: &'a AccountInfo<'info>,
    /// The account to make.
    pub account: &'a AccountInfo<'info>,
    /// Whose it is; may be program-derived.
    pub owner: &'a AccountInfo<'info>,
    /// The token.
    pub mint: &'a AccountInfo<'info>,
    /// The system program.
    pub system_program: &'a AccountInfo<'info>,
    /// Token or Token-2022; part of the address.
    pub token_program: &'a AccountInfo<'info>,
}

impl CreateAssociated<'_, '_> {
    /// Makes the account unless it exists.
    #[inline(never)]
    pub fn invoke(&self) -> Result<()> {
        let infos = [
            self.payer.clone(),
            self.account.clone(),
            self.owner.clone(),
            self.mint.clone(),
            self.system_program.clone(),
            self.token_program.clone(),
        ];
        invoke(&self.instruction(), &infos).map_err(Into::into)
    }

    fn instruction(&self) -> Instruction {
        Instruction {
            program_id: associated_token::ID,
            accounts: vec![
                AccountMeta::new(*self.payer.key, true),
                AccountMeta::new(*self.account.key, false),
                AccountMeta::new_readonly(*self.owner.key, false),
                AccountMeta::new_readonly(*self.mint.key, false),
                AccountMeta::new_readonly(system_program::ID, false),
                AccountMeta::new_readonly(*self.token_program.key, false),
            ],
            data: vec![CREATE_IDEMPOTENT],
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        anchor_spl::{
            associated_token::{
                get_associated_token_address_with_program_id,
                spl_associated_token_account::instruction::create_associated_token_account_idempotent,
            },
            token_2022,
        },
    };

    #[test]
    fn the_instruction_is_the_interfaces_own() {
        let [payer, owner, mint] = [1, 2, 3].map(|byte| Pubkey::new_from_array([byte; 32]));
        let address = get_associated_token_address_with_program_id(&owner, &mint, &token_2022::ID);
        let keys = [payer, address, owner, mint, system_program::ID, token_2022::ID];
        let mut lamports = [0u64; 6];
        let infos: Vec<AccountInfo> = keys
            .iter()
            .zip(&mut lamports)
            .map(|(key, lamports)| {
                AccountInfo::new(key, false, false, lamports, &mut [], &system_program::ID, false)
            })
            .collect();
        let made = CreateAssociated {
            payer: &infos[0],
            account: &infos[1],
            owner: &infos[2],
            mint: &infos[3],
            system_program: &infos[4],
            token_program: &infos[5],
        };
        let expected =
            create_associated_token_account_idempotent(&payer, &owner, &mint, &token_2022::ID);
        assert_eq!(made.instruction(), expected);
    }
}
