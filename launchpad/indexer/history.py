"""History on the bus: whole transactions as they were indexed, from which every table can be made again.

Only what is final goes there, in the order in which it was committed, so nothing on it is ever taken
back. What is told of a transaction: its events, what it cost, and the token accounts that it was the
last to move. Of accounts that a plain transfer moved later, the transfer is not told: whoever
rebuilds asks the chain for those, as the reconciliation does.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import asyncpg
import orjson

from launchpad.bus import Bus
from launchpad.bus import queries_history as queries
from launchpad.bus.base import HISTORY, Message
from launchpad.chain.events import ChainTransaction, TokenBalance
from launchpad.config import Settings
from launchpad.db import connect_directly
from launchpad.indexer.payload import event_of
from launchpad.indexer.position import pack, unpack
from launchpad.indexer.recorded import END_OF_TIME
from launchpad.indexer.source import Chunk, Cursor

BATCH = 2000
CHUNK = 1000
# A block's time and a trade's own can differ a little.
_AROUND = timedelta(days=1)


class HistoryJob:
    """Brings what became final to the bus. May be repeated; two at once tell things twice, which is harmless."""

    def __init__(self, settings: Settings, bus: Bus) -> None:
        self._url = settings.require_database()
        self._bus = bus

    async def run(self) -> int:
        """Tell everything that is final by now; how many transactions. Raises BusAwayError."""
        connection = await connect_directly(self._url)
        told = 0
        try:
            while page := await self._tell_some(connection):
                told += page
        finally:
            connection.terminate()
        return told

    async def _tell_some(self, connection: asyncpg.Connection) -> int:
        after = await queries.position(connection)
        rows = _complete(await queries.events_after(connection, after, BATCH))
        if not rows:
            return 0
        messages = await _messages(connection, rows)
        await self._bus.publish(messages)
        await queries.move(connection, rows[-1]["ordinal"])
        return len(messages)


def _complete(rows: Sequence[asyncpg.Record]) -> Sequence[asyncpg.Record]:
    """The rows before the first that is not final; a full page without its last transaction, which may go on."""
    final = next((place for place, row in enumerate(rows) if not row["finalized"]), len(rows))
    if final == BATCH and rows[0]["signature"] != rows[-1]["signature"]:
        last = rows[-1]["signature"]
        final = next(place for place, row in enumerate(rows) if row["signature"] == last)
    return rows[:final]


async def _messages(connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> list[Message]:
    events: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        events.setdefault(row["signature"], []).append(row)
    times = [row["block_time"] for row in rows]
    costs = await queries.costs(connection, list(events), min(times) - _AROUND, max(times) + _AROUND)
    mints = sorted({row["mint"] for row in rows if row["mint"]})
    left: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for balance in await queries.balances(connection, mints, sorted({_place(row) for row in rows})):
        left[balance["position"]].append(balance)
    return [
        _message(found, costs.get(signature), left.get(_place(found[0]), ())) for signature, found in events.items()
    ]


def _place(row: Mapping[str, Any]) -> int:
    """The position of an event's transaction."""
    at = unpack(row["position"])
    return pack(at.slot, at.index)


def _message(
    events: Sequence[asyncpg.Record], cost: asyncpg.Record | None, balances: Sequence[asyncpg.Record]
) -> Message:
    first = events[0]
    seconds = int(first["block_time"].timestamp())
    body = {
        "signature": first["signature"],
        "slot": first["slot"],
        "index": unpack(first["position"]).index,
        "block_time": seconds,
        "compute_units": cost["compute_units"] if cost else None,
        "priority_fee": cost["priority_fee"] if cost else None,
        "events": [
            {
                **{name: row[name] for name in ("instruction", "inner", "program", "name")},
                "payload": orjson.Fragment(row["payload"]),
            }
            for row in events
        ],
        "balances": [
            {"account": row["account"], "mint": row["mint"], "owner": row["owner"], "amount": str(row["amount"])}
            for row in balances
        ],
    }
    headers = {"timestamp": str(seconds * 1000)}
    return Message(HISTORY, first["signature"], first["mint"] or "", orjson.dumps(body), headers)


def transaction_of(message: Message) -> ChainTransaction:
    """The transaction that a message was made from, as the indexer takes it."""
    body = orjson.loads(message.body)
    signature = body["signature"]
    return ChainTransaction(
        signature=signature,
        slot=body["slot"],
        block_time=body["block_time"],
        index=body["index"],
        err=None,
        events=[
            event_of({**one, "signature": signature, "payload": orjson.dumps(one["payload"])}) for one in body["events"]
        ],
        balances=[
            TokenBalance(one["owner"], one["mint"], one["account"], int(one["amount"])) for one in body["balances"]
        ],
        compute_units=body["compute_units"] or 0,
        priority_fee=body["priority_fee"],
    )


class BusSource:
    """What the bus holds of history, once, from its beginning; all of it final."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def genesis_hash(self) -> str:
        """A name for whatever chain it was; the indexer of a real chain begins anew behind it."""
        return "bus"

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """Everything, whatever the cursors say: what is stored already is harmless."""
        del cursors
        page: list[ChainTransaction] = []
        async with aclosing(self._bus.read(HISTORY)) as messages:
            async for message in messages:
                page.append(transaction_of(message))
                if len(page) == CHUNK:
                    yield Chunk(page, finalized_slot=END_OF_TIME)
                    page = []
        if page:
            yield Chunk(page, finalized_slot=END_OF_TIME)
