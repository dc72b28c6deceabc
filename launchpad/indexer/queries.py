"""SQL of the indexer that is not bulk writing: lock, cursors, finality, undoing, starting clean."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson

from launchpad.chain.curve_math import Segment
from launchpad.indexer.ledger import Change, Span

_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
_MARGIN = timedelta(days=1)

# Any constant will do; it only has to be the same for every indexer.
WRITER_LOCK = 0x4C50_4944_5852
# Held by each transaction that writes balances: a repair and the indexer must not mix.
WRITING_LOCK = 0x4C50_5752_4954

# What is derived from the chain and goes when the chain is another one.
CHAIN_TABLES = (
    "allocations, batches, candle_backlog, candles, chain_events, cursors, curves, deposits, fee_events, "
    "foreign_pools, foreign_trades, graduation_releases, holders, pools, positions, revenue_totals, sale_terms, "
    "sent_transactions, slot_spans, token_accounts, token_metrics, token_milestones, tokens, trades, vesting_schedules"
)

# What events alone make, token by token.
FOLDED_TABLES = (
    *("batches", "deposits", "positions", "curves", "pools", "candles", "vesting_schedules", "allocations"),
    "graduation_releases",
)


async def try_write_lock(connection: asyncpg.Connection) -> bool:
    """Whether this connection now is, or already was, the only writer of chain-derived rows."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", WRITER_LOCK))


async def look_up_by_key(connection: asyncpg.Connection) -> None:
    """Join what is written to what is stored by keys, never by reading whole tables.

    Statements are planned once, when tables may still be small or unknown, and are
    kept: without this a plan that suits a hundred tokens is used for fifty thousand.
    """
    for kind in ("seqscan", "hashjoin", "mergejoin"):
        await connection.execute(f"SET enable_{kind} TO off")


async def lock_writing(connection: asyncpg.Connection) -> None:
    """Keep everybody else from writing chain-derived rows until this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", WRITING_LOCK)


async def cursors(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """Every cursor: name, signature, slot, finalized_slot, genesis_hash."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT name, signature, slot, finalized_slot, genesis_hash FROM cursors"
    )
    return rows


async def begin_cursors(connection: asyncpg.Connection, names: Sequence[str], genesis_hash: str) -> None:
    """Start the cursors that do not exist yet at the beginning of this chain."""
    await connection.execute(
        "INSERT INTO cursors (name, slot, genesis_hash) SELECT unnest($1::text[]), 0, $2 ON CONFLICT DO NOTHING",
        names,
        genesis_hash,
    )


async def move_cursor(connection: asyncpg.Connection, name: str, signature: str | None, slot: int) -> None:
    """Everything of this program up to `slot` is stored; `signature` is the newest that back-fill may stop at."""
    await connection.execute(
        "UPDATE cursors SET signature = coalesce($2, signature), slot = greatest(slot, $3), updated_at = now() "
        "WHERE name = $1",
        name,
        signature,
        slot,
    )


async def begin_pool_cursor(connection: asyncpg.Connection, pool: str, slot: int) -> None:
    """Start the cursor of a graduate's pool, unless it is there, on the chain that is indexed."""
    await connection.execute(
        "INSERT INTO cursors (name, slot, genesis_hash) SELECT $1::text, $2::bigint, max(genesis_hash) FROM cursors "
        "ON CONFLICT DO NOTHING",
        pool,
        slot,
    )


async def pool_cursors(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """Every graduate's pool at Raydium: pool, signature, slot; the newest last.

    One without a cursor (its graduation was indexed in another way) begins with its graduation.
    """
    rows: list[asyncpg.Record] = await connection.fetch(
        "WITH begun AS (INSERT INTO cursors (name, slot, genesis_hash) "
        "SELECT pool_address, graduation_slot - 1, (SELECT max(genesis_hash) FROM cursors) FROM curves "
        "WHERE graduated_into = 'raydium' ON CONFLICT DO NOTHING RETURNING name, signature, slot) "
        "SELECT v.name AS pool, v.signature, v.slot FROM curves c JOIN "
        "(SELECT name, signature, slot FROM cursors UNION ALL SELECT name, signature, slot FROM begun) v "
        "ON v.name = c.pool_address WHERE c.graduated_into = 'raydium' ORDER BY c.graduated_at"
    )
    return rows


async def wipe(connection: asyncpg.Connection) -> None:
    """Forget everything that came from the chain, and what is waiting to be told of it."""
    await connection.execute(f"TRUNCATE {CHAIN_TABLES}")
    await connection.execute("DELETE FROM outbox_entries WHERE of_chain")


# Slots


async def slot_spans(connection: asyncpg.Connection) -> list[Span]:
    """The ledger of slots."""
    rows = await connection.fetch("SELECT first_slot, last_slot, status FROM slot_spans ORDER BY first_slot")
    return [Span(row["first_slot"], row["last_slot"], row["status"]) for row in rows]


async def change_slot_spans(connection: asyncpg.Connection, change: Change) -> None:
    """Bring the stored ledger to its next state."""
    if change.gone:
        await connection.execute("DELETE FROM slot_spans WHERE first_slot = ANY($1::bigint[])", change.gone)
    if change.new:
        await connection.executemany(
            "INSERT INTO slot_spans (first_slot, last_slot, status) VALUES ($1, $2, $3)", [tuple(s) for s in change.new]
        )


async def first_hole(connection: asyncpg.Connection) -> int | None:
    """The first slot that lies between others of the ledger and of which nobody told."""
    found: int | None = await connection.fetchval(
        "SELECT last_slot + 1 FROM (SELECT last_slot, lead(first_slot) OVER (ORDER BY first_slot) AS next "
        "FROM slot_spans) spans WHERE next > last_slot + 1 ORDER BY last_slot LIMIT 1"
    )
    return found


async def dead_slots(connection: asyncpg.Connection, after: int) -> list[int]:
    """Slots after this one that died."""
    rows = await connection.fetch(
        "SELECT generate_series(first_slot, last_slot) AS slot FROM slot_spans "
        "WHERE status = 'dead' AND last_slot > $1",
        after,
    )
    return [row["slot"] for row in rows]


# Finality


async def unfinalized(
    connection: asyncpg.Connection, through_slot: int, dead: Sequence[int], limit: int
) -> list[asyncpg.Record]:
    """Transactions whose rows are not marked final and are due: signature, slot; oldest first.

    Due is what stands at or before a slot, and what stands in a slot that died.
    """
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT signature, min(slot) AS slot FROM ("
        "(SELECT signature, slot FROM chain_events WHERE NOT finalized AND (slot <= $1 OR slot = ANY($2::bigint[]))) "
        "UNION ALL (SELECT signature, slot FROM foreign_trades "
        "WHERE NOT finalized AND (slot <= $1 OR slot = ANY($2::bigint[])))) due "
        "GROUP BY signature ORDER BY 2 LIMIT $3",
        through_slot,
        dead,
        limit,
    )
    return rows


async def mark_finalized(connection: asyncpg.Connection, signatures: Sequence[str]) -> None:
    """Mark the rows of these transactions as final."""
    since = await _since(connection, signatures)
    bounds = {"chain_events": "", "trades": "AND traded_at >= $2", "fee_events": "", "foreign_trades": ""}
    for table, bound in bounds.items():
        await connection.execute(
            f"UPDATE {table} SET finalized = true WHERE signature = ANY($1::text[]) AND NOT finalized {bound}",  # noqa: S608 - names are literals
            *((signatures, since) if bound else (signatures,)),
        )


async def _since(connection: asyncpg.Connection, signatures: Sequence[str]) -> datetime:
    """A moment before all trades of these transactions: only partitions from there on need to be looked into.

    A trade's own time and that of its block come from the same clock; a day is far more than they differ.
    """
    oldest = await connection.fetchval(
        "SELECT min(block_time) FROM chain_events WHERE signature = ANY($1::text[])", signatures
    )
    return (oldest or _BEGINNING + _MARGIN) - _MARGIN


async def mints_of(connection: asyncpg.Connection, signatures: Sequence[str]) -> list[str]:
    """The tokens that events of these transactions are about."""
    rows = await connection.fetch(
        "SELECT DISTINCT mint FROM chain_events WHERE signature = ANY($1::text[]) AND mint IS NOT NULL", signatures
    )
    return [row["mint"] for row in rows]


async def oldest_slot(connection: asyncpg.Connection, signatures: Sequence[str]) -> int:
    """The first slot in which any of these transactions is stored, 0 when none is."""
    found = await connection.fetchval(
        "SELECT min(slot) FROM chain_events WHERE signature = ANY($1::text[])", signatures
    )
    return int(found or 0)


async def note_finalized_slot(connection: asyncpg.Connection, slot: int) -> None:
    """Remember how far the chain is final."""
    await connection.execute("UPDATE cursors SET finalized_slot = $1 WHERE finalized_slot < $1", slot)


# Curves


async def curve_shapes(connection: asyncpg.Connection, mints: Sequence[str]) -> dict[str, Sequence[Segment]]:
    """The segments of these tokens' curves, for those whose opening is stored."""
    if not mints:
        return {}
    rows = await connection.fetch("SELECT mint, segments FROM curves WHERE mint = ANY($1::text[])", mints)
    return {row["mint"]: tuple(Segment(**piece) for piece in orjson.loads(row["segments"])) for row in rows}


# Pools


async def mints_of_pools(connection: asyncpg.Connection, pools: Sequence[str]) -> dict[str, str]:
    """The tokens of these pools, for those whose opening is stored."""
    rows = await connection.fetch(
        "SELECT payload ->> 'pool' AS pool, mint FROM chain_events "
        "WHERE name = 'PoolCreated' AND payload ->> 'pool' = ANY($1::text[])",
        pools,
    )
    return {row["pool"]: row["mint"] for row in rows}


async def raydium_pools(connection: asyncpg.Connection, addresses: Sequence[str]) -> set[str]:
    """Those of these addresses at which a graduate has its pool at Raydium."""
    rows = await connection.fetch(
        "SELECT address FROM pools WHERE venue = 'raydium' AND address = ANY($1::text[])", addresses
    )
    return {row["address"] for row in rows}


async def adopt_liquidity(connection: asyncpg.Connection, pools: Sequence[str], mints: Sequence[str]) -> None:
    """Say of events of these pools' liquidity, stored before it was known, which tokens they are about."""
    await connection.execute(
        "UPDATE chain_events e SET mint = v.mint FROM unnest($1::text[], $2::text[]) AS v (pool, mint) "
        "WHERE e.mint IS NULL AND e.name IN ('LiquidityAdded', 'LiquidityRemoved') AND e.payload ->> 'pool' = v.pool",
        pools,
        mints,
    )


# Balances


async def token_accounts(connection: asyncpg.Connection, mint: str) -> list[asyncpg.Record]:
    """What is stored of a token's accounts: account, owner, amount, position."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT account, owner, amount, position FROM token_accounts WHERE mint = $1", mint
    )
    return rows


async def distrust_balances(connection: asyncpg.Connection, mints: Sequence[str], since_position: int) -> None:
    """Let any later word replace balances that transactions from a position on told."""
    await connection.execute(
        "UPDATE token_accounts SET position = 0 WHERE mint = ANY($1::text[]) AND position >= $2",
        mints,
        since_position,
    )


# Undoing


async def delete_trades(connection: asyncpg.Connection, signatures: Sequence[str]) -> list[asyncpg.Record]:
    """Remove the trades of transactions; mint and key of those that were told, in the order of the chain."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "WITH gone AS (DELETE FROM trades WHERE signature = ANY($1::text[]) AND traded_at >= $2 RETURNING *) "
        'SELECT signature, instruction, "inner", mint FROM gone WHERE counted ORDER BY position',
        signatures,
        await _since(connection, signatures),
    )
    return rows


async def delete_transactions(connection: asyncpg.Connection, signatures: Sequence[str]) -> list[asyncpg.Record]:
    """Remove the events and fee payments of transactions; the removed events' mints."""
    await connection.execute("DELETE FROM fee_events WHERE signature = ANY($1::text[])", signatures)
    rows: list[asyncpg.Record] = await connection.fetch(
        "DELETE FROM chain_events WHERE signature = ANY($1::text[]) RETURNING mint",
        signatures,
    )
    return rows


async def clear_derived(connection: asyncpg.Connection, mints: Sequence[str]) -> None:
    """Remove what is folded from the events of these tokens, so that they can be folded anew.

    Tokens keep what their documents said and lose only what no event speaks of any more.
    """
    for table in FOLDED_TABLES:
        await connection.execute(f"DELETE FROM {table} WHERE mint = ANY($1::text[])", mints)  # noqa: S608 - names are literals
    await connection.execute(
        "UPDATE holders SET base_bought = 0, base_sold = 0, quote_spent = 0, quote_received = 0, "
        "first_trade_at = NULL, last_trade_at = NULL WHERE mint = ANY($1::text[])",
        mints,
    )
    for table in ("tokens", "holders", "token_accounts"):
        await connection.execute(
            f"DELETE FROM {table} t WHERE mint = ANY($1::text[]) AND NOT EXISTS "  # noqa: S608 - names are literals
            "(SELECT FROM chain_events e WHERE e.mint = t.mint)",
            mints,
        )


async def events_of(connection: asyncpg.Connection, mint: str, page: int = 5000) -> AsyncIterator[list[asyncpg.Record]]:
    """The stored events of one token in the order of the chain, in pages; runs in the caller's transaction."""
    cursor = await connection.cursor(
        'SELECT signature, instruction, "inner", position, slot, program, name, payload, finalized '
        "FROM chain_events WHERE mint = $1 ORDER BY position",
        mint,
    )
    while rows := await cursor.fetch(page):
        yield rows


async def newest_positions(connection: asyncpg.Connection, mints: Sequence[str]) -> dict[str, int]:
    """The position of the newest stored event of each of these tokens."""
    rows = await connection.fetch(
        "SELECT m.mint, e.position FROM unnest($1::text[]) AS m (mint) CROSS JOIN LATERAL "
        "(SELECT position FROM chain_events WHERE mint = m.mint ORDER BY position DESC LIMIT 1) e",
        mints,
    )
    return {row["mint"]: row["position"] for row in rows}
