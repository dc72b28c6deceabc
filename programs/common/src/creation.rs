//! New accounts at addresses that a stranger may have funded first.
//!
//! One lamport sent to a program-derived address makes the system program's
//! `CreateAccount` fail there for ever. Anchor's `init` then asks for an
//! instruction (SIMD-0312) that older runtimes, LiteSVM among them, refuse. So
//! accounts whose address can be known in advance are made here instead.

use anchor_lang::{
    prelude::*,
    solana_program::{instruction::Instruction, program::invoke_signed},
    system_program,
};

const CREATE_ACCOUNT: u32 = 0;
const ASSIGN: u32 = 1;
const TRANSFER: u32 = 2;
const ALLOCATE: u32 = 8;

/// What `CreateAccount` answers where there is an account already.
const ALREADY_IN_USE: u32 = 0;

/// One account to make.
pub struct NewAccount<'a, 'info> {
    /// Pays what the account lacks; signs the transaction.
    pub payer: &'a AccountInfo<'info>,
    /// Signs the transaction, or by the seeds.
    pub account: &'a AccountInfo<'info>,
    /// The program that will own it.
    pub owner: &'a Pubkey,
    /// Bytes, all zero.
    pub space: usize,
    /// What it must hold at least; what lies there already counts and stays.
    pub lamports: u64,
}

impl<'a, 'info> NewAccount<'a, 'info> {
    /// A rent-exempt account of `space` bytes.
    pub fn rent_exempt(
        payer: &'a AccountInfo<'info>,
        account: &'a AccountInfo<'info>,
        owner: &'a Pubkey,
        space: usize,
    ) -> Result<Self> {
        let lamports = Rent::get()?.minimum_balance(space);
        Ok(Self { payer, account, owner, space, lamports })
    }

    /// Makes it; `seeds` sign for a program-derived address and are empty for a key that signed.
    ///
    /// # Errors
    /// The system program's 0, "already in use", for an account that has an owner or data.
    #[inline(never)]
    pub fn create(&self, seeds: &[&[&[u8]]]) -> Result<()> {
        if self.account.owner != &system_program::ID || !self.account.data_is_empty() {
            return Err(ProgramError::Custom(ALREADY_IN_USE).into());
        }
        if self.account.lamports() == 0 {
            return self.call(self.create_account(), seeds);
        }
        match self.lamports.saturating_sub(self.account.lamports()) {
            0 => {}
            missing => self.call(self.transfer(missing), seeds)?,
        }
        self.call(self.allocate(), seeds)?;
        self.call(self.assign(), seeds)
    }

    /// The same, then the content of an Anchor account.
    pub fn create_with<T: AccountSerialize>(&self, content: &T, seeds: &[&[&[u8]]]) -> Result<()> {
        self.create(seeds)?;
        let mut data = self.account.try_borrow_mut_data()?;
        content.try_serialize(&mut &mut data[..])
    }

    fn create_account(&self) -> Instruction {
        let mut data = encode(CREATE_ACCOUNT, &[self.lamports, self.bytes()]);
        data.extend_from_slice(self.owner.as_ref());
        let metas = vec![
            AccountMeta::new(*self.payer.key, true),
            AccountMeta::new(*self.account.key, true),
        ];
        Instruction { program_id: system_program::ID, accounts: metas, data }
    }

    fn transfer(&self, lamports: u64) -> Instruction {
        let metas = vec![
            AccountMeta::new(*self.payer.key, true),
            AccountMeta::new(*self.account.key, false),
        ];
        let data = encode(TRANSFER, &[lamports]);
        Instruction { program_id: system_program::ID, accounts: metas, data }
    }

    fn allocate(&self) -> Instruction {
        self.alone(encode(ALLOCATE, &[self.bytes()]))
    }

    fn assign(&self) -> Instruction {
        let mut data = encode(ASSIGN, &[]);
        data.extend_from_slice(self.owner.as_ref());
        self.alone(data)
    }

    fn alone(&self, data: Vec<u8>) -> Instruction {
        let accounts = vec![AccountMeta::new(*self.account.key, true)];
        Instruction { program_id: system_program::ID, accounts, data }
    }

    /// A `usize` is 64 bits wide where programs run.
    fn bytes(&self) -> u64 {
        u64::try_from(self.space).unwrap_or(u64::MAX)
    }

    fn call(&self, instruction: Instruction, seeds: &[&[&[u8]]]) -> Result<()> {
        let infos = [self.payer.clone(), self.account.clone()];
        invoke_signed(&instruction, &infos, seeds).map_err(Into::into)
    }
}

/// Bincode: the number of the instruction, then its integers.
fn encode(tag: u32, integers: &[u64]) -> Vec<u8> {
    let mut data = Vec::with_capacity(64);
    data.extend_from_slice(&tag.to_le_bytes());
    integers.iter().for_each(|integer| data.extend_from_slice(&integer.to_le_bytes()));
    data
}

#[cfg(test)]
mod tests {
    use {super::*, anchor_lang::solana_program::system_instruction as system};

    #[test]
    fn the_instructions_are_the_system_programs_own() {
        let [payer, account, owner] = [1, 2, 3].map(|byte| Pubkey::new_from_array([byte; 32]));
        let (mut paid, mut held) = (0, 0);
        let id = system_program::ID;
        let payer_info = AccountInfo::new(&payer, true, true, &mut paid, &mut [], &id, false);
        let account_info = AccountInfo::new(&account, true, true, &mut held, &mut [], &id, false);
        let new = NewAccount {
            payer: &payer_info,
            account: &account_info,
            owner: &owner,
            space: 165,
            lamports: 77,
        };
        assert_eq!(new.create_account(), system::create_account(&payer, &account, 77, 165, &owner));
        assert_eq!(new.transfer(9), system::transfer(&payer, &account, 9));
        assert_eq!(new.allocate(), system::allocate(&account, 165));
        assert_eq!(new.assign(), system::assign(&account, &owner));
    }

    #[test]
    fn an_account_that_exists_is_refused() {
        let (key, owner) = (Pubkey::new_unique(), Pubkey::new_unique());
        let (mut paid, mut held, mut also) = (0, 0, 0);
        let mut data = [0];
        let id = system_program::ID;
        let payer = AccountInfo::new(&key, true, true, &mut paid, &mut [], &id, false);
        let owned = AccountInfo::new(&key, true, true, &mut held, &mut [], &owner, false);
        let filled = AccountInfo::new(&key, true, true, &mut also, &mut data, &id, false);
        for account in [&owned, &filled] {
            let new = NewAccount { payer: &payer, account, owner: &owner, space: 1, lamports: 1 };
            let refusal = new.create(&[]).unwrap_err();
            assert_eq!(refusal, ProgramError::Custom(ALREADY_IN_USE).into());
        }
    }
}
