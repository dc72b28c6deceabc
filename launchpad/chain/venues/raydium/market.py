"""A graduate's pool at Raydium as every market is traded: quotes in lamports, orders for plain SOL."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from launchpad.chain.curve_math import TradeQuote, ceil_div
from launchpad.chain.rpc import RpcPool
from launchpad.chain.venues.raydium import math
from launchpad.chain.venues.raydium.accounts import SWAP_OFF
from launchpad.chain.venues.raydium.math import FeeRates, SwapQuote
from launchpad.chain.venues.raydium.pools import RaydiumPool
from launchpad.chain.venues.raydium.reading import LivePool, find_pool

_RATES_PER_BPS = 100
_Quote = Callable[[tuple[int, int], FeeRates, int], SwapQuote]


@dataclass(frozen=True, slots=True)
class RaydiumMarket:
    """A pool of a token against SOL. `sol_side` is 0 or 1; the curve behind it has `sold` what it has."""

    live: LivePool
    sol_side: int
    sold: int

    @property
    def pool(self) -> RaydiumPool:
        """What its instructions name."""
        return self.live.pool

    @property
    def key(self) -> str:
        """The pool's address."""
        return self.live.pool.key

    @property
    def price(self) -> Fraction:
        """Lamports per base unit."""
        return Fraction(self.live.reserves[self.sol_side], self.live.reserves[1 - self.sol_side])

    @property
    def liquidity(self) -> int:
        """Both sides of the pool in lamports."""
        return 2 * self.live.reserves[self.sol_side]

    @property
    def fee_bps(self) -> int:
        """All fees of a swap in basis points of what is paid, rounded up."""
        rates = self.live.rates(self.sol_side)
        return ceil_div(rates.trade + rates.creator, _RATES_PER_BPS)

    def quote_buy_exact_in(self, quote_in: int) -> TradeQuote:
        """What so many lamports buy, fees included."""
        return self._buy(math.quote_exact_in, quote_in)

    def quote_buy_exact_out(self, base_out: int) -> TradeQuote:
        """What so many base units cost."""
        return self._buy(math.quote_exact_out, base_out)

    def quote_sell(self, base_in: int) -> TradeQuote:
        """What so many base units bring."""
        return self._sell(math.quote_exact_in, base_in)

    def quote_sell_exact_out(self, quote_out: int) -> TradeQuote:
        """The base units that bring so many lamports."""
        return self._sell(math.quote_exact_out, quote_out)

    def _buy(self, quote: _Quote, amount: int) -> TradeQuote:
        rates = self.live.rates(self.sol_side)
        swap = quote(self.live.facing(self.sol_side), rates, amount)
        fees = swap.fees
        creator = fees.creator if rates.creator_on_input else 0
        return TradeQuote(
            base_amount=swap.amount_out,
            curve_amount=swap.amount_in - fees.trade - creator,
            protocol_fee=fees.protocol + fees.fund,
            creator_fee=creator,
            launch_fee=0,
            total=swap.amount_in,
            sold_after=self.sold,
            price_before=self.price,
            price_after=Fraction(swap.after[0], swap.after[1]),
            liquidity_fee=fees.trade - fees.protocol - fees.fund,
        )

    def _sell(self, quote: _Quote, amount: int) -> TradeQuote:
        """A sale pays its fees in tokens, so none of them are lamports: the price that it executes at has them."""
        swap = quote(self.live.facing(1 - self.sol_side), self.live.rates(1 - self.sol_side), amount)
        return TradeQuote(
            base_amount=swap.amount_in,
            curve_amount=swap.amount_out,
            protocol_fee=0,
            creator_fee=0,
            launch_fee=0,
            total=swap.amount_out,
            sold_after=self.sold,
            price_before=self.price,
            price_after=Fraction(swap.after[1], swap.after[0]),
        )


async def fetch_raydium_market(rpc: RpcPool, key: str, sold: int, now: int) -> RaydiumMarket | None:
    """A pool against SOL that swaps at a time in Unix seconds; None for all else, and where transfers cost a fee."""
    live = await find_pool(rpc, key)
    if live is None or live.sol_side is None or live.taxed:
        return None
    if live.state.status & SWAP_OFF or live.state.open_time > now:
        return None
    return RaydiumMarket(live, live.sol_side, sold)
