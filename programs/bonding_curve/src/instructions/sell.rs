use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_sell(
    ctx: Context<Trade>,
    base_in: u64,
    min_quote_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let order = Order::sell(ctx.accounts, deadline, |market| market.sell(base_in))?;
    require!(order.quote.total >= min_quote_out, CurveError::SlippageExceeded);

    settle_sell(ctx.accounts, order)
}
