"""Trades by the best way there is: the curve, then the better of an aggregator's route and the pool itself."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import structlog

from launchpad.chain.client import ChainClient
from launchpad.chain.markets import TokenMarket, Venue, fetch_market
from launchpad.chain.venues.jupiter import UnsafeSwapError
from launchpad.db import Database
from launchpad.dex.aggregator import RouteQuote
from launchpad.dex.building import step
from launchpad.dex.errors import AggregatorAwayError, NoRouteError
from launchpad.dex.routing import Router, Trade, Way, choose, hop_view
from launchpad.dex.schemas import (
    BuildRoute,
    BuiltRoute,
    BuiltStep,
    RouteAsked,
    RoutedQuote,
    RouteHopView,
)
from launchpad.errors import LaunchpadError
from launchpad.tokens.errors import unknown_token
from launchpad.trades import trading
from launchpad.trades.schemas import BuildRequest, BuiltTrade, Quote, QuoteRequest

log = structlog.get_logger(__name__)

_LABELS: dict[Venue, str] = {"curve": "Launchpad curve", "amm": "Launchpad pool", "raydium": "Raydium CP-swap"}
_FIELDS = ("mint", "side", "amount", "amount_is", "slippage_bps")


@dataclass(frozen=True, slots=True)
class _Direct:
    """What the curve or the pool itself answers: amounts, the worst accepted, and the one hop."""

    amount_in: int
    amount_out: int
    worst_in: int
    worst_out: int
    hop: RouteHopView


async def quote_route(database: Database, chain: ChainClient, router: Router, asked: RouteAsked) -> RoutedQuote:
    """The best way of a trade now.

    Raises TokenNotFoundError, and what the curve or the pool refuses where no aggregator helps.
    """
    market = await _market(chain, asked.mint)
    way, direct, offer, _ = await _decide(database, chain, router, market, asked)
    return _quote(asked, way, direct, offer)


async def build_route(database: Database, chain: ChainClient, router: Router, asked: BuildRoute) -> BuiltRoute:
    """The same as a transaction to sign.

    An aggregator's is inspected first; where it is not what it should be, or does not come,
    the pool itself takes its place.

    Raises what `quote_route` does, and what the transaction would fail with.
    """
    market = await _market(chain, asked.mint)
    way, direct, offer, refused = await _decide(database, chain, router, market, asked)
    if way == "aggregator" and offer is not None:
        try:
            routed = await router.build(offer, asked.wallet)
        except (UnsafeSwapError, AggregatorAwayError, NoRouteError) as error:
            log.warning("dex.aggregator_refused", mint=asked.mint, code=error.code, error=error.message)
            if direct is None:
                raise (refused or error) from error
            built = await _build_direct(database, chain, asked)
            return BuiltRoute(quote=_quote(asked, "swap_only_amm", direct, None), step=built, fell_back=error.message)
        return BuiltRoute(
            quote=_quote(asked, way, direct, offer), step=step("Swap over the aggregator", routed.built), fell_back=None
        )
    built = await _build_direct(database, chain, asked)
    return BuiltRoute(quote=_quote(asked, way, direct, None), step=built, fell_back=None)


async def _decide(
    database: Database, chain: ChainClient, router: Router, market: TokenMarket, asked: RouteAsked
) -> tuple[Way, _Direct | None, RouteQuote | None, LaunchpadError | None]:
    """The way, both answers, and why the pool gave none. Raises the pool's refusal where nothing else is left."""
    trade = Trade(asked.mint, asked.side, asked.amount_is, int(asked.amount), asked.slippage_bps)
    graduated = market.venue != "curve"
    offer, direct = await asyncio.gather(
        router.offer(trade) if graduated else _nothing(),
        _direct(database, chain, market, asked),
        return_exceptions=True,
    )
    if isinstance(offer, BaseException):
        raise offer
    if isinstance(direct, LaunchpadError):
        if offer is None:
            raise direct
        return "aggregator", None, offer, direct
    if isinstance(direct, BaseException):
        raise direct
    amount = direct.amount_out if asked.amount_is == "in" else direct.amount_in
    return choose(trade, graduated=graduated, offer=offer, pool_amount=amount), direct, offer, None


async def _nothing() -> None:
    return None


async def _market(chain: ChainClient, mint: str) -> TokenMarket:
    market = await fetch_market(chain.rpc, mint, int(time.time()))
    if market is None:
        raise unknown_token(mint)
    return market


async def _direct(database: Database, chain: ChainClient, market: TokenMarket, asked: RouteAsked) -> _Direct:
    quote: Quote = await trading.quote_trade(database, chain, QuoteRequest(**_trade_fields(asked)))
    return _of(asked, quote, market.address, _LABELS[market.venue])


def _of(asked: RouteAsked, found: Any, address: str, label: str) -> _Direct:
    mints = Trade(asked.mint, asked.side, asked.amount_is, 0, 0).mints
    hop = RouteHopView(
        pool=address,
        label=label,
        mint_in=mints[0],
        mint_out=mints[1],
        amount_in=found.amount_in,
        amount_out=found.amount_out,
    )
    amounts = int(found.amount_in), int(found.amount_out)
    return _Direct(*amounts, int(found.worst_in), int(found.worst_out), hop)


async def _build_direct(database: Database, chain: ChainClient, asked: BuildRoute) -> BuiltStep:
    fields = _trade_fields(asked) | {"wallet": asked.wallet, "deadline_seconds": asked.deadline_seconds}
    return _step(await trading.build_trade(database, chain, BuildRequest(**fields)))


def _step(built: BuiltTrade) -> BuiltStep:
    fees = built.quote.fees
    return BuiltStep(
        what="Trade at Launchpad",
        transaction=built.transaction,
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers,
        compute_unit_limit=built.compute_unit_limit,
        programs=built.programs,
        network_fee=fees.network,
        priority_fee=fees.priority or "0",
    )


def _trade_fields(asked: RouteAsked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in _FIELDS}


def _quote(asked: RouteAsked, way: Way, direct: _Direct | None, offer: RouteQuote | None) -> RoutedQuote:
    by_route = way == "aggregator" and offer is not None
    best: Any = offer if by_route else direct
    other: Any = direct if by_route else offer
    exact_in = asked.amount_is == "in"
    return RoutedQuote(
        way=way,
        mint=asked.mint,
        side=asked.side,
        amount_in=str(best.amount_in),
        amount_out=str(best.amount_out),
        worst_in=str(best.worst_in),
        worst_out=str(best.worst_out),
        hops=[hop_view(hop) for hop in best.hops] if by_route else [best.hop],
        other_amount=None if other is None else str(other.amount_out if exact_in else other.amount_in),
    )
