//! What the three trading instructions share: accounts, checks, settlement.
//!
//! A trade is the hot path. Config and curve are read and written where they
//! lie instead of being unpacked; every check that Anchor's account types make
//! is made here by hand, with the same errors.

use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{CurveCompleted, Traded},
        log,
        math::{Market, Quote},
        state::{
            store_ledger, Config, Curve, CurveBytes, CurveStatus, Ledger, ReferrerFees, Segment,
        },
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        account::{data_of, data_of_mut},
        event, lamports,
        token::{require_account_of, TransferChecked},
    },
};

/// A config, a curve and a referrer's account are authentic by owner and
/// discriminator: this program creates each of them at its own address only.
#[event_cpi]
#[derive(Accounts)]
pub struct Trade<'info> {
    #[account(mut)]
    pub trader: Signer<'info>,
    /// CHECK: owner and discriminator, in [`Open::load`].
    pub config: UncheckedAccount<'info>,
    /// CHECK: owner and discriminator, in [`Open::load`].
    #[account(mut)]
    pub curve: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub trader_base: UncheckedAccount<'info>,
    #[account(mut)]
    pub referrer_fees: Option<Box<Account<'info, ReferrerFees>>>,
    /// CHECK: compared with the curve's.
    pub token_program: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// A curve that may be traded now, and how much it has sold.
pub struct Open {
    ledger: Ledger,
    segments: Vec<Segment>,
    bump: u8,
    referred: bool,
    now: i64,
}

impl Open {
    /// Everything a buy needs before it is quoted.
    pub fn for_buying(trade: &Trade, deadline: i64) -> Result<Open> {
        require!(!is_paused(trade)?, CurveError::Paused);
        Open::load(trade, deadline)
    }

    /// Everything a sell needs before it is quoted: nothing that pausing could stop.
    pub fn for_selling(trade: &Trade, deadline: i64) -> Result<Open> {
        is_paused(trade)?;
        Open::load(trade, deadline)
    }

    fn load(trade: &Trade, deadline: i64) -> Result<Open> {
        let now = Clock::get()?.unix_timestamp;
        require!(now <= deadline, CurveError::DeadlinePassed);
        if let Some(fees) = &trade.referrer_fees {
            require!(fees.referrer != *trade.trader.key, CurveError::InvalidReferrer);
        }
        let (mint, token_program) = (trade.mint.key, trade.token_program.key);
        require_account_of(&trade.trader_base, token_program, mint, trade.trader.key)?;
        let data = data_of::<Curve>(&trade.curve, &crate::ID)?;
        let curve = CurveBytes::new(&data);
        require!(curve.has_mint(trade.mint.key), CurveError::InvalidMint);
        require!(curve.has_base_vault(trade.base_vault.key), ErrorCode::ConstraintAddress);
        require!(curve.has_token_program(trade.token_program.key), ErrorCode::InvalidProgramId);
        let ledger = curve.ledger()?;
        ledger.require_trading()?;
        Ok(Open {
            ledger,
            segments: curve.segments()?,
            bump: curve.bump()?,
            referred: trade.referrer_fees.is_some(),
            now,
        })
    }

    /// The curve as the quote functions see it.
    pub fn market(&self) -> Market<'_> {
        self.ledger.market(&self.segments, self.referred)
    }
}

/// Checks the config and reads its switch.
fn is_paused(trade: &Trade) -> Result<bool> {
    Ok(Config::is_paused(&data_of::<Config>(&trade.config, &crate::ID)?))
}

/// Applies a quoted buy: lamports in, tokens out, and the curve complete when nothing is left.
pub fn settle_buy(trade: &mut Trade, mut open: Open, quote: &Quote) -> Result<()> {
    // Effect
    open.ledger.apply_buy(quote, open.now)?;
    trade.store(&open.ledger)?;

    // Interaction
    lamports::transfer(&trade.trader, &trade.curve, quote.total)?;
    trade.deliver_base(&open, quote.base)?;
    // After the last call that names the curve: the runtime balances its
    // lamports there, without the referrer's account.
    trade.pay_referrer(quote.fees.referrer)?;
    open.ledger.invariant(trade.curve.lamports())?;

    // Event
    log::trade("buy", trade.mint.key, quote.amount, quote.base);
    trade.emit(&trade.traded(&open, quote, true))?;
    if open.ledger.status == CurveStatus::Complete {
        trade.emit(&trade.completed(&open))?;
    }
    Ok(())
}

/// Applies a quoted sell: tokens in, lamports out.
pub fn settle_sell(trade: &mut Trade, mut open: Open, quote: &Quote) -> Result<()> {
    // Effect
    open.ledger.apply_sell(quote)?;
    trade.store(&open.ledger)?;

    // Interaction
    trade.take_base(&open, quote.base)?;
    pay_out(&trade.curve, &trade.trader, quote.total)?;
    trade.pay_referrer(quote.fees.referrer)?;
    open.ledger.invariant(trade.curve.lamports())?;

    // Event
    log::trade("sell", trade.mint.key, quote.amount, quote.base);
    trade.emit(&trade.traded(&open, quote, false))
}

impl Trade<'_> {
    fn store(&self, ledger: &Ledger) -> Result<()> {
        store_ledger(&mut data_of_mut::<Curve>(&self.curve, &crate::ID)?, ledger)
    }

    fn deliver_base(&self, open: &Open, amount: u64) -> Result<()> {
        let seeds: &[&[u8]] = &[CURVE_SEED, self.mint.key.as_ref(), &[open.bump]];
        TransferChecked {
            token_program: &self.token_program,
            from: &self.base_vault,
            mint: &self.mint,
            to: &self.trader_base,
            authority: &self.curve,
            decimals: open.ledger.decimals,
        }
        .invoke(amount, &[seeds])
    }

    fn take_base(&self, open: &Open, amount: u64) -> Result<()> {
        TransferChecked {
            token_program: &self.token_program,
            from: &self.trader_base,
            mint: &self.mint,
            to: &self.base_vault,
            authority: &self.trader,
            decimals: open.ledger.decimals,
        }
        .invoke(amount, &[])
    }

    /// Moves the referrer's part from the curve and books it.
    fn pay_referrer(&mut self, amount: u64) -> Result<()> {
        let Some(fees) = &mut self.referrer_fees else {
            return Ok(());
        };
        fees.earn(amount)?;
        pay_out(&self.curve, fees.as_ref().as_ref(), amount)
    }

    fn emit<E: AnchorSerialize + Discriminator>(&self, event: &E) -> Result<()> {
        event::emit(event, &crate::ID, &self.event_authority, crate::EVENT_AUTHORITY_AND_BUMP.1)
    }

    fn traded(&self, open: &Open, quote: &Quote, is_buy: bool) -> Traded {
        let ledger = &open.ledger;
        Traded {
            mint: *self.mint.key,
            curve: *self.curve.key,
            trader: *self.trader.key,
            is_buy,
            base_amount: quote.base,
            quote_amount: quote.amount,
            protocol_fee: quote.fees.protocol,
            creator_fee: quote.fees.creator,
            referrer_fee: quote.fees.referrer,
            referrer: self.referrer_fees.as_ref().map(|fees| fees.referrer),
            sold: ledger.sold,
            quote_reserve: ledger.quote_reserve,
            virtual_base: quote.place.virtual_base,
            virtual_quote: quote.place.virtual_quote,
            segment: quote.place.segment,
            protocol_fees: ledger.protocol_fees,
            creator_fees: ledger.creator_fees,
            timestamp: open.now,
        }
    }

    fn completed(&self, open: &Open) -> CurveCompleted {
        CurveCompleted {
            mint: *self.mint.key,
            curve: *self.curve.key,
            sold: open.ledger.sold,
            quote_reserve: open.ledger.quote_reserve,
            timestamp: open.now,
        }
    }
}
