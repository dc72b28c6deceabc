"""What happens when rules fire: stored, told to the page of whoever made the rule, put into the queues.

All of it in the transaction that moves the position, so that a crash loses nothing and repeats nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import live
from launchpad.alerts import queries_engine as store
from launchpad.alerts.rules import Hit
from launchpad.alerts.wording import sentence
from launchpad.amounts import decimal_text
from launchpad.moments import iso

# A target where more wait than this gets no more: what comes is kept as dead, and can be sent again.
MOST_WAITING = 1000
_LONGEST = 300
_FULL = "Too much waited for this target already."


async def fire(session: AsyncSession, hits: Sequence[Hit], now: datetime) -> list[Hit]:
    """Store, tell and queue what fired; those that had not fired before."""
    unique = {hit.id: hit for hit in hits}
    if not unique:
        return []
    new_ids = await store.add_alerts(session, [_row(hit) for hit in unique.values()])
    new = [hit for hit in unique.values() if hit.id in new_ids]
    await live.publish(session, *[_event(hit) for hit in new])
    await _queue(session, new)
    for rule_id, count in Counter(hit.rule.id for hit in new).items():
        over = any(hit.rule.id == rule_id and not hit.rule.repeats for hit in new)
        await store.note_fired(session, rule_id, count, now, over=over)
    return new


def _row(hit: Hit) -> dict[str, Any]:
    rule = hit.rule
    return {
        "id": hit.id,
        "rule_id": rule.id,
        "owner": rule.owner,
        "mint": hit.token.mint,
        "symbol": hit.token.symbol,
        "type": rule.type,
        "value": hit.value,
        "threshold": rule.threshold,
        "unit": rule.unit,
        "window": rule.window,
        "message": sentence(hit)[:_LONGEST],
        "trade": hit.trade.told if hit.trade else None,
        "happened_at": hit.at,
    }


def _event(hit: Hit) -> live.AlertTriggered:
    row = _row(hit)
    return live.AlertTriggered(
        **{name: row[name] for name in ("owner", "mint", "symbol", "unit", "window", "message", "trade")},
        id=str(hit.id),
        rule_id=str(hit.rule.id),
        rule_type=hit.rule.type,
        value=None if hit.value is None else decimal_text(hit.value),
        threshold=None if hit.rule.threshold is None else decimal_text(hit.rule.threshold),
        happened_at=iso(hit.at),
    )


async def _queue(session: AsyncSession, hits: Sequence[Hit]) -> None:
    outside = [hit for hit in hits if set(hit.rule.channels) - {"page"}]
    if not outside:
        return
    targets: defaultdict[str, list[Any]] = defaultdict(list)
    for row in await store.targets(session, sorted({hit.rule.owner for hit in outside})):
        targets[row["owner"]].append(row)
    await store.add_deliveries(session, [row for hit in outside for row in _deliveries(hit, targets[hit.rule.owner])])


def _deliveries(hit: Hit, targets: Iterable[Any]) -> list[dict[str, Any]]:
    rows = [
        _delivery(hit, each["channel"], each["target"], full=each["waiting"] >= MOST_WAITING)
        for each in targets
        if each["channel"] in hit.rule.channels
    ]
    if "room" in hit.rule.channels:
        rows.append(_delivery(hit, "room", hit.token.mint, full=False))
    return rows


def _delivery(hit: Hit, channel: str, target: str, *, full: bool) -> dict[str, Any]:
    return {
        "id": delivery_id(hit.id, channel, target),
        "alert_id": hit.id,
        "owner": hit.rule.owner,
        "channel": channel,
        "target": target,
        "status": "dead" if full else "waiting",
        "answer": _FULL if full else None,
    }


def delivery_id(alert: UUID, channel: str, target: str) -> UUID:
    """The same for the same alert and target, however often it is made."""
    return uuid5(alert, f"{channel}:{target}")
