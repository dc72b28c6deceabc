"""Where a mint trades now, and what a trade comes to there: on its curve, and once it graduated in its pool.

The graduate's one pool lies at an address that only the curve's program can make it at,
so its being there is the answer. Quotes of both are of one form.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar

from launchpad.chain import amm_math, pda
from launchpad.chain.accounts import PROGRAM_OF, AmmConfig, CurveState, PoolState, decode_account
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.amm_math import FeeRates, Reserves, SwapQuote
from launchpad.chain.curve_math import TradeQuote
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.pool_events import FeeTier
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of, parse_mint, parse_token_account
from launchpad.chain.venues.raydium.market import RaydiumMarket, fetch_raydium_market

T = TypeVar("T")
Venue = Literal["curve", "amm", "raydium"]


@dataclass(frozen=True, slots=True)
class OpenPool:
    """A pool against SOL as it is now: reserves from its vaults, and the rates that the next swap pays."""

    key: str
    state: PoolState
    reserves: Reserves
    rates: FeeRates
    supply: int  # base units of the mint
    tiers: tuple[FeeTier, ...]

    @property
    def accounts(self) -> Pool:
        """What its instructions name."""
        state = self.state
        programs = (state.base_token_program, state.quote_token_program)
        return Pool(self.key, state.base_mint, state.quote_mint, *programs)

    def quote_buy_exact_in(self, quote_in: int) -> SwapQuote:
        """What so many lamports buy, fees included."""
        return amm_math.quote_buy_exact_in(self.reserves, self.rates, quote_in)

    def quote_buy_exact_out(self, base_out: int) -> SwapQuote:
        """What so many base units cost."""
        return amm_math.quote_buy_exact_out(self.reserves, self.rates, base_out)

    def quote_sell_exact_in(self, base_in: int) -> SwapQuote:
        """What so many base units bring."""
        return amm_math.quote_sell_exact_in(self.reserves, self.rates, base_in)

    def quote_sell_exact_out(self, quote_out: int) -> SwapQuote:
        """The base units that bring so many lamports."""
        return amm_math.quote_sell_exact_out(self.reserves, self.rates, quote_out)


@dataclass(frozen=True, slots=True)
class TokenMarket:
    """A token's curve, and its pool once it has one."""

    curve: CurveState
    pool: OpenPool | None
    raydium: RaydiumMarket | None = None

    @property
    def in_pool(self) -> bool:
        """Whether the next trade happens in a pool."""
        return self.pool is not None or self.raydium is not None

    @property
    def venue(self) -> Venue:
        """Where the next trade happens."""
        if self.pool:
            return "amm"
        return "raydium" if self.curve.status == "graduated" else "curve"

    @property
    def address(self) -> str:
        """The account that trades: the pool's or the curve's."""
        if self.raydium:
            return self.raydium.key
        return self.pool.key if self.pool else pda.curve(self.curve.mint)

    @property
    def price(self) -> Fraction:
        """Lamports per base unit that the next trade meets."""
        if self.pool:
            return self.pool.reserves.price
        if self.raydium:
            return self.raydium.price
        base, quote, _ = self.curve.spot
        return Fraction(quote, base)

    @property
    def liquidity(self) -> int:
        """Lamports to trade against: both sides of the pool, or the curve's reserve."""
        if self.raydium:
            return self.raydium.liquidity
        return 2 * self.pool.reserves.quote if self.pool else self.curve.quote_reserve

    def fee_bps(self, *, is_buy: bool) -> int:
        """All fees of a trade now, in basis points of the amount without them."""
        if self.pool:
            return self.pool.rates.total_bps
        if self.raydium:
            return self.raydium.fee_bps
        fees = self.curve.fees()
        return fees.protocol_bps + fees.creator_bps + (fees.launch_bps if is_buy else 0)

    def quote_buy_exact_in(self, quote_in: int) -> TradeQuote:
        """What so many lamports buy now, fees included."""
        if self.pool:
            return self._in_pool(self.pool.quote_buy_exact_in(quote_in))
        if self.raydium:
            return self.raydium.quote_buy_exact_in(quote_in)
        return self.curve.quote_buy_exact_in(quote_in)

    def quote_buy_exact_out(self, base_out: int) -> TradeQuote:
        """What so many base units cost now."""
        if self.pool:
            return self._in_pool(self.pool.quote_buy_exact_out(base_out))
        if self.raydium:
            return self.raydium.quote_buy_exact_out(base_out)
        return self.curve.quote_buy_exact_out(base_out)

    def quote_sell(self, base_in: int) -> TradeQuote:
        """What so many base units bring now."""
        if self.pool:
            return self._in_pool(self.pool.quote_sell_exact_in(base_in))
        if self.raydium:
            return self.raydium.quote_sell(base_in)
        return self.curve.quote_sell(base_in)

    def quote_sell_exact_out(self, quote_out: int) -> TradeQuote:
        """The fewest base units that bring so many lamports after fees; raises what the arithmetic refuses."""
        if self.pool:
            return self._in_pool(self.pool.quote_sell_exact_out(quote_out))
        if self.raydium:
            return self.raydium.quote_sell_exact_out(quote_out)
        return self.curve.quote_sell_exact_out(quote_out)

    def _in_pool(self, swap: SwapQuote) -> TradeQuote:
        return as_trade(swap, self.curve.sold)


def as_trade(swap: SwapQuote, sold: int) -> TradeQuote:
    """A swap in the form of a trade; the curve has `sold` what it has, whatever happens in the pool."""
    return TradeQuote(
        base_amount=swap.base,
        curve_amount=swap.amount,
        protocol_fee=swap.fees.protocol,
        creator_fee=swap.fees.creator,
        launch_fee=0,
        total=swap.total,
        sold_after=sold,
        price_before=swap.before.price,
        price_after=swap.after.price,
        liquidity_fee=swap.fees.lp,
    )


async def fetch_market(rpc: RpcPool, mint: str, now: int) -> TokenMarket | None:
    """A token's curve and pool, both of one moment, with the fees of `now`; None for a mint without a curve.

    A pool at Raydium is read a moment later.
    """
    key = pda.canonical_pool(mint)
    curve, *rest = await rpc.get_accounts([pda.curve(mint), *_accounts_of(key, mint)])
    state = _state(CurveState, curve)
    if state is None:
        return None
    pool = _open_pool(key, mint, rest, now)
    if pool is None and state.status == "graduated" and state.pool:
        return TokenMarket(state, None, await fetch_raydium_market(rpc, state.pool, state.sold, now))
    return TokenMarket(state, pool)


async def fetch_open_pool(rpc: RpcPool, key: str, mint: str, now: int) -> OpenPool | None:
    """A pool of a mint against SOL by its address; None where there is no such pool."""
    return _open_pool(key, mint, await rpc.get_accounts(_accounts_of(key, mint)), now)


def _accounts_of(pool: str, mint: str) -> list[str]:
    vaults = (pda.pool_vault(pool, mint), pda.pool_vault(pool, WRAPPED_SOL))
    return [pool, pda.amm_config(), mint, *vaults]


def _open_pool(key: str, mint: str, accounts: list[dict[str, Any] | None], now: int) -> OpenPool | None:
    found, config, token, base, quote = accounts
    state, fees = _state(PoolState, found), _state(AmmConfig, config)
    if state is None or fees is None or token is None or base is None or quote is None:
        return None
    if (state.base_mint, state.quote_mint) != (mint, WRAPPED_SOL):
        return None
    supply = parse_mint(mint, token).supply
    held = (parse_token_account(data_of(vault)).amount for vault in (base, quote))
    return OpenPool(key, state, state.reserves(*held), fees.rates_at(state, supply, now), supply, fees.tiers)


def _state(kind: type[T], account: dict[str, Any] | None) -> T | None:
    if account is None or account["owner"] != PROGRAM_OF[kind]:
        return None
    return decode_account(kind, data_of(account))
