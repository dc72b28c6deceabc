use {super::trade::*, crate::error::CurveError, anchor_lang::prelude::*};

pub fn handle_sell(
    ctx: Context<Trade>,
    base_in: u64,
    min_quote_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let open = Open::for_selling(ctx.accounts, deadline)?;
    let quote = open.market().sell(base_in)?;
    require!(quote.total >= min_quote_out, CurveError::SlippageExceeded);

    settle_sell(ctx.accounts, open, &quote)
}
