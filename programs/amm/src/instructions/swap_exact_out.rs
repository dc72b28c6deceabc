use {
    super::swap::*,
    crate::{error::AmmError, token::gross_of},
    anchor_lang::prelude::*,
};

pub fn handle_swap_exact_out(
    ctx: Context<Swap>,
    is_buy: bool,
    amount_out: u64,
    max_amount_in: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    require!(amount_out > 0, AmmError::ZeroAmount);
    let order = Order::new(ctx.accounts, is_buy, deadline)?;
    let (market, input, output) = (order.market, order.input(), order.output());
    let leaving = gross_of(output.side.mint, output.taxed, amount_out)?;
    let quote =
        if is_buy { market.buy_exact_out(leaving) } else { market.sell_exact_out(leaving) }?;
    let needed = if is_buy { quote.total } else { quote.base };
    let amount_in = gross_of(input.side.mint, input.taxed, needed)?;
    require!(amount_in <= max_amount_in, AmmError::SlippageExceeded);

    // Interaction
    require!(order.take(amount_in)? >= needed, AmmError::TransferFeeMismatch);

    order.settle(&quote, amount_in, amount_out)
}
