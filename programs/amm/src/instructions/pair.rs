//! A pool with its mints and vaults, as swaps and liquidity meet it.
//!
//! A swap is the hot path. Config and pool are read and written where they lie
//! instead of being unpacked; every check that Anchor's account types make is
//! made here by hand, with the same errors.

use {
    crate::{
        error::AmmError,
        state::{store_ledger, Config, ConfigBytes, Ledger, Named, Pool, PoolBytes, PoolSigner},
        token::{amount_of, supply_of},
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        account::{data_of, data_of_mut},
        event,
        token::{require_account_of, TransferChecked},
        SafeMath,
    },
};

/// The accounts of a pool and their owners' programs. A config and a pool are
/// authentic by owner and discriminator: this program creates each of them at
/// its own address only.
#[derive(Clone, Copy)]
pub struct Pair<'a, 'info> {
    pub config: &'a AccountInfo<'info>,
    pub pool: &'a AccountInfo<'info>,
    pub base: Side<'a, 'info>,
    pub quote: Side<'a, 'info>,
    pub event_authority: &'a AccountInfo<'info>,
}

/// One of the two tokens: what the pool and what a user has of it.
#[derive(Clone, Copy)]
pub struct Side<'a, 'info> {
    pub mint: &'a AccountInfo<'info>,
    pub vault: &'a AccountInfo<'info>,
    pub user: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
}

/// A pool's numbers, with prices observed, and what it signs with.
pub struct State {
    pub ledger: Ledger,
    pub signer: PoolSigner,
    /// What the vaults held at the beginning, base first.
    pub vaults: (u64, u64),
    pub now: i64,
}

impl<'a, 'info> Pair<'a, 'info> {
    /// Checks that all accounts belong together and to `user`, and reads the
    /// pool with its prices summed up to now. `entering` is refused while paused.
    pub fn open(&self, user: &Pubkey, entering: bool) -> Result<State> {
        let now = Clock::get()?.unix_timestamp;
        let config = data_of::<Config>(self.config, &crate::ID)?;
        let config = ConfigBytes::new(&config);
        require!(!(entering && config.is_paused()), AmmError::Paused);
        let data = data_of::<Pool>(self.pool, &crate::ID)?;
        let pool = PoolBytes::new(&data);
        require!(pool.is_current(), AmmError::InvariantViolated);
        self.base
            .require_of(&pool, (Named::BaseMint, Named::BaseVault, Named::BaseTokenProgram))?;
        self.quote
            .require_of(&pool, (Named::QuoteMint, Named::QuoteVault, Named::QuoteTokenProgram))?;
        self.base.require_users(user)?;
        self.quote.require_users(user)?;
        let mut ledger = pool.ledger()?;
        ledger.observe(now, supply_of(self.base.mint)?, config)?;
        Ok(State { ledger, signer: pool.signer(&ledger)?, vaults: self.vaults()?, now })
    }

    /// What the vaults hold, base first.
    pub fn vaults(&self) -> Result<(u64, u64)> {
        Ok((amount_of(self.base.vault)?, amount_of(self.quote.vault)?))
    }

    /// Records what the vaults hold now, after the last transfer, and judges the result.
    pub fn close(&self, ledger: &mut Ledger) -> Result<()> {
        let vaults = self.vaults()?;
        ledger.settle(vaults)?;
        ledger.invariant(vaults)?;
        store_ledger(&mut data_of_mut::<Pool>(self.pool, &crate::ID)?, ledger)
    }

    /// Moves `amount` of one side from the pool to its user.
    pub fn pay(
        &self,
        side: &Side<'a, 'info>,
        state: &State,
        decimals: u8,
        amount: u64,
    ) -> Result<()> {
        let transfer = TransferChecked {
            token_program: side.token_program,
            from: side.vault,
            mint: side.mint,
            to: side.user,
            authority: self.pool,
            decimals,
        };
        state.signer.with(|seeds| transfer.invoke(amount, &[seeds]))
    }

    /// The same, and what arrived: less where the token has a fee of its own.
    pub fn pay_measured(
        &self,
        side: &Side<'a, 'info>,
        state: &State,
        decimals: u8,
        amount: u64,
    ) -> Result<u64> {
        let before = amount_of(side.user)?;
        self.pay(side, state, decimals, amount)?;
        Ok(amount_of(side.user)?.safe_sub(before).map_err(AmmError::from)?)
    }

    pub fn emit<E: AnchorSerialize + Discriminator>(&self, event: &E) -> Result<()> {
        event::emit(event, &crate::ID, self.event_authority, crate::EVENT_AUTHORITY_AND_BUMP.1)
    }
}

impl<'a, 'info> Side<'a, 'info> {
    /// Moves `amount` from the user, who signed the transaction, to the pool.
    pub fn take(&self, user: &'a AccountInfo<'info>, decimals: u8, amount: u64) -> Result<()> {
        TransferChecked {
            token_program: self.token_program,
            from: self.user,
            mint: self.mint,
            to: self.vault,
            authority: user,
            decimals,
        }
        .invoke(amount, &[])
    }

    fn require_of(
        &self,
        pool: &PoolBytes,
        (mint, vault, program): (Named, Named, Named),
    ) -> Result<()> {
        require!(pool.names(mint, self.mint.key), AmmError::InvalidMint);
        require!(pool.names(vault, self.vault.key), ErrorCode::ConstraintAddress);
        require!(pool.names(program, self.token_program.key), ErrorCode::InvalidProgramId);
        Ok(())
    }

    fn require_users(&self, user: &Pubkey) -> Result<()> {
        require_account_of(self.user, self.token_program.key, self.mint.key, user)
    }
}
