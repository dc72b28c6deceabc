use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_buy_exact_in(
    ctx: Context<Trade>,
    quote_in: u64,
    min_base_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let order = Order::buy(ctx.accounts, deadline, |market| market.buy_exact_in(quote_in))?;
    require!(order.quote.base >= min_base_out, CurveError::SlippageExceeded);

    settle_buy(ctx.accounts, order)
}
