"""The verbs of rules: made, changed, removed, listed; and of what fired: listed, seen, forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.alerts import queries
from launchpad.alerts.errors import AlertQuotaError, AlertRuleNotFoundError, InvalidAlertError, NotYourRoomError
from launchpad.alerts.kinds import BY_PRICE, KINDS, Channel, Kind, RuleType, Window
from launchpad.alerts.rules import Rule, State, crosses_price, in_unit
from launchpad.alerts.schemas import (
    AlertPage,
    AlertRulePage,
    AlertRuleView,
    AlertView,
    ChangeAlert,
    CreateAlert,
    MarkRead,
    RuleTokenView,
    UnreadView,
)
from launchpad.alerts.wording import measure
from launchpad.amounts import decimal_text, price_in_sol
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.ids import uuid7
from launchpad.prices import service as prices
from launchpad.schemas import PageMeta
from launchpad.tables.alerts import Alert, AlertRule

ALERTS_KEPT = timedelta(days=30)
_REMOVED_KEPT = timedelta(hours=1)
_ROWS_AT_ONCE = 5_000
_MOST = 1_000


async def create_rule(session: AsyncSession, settings: Settings, owner: str, asked: CreateAlert) -> AlertRuleView:
    """Make a rule that is evaluated from now on.

    Raises InvalidAlertError, NotYourRoomError and AlertQuotaError; then nothing was made.
    """
    tokens = await queries.tokens(session, asked.all_mints)
    unknown = next((mint for mint in asked.all_mints if mint not in tokens), None)
    if unknown is not None:
        raise InvalidAlertError(f"No token of mint {unknown} was launched here.", field="mint")
    await queries.lock_owner(session, owner)
    if await queries.count_rules(session, owner) >= settings.alert_rules_per_wallet:
        most = settings.alert_rules_per_wallet
        raise AlertQuotaError(f"You have {most} alerts, which is as many as one may have: remove one first.")
    now = await queries.database_now(session)
    made = _made(owner, asked, now)
    _check_channels(made, tokens)
    session.add(made)
    await session.flush()
    await _remember(session, made, tokens)
    return _view(made, tokens, now)


def _made(owner: str, asked: CreateAlert, now: datetime) -> AlertRule:
    kind = KINDS[asked.type]
    if asked.creator is not None and not kind.of_creators:
        message = "The prices of a creator's tokens differ: name the token whose price you mean."
        raise InvalidAlertError(message, field="creator")
    _check_expiry(asked.expires_at, now)
    threshold = _threshold(kind, asked.measure)
    return AlertRule(
        id=uuid7(now),
        owner=owner,
        type=asked.type,
        mints=asked.all_mints,
        creator=asked.creator,
        threshold=threshold,
        unit=_unit(kind, asked.unit, threshold),
        window=_window(kind, asked.window),
        channels=_with_page(asked.channels),
        repeats=asked.repeats,
        cooldown_seconds=asked.cooldown_seconds,
        enabled=True,
        expires_at=asked.expires_at,
        fired=0,
        created_at=now,
        changed_at=now,
    )


def _threshold(kind: Kind, given: Decimal | None) -> Decimal | None:
    if given is None:
        if kind.needs_threshold:
            raise InvalidAlertError(f"“{kind.title}” needs a threshold.", field="threshold")
        return None
    if not kind.units:
        raise InvalidAlertError(f"“{kind.title}” has no threshold: leave it out.", field="threshold")
    if given <= kind.least:
        raise InvalidAlertError(f"The threshold has to be above {kind.least}.", field="threshold")
    return given


def _unit(kind: Kind, given: str | None, threshold: Decimal | None) -> str | None:
    if given is not None and given not in kind.units:
        raise InvalidAlertError(f"“{kind.title}” is not measured in {given}: leave the unit out.", field="unit")
    if not kind.needs_threshold and threshold is None:
        return given
    return given or (kind.units[0] if kind.units else None)


def _window(kind: Kind, given: Window | None) -> Window | None:
    if given is not None and given not in kind.windows:
        message = f"Windows of “{kind.title}” are {', '.join(kind.windows)}." if kind.windows else "It has no window."
        raise InvalidAlertError(message, field="window")
    return given or (kind.windows[0] if kind.windows else None)


def _with_page(channels: Sequence[Channel]) -> list[str]:
    return list(dict.fromkeys(["page", *channels]))


def _check_expiry(at: datetime | None, now: datetime) -> None:
    if at is not None and (at.tzinfo is None or at <= now):
        raise InvalidAlertError("The expiry has to be in the future, with its time zone.", field="expires_at")


def _check_channels(rule: AlertRule, tokens: dict[str, RowMapping]) -> None:
    """A room is told only of what its token's creator wants told there."""
    if "room" not in rule.channels:
        return
    mine = rule.creator == rule.owner or (
        rule.creator is None and all(token["creator"] == rule.owner for token in tokens.values())
    )
    if not mine:
        raise NotYourRoomError("Only the creator of a token can have alerts told in its room.")


async def _remember(session: AsyncSession, rule: AlertRule, tokens: dict[str, RowMapping]) -> None:
    """Where prices stand now, so that a price rule fires when it is crossed and not for being beyond it already."""
    sol_usd = await prices.fresh_usd(session)
    if rule.unit == "usd" and rule.type in BY_PRICE and sol_usd is None:
        message = "What SOL costs in US dollars is not known at the moment: give the price in SOL."
        raise InvalidAlertError(message, field="unit")
    states = []
    for mint, token in tokens.items() if rule.type in BY_PRICE else ():
        state = State()
        price = in_unit(price_in_sol(token["price"], token["decimals"]), rule.unit, sol_usd)
        crosses_price(cast("Rule", rule), state, price)
        states.append({"mint": mint, "beyond": state.beyond})
    await queries.set_states(session, rule.id, states)


async def change_rule(session: AsyncSession, owner: str, rule_id: UUID, change: ChangeAlert) -> AlertRuleView:
    """Change some of a rule; it forgets its cooldown. Raises AlertRuleNotFoundError and InvalidAlertError."""
    rule = await _rule(session, owner, rule_id)
    now = await queries.database_now(session)
    tokens = await queries.tokens(session, rule.mints)
    given = change.model_fields_set
    kind = KINDS[cast("RuleType", rule.type)]
    if "threshold" in given:
        rule.threshold = _threshold(kind, None if change.threshold is None else Decimal(change.threshold))
    if "window" in given:
        rule.window = _window(kind, change.window)
    if change.channels is not None:
        rule.channels = _with_page(change.channels)
        _check_channels(rule, tokens)
    if "expires_at" in given:
        _check_expiry(change.expires_at, now)
        rule.expires_at = change.expires_at
    for name in ("repeats", "cooldown_seconds", "enabled"):
        if getattr(change, name) is not None:
            setattr(rule, name, getattr(change, name))
    rule.changed_at = now
    await session.flush()
    await _remember(session, rule, tokens)
    return _view(rule, tokens, now)


async def remove_rule(session: AsyncSession, owner: str, rule_id: UUID) -> None:
    """Remove a rule; what it fired stays. Raises AlertRuleNotFoundError."""
    rule = await _rule(session, owner, rule_id)
    rule.deleted_at = rule.changed_at = await queries.database_now(session)
    rule.enabled = False


async def _rule(session: AsyncSession, owner: str, rule_id: UUID) -> AlertRule:
    found = await queries.rule(session, owner, rule_id)
    if found is None:
        raise AlertRuleNotFoundError("There is no such alert: it was removed, or is not yours.")
    return found


async def list_rules(session: AsyncSession, owner: str) -> AlertRulePage:
    """Every rule of somebody, newest first."""
    rules = await queries.rules_of(session, owner, _MOST)
    tokens = await queries.tokens(session, sorted({mint for rule in rules for mint in rule.mints}))
    now = await queries.database_now(session)
    data = [_view(rule, tokens, now) for rule in rules]
    return AlertRulePage(data=data, meta=PageMeta(limit=_MOST, has_more=False))


def _view(rule: AlertRule, tokens: dict[str, RowMapping], now: datetime) -> AlertRuleView:
    named = [tokens[mint] for mint in rule.mints if mint in tokens]
    expired = rule.expires_at is not None and rule.expires_at <= now
    status: Literal["active", "off", "expired"] = "expired" if expired else "active" if rule.enabled else "off"
    values: dict[str, Any] = {name: getattr(rule, name) for name in _SHOWN}
    return AlertRuleView(
        **values,
        id=str(rule.id),
        title=_title(rule),
        tokens=[RuleTokenView(mint=row["mint"], symbol=row["symbol"], name=row["name"]) for row in named],
        threshold=None if rule.threshold is None else decimal_text(rule.threshold),
        status=status,
    )


_SHOWN = ("type", "creator", "unit", "window", "channels", "repeats", "cooldown_seconds", "enabled", "expires_at",
          "fired", "last_fired_at", "created_at")  # fmt: skip


def _title(rule: AlertRule) -> str:
    parts = [KINDS[cast("RuleType", rule.type)].title, measure(rule.threshold, rule.unit)]
    if rule.window and rule.type == "price_change":
        parts.append(f"within {rule.window}")
    return " ".join(part for part in parts if part)


async def list_alerts(session: AsyncSession, owner: str, limit: int, cursor: str | None) -> AlertPage:
    """What fired for somebody, newest first. Raises InvalidCursorError."""
    before = None
    if cursor is not None:
        at, alert_id = paging.decode(cursor, (str, str))
        try:
            before = (datetime.fromisoformat(str(at)), UUID(str(alert_id)))
        except ValueError as error:
            message = "This cursor belongs to no page of this list: start again without it."
            raise paging.InvalidCursorError(message, field="cursor") from error
    rows = await queries.alerts_of(session, owner, before, limit + 1)
    shown, meta = paging.cut(rows, limit, lambda row: (row.created_at.isoformat(), str(row.id)))
    unread = await queries.unread(session, owner)
    return AlertPage(data=[alert_view(row) for row in shown], meta=meta, unread=unread)


def alert_view(row: Alert) -> AlertView:
    """An alert as it is shown, and as webhooks send it."""
    return AlertView(
        id=str(row.id),
        rule_id=str(row.rule_id),
        user_id=row.owner,
        mint=row.mint,
        symbol=row.symbol,
        type=cast("RuleType", row.type),
        value=None if row.value is None else decimal_text(row.value),
        threshold=None if row.threshold is None else decimal_text(row.threshold),
        unit=row.unit,
        window=row.window,
        message=row.message,
        trade=row.trade,
        timestamp=row.happened_at,
        read=row.read_at is not None,
    )


async def mark_read(session: AsyncSession, owner: str, seen: MarkRead) -> UnreadView:
    """Note that somebody saw some alerts, or all; how many are unread then."""
    await queries.mark_read(session, owner, seen.ids)
    return UnreadView(unread=await queries.unread(session, owner))


async def forget_old(database: Database) -> int:
    """Delete alerts of over 30 days ago with their deliveries, in bounded transactions; how many."""
    total = 0
    while True:
        async with database.session() as session:
            gone = await queries.forget(session, ALERTS_KEPT, _REMOVED_KEPT, _ROWS_AT_ONCE)
        total += gone
        if gone < _ROWS_AT_ONCE:
            return total
