"""The bulk writer: one batch, a handful of statements, whatever the number of rows.

What is surely new is copied, the rest is merged by statements that unnest one list
per column. Numbers, addresses and words of ours travel as one text a column, and
Postgres makes of it what it is. All of it runs inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

import asyncpg

from launchpad import live
from launchpad.copying import Writes, copy, joined, split_of
from launchpad.folding import (
    AccountBalance,
    AllocationRow,
    Batch,
    CurveChange,
    CurveRow,
    FeeRow,
    Holding,
    PoolChange,
    PoolRow,
    ScheduleChange,
    ScheduleRow,
    TokenChange,
    TokenRow,
    TradeRow,
)
from launchpad.sale_rows import BatchChange, BatchRow, DepositRow, PositionChange, ReleaseRow, TermsRow


class EventRow(NamedTuple):
    """One chain event as it is stored; `payload` is JSON."""

    signature: str
    instruction: int
    inner: int
    position: int
    slot: int
    block_time: Any
    program: str
    name: str
    mint: str | None
    payload: str
    finalized: bool


Key = tuple[str, int, int]


def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


# dataclasses.astuple copies deeply, which costs more than the statement itself.
_token_change = attrgetter(*_names(TokenChange))
_curve_change = attrgetter(*_names(CurveChange))
_holding = attrgetter(*_names(Holding))
_pool_change = attrgetter(*_names(PoolChange))
_opening = attrgetter(*_names(PositionChange))
_schedule = attrgetter(*_names(ScheduleRow))
_batch_change = attrgetter(*_names(BatchChange))
_schedule_change = attrgetter(*_names(ScheduleChange))

# Types of the columns that are no text; of what is cast in the statement a list of text is made first.
_TYPES = {
    "instruction": "int2", "inner": "int2", "decimals": "int2", "bps": "int2",
    "protocol_fee_bps": "int2", "creator_fee_bps": "int2", "referrer_share_bps": "int2", "liquidity_fee": "int8",
    "interval": "int4", "buys": "int4", "sells": "int4", "index": "int4",
    "position": "int8", "slot": "int8", "first_position": "int8", "last_position": "int8", "start": "int8",
    "price_position": "int8", "fees_position": "int8",
    "creation_fee": "int8", "quote_amount": "int8", "protocol_fee": "int8", "creator_fee": "int8",
    "referrer_fee": "int8", "launch_fee": "int8", "quote_reserve": "int8", "raise_target": "int8",
    "compute_units": "int8", "priority_fee": "int8",
    "protocol_fees": "int8", "creator_fees": "int8", "trade_count": "int8", "volume_quote": "int8",
    "settled_deposits": "int8", "paid": "int8", "fees": "int8", "refund": "int8", "deposits": "int8",
    "closes_at": "timestamptz", "withdraw_until": "timestamptz", "settled_at": "timestamptz",
    "changed_at": "timestamptz",
    "period_seconds": "int8", "quote_spent": "int8", "quote_received": "int8",
    "block_time": "timestamptz", "launched_at": "timestamptz", "opened_at": "timestamptz",
    "rules_end": "timestamptz",
    "deadline": "timestamptz", "completed_at": "timestamptz", "traded_at": "timestamptz", "claimed_at": "timestamptz",
    "last_trade_at": "timestamptz", "first_trade_at": "timestamptz", "starts_at": "timestamptz",
    "graduated_at": "timestamptz", "locked_until": "timestamptz", "graduation_slot": "int8",
    "team_payout": "int8", "treasury_payout": "int8",
    "allowlisted_at": "timestamptz", "pledged_at": "timestamptz", "closed_at": "timestamptz",
    "until": "timestamptz", "released_at": "timestamptz",
    "cliff_at": "timestamptz", "ends_at": "timestamptz", "revoked_at": "timestamptz",
    "finalized": "bool", "revocable": "bool", "authority_changed": "bool", "counted": "bool", "canonical": "bool",
}  # fmt: skip
_CAST = {
    "supply": "numeric", "supply_added": "numeric", "amount": "numeric", "sale_supply": "numeric",
    "liquidity_supply": "numeric", "virtual_base": "numeric", "virtual_quote": "numeric", "sold": "numeric",
    "base_amount": "numeric", "price": "numeric", "open": "numeric", "high": "numeric", "low": "numeric",
    "close": "numeric", "volume_base": "numeric", "base_bought": "numeric", "base_sold": "numeric",
    "claimed": "numeric", "payload": "jsonb", "segments": "jsonb", "sale": "jsonb", "data": "jsonb",
    "base_reserve": "numeric", "lp_supply": "numeric", "minimum": "numeric", "max_deposit": "numeric",
    "burned": "numeric", "bought": "numeric",
}  # fmt: skip


# Addresses and words of ours, which hold no comma and are never "None"; all other text may be anything.
_WORDS = {
    *("mint", "owner", "account", "address", "creator", "wallet", "trader", "status", "side", "program", "venue"),
    *("pool_address", "graduated_into", "graduation_signature", "signature"),
}

_TO_TELL = "INSERT INTO outbox_entries (frames, of_chain, events) VALUES ($1, $2, $3)"
_STORED_EVENTS = 'SELECT signature, instruction, "inner" FROM chain_events WHERE signature = ANY($1::text[])'


class Statement:
    """SQL over unnested lists: `{v}` is the source `v`, `{columns}` and `{values}` are its columns."""

    def __init__(self, columns: Sequence[str], sql: str) -> None:
        lists = ", ".join(_list_of(name, number) for number, name in enumerate(columns, 1))
        quoted = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(f'v."{name}"::{_CAST[name]}' if name in _CAST else f'v."{name}"' for name in columns)
        self.sql = sql.format(v=f"unnest({lists}) AS v ({quoted})", columns=quoted, values=values)
        self._free = [_is_free(name) for name in columns]

    async def run(self, connection: Writes, rows: Iterable[Sequence[Any]]) -> None:
        """Run it once over all rows; nothing happens where there are none."""
        columns = list(zip(*rows, strict=True))
        if columns:
            lists = [column if free else joined(column) for column, free in zip(columns, self._free, strict=True)]
            await connection.execute(self.sql, *lists)


def _is_free(name: str) -> bool:
    """Whether a column holds text that may be anything, and so travels as an array."""
    return name not in _TYPES and name not in _WORDS and _CAST.get(name, "jsonb") == "jsonb"


def _list_of(name: str, number: int) -> str:
    """The values of a column as its parameter brings them."""
    if _is_free(name):
        return f"${number}::text[]"
    split = split_of(number)
    if name in _WORDS:
        # One empty word and no word at all look alike.
        return f"CASE WHEN ${number} = '' THEN array[''] ELSE {split} END"
    return f"{split}::{_TYPES[name]}[]" if name in _TYPES else split


def _insert(table: str, row: type[Any], conflict: str = "ON CONFLICT DO NOTHING") -> Statement:
    return Statement(row._fields, f"INSERT INTO {table} ({{columns}}) SELECT {{values}} FROM {{v}} {conflict}")  # noqa: S608 - names are literals


_TRADES = _insert("trades", TradeRow)
_ALLOCATIONS = _insert("allocations", AllocationRow)
_FEES = _insert("fee_events", FeeRow)
_SCHEDULES = Statement(
    _names(ScheduleRow),
    "INSERT INTO vesting_schedules ({columns}) SELECT {values} FROM {v} ON CONFLICT DO NOTHING",
)

_TOKENS = _insert(
    "tokens",
    TokenRow,
    "ON CONFLICT (mint) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in TokenRow._fields if name != "mint"),
)

_TOKEN_CHANGES = Statement(
    (
        *("mint", "creator", "name", "symbol", "uri", "metadata_hash", "update_authority"),
        *("authority_changed", "supply_added"),
    ),
    """
    UPDATE tokens t SET
        creator = coalesce(v.creator, t.creator),
        name = coalesce(v.name, t.name),
        symbol = coalesce(v.symbol, t.symbol),
        uri = coalesce(v.uri, t.uri),
        metadata_hash = CASE WHEN v.uri IS NULL THEN t.metadata_hash ELSE v.metadata_hash END,
        metadata_fetched_at = CASE WHEN v.uri IS NULL THEN t.metadata_fetched_at END,
        metadata_attempts = CASE WHEN v.uri IS NULL THEN t.metadata_attempts ELSE 0 END,
        update_authority = CASE WHEN v.authority_changed THEN v.update_authority ELSE t.update_authority END,
        supply = t.supply + v.supply_added::numeric
    FROM {v} WHERE t.mint = v.mint
    """,
)

_CURVES = Statement(
    CurveRow._fields,
    "INSERT INTO curves ({columns}, status, sold, quote_reserve, price_position) "
    "SELECT {values}, 'trading', 0, 0, v.position FROM {v} ON CONFLICT DO NOTHING",
)

# State is taken from the newest position; sums are added, whatever the order.
_CURVE_CHANGES = Statement(
    (
        *("mint", "position", "sold", "quote_reserve", "virtual_base", "virtual_quote", "price", "protocol_fees"),
        *("creator_fees", "last_trade_at", "trade_count", "volume_quote", "creator", "status", "completed_at"),
        *("graduated_at", "pool_address", "graduated_into", "burned", "team_payout"),
        *("treasury_payout", "locked_until", "graduation_signature", "graduation_slot"),
        "price_position",
    ),
    """
    UPDATE curves c SET
        sold = CASE WHEN v.position > c.position THEN coalesce(v.sold::numeric, c.sold) ELSE c.sold END,
        quote_reserve = CASE WHEN v.position > c.position
            THEN coalesce(v.quote_reserve, c.quote_reserve) ELSE c.quote_reserve END,
        virtual_base = CASE WHEN v.position > c.position
            THEN coalesce(v.virtual_base::numeric, c.virtual_base) ELSE c.virtual_base END,
        virtual_quote = CASE WHEN v.position > c.position
            THEN coalesce(v.virtual_quote::numeric, c.virtual_quote) ELSE c.virtual_quote END,
        price = CASE WHEN v.price_position > c.price_position
            THEN coalesce(v.price::numeric, c.price) ELSE c.price END,
        price_position = greatest(c.price_position, v.price_position),
        protocol_fees = CASE WHEN v.position > c.position
            THEN coalesce(v.protocol_fees, c.protocol_fees) ELSE c.protocol_fees END,
        creator_fees = CASE WHEN v.position > c.position
            THEN coalesce(v.creator_fees, c.creator_fees) ELSE c.creator_fees END,
        last_trade_at = greatest(c.last_trade_at, v.last_trade_at),
        trade_count = c.trade_count + v.trade_count,
        volume_quote = c.volume_quote + v.volume_quote,
        creator = coalesce(v.creator, c.creator),
        status = coalesce(v.status, c.status),
        completed_at = coalesce(v.completed_at, c.completed_at),
        graduated_at = coalesce(v.graduated_at, c.graduated_at),
        pool_address = coalesce(v.pool_address, c.pool_address),
        graduated_into = coalesce(v.graduated_into, c.graduated_into),
        burned = coalesce(v.burned::numeric, c.burned),
        team_payout = coalesce(v.team_payout, c.team_payout),
        treasury_payout = coalesce(v.treasury_payout, c.treasury_payout),
        locked_until = coalesce(v.locked_until, c.locked_until),
        graduation_signature = coalesce(v.graduation_signature, c.graduation_signature),
        graduation_slot = coalesce(v.graduation_slot, c.graduation_slot),
        position = greatest(c.position, v.position)
    FROM {v} WHERE c.mint = v.mint
    """,
)

_TERMS = _insert("sale_terms", TermsRow)
_POOLS = _insert("pools", PoolRow)

_POOL_CHANGES = Statement(
    (
        *("address", "position", "base_reserve", "quote_reserve", "lp_supply", "protocol_fees", "creator_fees"),
        *("creator_fee_bps", "last_trade_at", "trade_count", "volume_quote", "creator", "fees_position"),
    ),
    """
    UPDATE pools p SET
        base_reserve = CASE WHEN v.position > p.position
            THEN coalesce(v.base_reserve::numeric, p.base_reserve) ELSE p.base_reserve END,
        quote_reserve = CASE WHEN v.position > p.position
            THEN coalesce(v.quote_reserve, p.quote_reserve) ELSE p.quote_reserve END,
        lp_supply = CASE WHEN v.position > p.position
            THEN coalesce(v.lp_supply::numeric, p.lp_supply) ELSE p.lp_supply END,
        protocol_fees = CASE WHEN v.fees_position > p.fees_position
            THEN coalesce(v.protocol_fees, p.protocol_fees) ELSE p.protocol_fees END,
        creator_fees = CASE WHEN v.fees_position > p.fees_position
            THEN coalesce(v.creator_fees, p.creator_fees) ELSE p.creator_fees END,
        creator_fee_bps = CASE WHEN v.position > p.position
            THEN coalesce(v.creator_fee_bps, p.creator_fee_bps) ELSE p.creator_fee_bps END,
        last_trade_at = greatest(p.last_trade_at, v.last_trade_at),
        trade_count = p.trade_count + v.trade_count,
        volume_quote = p.volume_quote + v.volume_quote,
        creator = coalesce(v.creator, p.creator),
        fees_position = greatest(p.fees_position, v.fees_position),
        position = greatest(p.position, v.position)
    FROM {v} WHERE p.address = v.address
    """,
)

_ACCOUNTS = _insert(
    "token_accounts AS a",
    AccountBalance,
    "ON CONFLICT (account) DO UPDATE SET mint = excluded.mint, owner = excluded.owner, amount = excluded.amount, "
    "position = excluded.position WHERE a.position < excluded.position",
)

_HOLDERS = Statement(
    (
        *("mint", "owner", "base_bought", "base_sold", "quote_spent", "quote_received"),
        *("first_trade_at", "last_trade_at"),
    ),
    """
    INSERT INTO holders AS h ({columns}, balance, balance_position)
    SELECT {values}, coalesce(b.balance, 0), coalesce(b.position, 0)
    FROM {v} CROSS JOIN LATERAL (
        SELECT sum(amount) AS balance, max(position) AS position
        FROM token_accounts a WHERE a.mint = v.mint AND a.owner = v.owner
    ) b
    ON CONFLICT (mint, owner) DO UPDATE SET
        balance = excluded.balance,
        balance_position = excluded.balance_position,
        base_bought = h.base_bought + excluded.base_bought,
        base_sold = h.base_sold + excluded.base_sold,
        quote_spent = h.quote_spent + excluded.quote_spent,
        quote_received = h.quote_received + excluded.quote_received,
        first_trade_at = least(h.first_trade_at, excluded.first_trade_at),
        last_trade_at = greatest(h.last_trade_at, excluded.last_trade_at)
    """,
)

_SCHEDULE_CHANGES = Statement(
    ("schedule", "position", "beneficiary", "amount", "claimed", "revoked_at"),
    """
    UPDATE vesting_schedules s SET
        beneficiary = coalesce(v.beneficiary, s.beneficiary),
        amount = coalesce(v.amount::numeric, s.amount),
        claimed = coalesce(v.claimed::numeric, s.claimed),
        revoked_at = coalesce(v.revoked_at, s.revoked_at),
        position = greatest(s.position, v.position)
    FROM {v} WHERE s.schedule = v.schedule
    """,
)

_POSITIONS = Statement(
    _names(PositionChange),
    """
    INSERT INTO positions AS p ({columns}) SELECT {values} FROM {v}
    ON CONFLICT (mint, wallet) DO UPDATE SET
        address = coalesce(excluded.address, p.address),
        opened_at = coalesce(excluded.opened_at, p.opened_at),
        allowlisted_at = coalesce(excluded.allowlisted_at, p.allowlisted_at),
        pledged_at = coalesce(excluded.pledged_at, p.pledged_at),
        closed_at = coalesce(excluded.closed_at, p.closed_at),
        bought = coalesce(excluded.bought, p.bought),
        position = greatest(p.position, excluded.position)
    """,
)

_RELEASES = _insert("graduation_releases", ReleaseRow)

_BATCHES = Statement(
    BatchRow._fields,
    "INSERT INTO batches ({columns}, status) SELECT {values}, 'open' FROM {v} ON CONFLICT DO NOTHING",
)

_BATCH_CHANGES = Statement(
    _names(BatchChange),
    """
    UPDATE batches b SET
        status = coalesce(v.status, b.status),
        deposits = coalesce(v.deposits, b.deposits),
        settled_at = coalesce(v.settled_at, b.settled_at),
        settled_deposits = coalesce(v.settled_deposits, b.settled_deposits),
        base_amount = coalesce(v.base_amount::numeric, b.base_amount),
        quote_amount = coalesce(v.quote_amount, b.quote_amount),
        fees = coalesce(v.fees, b.fees),
        refund = coalesce(v.refund, b.refund)
    FROM {v} WHERE b.mint = v.mint
    """,
)

_DEPOSITS = Statement(
    DepositRow._fields,
    """
    INSERT INTO deposits AS d ({columns})
    SELECT v.mint, v.wallet, v.amount::bigint, v.changed_at, v.position, v.claimed_at, v.base_amount::numeric,
           v.refund, v.paid
    FROM {v}
    ON CONFLICT (mint, wallet) DO UPDATE SET
        amount = excluded.amount, changed_at = excluded.changed_at, position = excluded.position,
        claimed_at = excluded.claimed_at, base_amount = excluded.base_amount, refund = excluded.refund,
        paid = excluded.paid
    WHERE d.position <= excluded.position
    """,
)


async def stored_events(connection: asyncpg.Connection, keys: Iterable[Key]) -> set[Key]:
    """The events of these transactions that are stored.

    Whoever calls this holds the lock of those who write, so that nobody stores more of them in between.
    """
    stored = await connection.fetch(_STORED_EVENTS, list({signature for signature, _, _ in keys}))
    return {(signature, instruction, inner) for signature, instruction, inner in stored}


async def insert_events(connection: Writes, rows: Iterable[EventRow]) -> None:
    """Store events that are not stored yet."""
    await copy(connection, "chain_events", EventRow._fields, rows, free=("payload",))


async def write(connection: Writes, batch: Batch) -> None:
    """Write everything that a batch collected, candles excepted: see launchpad.indexer.candles."""
    await _TOKENS.run(connection, batch.tokens.values())
    await _TOKEN_CHANGES.run(connection, map(_token_change, batch.token_changes.values()))
    await _TERMS.run(connection, batch.terms.values())
    await _CURVES.run(connection, batch.curves.values())
    await _CURVE_CHANGES.run(connection, map(_curve_change, batch.curve_changes.values()))
    await _POOLS.run(connection, batch.pools.values())
    await _POOL_CHANGES.run(connection, map(_pool_change, batch.pool_changes.values()))
    await _ALLOCATIONS.run(connection, batch.allocations)
    # They take Postgres the longest: what is behind them is made ready meanwhile.
    await _write_holdings(connection, batch)
    if batch.quiet:
        await _TRADES.run(connection, batch.trades)
    else:
        # Only events that were not stored before made them.
        await copy(connection, "trades", TradeRow._fields, batch.trades, free=())
    await _FEES.run(connection, batch.fees)
    await _SCHEDULES.run(connection, map(_schedule, batch.schedules.values()))
    await _SCHEDULE_CHANGES.run(connection, map(_schedule_change, batch.schedule_changes.values()))
    await _POSITIONS.run(connection, map(_opening, batch.positions.values()))
    await _RELEASES.run(connection, batch.releases)
    await _BATCHES.run(connection, batch.batches.values())
    await _BATCH_CHANGES.run(connection, map(_batch_change, batch.batch_changes.values()))
    await _DEPOSITS.run(connection, batch.deposits.values())
    for waiting in live.packed(batch.outbox):
        await connection.execute(_TO_TELL, *waiting.values())


async def _write_holdings(connection: Writes, batch: Batch) -> None:
    """Balances first, for a holder's balance is the sum of the owner's accounts."""
    await _ACCOUNTS.run(connection, [batch.accounts[account] for account in sorted(batch.accounts)])
    for balance in batch.accounts.values():
        batch.holding(balance.mint, balance.owner)
    # In the order of the keys neighbours in the indexes are touched one after the other.
    await _HOLDERS.run(connection, [_holding(batch.holdings[wallet]) for wallet in sorted(batch.holdings)])
