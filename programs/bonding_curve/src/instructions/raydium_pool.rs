//! The steps of opening a pool at Raydium, whose lamports and tokens go through an account
//! that is empty before and after.

use {
    super::{
        close_token_account::CloseAccount,
        graduate_to_raydium::{GraduateToRaydium, Visitor},
        graduation::{burn, Graduation},
        lamports::{pass_on, pay_out},
    },
    crate::{constants::*, error::CurveError},
    amm::token::NewVault,
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke_signed},
    },
    launchpad_common::{
        associated::CreateAssociated,
        token::{read_account, TransferChecked},
        SafeMath,
    },
};

const INITIALIZE: [u8; 8] = [0xaf, 0xaf, 0x6d, 0x1f, 0x0d, 0x98, 0x9b, 0xed];
const LP_DECIMALS: u8 = 9;

impl<'info> GraduateToRaydium<'info> {
    /// Repays the keeper, then has the pool's creator hold what Raydium will take: lamports for
    /// fee and rent, wrapped SOL and tokens for the pool.
    #[inline(never)]
    pub(super) fn fund(&self, visitor: &Visitor) -> Result<()> {
        let (curve, keeper) = (self.curve.to_account_info(), &self.keeper);
        let (division, mint) = (&visitor.plan.division, self.curve.mint.as_ref());
        let all = division.reward.safe_add(division.quote).map_err(CurveError::from)?;
        pay_out(&curve, keeper, all)?;
        pass_on(&curve, keeper, &self.pool_creator, visitor.purse, &[])?;
        let quote = NewVault {
            payer: keeper,
            vault: &self.creator_quote,
            owner: &self.pool_creator,
            mint: &self.quote_mint,
            token_program: &self.classic_token_program,
            taxed: false,
        };
        let seeds: &[&[u8]] = &[CREATOR_QUOTE_SEED, mint, &[visitor.bumps.creator_quote]];
        quote.create(division.quote, seeds)?;
        let (vault, token_program) = (&self.creator_base, &self.token_program);
        let seeds: &[&[u8]] = &[CREATOR_BASE_SEED, mint, &[visitor.bumps.creator_base]];
        NewVault { vault, mint: &self.mint, token_program, ..quote }.create(0, seeds)?;
        self.curve.sign(|seeds| self.give_base(visitor.plan.base, seeds))
    }

    /// Calls Raydium's `initialize`, which wants the smaller mint first.
    #[inline(never)]
    pub(super) fn open_pool(&self, visitor: &Visitor) -> Result<()> {
        let (base, quote) = (visitor.plan.base, visitor.plan.division.quote);
        let amounts = if self.is_base_first() { [base, quote] } else { [quote, base] };
        let mut data = Vec::with_capacity(32);
        data.extend_from_slice(&INITIALIZE);
        amounts.iter().for_each(|amount| data.extend_from_slice(&amount.to_le_bytes()));
        // Trading begins at once: a second after now.
        data.extend_from_slice(&0u64.to_le_bytes());
        let (metas, infos) = self.initialize_accounts();
        let instruction = Instruction { program_id: RAYDIUM_CP_SWAP, accounts: metas, data };
        let mint = self.curve.mint.as_ref();
        let pool: &[&[u8]] = &[RAYDIUM_POOL_SEED, mint, &[visitor.bumps.pool]];
        self.as_creator(visitor, |creator| {
            invoke_signed(&instruction, &infos, &[creator, pool]).map_err(Into::into)
        })
    }

    /// Burns the shares, or puts them where they wait to be locked for the creator.
    #[inline(never)]
    pub(super) fn settle_shares(&self, visitor: &Visitor) -> Result<()> {
        let (program, lp_mint) = (&self.classic_token_program, &self.lp_mint);
        let shares = read_account(&self.creator_lp, program.key)?.amount;
        let Some(account) = self.lock_account(visitor.plan.lock_seconds)? else {
            return self.as_creator(visitor, |creator| {
                burn(program, &self.creator_lp, lp_mint, &self.pool_creator, shares, creator)
            });
        };
        let curve = self.curve.to_account_info();
        CreateAssociated {
            payer: &self.keeper,
            account,
            owner: &curve,
            mint: lp_mint,
            system_program: &self.system_program,
            token_program: program,
        }
        .invoke()?;
        let transfer = TransferChecked {
            token_program: program,
            from: &self.creator_lp,
            mint: lp_mint,
            to: account,
            authority: &self.pool_creator,
            decimals: LP_DECIMALS,
        };
        self.as_creator(visitor, |creator| transfer.invoke(shares, &[creator]))
    }

    /// Closes the creator's accounts. Their rent was the keeper's, and what strangers sent to
    /// them is his too.
    #[inline(never)]
    pub(super) fn leave_nothing(&self, visitor: &Visitor) -> Result<()> {
        let classic = self.classic_token_program.as_ref();
        self.as_creator(visitor, |creator| {
            self.close(&self.token_program, &self.creator_base, creator)?;
            self.close(classic, &self.creator_quote, creator)?;
            self.close(classic, &self.creator_lp, creator)?;
            match self.pool_creator.lamports() {
                0 => Ok(()),
                left => {
                    let curve = self.curve.to_account_info();
                    pass_on(&curve, &self.pool_creator, &self.keeper, left, &[creator])
                }
            }
        })
    }

    /// What the curve kept beyond the pool is gone for good; tokens that others sent here
    /// are not the curve's and stay, where nobody can take them.
    #[inline(never)]
    pub(super) fn burn_rest(&self, plan: &Graduation) -> Result<()> {
        let curve = self.curve.to_account_info();
        let (program, vault, mint) = (&self.token_program, &self.base_vault, &self.mint);
        self.curve.sign(|seeds| burn(program, vault, mint, &curve, plan.burned, seeds))
    }

    fn give_base(&self, amount: u64, seeds: &[&[u8]]) -> Result<()> {
        let curve = self.curve.to_account_info();
        let transfer = TransferChecked {
            token_program: &self.token_program,
            from: &self.base_vault,
            mint: &self.mint,
            to: &self.creator_base,
            authority: &curve,
            decimals: self.curve.decimals,
        };
        transfer.invoke(amount, &[seeds])
    }

    fn close(
        &self,
        token_program: &AccountInfo<'info>,
        account: &AccountInfo<'info>,
        creator: &[&[u8]],
    ) -> Result<()> {
        let (recipient, authority) = (self.keeper.as_ref(), self.pool_creator.as_ref());
        CloseAccount { token_program, account, recipient, authority }.invoke(&[creator])
    }

    fn as_creator<R>(&self, visitor: &Visitor, sign: impl FnOnce(&[&[u8]]) -> R) -> R {
        sign(&[POOL_CREATOR_SEED, self.curve.mint.as_ref(), &[visitor.bumps.pool_creator]])
    }

    fn is_base_first(&self) -> bool {
        self.mint.key < self.quote_mint.key
    }

    /// The accounts of `initialize` in Raydium's order.
    #[inline(never)]
    fn initialize_accounts(&self) -> (Vec<AccountMeta>, Vec<AccountInfo<'info>>) {
        let base: Side = (&self.mint, &self.creator_base, &self.pool_base_vault);
        let quote: Side = (&self.quote_mint, &self.creator_quote, &self.pool_quote_vault);
        let (base_program, quote_program) = (&*self.token_program, &*self.classic_token_program);
        let (first, second, programs) = match self.is_base_first() {
            true => (base, quote, [base_program, quote_program]),
            false => (quote, base, [quote_program, base_program]),
        };
        let accounts: [(&AccountInfo<'info>, Role); 20] = [
            (&self.pool_creator, Role::Signs),
            (&self.raydium_config, Role::Read),
            (&self.raydium_authority, Role::Read),
            (&self.pool, Role::Signs),
            (first.0, Role::Read),
            (second.0, Role::Read),
            (&self.lp_mint, Role::Written),
            (first.1, Role::Written),
            (second.1, Role::Written),
            (&self.creator_lp, Role::Written),
            (first.2, Role::Written),
            (second.2, Role::Written),
            (&self.pool_fee_receiver, Role::Written),
            (&self.observation, Role::Written),
            (&self.classic_token_program, Role::Read),
            (programs[0], Role::Read),
            (programs[1], Role::Read),
            (&self.associated_token_program, Role::Read),
            (&self.system_program, Role::Read),
            (&self.rent.to_account_info(), Role::Read),
        ];
        let metas = accounts.iter().map(|(info, role)| role.meta(info.key)).collect();
        (metas, accounts.iter().map(|(info, _)| (*info).clone()).collect())
    }
}

/// A token's mint, the creator's account of it and the pool's.
type Side<'a, 'info> = (&'a AccountInfo<'info>, &'a AccountInfo<'info>, &'a AccountInfo<'info>);

/// What an instruction does with an account.
#[derive(Clone, Copy)]
enum Role {
    Read,
    Written,
    /// Written too.
    Signs,
}

impl Role {
    fn meta(self, key: &Pubkey) -> AccountMeta {
        match self {
            Role::Read => AccountMeta::new_readonly(*key, false),
            Role::Written => AccountMeta::new(*key, false),
            Role::Signs => AccountMeta::new(*key, true),
        }
    }
}
