use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_buy_exact_in(
    ctx: Context<Trade>,
    quote_in: u64,
    min_base_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let now = ctx.accounts.require_buy_allowed(deadline)?;
    let quote = ctx.accounts.market().buy_exact_in(quote_in)?;
    require!(quote.base >= min_base_out, CurveError::SlippageExceeded);

    settle_buy(ctx, &quote, now)
}
