//! What the three trading instructions share: accounts, checks, settlement.

use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{CurveCompleted, Traded},
        log,
        math::{Market, Quote},
        state::{Config, Curve, CurveStatus, ReferrerFees},
    },
    anchor_lang::{prelude::*, system_program},
    launchpad_common::token::{read_account_of, TransferChecked},
};

/// A config, a curve and a referrer's account are authentic by owner and
/// discriminator: this program creates each of them at its own address only.
#[event_cpi]
#[derive(Accounts)]
pub struct Trade<'info> {
    #[account(mut)]
    pub trader: Signer<'info>,
    pub config: Box<Account<'info, Config>>,
    #[account(
        mut,
        has_one = mint @ CurveError::InvalidMint,
        has_one = base_vault,
        has_one = token_program
    )]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: the curve names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner are read from it below.
    #[account(mut)]
    pub trader_base: UncheckedAccount<'info>,
    #[account(mut)]
    pub referrer_fees: Option<Box<Account<'info, ReferrerFees>>>,
    /// CHECK: the curve names it.
    pub token_program: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl Trade<'_> {
    /// Everything a buy needs before it is quoted; returns the time.
    pub fn require_buy_allowed(&self, deadline: i64) -> Result<i64> {
        require!(!self.config.paused, CurveError::Paused);
        self.require_sell_allowed(deadline)
    }

    /// Everything a sell needs before it is quoted; returns the time.
    pub fn require_sell_allowed(&self, deadline: i64) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        require!(now <= deadline, CurveError::DeadlinePassed);
        self.curve.require_trading()?;
        if let Some(fees) = &self.referrer_fees {
            require!(fees.referrer != *self.trader.key, CurveError::InvalidReferrer);
        }
        let curve = &self.curve;
        read_account_of(&self.trader_base, &curve.token_program, &curve.mint, self.trader.key)?;
        Ok(now)
    }

    /// The curve as the quote functions see it.
    pub fn market(&self) -> Market<'_> {
        self.curve.market(self.referrer_fees.is_some())
    }

    /// Lamports from the trader to the curve.
    fn collect(&self, lamports: u64) -> Result<()> {
        let accounts = system_program::Transfer {
            from: self.trader.to_account_info(),
            to: self.curve.to_account_info(),
        };
        system_program::transfer(CpiContext::new(system_program::ID, accounts), lamports)
    }

    fn deliver_base(&self, amount: u64) -> Result<()> {
        let curve = &self.curve;
        let seeds: &[&[u8]] = &[CURVE_SEED, curve.mint.as_ref(), &[curve.bump]];
        TransferChecked {
            token_program: &self.token_program,
            from: &self.base_vault,
            mint: &self.mint,
            to: &self.trader_base,
            authority: self.curve.as_ref().as_ref(),
            decimals: curve.decimals,
        }
        .invoke(amount, &[seeds])
    }

    fn take_base(&self, amount: u64) -> Result<()> {
        TransferChecked {
            token_program: &self.token_program,
            from: &self.trader_base,
            mint: &self.mint,
            to: &self.base_vault,
            authority: &self.trader,
            decimals: self.curve.decimals,
        }
        .invoke(amount, &[])
    }

    /// Moves the referrer's part from the curve and books it.
    fn pay_referrer(&mut self, amount: u64) -> Result<()> {
        let Some(fees) = &mut self.referrer_fees else {
            return Ok(());
        };
        fees.earn(amount)?;
        pay_out(self.curve.as_ref().as_ref(), fees.as_ref().as_ref(), amount)
    }

    /// Ends every trade: the curve and the referrer's account add up.
    fn require_sound(&self) -> Result<()> {
        self.curve.invariant(self.curve.get_lamports())?;
        Ok(())
    }

    fn completed(&self, timestamp: i64) -> CurveCompleted {
        CurveCompleted {
            mint: self.curve.mint,
            curve: self.curve.key(),
            sold: self.curve.sold,
            quote_reserve: self.curve.quote_reserve,
            timestamp,
        }
    }

    fn traded(&self, quote: &Quote, is_buy: bool, timestamp: i64) -> Traded {
        let curve = &self.curve;
        Traded {
            mint: curve.mint,
            curve: curve.key(),
            trader: *self.trader.key,
            is_buy,
            base_amount: quote.base,
            quote_amount: quote.amount,
            protocol_fee: quote.fees.protocol,
            creator_fee: quote.fees.creator,
            referrer_fee: quote.fees.referrer,
            referrer: self.referrer_fees.as_ref().map(|fees| fees.referrer),
            sold: curve.sold,
            quote_reserve: curve.quote_reserve,
            virtual_base: quote.place.virtual_base,
            virtual_quote: quote.place.virtual_quote,
            segment: quote.place.segment,
            protocol_fees: curve.protocol_fees,
            creator_fees: curve.creator_fees,
            timestamp,
        }
    }
}

/// Applies a quoted buy: lamports in, tokens out, and the curve complete when nothing is left.
pub fn settle_buy(ctx: Context<Trade>, quote: &Quote, now: i64) -> Result<()> {
    // Effect
    ctx.accounts.curve.apply_buy(quote, now)?;

    // Interaction
    ctx.accounts.collect(quote.total)?;
    ctx.accounts.deliver_base(quote.base)?;
    // After the last call that names the curve: the runtime balances its
    // lamports there, without the referrer's account.
    ctx.accounts.pay_referrer(quote.fees.referrer)?;
    ctx.accounts.require_sound()?;

    // Event
    log::trade("buy", ctx.accounts.mint.key, quote.amount, quote.base);
    emit_cpi!(ctx.accounts.traded(quote, true, now));
    if ctx.accounts.curve.status == CurveStatus::Complete {
        emit_cpi!(ctx.accounts.completed(now));
    }
    Ok(())
}

/// Applies a quoted sell: tokens in, lamports out.
pub fn settle_sell(ctx: Context<Trade>, quote: &Quote, now: i64) -> Result<()> {
    // Effect
    ctx.accounts.curve.apply_sell(quote)?;

    // Interaction
    ctx.accounts.take_base(quote.base)?;
    pay_out(ctx.accounts.curve.as_ref().as_ref(), &ctx.accounts.trader, quote.total)?;
    ctx.accounts.pay_referrer(quote.fees.referrer)?;
    ctx.accounts.require_sound()?;

    // Event
    log::trade("sell", ctx.accounts.mint.key, quote.amount, quote.base);
    emit_cpi!(ctx.accounts.traded(quote, false, now));
    Ok(())
}
