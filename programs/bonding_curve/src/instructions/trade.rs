//! What the three trading instructions share: accounts, checks, settlement.
//!
//! A trade is the hot path. Config and curve are read and written where they
//! lie instead of being unpacked; every check that Anchor's account types make
//! is made here by hand, with the same errors.

use {
    super::{lamports::pay_out, trade_rules::Admission},
    crate::{
        constants::*,
        error::{Checked, CurveError},
        events::{CurveCompleted, Traded},
        log,
        math::{Market, Quote},
        state::{
            store_ledger, Config, Curve, CurveBytes, CurveStatus, Ledger, PackedSegments,
            ReferrerFees, Terms,
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
    /// CHECK: owner and discriminator, in [`is_paused`].
    pub config: UncheckedAccount<'info>,
    /// CHECK: owner and discriminator, in [`Order::new`].
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
    /// CHECK: owner and discriminator, in [`referrer`].
    #[account(mut)]
    pub referrer_fees: Option<UncheckedAccount<'info>>,
    /// While the rules of the opening hold.
    /// CHECK: compared with the curve's.
    pub terms: Option<UncheckedAccount<'info>>,
    /// While the rules of the opening hold: the trader's own.
    /// CHECK: owner, discriminator, mint and wallet, in [`Admission::new`].
    #[account(mut)]
    pub position: Option<UncheckedAccount<'info>>,
    /// Who opened the curve: spares a buy in the opening transaction the launch fee and
    /// the rules, unless the terms bind him too.
    pub opener: Option<Signer<'info>>,
    /// CHECK: compared with the curve's.
    pub token_program: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// A trade that was quoted and may be settled.
pub struct Order {
    pub quote: Quote,
    ledger: Ledger,
    bump: u8,
    referrer: Option<Pubkey>,
    /// Where rules of the opening bind the buy.
    admission: Option<Admission>,
    now: i64,
}

impl Order {
    /// Checks everything that a buy needs, then quotes it.
    pub fn buy(
        trade: &Trade,
        deadline: i64,
        quote: impl FnOnce(&Market<PackedSegments>) -> Checked<Quote>,
    ) -> Result<Order> {
        require!(!is_paused(trade)?, CurveError::Paused);
        Order::new(trade, deadline, true, quote)
    }

    /// Checks everything that a sell needs, which nothing can pause, then quotes it.
    pub fn sell(
        trade: &Trade,
        deadline: i64,
        quote: impl FnOnce(&Market<PackedSegments>) -> Checked<Quote>,
    ) -> Result<Order> {
        is_paused(trade)?;
        Order::new(trade, deadline, false, quote)
    }

    fn new(
        trade: &Trade,
        deadline: i64,
        is_buy: bool,
        quote: impl FnOnce(&Market<PackedSegments>) -> Checked<Quote>,
    ) -> Result<Order> {
        let clock = Clock::get()?;
        let now = clock.unix_timestamp;
        require!(now <= deadline, CurveError::DeadlinePassed);
        let (mint, token_program) = (trade.mint.key, trade.token_program.key);
        require!(!trade.trader_base.data_is_empty(), CurveError::MissingTokenAccount);
        require_account_of(&trade.trader_base, token_program, mint, trade.trader.key)?;
        let referrer = referrer(trade)?;

        let data = data_of::<Curve>(&trade.curve, &crate::ID)?;
        let curve = CurveBytes::new(&data);
        require!(curve.is_current(), CurveError::InvariantViolated);
        require!(curve.has_mint(mint), CurveError::InvalidMint);
        require!(curve.has_base_vault(trade.base_vault.key), ErrorCode::ConstraintAddress);
        require!(curve.has_token_program(token_program), ErrorCode::InvalidProgramId);
        let (ledger, bump) = (curve.ledger()?, curve.bump()?);
        ledger.require_trading(now)?;
        let mut market = ledger.market(curve.segments()?, referrer.is_some(), now);
        let mut admission = None;
        if is_buy {
            match is_spared(trade, &curve, &ledger, now)? {
                true => market.rates.launch_bps = 0,
                false if ledger.has_rules(now) => {
                    admission = Some(Admission::new(trade, &curve, &ledger, &clock)?);
                }
                false => {}
            }
        }
        let quote = quote(&market)?;
        if let Some(admission) = &mut admission {
            admission.count(quote.base, ledger.sale_supply)?;
        }
        Ok(Order { quote, ledger, bump, referrer, admission, now })
    }
}

/// Whether the opener makes the first buy, in the second of the opening, under terms that spare him.
fn is_spared(trade: &Trade, curve: &CurveBytes, ledger: &Ledger, now: i64) -> Result<bool> {
    let Some(opener) = &trade.opener else {
        return Ok(false);
    };
    require!(curve.has_authority(opener.key), CurveError::InvalidAuthority);
    require!(ledger.sold == 0 && ledger.opened_at == now, CurveError::RulesTooLate);
    Ok(!binds_creator(trade, curve)?)
}

/// Whether the sale binds its opener too. Without terms it does not.
fn binds_creator(trade: &Trade, curve: &CurveBytes) -> Result<bool> {
    if curve.has_terms(&Pubkey::default()) {
        return Ok(false);
    }
    let account = trade.terms.as_ref().ok_or(CurveError::MissingTerms)?;
    require!(curve.has_terms(account.key), CurveError::MissingTerms);
    Ok(Terms::opening_of(&data_of::<Terms>(account, &crate::ID)?)?.binds_creator)
}

/// Who takes part of the protocol's fee; never the trader himself.
fn referrer(trade: &Trade) -> Result<Option<Pubkey>> {
    let Some(account) = &trade.referrer_fees else {
        return Ok(None);
    };
    let data = data_of::<ReferrerFees>(account, &crate::ID)?;
    let referrer = ReferrerFees::referrer_of(&data)?;
    require!(referrer != *trade.trader.key, CurveError::InvalidReferrer);
    Ok(Some(referrer))
}

/// Checks the config and reads its switch.
fn is_paused(trade: &Trade) -> Result<bool> {
    Ok(Config::is_paused(&data_of::<Config>(&trade.config, &crate::ID)?))
}

/// Applies a quoted buy: lamports in, tokens out, and the curve complete when nothing is left.
pub fn settle_buy(trade: &Trade, mut order: Order) -> Result<()> {
    // Effect
    order.ledger.apply_buy(&order.quote, order.now)?;
    trade.store(&order.ledger)?;
    if let Some(admission) = &order.admission {
        admission.store(trade)?;
    }

    // Interaction
    lamports::transfer(&trade.trader, &trade.curve, order.quote.total)?;
    trade.deliver_base(&order)?;
    // After the last call that names the curve: the runtime balances its
    // lamports there, without the referrer's account.
    trade.pay_referrer(order.quote.fees.referrer)?;
    order.ledger.invariant(trade.curve.lamports())?;

    // Event
    log::trade("buy", trade.mint.key, order.quote.amount, order.quote.base);
    trade.emit(&trade.traded(&order, true))?;
    if order.ledger.status == CurveStatus::Complete {
        trade.emit(&trade.completed(&order))?;
    }
    Ok(())
}

/// Applies a quoted sell: tokens in, lamports out.
pub fn settle_sell(trade: &Trade, mut order: Order) -> Result<()> {
    // Effect
    order.ledger.apply_sell(&order.quote)?;
    trade.store(&order.ledger)?;

    // Interaction
    trade.take_base(&order)?;
    pay_out(&trade.curve, &trade.trader, order.quote.total)?;
    trade.pay_referrer(order.quote.fees.referrer)?;
    order.ledger.invariant(trade.curve.lamports())?;

    // Event
    log::trade("sell", trade.mint.key, order.quote.amount, order.quote.base);
    trade.emit(&trade.traded(&order, false))
}

impl Trade<'_> {
    fn store(&self, ledger: &Ledger) -> Result<()> {
        store_ledger(&mut data_of_mut::<Curve>(&self.curve, &crate::ID)?, ledger)
    }

    fn deliver_base(&self, order: &Order) -> Result<()> {
        let seeds: &[&[u8]] = &[CURVE_SEED, self.mint.key.as_ref(), &[order.bump]];
        TransferChecked {
            token_program: &self.token_program,
            from: &self.base_vault,
            mint: &self.mint,
            to: &self.trader_base,
            authority: &self.curve,
            decimals: order.ledger.decimals,
        }
        .invoke(order.quote.base, &[seeds])
    }

    fn take_base(&self, order: &Order) -> Result<()> {
        TransferChecked {
            token_program: &self.token_program,
            from: &self.trader_base,
            mint: &self.mint,
            to: &self.base_vault,
            authority: &self.trader,
            decimals: order.ledger.decimals,
        }
        .invoke(order.quote.base, &[])
    }

    /// Moves the referrer's part from the curve and books it.
    fn pay_referrer(&self, amount: u64) -> Result<()> {
        let Some(account) = &self.referrer_fees else {
            return Ok(());
        };
        ReferrerFees::earn(&mut data_of_mut::<ReferrerFees>(account, &crate::ID)?, amount)?;
        pay_out(&self.curve, account, amount)
    }

    fn emit<E: AnchorSerialize + Discriminator>(&self, event: &E) -> Result<()> {
        event::emit(event, &crate::ID, &self.event_authority, crate::EVENT_AUTHORITY_AND_BUMP.1)
    }

    fn traded(&self, order: &Order, is_buy: bool) -> Traded {
        let Order { quote, ledger, .. } = order;
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
            referrer: order.referrer,
            sold: ledger.sold,
            quote_reserve: ledger.quote_reserve,
            virtual_base: quote.place.virtual_base,
            virtual_quote: quote.place.virtual_quote,
            segment: quote.place.segment,
            protocol_fees: ledger.protocol_fees,
            creator_fees: ledger.creator_fees,
            timestamp: order.now,
            launch_fee: quote.fees.launch,
            launch_fees: ledger.launch_fees,
        }
    }

    fn completed(&self, order: &Order) -> CurveCompleted {
        CurveCompleted {
            mint: *self.mint.key,
            curve: *self.curve.key,
            sold: order.ledger.sold,
            quote_reserve: order.ledger.quote_reserve,
            timestamp: order.now,
        }
    }
}
