use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_buy_exact_out(
    ctx: Context<Trade>,
    base_out: u64,
    max_quote_in: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let order = Order::buy(ctx.accounts, deadline, |market| market.buy_exact_out(base_out))?;
    require!(order.quote.total <= max_quote_in, CurveError::SlippageExceeded);

    settle_buy(ctx.accounts, order)
}
