use {
    super::liquidity::*,
    crate::{error::AmmError, events::LiquidityRemoved, math::worth_of},
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

pub fn handle_withdraw(
    ctx: Context<ChangeLiquidity>,
    lp_amount: u64,
    min_base: u64,
    min_quote: u64,
) -> Result<()> {
    // Check
    let accounts = &*ctx.accounts;
    let mut state = accounts.open(false)?;
    let pair = accounts.pair();
    let supply = state.ledger.lp_supply;
    let reserves = state.ledger.reserves_within(state.vaults)?;
    let worth = worth_of(lp_amount, reserves, supply)?;

    // Interaction
    accounts.burn_shares(lp_amount)?;
    let (base_decimals, quote_decimals) = (state.ledger.base_decimals, state.ledger.quote_decimals);
    let base_arrived = pair.pay_measured(&pair.base, &state, base_decimals, worth.base)?;
    let quote_arrived = pair.pay_measured(&pair.quote, &state, quote_decimals, worth.quote)?;
    let enough = base_arrived >= min_base && quote_arrived >= min_quote;
    require!(enough, AmmError::SlippageExceeded);

    // Effect: what left is known now
    state.ledger.lp_supply = supply.safe_sub(lp_amount).map_err(AmmError::from)?;
    pair.close(&mut state.ledger)?;
    let after = state.ledger;
    require_worth_kept(
        (reserves.base, reserves.quote, supply),
        (after.base_reserve, after.quote_reserve, after.lp_supply),
    )?;

    // Event
    pair.emit(&LiquidityRemoved {
        pool: *accounts.pool.key,
        provider: *accounts.provider.key,
        base_amount: worth.base,
        quote_amount: worth.quote,
        lp_amount,
        lp_supply: after.lp_supply,
        base_reserve: after.base_reserve,
        quote_reserve: after.quote_reserve,
        creator_fee_bps: after.creator_fee_bps,
        timestamp: state.now,
    })
}
