//! The creator's buy in the launch itself, before anybody else can trade.

use {
    super::{
        distribution::Vested,
        launch_accounts::{needed, Launching},
    },
    crate::{
        error::LauncherError,
        state::{FirstBuy, Lock},
    },
    anchor_lang::prelude::*,
    launchpad_common::{token::read_account, SafeMath},
};

impl<'info> Launching<'_, 'info> {
    /// Buys for the creator, locks what was bought where the creator says so, and records both.
    #[inline(never)]
    pub fn buy_first(&mut self, buy: &FirstBuy, now: i64) -> Result<()> {
        let account = needed(self.creator_base)?.to_account_info();
        self.create_associated(&account, self.creator)?;
        // The account may hold an allocation of the same launch already.
        let before = self.held_by_creator(&account)?;
        if let Some(position) = self.creator_position {
            self.open_position(position)?;
        }
        self.buy(&account, buy)?;
        let after = self.held_by_creator(&account)?;
        self.record.first_buy = after.safe_sub(before).map_err(LauncherError::from)?;
        match &buy.lock {
            Some(lock) => self.lock(&account, lock, now),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn buy(&self, account: &AccountInfo<'info>, buy: &FirstBuy) -> Result<()> {
        let accounts = Box::new(bonding_curve::cpi::accounts::Trade {
            trader: self.creator.to_account_info(),
            config: self.curve_config.to_account_info(),
            curve: self.curve.to_account_info(),
            mint: self.mint.to_account_info(),
            base_vault: self.base_vault.to_account_info(),
            trader_base: account.clone(),
            referrer_fees: None,
            terms: self.terms.as_ref().map(ToAccountInfo::to_account_info),
            position: self.creator_position.as_ref().map(ToAccountInfo::to_account_info),
            opener: Some(self.launch_record.to_account_info()),
            token_program: self.token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.bonding_curve_event_authority.to_account_info(),
            program: self.bonding_curve_program.to_account_info(),
        });
        self.record.sign(|seeds| {
            let context = CpiContext::new_with_signer(bonding_curve::ID, *accounts, seeds);
            bonding_curve::cpi::buy_exact_in(context, buy.quote_in, buy.min_base_out, buy.deadline)
        })
    }

    /// What the creator needs like everybody under terms that bind him.
    #[inline(never)]
    fn open_position(&self, position: &AccountInfo<'info>) -> Result<()> {
        let accounts = Box::new(bonding_curve::cpi::accounts::OpenPosition {
            payer: self.creator.to_account_info(),
            wallet: self.creator.to_account_info(),
            curve: self.curve.to_account_info(),
            position: position.clone(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.bonding_curve_event_authority.to_account_info(),
            program: self.bonding_curve_program.to_account_info(),
        });
        bonding_curve::cpi::open_position(CpiContext::new(bonding_curve::ID, *accounts))
    }

    #[inline(never)]
    fn lock(&mut self, account: &AccountInfo<'info>, lock: &Lock, now: i64) -> Result<()> {
        let creator = self.creator.to_account_info();
        let vested = Vested {
            grantor: &creator,
            source: Some(account),
            schedule: self.lock_schedule,
            escrow: self.lock_escrow,
        };
        let terms = lock.schedule(*creator.key, self.record.first_buy, now)?;
        self.create_schedule(vested, terms)?;
        self.record.first_buy_lock = needed(self.lock_schedule)?.key();
        Ok(())
    }

    /// Address, mint and owner are the associated token program's word.
    fn held_by_creator(&self, account: &AccountInfo<'info>) -> Result<u64> {
        Ok(read_account(account, self.token_program.key)?.amount)
    }
}
