"""Launches on several venues: liquidity divided between them, one answer for each, and how they stand."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.venues.pump import bonding_curve
from launchpad.chain.venues.raydium.reading import find_pool
from launchpad.db import Database
from launchpad.dex import jupiter, orca, own, pump, queries, raydium
from launchpad.dex.building import fetch_token, require_funds
from launchpad.dex.errors import BadAllocationError, MultiLaunchNotFoundError
from launchpad.dex.routing import Router
from launchpad.dex.schemas import (
    AddLiquidity,
    BuiltStep,
    CreatePool,
    ItemView,
    LaunchItem,
    LaunchVenue,
    MultiLaunch,
    MultiLaunchView,
)
from launchpad.errors import LaunchpadError
from launchpad.ids import uuid7
from launchpad.tables import dex as tables

# Where Jupiter's liquidity lies.
_SAME_POOL = {"jupiter": "raydium_cpmm"}


@dataclass(frozen=True, slots=True)
class Part:
    """What one venue gets. Base units and lamports."""

    venue: LaunchVenue
    share_bps: int
    base: int
    lamports: int


@dataclass(frozen=True, slots=True)
class _Built:
    """Where an item will be, and what to sign; or why not."""

    address: str | None
    steps: list[BuiltStep]
    error: dict[str, Any] | None = None


def divide(asked: MultiLaunch) -> list[Part]:
    """The parts, rounded down; the last one gets what is left over.

    A coin on Pump.fun takes its share in lamports alone: the tokens beside it stay with the wallet.
    Raises BadAllocationError.
    """
    _check(asked.items)
    base, lamports = int(asked.base_amount), int(asked.quote_amount)
    parts, spent_base, spent = [], 0, 0
    for item in asked.items:
        is_last = item is asked.items[-1]
        of_base = base - spent_base if is_last else base * item.share_bps // BPS
        of_sol = lamports - spent if is_last else lamports * item.share_bps // BPS
        spent_base, spent = spent_base + of_base, spent + of_sol
        parts.append(Part(item.venue, item.share_bps, 0 if item.venue == "pump" else of_base, of_sol))
    return parts


async def launch(database: Database, chain: ChainClient, router: Router, asked: MultiLaunch) -> MultiLaunchView:
    """Builds every item that can be built, keeps what was planned, and says of each what became of it.

    Raises BadAllocationError, NotFoundError for an unknown mint, NoTokensError and
    InsufficientFundsError; what one venue refuses is told in its item.
    """
    parts = divide(asked)
    if any(part.venue == "pump" for part in parts) and asked.coin is None:
        raise BadAllocationError("A coin on Pump.fun needs a name, a symbol and a document: add them.", field="coin")
    token = await fetch_token(chain, asked.mint)
    base, lamports = sum(part.base for part in parts), sum(part.lamports for part in parts)
    await require_funds(chain, asked.wallet, token.mint, base, lamports)
    built = [await _attempt(chain, router, asked, part) for part in parts]
    now = datetime.now(UTC)
    row = tables.MultiLaunch(
        id=uuid7(now),
        wallet=asked.wallet,
        mint=asked.mint,
        base_amount=int(asked.base_amount),
        quote_amount=int(asked.quote_amount),
        created_at=now,
    )
    items = [_row(row.id, place, part, one) for place, (part, one) in enumerate(zip(parts, built, strict=True))]
    async with database.session() as session:
        await queries.add(session, row, items)
    views = [_view(item, one.steps) for item, one in zip(items, built, strict=True)]
    return await _shown(router, row, views)


async def status(database: Database, chain: ChainClient, router: Router, launch_id: UUID) -> MultiLaunchView:
    """How the launch stands on chain now; MultiLaunchNotFoundError for an unknown id."""
    async with database.read() as session:
        found = await queries.find(session, launch_id)
    if found is None:
        raise MultiLaunchNotFoundError("There is no launch on several venues of this id: check it.")
    row, items = found
    changes = await _changes(chain, items)
    if changes:
        async with database.session() as session:
            for place, became in changes.items():
                await queries.settle(session, launch_id, place, became)
        async with database.read() as session:
            row, items = (await queries.find(session, launch_id)) or (row, items)
    liquidity = await asyncio.gather(*(_liquidity(chain, row.mint, item) for item in items))
    views = [_view(item, [], amounts) for item, amounts in zip(items, liquidity, strict=True)]
    return await _shown(router, row, views)


def _check(items: Sequence[LaunchItem]) -> None:
    places = [_SAME_POOL.get(item.venue, item.venue) for item in items]
    if len(set(places)) != len(places):
        message = "Each venue can be named once; Jupiter's liquidity lies at Raydium, so name one of these two."
        raise BadAllocationError(message, field="items")
    total = sum(item.share_bps for item in items)
    if total != BPS:
        message = f"The shares come to {total} basis points: they have to come to {BPS}."
        raise BadAllocationError(message, field="items", total=total)


async def _attempt(chain: ChainClient, router: Router, asked: MultiLaunch, part: Part) -> _Built:
    try:
        return await _BUILDERS[part.venue](chain, router, asked, part)
    except LaunchpadError as error:
        inner: Any = error.body()["error"]
        return _Built(None, [], {key: inner[key] for key in inner if key != "logs"})


def _pool_of(asked: MultiLaunch, part: Part) -> dict[str, Any]:
    return {
        "mint": asked.mint,
        "wallet": asked.wallet,
        "base_amount": str(part.base),
        "quote_amount": str(part.lamports),
        "accept_price": asked.accept_price,
    }


async def _raydium(chain: ChainClient, _: Router, asked: MultiLaunch, part: Part) -> _Built:
    built = await raydium.create_pool(chain, CreatePool(**_pool_of(asked, part)))
    return _Built(built.pool, built.steps)


async def _jupiter(chain: ChainClient, router: Router, asked: MultiLaunch, part: Part) -> _Built:
    built = await jupiter.add_liquidity(chain, router, AddLiquidity(**_pool_of(asked, part)))
    return _Built(built.pool, built.steps)


async def _amm(chain: ChainClient, _: Router, asked: MultiLaunch, part: Part) -> _Built:
    return _Built(*await own.open_pool(chain, asked.wallet, asked.mint, part.base, part.lamports))


async def _orca(chain: ChainClient, _: Router, asked: MultiLaunch, part: Part) -> _Built:
    return _Built(*await orca.open_pool(chain, asked.wallet, asked.mint, part.base, part.lamports))


async def _pump(chain: ChainClient, _: Router, asked: MultiLaunch, part: Part) -> _Built:
    if asked.coin is None:
        raise BadAllocationError("A coin on Pump.fun needs a name, a symbol and a document: add them.", field="coin")
    changes = {"wallet": asked.wallet, "sibling_of": asked.mint, "first_buy": str(part.lamports)}
    built = await pump.launch(chain, asked.coin.model_copy(update=changes))
    return _Built(built.mint, built.steps)


_BUILDERS: dict[LaunchVenue, Callable[[ChainClient, Router, MultiLaunch, Part], Awaitable[_Built]]] = {
    "raydium_cpmm": _raydium,
    "jupiter": _jupiter,
    "amm": _amm,
    "orca": _orca,
    "pump": _pump,
}


async def _changes(chain: ChainClient, items: Sequence[tables.MultiLaunchItem]) -> dict[int, str]:
    """What became of items that were waiting: their pool is there, or can never be."""
    waiting = [item for item in items if item.status in ("built", "expired") and item.address]
    if not waiting:
        return {}
    places = [bonding_curve(item.address or "") if item.venue == "pump" else item.address or "" for item in waiting]
    accounts, height = await asyncio.gather(chain.rpc.get_accounts(places), chain.rpc.get_block_height())
    found: dict[int, str] = {}
    for item, account in zip(waiting, accounts, strict=True):
        late = height > (item.last_valid_block_height or 0)
        became = "open" if account else "expired" if late else "built"
        if became != item.status:
            found[item.position] = became
    return found


async def _liquidity(chain: ChainClient, mint: str, item: tables.MultiLaunchItem) -> dict[str, str] | None:
    """Base units and lamports in an open pool, where it is one that we read."""
    if item.status != "open" or not item.address:
        return None
    if item.venue == "amm":
        return await own.reserves(chain, item.address, mint)
    live = await find_pool(chain.rpc, item.address) if item.venue in ("raydium_cpmm", "jupiter") else None
    if live is None or live.sol_side is None:
        return None
    return {"base": str(live.reserves[1 - live.sol_side]), "quote": str(live.reserves[live.sol_side])}


def _row(launch_id: UUID, place: int, part: Part, built: _Built) -> tables.MultiLaunchItem:
    heights = [step.last_valid_block_height for step in built.steps]
    return tables.MultiLaunchItem(
        launch_id=launch_id,
        position=place,
        venue=part.venue,
        share_bps=part.share_bps,
        base_amount=part.base,
        quote_amount=part.lamports,
        status="refused" if built.error else "built",
        address=built.address,
        last_valid_block_height=max(heights, default=None),
        error=built.error,
    )


def _view(item: tables.MultiLaunchItem, steps: list[BuiltStep], liquidity: dict[str, str] | None = None) -> ItemView:
    return ItemView.model_validate(
        {
            "venue": item.venue,
            "share_bps": item.share_bps,
            "base_amount": str(item.base_amount),
            "quote_amount": str(item.quote_amount),
            "status": item.status,
            "address": item.address,
            "steps": steps,
            "liquidity": liquidity,
            "error": item.error,
            "opened_at": item.opened_at,
        }
    )


async def _shown(router: Router, row: tables.MultiLaunch, items: list[ItemView]) -> MultiLaunchView:
    route = await router.check(row.mint) if router.is_on else None
    return MultiLaunchView(
        id=row.id,
        wallet=row.wallet,
        mint=row.mint,
        base_amount=str(row.base_amount),
        quote_amount=str(row.quote_amount),
        created_at=row.created_at,
        items=items,
        route=route,
    )
