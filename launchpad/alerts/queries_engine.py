"""The SQL of evaluating: rules that changed, what was told since, and what fired.

All of a turn runs in one transaction, together with the position that it moves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.alerts.kinds import WINDOWS
from launchpad.tables.alerts import Alert, AlertDelivery, AlertState
from launchpad.tables.live import NEWEST_ROW

_NAME = "rules"


class Position(NamedTuple):
    """A place in the outbox, whose rows are stored in the order of their ids, by one process at a time."""

    published_at: datetime
    id: int


async def begin(session: AsyncSession) -> None:
    """Make the position, at what is told from now on, where there is none."""
    await session.execute(
        text(
            f"INSERT INTO alert_positions (name, published_at, outbox_id) VALUES (:name, now(), {NEWEST_ROW}) "  # noqa: S608 - fixed text
            "ON CONFLICT DO NOTHING"
        ),
        {"name": _NAME},
    )


async def take_position(session: AsyncSession) -> Position | None:
    """The position, held until the transaction ends; None while another process holds it, or where there is none."""
    found = await session.execute(
        text("SELECT published_at, outbox_id FROM alert_positions WHERE name = :name FOR UPDATE SKIP LOCKED"),
        {"name": _NAME},
    )
    row = found.one_or_none()
    return None if row is None else Position(row.published_at, row.outbox_id)


async def move(session: AsyncSession, to: Position) -> None:
    """Everything up to here is evaluated."""
    await session.execute(
        text("UPDATE alert_positions SET published_at = :at, outbox_id = :id WHERE name = :name"),
        {"name": _NAME, "at": to.published_at, "id": to.id},
    )


async def head(session: AsyncSession) -> Position | None:
    """The newest row of the outbox."""
    found = await session.execute(text("SELECT published_at, id FROM outbox_events ORDER BY id DESC LIMIT 1"))
    row = found.one_or_none()
    return None if row is None else Position(row.published_at, row.id)


_TOLD = """SELECT id, type, data::text AS data, created_at, published_at FROM outbox_events
  WHERE id > :after AND id <= :to AND type IN ('trade', 'token.graduated') AND channel = ANY(:channels)
  ORDER BY id LIMIT :limit"""


async def told(
    session: AsyncSession, after: Position, to: Position, mints: Sequence[str], limit: int
) -> Sequence[RowMapping]:
    """Trades and graduations of these tokens between two positions: id, type, data, created_at, published_at."""
    values = {"after": after.id, "to": to.id, "channels": [f"token:{mint}" for mint in mints], "limit": limit}
    found = await session.execute(text(_TOLD), values)
    return found.mappings().all()


async def clock(session: AsyncSession) -> datetime:
    """The database's clock, which stamped the rules."""
    now: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
    return now


_RULE = """id, owner, type, mints, creator, threshold, unit, "window", channels, repeats, cooldown_seconds, enabled,
  expires_at, changed_at, deleted_at"""


async def rules_since(session: AsyncSession, since: datetime | None) -> Sequence[RowMapping]:
    """Rules that changed from a moment on, removed ones too; of all time those alone that may still fire."""
    which = "changed_at >= :since" if since else "enabled AND deleted_at IS NULL"
    found = await session.execute(text(f"SELECT {_RULE} FROM alert_rules WHERE {which}"), {"since": since})  # noqa: S608 - fixed text
    return found.mappings().all()


async def states_of(session: AsyncSession, rules: Sequence[UUID]) -> Sequence[RowMapping]:
    """What these rules remember: rule_id, mint, beyond, reference, fired_at."""
    found = await session.execute(
        text("SELECT rule_id, mint, beyond, reference, fired_at FROM alert_states WHERE rule_id = ANY(:rules)"),
        {"rules": list(rules)},
    )
    return found.mappings().all()


async def tokens(session: AsyncSession, mints: Sequence[str], creators: Sequence[str]) -> Sequence[RowMapping]:
    """These tokens and those of these creators: mint, symbol, creator, decimals, price (lamports per base unit)."""
    found = await session.execute(
        text(
            "SELECT t.mint, t.symbol, t.creator, t.decimals, c.price FROM tokens t JOIN curves c ON c.mint = t.mint "
            "WHERE t.mint = ANY(:mints) OR t.creator = ANY(:creators)"
        ),
        {"mints": list(mints), "creators": list(creators)},
    )
    return found.mappings().all()


async def newest_tokens(session: AsyncSession, creators: Sequence[str]) -> Sequence[RowMapping]:
    """The tokens that these creators launched within the hour, as `tokens` has them."""
    found = await session.execute(
        text(
            "SELECT t.mint, t.symbol, t.creator, t.decimals, c.price FROM tokens t JOIN curves c ON c.mint = t.mint "
            "WHERE t.launched_at > now() - interval '1 hour' AND t.creator = ANY(:creators)"
        ),
        {"creators": list(creators)},
    )
    return found.mappings().all()


_CHANGES = ", ".join(f"change_bps_{window}" for window in WINDOWS)


async def figures(session: AsyncSession, mints: Sequence[str], since: datetime | None) -> Sequence[RowMapping]:
    """Figures of these tokens that were written from a moment on: mint, updated_at, liquidity, changes by window."""
    found = await session.execute(
        text(
            f"SELECT mint, updated_at, liquidity, {_CHANGES} FROM token_metrics "  # noqa: S608 - fixed text
            "WHERE mint = ANY(:mints) AND (CAST(:since AS timestamptz) IS NULL OR updated_at >= :since)"
        ),
        {"mints": list(mints), "since": since},
    )
    return found.mappings().all()


_USUAL = ", ".join(f"buys_{window} + sells_{window} AS trades_{window}, volume_{window}" for window in WINDOWS)


async def usual(session: AsyncSession, mints: Sequence[str]) -> Sequence[RowMapping]:
    """How often and for how many lamports these tokens were traded, by window."""
    found = await session.execute(
        text(f"SELECT mint, {_USUAL} FROM token_metrics WHERE mint = ANY(:mints)"),  # noqa: S608 - fixed text
        {"mints": list(mints)},
    )
    return found.mappings().all()


async def save_states(session: AsyncSession, values: Sequence[Mapping[str, Any]]) -> None:
    """Write what rules remember. A rule that was removed for good meanwhile is passed over."""
    living = await session.execute(
        text("SELECT id FROM alert_rules WHERE id = ANY(:ids) FOR KEY SHARE"),
        {"ids": list({each["rule_id"] for each in values})},
    )
    known = {row.id for row in living}
    kept = [dict(each) for each in values if each["rule_id"] in known]
    if not kept:
        return
    statement = insert(AlertState)
    excluded = statement.excluded
    changed = {"beyond": excluded.beyond, "reference": excluded.reference, "fired_at": excluded.fired_at}
    await session.execute(
        statement.values(kept).on_conflict_do_update(index_elements=["rule_id", "mint"], set_=changed)
    )


async def add_alerts(session: AsyncSession, values: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Store what fired; the ids of those that were not stored before."""
    statement = insert(Alert).values([dict(each) for each in values]).on_conflict_do_nothing().returning(Alert.id)
    return set((await session.execute(statement)).scalars())


async def note_fired(session: AsyncSession, rule_id: UUID, count: int, at: datetime, *, over: bool) -> None:
    """Count what a rule fired; one that fires once is over."""
    await session.execute(
        text(
            "UPDATE alert_rules SET fired = fired + :count, last_fired_at = :at, enabled = enabled AND NOT :over, "
            "changed_at = CASE WHEN :over THEN clock_timestamp() ELSE changed_at END WHERE id = :id"
        ),
        {"id": rule_id, "count": count, "at": at, "over": over},
    )


async def targets(session: AsyncSession, owners: Sequence[str]) -> Sequence[RowMapping]:
    """Where alerts of these people go: owner, channel, target, waiting (how many wait there)."""
    found = await session.execute(
        text(
            """SELECT t.owner, t.channel, t.target,
                 (SELECT count(*) FROM alert_deliveries d WHERE d.target = t.target AND d.status = 'waiting') AS waiting
               FROM (SELECT owner, 'webhook' AS channel, id::text AS target FROM webhooks
                       WHERE enabled AND owner = ANY(:owners)
                     UNION ALL
                     SELECT owner, 'push', id::text FROM push_subscriptions WHERE owner = ANY(:owners)) t"""
        ),
        {"owners": list(owners)},
    )
    return found.mappings().all()


async def add_deliveries(session: AsyncSession, values: Sequence[Mapping[str, Any]]) -> None:
    """Put alerts into the queues of their targets; one that is there already stays as it is."""
    if values:
        await session.execute(insert(AlertDelivery).values([dict(each) for each in values]).on_conflict_do_nothing())
