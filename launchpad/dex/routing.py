"""Routes over an aggregator: quoted, checked, and turned into transactions that a wallet can trust.

    async with open_router(chain, settings) as router:
        offer = await router.offer(Trade(mint, "buy", "in", 10**9, 100))      # None where there is no aggregator
        swap = await router.build(offer, wallet)

Where a token trades on its curve, the curve is the way; a graduate goes through the aggregator
where one is set and better, else directly through its pool.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import structlog

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.keys import describe_transaction
from launchpad.chain.venues.jupiter import SwapEffects, SwapTerms, inspect_swap
from launchpad.config import Settings
from launchpad.dex.aggregator import Aggregator, Hop, RouteQuote
from launchpad.dex.errors import AggregatorAwayError, NoRouteError
from launchpad.dex.schemas import RouteCheck, RouteHopView
from launchpad.dex.venues import no_aggregator

log = structlog.get_logger(__name__)

Way = Literal["curve", "aggregator", "swap_only_amm"]
# What a swap may cost beside: a signature, a priority fee of a million lamports, three token accounts.
_MOST_COSTS = 5_000 + 1_000_000 + 3 * 2_108_880
# A tenth of a SOL: enough to be quoted, too little to be out of range.
_PROBE_LAMPORTS = 100_000_000
_PROBE_SLIPPAGE = 100


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of a token against SOL: `amount` is exactly what goes in, or what comes out."""

    mint: str
    side: Literal["buy", "sell"]
    amount_is: Literal["in", "out"]
    amount: int
    slippage_bps: int

    @property
    def mints(self) -> tuple[str, str]:
        """What is paid and what is got."""
        return (WRAPPED_SOL, self.mint) if self.side == "buy" else (self.mint, WRAPPED_SOL)


@dataclass(frozen=True, slots=True)
class RoutedSwap:
    """A transaction of the aggregator's that was inspected, and what a simulation says that it does."""

    built: BuiltTransaction
    quote: RouteQuote
    effects: SwapEffects


class Router:
    """The aggregator of a cluster, or none."""

    def __init__(self, chain: ChainClient, settings: Settings) -> None:
        self._chain, self._program = chain, settings.jupiter_program
        url = settings.aggregator_url
        self._aggregator = Aggregator(url, settings.jupiter_api_key) if url else None

    async def close(self) -> None:
        """Close the connections."""
        if self._aggregator:
            await self._aggregator.close()

    @property
    def is_on(self) -> bool:
        """Whether there is an aggregator."""
        return self._aggregator is not None

    async def quote(self, trade: Trade) -> RouteQuote:
        """The best route; NotOnThisNetworkError without an aggregator, and what it answers with."""
        if self._aggregator is None:
            raise no_aggregator()
        mode: Literal["ExactIn", "ExactOut"] = "ExactIn" if trade.amount_is == "in" else "ExactOut"
        return await self._aggregator.quote(*trade.mints, trade.amount, trade.slippage_bps, mode)

    async def offer(self, trade: Trade) -> RouteQuote | None:
        """The best route; None without an aggregator, a route, or an answer: then the pool itself is the way."""
        if self._aggregator is None:
            return None
        try:
            return await self.quote(trade)
        except (NoRouteError, AggregatorAwayError) as error:
            log.info("dex.no_offer", mint=trade.mint, code=error.code, error=error.message)
            return None

    async def build(self, quote: RouteQuote, wallet: str) -> RoutedSwap:
        """A transaction for a quote, inspected; UnsafeSwapError where it does anything else."""
        if self._aggregator is None:
            raise no_aggregator()
        swap = await self._aggregator.swap(quote, wallet)
        terms = SwapTerms(wallet, quote.mint_in, quote.mint_out, quote.worst_in, quote.worst_out, _MOST_COSTS)
        effects = await inspect_swap(self._chain.rpc, swap.transaction, terms, self._program)
        facts = describe_transaction(swap.transaction)
        built = BuiltTransaction(
            transaction=swap.transaction,
            blockhash=facts.blockhash,
            last_valid_block_height=swap.last_valid_block_height,
            signers_needed=facts.missing,
            compute_unit_limit=effects.units,
            priority_fee_lamports=0,
            network_fee_lamports=effects.costs,
        )
        return RoutedSwap(built, quote, effects)

    async def check(self, mint: str, pool: str | None = None) -> RouteCheck:
        """Whether the aggregator quotes SOL for a token, and whether a pool is on the way. Never raises for a route."""
        if self._aggregator is None:
            return _no_route(no_aggregator().message)
        try:
            quote = await self.quote(Trade(mint, "buy", "in", _PROBE_LAMPORTS, _PROBE_SLIPPAGE))
        except (NoRouteError, AggregatorAwayError) as error:
            return _no_route(error.message)
        through = any(hop.pool == pool for hop in quote.hops)
        return RouteCheck(quotes=True, through_pool=through, why_not=None, hops=[hop_view(hop) for hop in quote.hops])


@asynccontextmanager
async def open_router(chain: ChainClient, settings: Settings) -> AsyncIterator[Router]:
    """The router of a cluster, closed in the end."""
    router = Router(chain, settings)
    try:
        yield router
    finally:
        await router.close()


def choose(trade: Trade, *, graduated: bool, offer: RouteQuote | None, pool_amount: int | None) -> Way:
    """The way of a trade: the curve before graduation; then the better of the aggregator and the pool itself.

    `pool_amount` is the pool's own answer, what comes out of an exact input or what an exact output
    costs; None for a pool that cannot do it. The pool wins a tie: it asks nobody.
    """
    if not graduated:
        return "curve"
    if offer is None:
        return "swap_only_amm"
    if pool_amount is None:
        return "aggregator"
    better = offer.amount_out > pool_amount if trade.amount_is == "in" else offer.amount_in < pool_amount
    return "aggregator" if better else "swap_only_amm"


def _no_route(why: str) -> RouteCheck:
    return RouteCheck(quotes=False, through_pool=False, why_not=why, hops=[])


def hop_view(hop: Hop) -> RouteHopView:
    """A pool on the way as clients see it."""
    return RouteHopView(
        pool=hop.pool,
        label=hop.label,
        mint_in=hop.mint_in,
        mint_out=hop.mint_out,
        amount_in=str(hop.amount_in),
        amount_out=str(hop.amount_out),
    )
