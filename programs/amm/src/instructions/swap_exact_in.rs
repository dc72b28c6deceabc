use {super::swap::*, crate::error::AmmError, anchor_lang::prelude::*};

pub fn handle_swap_exact_in(
    ctx: Context<Swap>,
    is_buy: bool,
    amount_in: u64,
    min_amount_out: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    require!(amount_in > 0, AmmError::ZeroAmount);
    let order = Order::new(ctx.accounts, is_buy, deadline)?;

    // Interaction: only what really arrived is swapped
    let arrived = order.take(amount_in)?;
    let market = order.market;
    let quote = if is_buy { market.buy_exact_in(arrived) } else { market.sell_exact_in(arrived) }?;

    order.settle(&quote, amount_in, min_amount_out)
}
