use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::{BatchSettled, CurveCompleted, Traded},
        log,
        math::Quote,
        state::{store_ledger, Batch, Curve, CurveBytes, CurveStatus, Ledger},
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        account::{data_of, data_of_mut},
        SafeMath,
    },
};

#[event_cpi]
#[derive(Accounts)]
pub struct SettleBatch<'info> {
    #[account(mut, seeds = [BATCH_SEED, batch.mint.as_ref()], bump = batch.bump)]
    pub batch: Box<Account<'info, Batch>>,
    /// CHECK: owner, discriminator and mint, in [`SettleBatch::quote`].
    #[account(mut)]
    pub curve: UncheckedAccount<'info>,
}

pub fn handle_settle_batch(ctx: Context<SettleBatch>) -> Result<()> {
    // Check
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.batch.require_due(now)?;
    let (mut ledger, purchase) = ctx.accounts.quote(now)?;

    // Effect
    ctx.accounts.batch.settle(purchase.as_ref(), now)?;
    ledger.begin(purchase.as_ref(), now)?;
    store_ledger(&mut data_of_mut::<Curve>(&ctx.accounts.curve, &crate::ID)?, &ledger)?;
    let batch = ctx.accounts.batch.to_account_info();
    pay_out(&batch, &ctx.accounts.curve, purchase.map_or(0, |quote| quote.total))?;
    ledger.invariant(ctx.accounts.curve.lamports())?;
    ctx.accounts.batch.invariant(batch.lamports())?;

    // Event
    if let Some(quote) = &purchase {
        log::trade("buy", &ctx.accounts.batch.mint, quote.amount, quote.base);
        emit_cpi!(ctx.accounts.traded(&ledger, quote, now));
    }
    if ledger.status == CurveStatus::Complete {
        emit_cpi!(ctx.accounts.completed(&ledger, now));
    }
    emit_cpi!(ctx.accounts.settled(purchase.as_ref(), now)?);
    Ok(())
}

impl SettleBatch<'_> {
    /// The curve's numbers, and what all deposits buy of it; none where the batch fails.
    fn quote(&self, now: i64) -> Result<(Ledger, Option<Quote>)> {
        let data = data_of::<Curve>(&self.curve, &crate::ID)?;
        let curve = CurveBytes::new(&data);
        require!(curve.is_current(), CurveError::InvariantViolated);
        require!(curve.has_mint(&self.batch.mint), CurveError::InvalidMint);
        let ledger = curve.ledger()?;
        require!(ledger.status == CurveStatus::Depositing, CurveError::NotDepositing);
        let market = ledger.market(curve.segments()?, false, now);
        Ok((ledger, self.batch.purchase(&market, ledger.has_ended(now))))
    }

    fn traded(&self, ledger: &Ledger, quote: &Quote, timestamp: i64) -> Traded {
        Traded {
            mint: self.batch.mint,
            curve: self.curve.key(),
            trader: self.batch.key(),
            is_buy: true,
            base_amount: quote.base,
            quote_amount: quote.amount,
            protocol_fee: quote.fees.protocol,
            creator_fee: quote.fees.creator,
            referrer_fee: quote.fees.referrer,
            referrer: None,
            sold: ledger.sold,
            quote_reserve: ledger.quote_reserve,
            virtual_base: quote.place.virtual_base,
            virtual_quote: quote.place.virtual_quote,
            segment: quote.place.segment,
            protocol_fees: ledger.protocol_fees,
            creator_fees: ledger.creator_fees,
            timestamp,
            launch_fee: quote.fees.launch,
            launch_fees: ledger.launch_fees,
        }
    }

    fn completed(&self, ledger: &Ledger, timestamp: i64) -> CurveCompleted {
        CurveCompleted {
            mint: self.batch.mint,
            curve: self.curve.key(),
            sold: ledger.sold,
            quote_reserve: ledger.quote_reserve,
            timestamp,
        }
    }

    fn settled(&self, purchase: Option<&Quote>, timestamp: i64) -> Result<BatchSettled> {
        let (amount, total) = purchase.map_or((0, 0), |quote| (quote.amount, quote.total));
        Ok(BatchSettled {
            mint: self.batch.mint,
            batch: self.batch.key(),
            failed: purchase.is_none(),
            deposits: self.batch.deposits,
            base_amount: self.batch.base_left,
            quote_amount: amount,
            fees: total.safe_sub(amount).map_err(CurveError::from)?,
            refund: self.batch.refund_left,
            timestamp,
        })
    }
}
