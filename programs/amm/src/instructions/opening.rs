//! What the two ways of creating a pool share.

use {
    crate::{
        constants::*,
        error::AmmError,
        events::PoolCreated,
        math::{first_shares, Reserves},
        state::{Config, ConfigBytes, Pool},
        token::{create_share_mint, supply_of, NewVault, PoolMint, Shares, WRAPPED_SOL},
    },
    anchor_lang::prelude::*,
    launchpad_common::{associated::CreateAssociated, creation::NewAccount, SafeMath},
};

/// The accounts that a new pool consists of, with the bumps of their addresses.
pub struct Opening<'a, 'info> {
    pub payer: &'a AccountInfo<'info>,
    pub pool: &'a AccountInfo<'info>,
    pub lp_mint: &'a AccountInfo<'info>,
    pub base: NewSide<'a, 'info>,
    pub quote: NewSide<'a, 'info>,
    pub lp_mint_bump: u8,
}

/// One of the two tokens of a new pool.
pub struct NewSide<'a, 'info> {
    pub mint: &'a AccountInfo<'info>,
    pub vault: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
    pub terms: PoolMint,
    pub vault_bump: u8,
}

/// What the opener decides, and the address that follows from it.
pub struct Terms {
    pub bump: u8,
    pub opener: Pubkey,
    pub creator: Pubkey,
    pub authority: Pubkey,
    pub index: u16,
    pub canonical: bool,
}

/// Who gets the shares of the first deposit.
pub struct Receiver<'a, 'info> {
    pub owner: &'a AccountInfo<'info>,
    pub account: &'a AccountInfo<'info>,
    pub system_program: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
}

impl<'info> Opening<'_, 'info> {
    /// Makes both vaults and the mint of the shares; `quote_lamports` stay in
    /// the quote vault above its rent.
    pub fn create_accounts(&self, quote_lamports: u64) -> Result<()> {
        self.create_vault(&self.base, 0)?;
        self.create_vault(&self.quote, quote_lamports)?;
        let pool = self.pool.key;
        let seeds: &[&[u8]] = &[LP_MINT_SEED, pool.as_ref(), &[self.lp_mint_bump]];
        create_share_mint(self.payer, self.lp_mint, pool, seeds)
    }

    fn create_vault(&self, side: &NewSide<'_, 'info>, lamports: u64) -> Result<()> {
        let (pool, mint) = (self.pool.key.as_ref(), side.mint.key.as_ref());
        let vault = NewVault {
            payer: self.payer,
            vault: side.vault,
            owner: self.pool,
            mint: side.mint,
            token_program: side.token_program,
            taxed: side.terms.taxed,
        };
        vault.create(lamports, &[VAULT_SEED, pool, mint, &[side.vault_bump]])
    }

    /// The pool of a first deposit, at exactly its price. `found` lay in the
    /// quote vault before: booked as protocol fees, so that nobody can move the
    /// price that a pool opens at.
    pub fn new_pool(
        &self,
        terms: Terms,
        deposit: Reserves,
        found: u64,
        config: &Account<Config>,
    ) -> Result<Box<Pool>> {
        let now = Clock::get()?.unix_timestamp;
        let quote_mint = *self.quote.mint.key;
        let mut pool = Box::new(Pool {
            version: ACCOUNT_VERSION,
            bump: terms.bump,
            base_mint: *self.base.mint.key,
            quote_mint,
            base_vault: *self.base.vault.key,
            quote_vault: *self.quote.vault.key,
            lp_mint: *self.lp_mint.key,
            base_token_program: *self.base.token_program.key,
            quote_token_program: *self.quote.token_program.key,
            opener: terms.opener,
            creator: terms.creator,
            authority: terms.authority,
            index: terms.index,
            canonical: terms.canonical,
            base_decimals: self.base.terms.view.decimals,
            quote_decimals: self.quote.terms.view.decimals,
            base_taxed: self.base.terms.taxed,
            quote_taxed: self.quote.terms.taxed,
            pays_creator: quote_mint == WRAPPED_SOL && terms.creator != Pubkey::default(),
            creator_fee_bps: 0,
            lp_supply: first_shares(deposit)?,
            base_reserve: deposit.base,
            quote_reserve: deposit.quote,
            protocol_fees: found,
            creator_fees: 0,
            opened_at: now,
            observed_at: now,
            base_price_cumulative: [0; 3],
            quote_price_cumulative: [0; 3],
            reserved: [0; 128],
        });
        let info = config.to_account_info();
        let bytes = info.try_borrow_data()?;
        let supply = supply_of(self.base.mint)?;
        pool.creator_fee_bps = pool.ledger().creator_rate(supply, ConfigBytes::new(&bytes))?;
        Ok(pool)
    }

    /// Writes the pool's account and gives the shares above the locked minimum
    /// to the receiver, or to nobody: then the whole deposit is locked for good.
    pub fn finish(&self, pool: &Pool, receiver: Option<Receiver<'_, 'info>>) -> Result<u64> {
        pool.signer().with(|seeds| {
            let new = NewAccount::rent_exempt(self.payer, self.pool, &crate::ID, Pool::SPACE)?;
            new.create_with(pool, &[seeds])
        })?;
        let Some(receiver) = receiver else {
            return Ok(0);
        };
        CreateAssociated {
            payer: self.payer,
            account: receiver.account,
            owner: receiver.owner,
            mint: self.lp_mint,
            system_program: receiver.system_program,
            token_program: receiver.token_program,
        }
        .invoke()?;
        let minted = pool.lp_supply.safe_sub(MINIMUM_LIQUIDITY).map_err(AmmError::from)?;
        let shares = Shares { mint: self.lp_mint, account: receiver.account, authority: self.pool };
        pool.signer().with(|seeds| shares.mint_to(minted, seeds))?;
        Ok(minted)
    }
}

impl Pool {
    /// The event that carries everything a pool begins with.
    pub(super) fn created(&self, pool: Pubkey, lp_minted: u64) -> PoolCreated {
        PoolCreated {
            pool,
            base_mint: self.base_mint,
            quote_mint: self.quote_mint,
            lp_mint: self.lp_mint,
            base_token_program: self.base_token_program,
            quote_token_program: self.quote_token_program,
            opener: self.opener,
            creator: self.creator,
            authority: self.authority,
            index: self.index,
            canonical: self.canonical,
            base_decimals: self.base_decimals,
            quote_decimals: self.quote_decimals,
            base_taxed: self.base_taxed,
            quote_taxed: self.quote_taxed,
            pays_creator: self.pays_creator,
            creator_fee_bps: self.creator_fee_bps,
            base_reserve: self.base_reserve,
            quote_reserve: self.quote_reserve,
            lp_supply: self.lp_supply,
            lp_minted,
            protocol_fees: self.protocol_fees,
            timestamp: self.opened_at,
        }
    }
}
