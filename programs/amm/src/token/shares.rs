//! The shares of a pool: a mint of the classic Token program, which can never
//! get an extension, and which every wallet, locker and burner knows.

use {
    crate::constants::LP_DECIMALS,
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke_signed},
    },
    anchor_spl::token,
    launchpad_common::creation::NewAccount,
};

const INITIALIZE_MINT_2: u8 = 20;
const MINT_TO: u8 = 7;
const BURN: u8 = 8;
const MINT_LEN: usize = 82;

/// The mint of a pool's shares, and a holder's account.
pub struct Shares<'a, 'info> {
    /// The classic Token program's mint.
    pub mint: &'a AccountInfo<'info>,
    /// Where shares come to or go from.
    pub account: &'a AccountInfo<'info>,
    /// The pool when shares are made, their holder when they are given back.
    pub authority: &'a AccountInfo<'info>,
}

impl Shares<'_, '_> {
    /// Makes `amount` shares; `seeds` sign for the pool.
    pub fn mint_to(&self, amount: u64, seeds: &[&[u8]]) -> Result<()> {
        let infos = [self.mint.clone(), self.account.clone(), self.authority.clone()];
        invoke_signed(&self.change(MINT_TO, amount), &infos, &[seeds]).map_err(Into::into)
    }

    /// Destroys `amount` shares of a holder who signed the transaction.
    pub fn burn(&self, amount: u64) -> Result<()> {
        let infos = [self.account.clone(), self.mint.clone(), self.authority.clone()];
        invoke_signed(&self.change(BURN, amount), &infos, &[]).map_err(Into::into)
    }

    fn change(&self, tag: u8, amount: u64) -> Instruction {
        let (first, second) =
            if tag == MINT_TO { (self.mint, self.account) } else { (self.account, self.mint) };
        let mut data = Vec::with_capacity(9);
        data.push(tag);
        data.extend_from_slice(&amount.to_le_bytes());
        Instruction {
            program_id: token::ID,
            accounts: vec![
                AccountMeta::new(*first.key, false),
                AccountMeta::new(*second.key, false),
                AccountMeta::new_readonly(*self.authority.key, true),
            ],
            data,
        }
    }
}

/// Makes the mint of a pool's shares at its own address; `seeds` sign for that.
#[inline(never)]
pub fn create_share_mint<'info>(
    payer: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    pool: &Pubkey,
    seeds: &[&[u8]],
) -> Result<()> {
    NewAccount::rent_exempt(payer, mint, &token::ID, MINT_LEN)?.create(&[seeds])?;
    invoke_signed(&initialize_mint(mint.key, pool), core::slice::from_ref(mint), &[])
        .map_err(Into::into)
}

fn initialize_mint(mint: &Pubkey, pool: &Pubkey) -> Instruction {
    let mut data = Vec::with_capacity(35);
    data.extend_from_slice(&[INITIALIZE_MINT_2, LP_DECIMALS]);
    data.extend_from_slice(pool.as_ref());
    // No freeze authority.
    data.push(0);
    Instruction { program_id: token::ID, accounts: vec![AccountMeta::new(*mint, false)], data }
}

#[cfg(test)]
mod tests {
    use {super::*, anchor_spl::token::spl_token::instruction};

    #[test]
    fn the_instructions_are_the_interfaces_own() {
        let [mint, account, authority] = [1, 2, 3].map(|byte| Pubkey::new_from_array([byte; 32]));
        let keys = [mint, account, authority];
        let id = System::id();
        let mut lamports = [0u64; 3];
        let infos: Vec<AccountInfo> = keys
            .iter()
            .zip(&mut lamports)
            .map(|(key, lamports)| {
                AccountInfo::new(key, false, false, lamports, &mut [], &id, false)
            })
            .collect();
        let shares = Shares { mint: &infos[0], account: &infos[1], authority: &infos[2] };
        let made = instruction::mint_to(&token::ID, &mint, &account, &authority, &[], 7).unwrap();
        assert_eq!(shares.change(MINT_TO, 7), made);
        let burnt = instruction::burn(&token::ID, &account, &mint, &authority, &[], 7).unwrap();
        assert_eq!(shares.change(BURN, 7), burnt);
        let new = instruction::initialize_mint2(&token::ID, &mint, &authority, None, LP_DECIMALS);
        assert_eq!(initialize_mint(&mint, &authority), new.unwrap());
    }
}
