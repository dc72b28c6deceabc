"""From transactions to rows: store events, fold those that are new, repair what came out of order.

Every function runs inside the caller's transaction. Folding only what was not
stored before makes replaying any range harmless. Sums and trades may come in any
order; any other event that comes after a later one of its token (a gap that was
filled) makes that token be folded anew from its stored events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import asyncpg
import structlog

from launchpad import live
from launchpad.chain.events import (
    ChainEvent,
    ChainTransaction,
    CurveOpened,
    Graduated,
    LiquidityAdded,
    LiquidityRemoved,
    PoolCreated,
    Swapped,
    Traded,
)
from launchpad.chain.venues.raydium.swaps import RaydiumLiquidityMoved, RaydiumSwapped
from launchpad.folding import AccountBalance, Batch, Place, Shapes, instant
from launchpad.indexer import candles, payload, queries, writer
from launchpad.indexer.ahead import Ahead
from launchpad.indexer.candles import Waiting
from launchpad.indexer.handlers import handle
from launchpad.indexer.position import pack
from launchpad.indexer.writer import EventRow, Key

log = structlog.get_logger(__name__)

# Curves whose shapes are kept in mind, about a kilobyte each.
REMEMBERED = 100_000

# Trades carry absolute state and may come late; see launchpad.indexer.writer.
_ORDER_FREE = {"Traded", "Swapped", "LiquidityMoved"}
_ON_A_CURVE = (Traded, Graduated, RaydiumSwapped, RaydiumLiquidityMoved)


class Located(NamedTuple):
    """An event with the transaction that holds it."""

    position: int
    event: ChainEvent
    transaction: ChainTransaction
    mint: str | None  # the token that the event is about, if it is about one

    @property
    def key(self) -> Key:
        """The event's primary key."""
        return self.event.key


@dataclass
class Folded:
    """What folding came to; `rows` counts everything inserted or merged."""

    events: int = 0
    rows: int = 0
    rebuilt: list[str] = field(default_factory=list)

    def add(self, other: "Folded") -> None:
        """Count another batch in."""
        self.events += other.events
        self.rows += other.rows
        self.rebuilt += other.rebuilt


@dataclass
class Memory:
    """What one writer keeps in mind from batch to batch. It may be lost, or be thrown away, at any time."""

    waiting: Waiting = field(default_factory=Waiting)
    shapes: Shapes = field(default_factory=dict)


async def fold(
    connection: asyncpg.Connection,
    transactions: Iterable[ChainTransaction],
    finalized_slot: int = 0,
    memory: Memory | None = None,
) -> Folded:
    """Store and fold the events of these transactions; failed ones hold none.

    Coarser candles are left to whoever keeps a `memory`; without it they are derived at once.
    """
    located = await _in_order(connection, transactions)
    if not located:
        return Folded()
    await _adopt(connection, located)
    late = await _newest_of_touched(connection, located)
    new = await _new(connection, located)
    batch = Batch(shapes=await _shapes(connection, new, memory.shapes if memory else {}))
    async with Ahead(connection) as ahead:
        await writer.insert_events(ahead, [_event_row(one, finalized_slot) for one in new])
        for one in new:
            handle(batch, one.event, _place(one, finalized_slot))
        _collect_balances(batch, [one for one in new if not _is_pools(one) or one.mint in batch.shapes])
        await writer.write(ahead, batch)
        waiting = memory.waiting if memory else Waiting()
        await candles.write(ahead, batch.seconds, waiting)
    if memory is None:
        await candles.roll(connection, waiting.oldest(len(waiting)))
    rebuilt = sorted({one.mint for one in new if one.mint in late and _is_late(one, late[one.mint])})
    await rebuild(connection, rebuilt)
    return Folded(len(new), len(new) + batch.size(), rebuilt)


async def store_raw(connection: asyncpg.Connection, transaction: ChainTransaction, finalized_slot: int = 0) -> None:
    """Keep the events of a transaction that cannot be folded, so that nothing is lost."""
    new = await _new(connection, await _in_order(connection, [transaction]))
    await writer.insert_events(connection, [_event_row(one, finalized_slot) for one in new])


async def undo(connection: asyncpg.Connection, signatures: Sequence[str]) -> list[str]:
    """Remove transactions whose fork died and fold their tokens anew; the tokens' mints."""
    trades = await queries.delete_trades(connection, signatures)
    removed = await queries.delete_transactions(connection, signatures)
    mints = sorted({row["mint"] for row in removed} - {None})
    batch = Batch()
    for row in trades:
        batch.tell(live.TradeRetracted(**dict(row)), batch.now)
    await writer.write(connection, batch)
    await rebuild(connection, mints)
    log.warning("indexer.fork_undone", transactions=len(signatures), events=len(removed), tokens=mints)
    return mints


async def rebuild(connection: asyncpg.Connection, mints: Sequence[str]) -> None:
    """Fold these tokens anew from their stored events, telling nobody; balances stay as they are."""
    if not mints:
        return
    await queries.clear_derived(connection, mints)
    waiting = Waiting()
    for mint in mints:
        shapes: Shapes = {}
        async for page in queries.events_of(connection, mint):
            events = [payload.event_of(row) for row in page]
            shapes |= _opened(events)
            batch = Batch(quiet=True, shapes=shapes)
            for row, event in zip(page, events, strict=True):
                place = Place(
                    *(row["signature"], row["instruction"], row["inner"], row["slot"], row["position"]),
                    finalized=row["finalized"],
                    compute_units=None,
                    priority_fee=None,
                    balances=(),
                )
                handle(batch, event, place)
            await writer.write(connection, batch)
            await candles.write(connection, batch.seconds, waiting)
    await candles.roll(connection, waiting.oldest(len(waiting)))


async def _new(connection: asyncpg.Connection, located: Sequence[Located]) -> list[Located]:
    """Those that are not stored yet."""
    stored = await writer.stored_events(connection, [one.key for one in located])
    return [one for one in located if one.key not in stored]


async def _shapes(connection: asyncpg.Connection, new: Sequence[Located], remembered: Shapes) -> Shapes:
    """The curves on which these events trade, as far as their openings are known."""
    opened = _opened(one.event for one in new)
    traded = {one.mint for one in new if one.mint and (isinstance(one.event.data, _ON_A_CURVE) or _is_pools(one))}
    wanted = traded - opened.keys()
    if len(remembered) > REMEMBERED:
        remembered.clear()
    remembered |= await queries.curve_shapes(connection, sorted(wanted - remembered.keys()))
    return {**{mint: remembered[mint] for mint in wanted & remembered.keys()}, **opened}


def _opened(events: Iterable[ChainEvent]) -> Shapes:
    return {event.data.mint: event.data.segments for event in events if isinstance(event.data, CurveOpened)}


def _is_pools(one: Located) -> bool:
    return one.event.program == "amm"


async def _in_order(connection: asyncpg.Connection, transactions: Iterable[ChainTransaction]) -> list[Located]:
    """Every event of successful transactions, each once, in the order of the chain."""
    events = [(tx, event) for tx in transactions if tx.err is None for event in tx.events]
    strange = await _strange_pools(connection, [event for _, event in events])
    events = [(tx, event) for tx, event in events if _pool_at_raydium(event) not in strange]
    pools = await _mints_of_pools(connection, [event for _, event in events])
    located = {
        event.key: Located(
            pack(tx.slot, tx.index or 0, event.key.instruction, event.key.inner), event, tx, _mint_of(event, pools)
        )
        for tx, event in events
    }
    return sorted(located.values(), key=lambda one: one.position)


async def _strange_pools(connection: asyncpg.Connection, events: Sequence[ChainEvent]) -> set[str]:
    """The pools at Raydium that no graduate trades in: what happens there is not listened to, so it counts nowhere."""
    pools = {pool for event in events if (pool := _pool_at_raydium(event))}
    opened = {event.data.pool for event in events if isinstance(event.data, Graduated)}
    unknown = sorted(pools - opened)
    return set(unknown) - await queries.raydium_pools(connection, unknown) if unknown else set()


def _pool_at_raydium(event: ChainEvent) -> str | None:
    return event.data.pool if isinstance(event.data, RaydiumSwapped | RaydiumLiquidityMoved) else None


def _mint_of(event: ChainEvent, pools: Mapping[str, str]) -> str | None:
    data = event.data
    if isinstance(data, LiquidityAdded | LiquidityRemoved):
        return pools.get(data.pool)
    mint: str | None = getattr(data, "mint", None) or getattr(data, "base_mint", None)
    return mint


async def _mints_of_pools(connection: asyncpg.Connection, events: Sequence[ChainEvent]) -> dict[str, str]:
    """The tokens of the pools whose liquidity moved; events of it do not say."""
    moved = {one.data.pool for one in events if isinstance(one.data, LiquidityAdded | LiquidityRemoved)}
    if not moved:
        return {}
    opened = {one.data.pool: one.data.base_mint for one in events if isinstance(one.data, PoolCreated | Swapped)}
    unknown = sorted(moved - opened.keys())
    return {**opened, **(await queries.mints_of_pools(connection, unknown) if unknown else {})}


async def _adopt(connection: asyncpg.Connection, located: Sequence[Located]) -> None:
    """Give events that came before their pool's opening to its token."""
    opened = [one.event.data for one in located if isinstance(one.event.data, PoolCreated)]
    if opened:
        pools, mints = [one.pool for one in opened], [one.base_mint for one in opened]
        await queries.adopt_liquidity(connection, pools, mints)


async def _newest_of_touched(connection: asyncpg.Connection, located: list[Located]) -> dict[str, int]:
    """What is stored already of the tokens for which order matters in this batch."""
    ordered = {one.mint for one in located if one.mint is not None and one.event.name not in _ORDER_FREE}
    return await queries.newest_positions(connection, sorted(ordered)) if ordered else {}


def _is_late(one: Located, newest: int) -> bool:
    return one.event.name not in _ORDER_FREE and one.position < newest


def _event_row(one: Located, finalized_slot: int) -> EventRow:
    event, tx = one.event, one.transaction
    return EventRow(
        *one.key,
        position=one.position,
        slot=tx.slot,
        block_time=instant(tx.block_time or getattr(event.data, "timestamp", 0)),
        program=event.program,
        name=event.name,
        mint=one.mint,
        payload=payload.dumps(event.data),
        finalized=tx.slot <= finalized_slot,
    )


def _place(one: Located, finalized_slot: int) -> Place:
    tx = one.transaction
    return Place(
        *(*one.key, tx.slot, one.position),
        finalized=tx.slot <= finalized_slot,
        compute_units=tx.compute_units,
        priority_fee=tx.priority_fee,
        balances=tx.balances,
    )


def _collect_balances(batch: Batch, new: list[Located]) -> None:
    """What the new transactions left in the accounts of the tokens that their events are about."""
    mints: dict[str, set[str | None]] = {}
    transactions = {one.key[0]: one.transaction for one in new}
    for one in new:
        mints.setdefault(one.key[0], set()).add(one.mint)
    for signature, tx in transactions.items():
        position = pack(tx.slot, tx.index or 0)
        for balance in tx.balances:
            known = batch.accounts.get(balance.account)
            if balance.mint in mints[signature] and (known is None or known.position <= position):
                batch.accounts[balance.account] = AccountBalance(
                    balance.account, balance.mint, balance.owner, balance.amount, position
                )
