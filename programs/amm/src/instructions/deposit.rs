use {
    super::{liquidity::*, pair::Side},
    crate::{
        error::AmmError,
        events::LiquidityAdded,
        math::{cost_of, shares_within, Reserves},
        token::{amount_of, gross_of, net_of},
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

pub fn handle_deposit(
    ctx: Context<ChangeLiquidity>,
    max_base: u64,
    max_quote: u64,
    min_lp: u64,
    deadline: i64,
) -> Result<()> {
    // Check
    let accounts = &*ctx.accounts;
    let mut state = accounts.open(true)?;
    require!(state.now <= deadline, AmmError::DeadlinePassed);
    let pair = accounts.pair();
    let (ledger, supply) = (state.ledger, state.ledger.lp_supply);
    let reserves = ledger.reserves_within(state.vaults)?;
    let most = Reserves {
        base: net_of(pair.base.mint, ledger.base_taxed, max_base)?,
        quote: net_of(pair.quote.mint, ledger.quote_taxed, max_quote)?,
    };
    let shares = shares_within(most, reserves, supply)?;
    require!(shares >= min_lp, AmmError::SlippageExceeded);
    let cost = cost_of(shares, reserves, supply)?;

    // Interaction
    let base =
        Payment { side: pair.base, taxed: ledger.base_taxed, decimals: ledger.base_decimals };
    let quote =
        Payment { side: pair.quote, taxed: ledger.quote_taxed, decimals: ledger.quote_decimals };
    let base_amount = base.take(&accounts.provider, cost.base, max_base)?;
    let quote_amount = quote.take(&accounts.provider, cost.quote, max_quote)?;
    accounts.mint_shares(&state, shares)?;

    // Effect: what arrived is known now
    state.ledger.lp_supply = supply.safe_add(shares).map_err(AmmError::from)?;
    pair.close(&mut state.ledger)?;
    let after = state.ledger;
    require_worth_kept(
        (reserves.base, reserves.quote, supply),
        (after.base_reserve, after.quote_reserve, after.lp_supply),
    )?;

    // Event
    pair.emit(&LiquidityAdded {
        pool: *accounts.pool.key,
        provider: *accounts.provider.key,
        base_amount,
        quote_amount,
        lp_amount: shares,
        lp_supply: after.lp_supply,
        base_reserve: after.base_reserve,
        quote_reserve: after.quote_reserve,
        creator_fee_bps: after.creator_fee_bps,
        timestamp: state.now,
    })
}

/// One side of a deposit.
struct Payment<'a, 'info> {
    side: Side<'a, 'info>,
    taxed: bool,
    decimals: u8,
}

impl<'a, 'info> Payment<'a, 'info> {
    /// Takes what is needed for `net` to arrive, `most` at most, and returns what arrived.
    fn take(&self, provider: &'a AccountInfo<'info>, net: u64, most: u64) -> Result<u64> {
        let gross = gross_of(self.side.mint, self.taxed, net)?;
        require!(gross <= most, AmmError::SlippageExceeded);
        let before = amount_of(self.side.vault)?;
        self.side.take(provider, self.decimals, gross)?;
        let arrived = amount_of(self.side.vault)?.safe_sub(before).map_err(AmmError::from)?;
        require!(arrived >= net, AmmError::TransferFeeMismatch);
        Ok(arrived)
    }
}
