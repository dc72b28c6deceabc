use {
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke},
    },
    launchpad_common::creation::NewAccount,
};

const INITIALIZE_ACCOUNT_3: u8 = 18;
/// An account without extensions.
const PLAIN: usize = 165;
/// The same with the part of each transfer that is kept back: kind, list entry, u64.
const WITH_WITHHELD_FEES: usize = PLAIN + 1 + 4 + 8;

/// A token account to make at its own address, which a stranger may have funded.
pub struct NewVault<'a, 'info> {
    /// Pays the rent; signs the transaction.
    pub payer: &'a AccountInfo<'info>,
    /// The account to make.
    pub vault: &'a AccountInfo<'info>,
    /// The pool.
    pub owner: &'a AccountInfo<'info>,
    /// The token.
    pub mint: &'a AccountInfo<'info>,
    /// Token or Token-2022.
    pub token_program: &'a AccountInfo<'info>,
    /// Whether the account must have room for withheld fees.
    pub taxed: bool,
}

impl NewVault<'_, '_> {
    /// Makes it, with `lamports` above its rent; `seeds` sign for its address.
    #[inline(never)]
    pub fn create(&self, lamports: u64, seeds: &[&[u8]]) -> Result<()> {
        let space = if self.taxed { WITH_WITHHELD_FEES } else { PLAIN };
        let mut account =
            NewAccount::rent_exempt(self.payer, self.vault, self.token_program.key, space)?;
        account.lamports = account.lamports.saturating_add(lamports);
        account.create(&[seeds])?;
        let infos = [self.vault.clone(), self.mint.clone()];
        invoke(&self.initialize(), &infos).map_err(Into::into)
    }

    fn initialize(&self) -> Instruction {
        let mut data = Vec::with_capacity(33);
        data.push(INITIALIZE_ACCOUNT_3);
        data.extend_from_slice(self.owner.key.as_ref());
        Instruction {
            program_id: *self.token_program.key,
            accounts: vec![
                AccountMeta::new(*self.vault.key, false),
                AccountMeta::new_readonly(*self.mint.key, false),
            ],
            data,
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        anchor_spl::token_2022::{
            self,
            spl_token_2022::{
                extension::{ExtensionType, StateWithExtensions},
                instruction::initialize_account3,
                state::Account,
            },
        },
    };

    #[test]
    fn the_instruction_is_the_interfaces_own() {
        let [payer, vault, owner, mint] =
            [1, 2, 3, 4].map(|byte| Pubkey::new_from_array([byte; 32]));
        let keys = [payer, vault, owner, mint, token_2022::ID];
        let id = System::id();
        let mut lamports = [0u64; 5];
        let infos: Vec<AccountInfo> = keys
            .iter()
            .zip(&mut lamports)
            .map(|(key, lamports)| {
                AccountInfo::new(key, false, false, lamports, &mut [], &id, false)
            })
            .collect();
        let made = NewVault {
            payer: &infos[0],
            vault: &infos[1],
            owner: &infos[2],
            mint: &infos[3],
            token_program: &infos[4],
            taxed: false,
        };
        let expected = initialize_account3(&token_2022::ID, &vault, &mint, &owner).unwrap();
        assert_eq!(made.initialize(), expected);
    }

    #[test]
    fn the_sizes_are_token_2022s_own() {
        let room = |extensions: &[ExtensionType]| {
            ExtensionType::try_calculate_account_len::<Account>(extensions).unwrap()
        };
        assert_eq!(room(&[]), PLAIN);
        assert_eq!(room(&[ExtensionType::TransferFeeAmount]), WITH_WITHHELD_FEES);
        assert!(StateWithExtensions::<Account>::unpack(&[0; PLAIN]).is_err(), "not initialised");
    }
}
