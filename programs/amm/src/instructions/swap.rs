//! What the two swaps share: accounts, checks, settlement.

use {
    super::pair::{Pair, Side, State},
    crate::{
        error::AmmError,
        events::Swapped,
        math::{Market, Quote},
        state::{Config, ConfigBytes},
        token::amount_of,
    },
    anchor_lang::prelude::*,
    launchpad_common::{account::data_of, SafeMath},
};

/// Both vaults and both of the trader's accounts by name: nothing is inferred
/// from their order, the direction is an argument.
#[event_cpi]
#[derive(Accounts)]
pub struct Swap<'info> {
    pub trader: Signer<'info>,
    /// CHECK: owner and discriminator, in [`Pair::open`].
    pub config: UncheckedAccount<'info>,
    /// CHECK: owner and discriminator, in [`Pair::open`].
    #[account(mut)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub base_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub quote_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub trader_base: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub trader_quote: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub base_token_program: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub quote_token_program: UncheckedAccount<'info>,
}

/// A swap that passed its checks.
pub struct Order<'a, 'info> {
    pair: Pair<'a, 'info>,
    trader: &'a AccountInfo<'info>,
    is_buy: bool,
    state: State,
    /// The pool as the quote functions see it.
    pub market: Market,
}

/// One token's part in a swap.
pub struct Leg<'a, 'info> {
    pub side: Side<'a, 'info>,
    pub taxed: bool,
    decimals: u8,
}

impl<'a, 'info> Order<'a, 'info> {
    /// Checks everything that a swap needs. A pause stops buys, never sells.
    pub fn new(swap: &'a Swap<'info>, is_buy: bool, deadline: i64) -> Result<Self> {
        let (pair, trader) = (swap.pair(), swap.trader.as_ref());
        let state = pair.open(trader.key, is_buy)?;
        require!(state.now <= deadline, AmmError::DeadlinePassed);
        let config = data_of::<Config>(pair.config, &crate::ID)?;
        let market = Market {
            reserves: state.ledger.reserves_within(state.vaults)?,
            rates: ConfigBytes::new(&config).rates(state.ledger.creator_fee_bps)?,
        };
        drop(config);
        Ok(Order { pair, trader, is_buy, state, market })
    }

    /// What the trader pays with.
    pub fn input(&self) -> Leg<'a, 'info> {
        if self.is_buy {
            self.quote()
        } else {
            self.base()
        }
    }

    /// What the trader gets.
    pub fn output(&self) -> Leg<'a, 'info> {
        if self.is_buy {
            self.base()
        } else {
            self.quote()
        }
    }

    /// Takes `amount` from the trader and returns what arrived.
    pub fn take(&self, amount: u64) -> Result<u64> {
        let leg = self.input();
        leg.side.take(self.trader, leg.decimals, amount)?;
        if !leg.taxed {
            return Ok(amount);
        }
        let (base, quote) = self.state.vaults;
        let before = if self.is_buy { quote } else { base };
        Ok(amount_of(leg.side.vault)?.safe_sub(before).map_err(AmmError::from)?)
    }

    /// Pays the trader, books the fees and tells. `paid` left the trader's
    /// account before; at least `least` must arrive in the other one.
    pub fn settle(mut self, quote: &Quote, paid: u64, least: u64) -> Result<()> {
        // Effect
        self.state.ledger.book_fees(&quote.fees)?;

        // Interaction
        let received = self.deliver(if self.is_buy { quote.base } else { quote.total })?;
        require!(received >= least, AmmError::SlippageExceeded);
        self.pair.close(&mut self.state.ledger)?;
        let kept = self.state.ledger.reserves().k() >= self.market.reserves.k();
        require!(kept, AmmError::InvariantViolated);

        // Event
        self.pair.emit(&self.swapped(quote, paid, received))
    }

    /// Pays `amount` out of the pool and returns what arrived.
    fn deliver(&self, amount: u64) -> Result<u64> {
        let leg = self.output();
        if leg.taxed {
            return self.pair.pay_measured(&leg.side, &self.state, leg.decimals, amount);
        }
        self.pair.pay(&leg.side, &self.state, leg.decimals, amount)?;
        Ok(amount)
    }

    fn base(&self) -> Leg<'a, 'info> {
        let ledger = &self.state.ledger;
        Leg { side: self.pair.base, taxed: ledger.base_taxed, decimals: ledger.base_decimals }
    }

    fn quote(&self) -> Leg<'a, 'info> {
        let ledger = &self.state.ledger;
        Leg { side: self.pair.quote, taxed: ledger.quote_taxed, decimals: ledger.quote_decimals }
    }

    fn swapped(&self, quote: &Quote, paid: u64, received: u64) -> Swapped {
        let ledger = &self.state.ledger;
        Swapped {
            pool: *self.pair.pool.key,
            base_mint: *self.pair.base.mint.key,
            quote_mint: *self.pair.quote.mint.key,
            trader: *self.trader.key,
            is_buy: self.is_buy,
            base_amount: quote.base,
            quote_amount: quote.amount,
            lp_fee: quote.fees.lp,
            protocol_fee: quote.fees.protocol,
            creator_fee: quote.fees.creator,
            paid,
            received,
            base_reserve: ledger.base_reserve,
            quote_reserve: ledger.quote_reserve,
            protocol_fees: ledger.protocol_fees,
            creator_fees: ledger.creator_fees,
            creator_fee_bps: ledger.creator_fee_bps,
            timestamp: self.state.now,
        }
    }
}

impl<'info> Swap<'info> {
    fn pair(&self) -> Pair<'_, 'info> {
        Pair {
            config: &self.config,
            pool: &self.pool,
            base: Side {
                mint: &self.base_mint,
                vault: &self.base_vault,
                user: &self.trader_base,
                token_program: &self.base_token_program,
            },
            quote: Side {
                mint: &self.quote_mint,
                vault: &self.quote_vault,
                user: &self.trader_quote,
                token_program: &self.quote_token_program,
            },
            event_authority: &self.event_authority,
        }
    }
}
