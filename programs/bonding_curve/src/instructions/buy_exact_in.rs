use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_buy_exact_in(
    ctx: Context<Trade>,
    quote_in: u64,
    min_base_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let open = Open::for_buying(ctx.accounts, deadline)?;
    let quote = open.market().buy_exact_in(quote_in)?;
    require!(quote.base >= min_base_out, CurveError::SlippageExceeded);

    settle_buy(ctx.accounts, open, &quote)
}
