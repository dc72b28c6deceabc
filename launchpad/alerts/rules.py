"""Whether a rule fires: pure, by what the rule remembers of the token.

Money is SOL or US dollars as exact decimals; prices are per whole token.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from launchpad.alerts.kinds import BY_PRICE, FEWEST_TRADES

_EXACT = Context(prec=80)
_HUNDRED = Decimal(100)
_DIGITS = Context(prec=12)


@dataclass(slots=True)
class Rule:
    """One rule as it is evaluated; `alert_rules` has what its fields mean."""

    id: UUID
    owner: str
    type: str
    mints: tuple[str, ...]
    creator: str | None
    threshold: Decimal | None
    unit: str | None
    window: str | None
    channels: tuple[str, ...]
    repeats: bool
    cooldown_seconds: int
    enabled: bool
    expires_at: datetime | None
    changed_at: datetime
    deleted_at: datetime | None

    def lives(self, now: datetime) -> bool:
        """Whether it may fire at `now`."""
        return self.enabled and self.deleted_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(slots=True)
class State:
    """What a rule remembers of one token; see launchpad.tables.alerts."""

    beyond: bool | None = None
    reference: Decimal | None = None
    fired_at: datetime | None = None

    def rests(self, rule: Rule, now: datetime) -> bool:
        """Whether the cooldown is not over."""
        return self.fired_at is not None and now - self.fired_at < timedelta(seconds=rule.cooldown_seconds)


@dataclass(slots=True)
class Token:
    """What evaluating needs to know of a token. `price` is SOL per token."""

    mint: str
    symbol: str
    creator: str
    decimals: int
    price: Decimal


class TradeSeen(NamedTuple):
    """A trade as rules look at it. `amount` is SOL, prices SOL per token; balances are base units."""

    mint: str
    key: str
    side: str
    trader: str
    amount: Decimal
    price: Decimal
    price_before: Decimal
    base_amount: int
    trader_balance: int | None
    at: datetime
    told: dict[str, Any]


class FiguresSeen(NamedTuple):
    """Stored figures of a token: changes by window in basis points, liquidity in lamports."""

    mint: str
    changes: dict[str, int]
    liquidity: int


class Usual(NamedTuple):
    """What was traded in a window: how often, and for how many lamports."""

    trades: int
    volume: int


@dataclass(slots=True)
class Hit:
    """A rule fired. `cause` names what it fired on, the same however often that is evaluated."""

    rule: Rule
    token: Token
    value: Decimal | None
    cause: str
    at: datetime
    trade: TradeSeen | None = None
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.id = uuid5(self.rule.id, self.cause)


def in_unit(sol: Decimal, unit: str | None, sol_usd: Decimal | None) -> Decimal | None:
    """An amount of SOL in SOL or US dollars; None where dollars are asked for and SOL has no fresh price."""
    if unit != "usd":
        return sol
    return None if sol_usd is None else _DIGITS.multiply(sol, sol_usd)


def crosses_price(rule: Rule, state: State, price: Decimal | None) -> bool:
    """Whether the threshold of a price rule is passed now and was not before; remembers it."""
    if price is None or rule.threshold is None:
        return False
    return _crosses(state, price >= rule.threshold if rule.type == "price_above" else price <= rule.threshold)


def _crosses(state: State, beyond: bool) -> bool:
    crossed = beyond and state.beyond is False
    state.beyond = beyond
    return crossed


def value_of_trade(
    rule: Rule, state: State, trade: TradeSeen, token: Token, sol_usd: Decimal | None, usual: Usual | None
) -> tuple[bool, Decimal | None]:
    """Whether a rule fires on a trade, and what was measured."""
    if rule.type in BY_PRICE:
        if state.beyond is None:
            crosses_price(rule, state, in_unit(trade.price_before, rule.unit, sol_usd))
        price = in_unit(trade.price, rule.unit, sol_usd)
        return crosses_price(rule, state, price), price
    if rule.type == "volume_spike":
        return _is_spike(rule, trade, usual)
    if rule.type == "new_holder":
        held_nothing = trade.trader_balance is not None and trade.trader_balance <= trade.base_amount
        return trade.side == "buy" and held_nothing, None
    if rule.type == "creator_sells" and (trade.side != "sell" or trade.trader != token.creator):
        return False, None
    if rule.type in {"whale_trade", "creator_sells"}:
        amount = in_unit(trade.amount, rule.unit, sol_usd)
        return amount is not None and amount >= (rule.threshold or 0), amount
    return False, None


def _is_spike(rule: Rule, trade: TradeSeen, usual: Usual | None) -> tuple[bool, Decimal | None]:
    """By the average trade of the window; nothing is unusual among fewer than five trades."""
    if usual is None or usual.trades < FEWEST_TRADES or not usual.volume or rule.threshold is None:
        return False, None
    average = _DIGITS.divide(Decimal(usual.volume).scaleb(-9), Decimal(usual.trades))
    times = _DIGITS.divide(trade.amount, average)
    return times >= rule.threshold, times


def value_of_figures(rule: Rule, state: State, figures: FiguresSeen, *, rests: bool) -> tuple[bool, Decimal | None]:
    """Whether a rule fires on stored figures, and by how many percent what it watches moved."""
    if rule.threshold is None:
        return False, None
    if rule.type == "price_change":
        percent = Decimal(figures.changes[rule.window or "1h"]) / _HUNDRED
        return _crosses(state, abs(percent) >= rule.threshold), percent
    if not state.reference:
        state.reference = Decimal(figures.liquidity)
        return False, None
    moved = _EXACT.subtract(Decimal(figures.liquidity), state.reference)
    percent = _DIGITS.divide(moved * _HUNDRED, state.reference)
    if rests or abs(percent) < rule.threshold:
        return False, percent
    state.reference = Decimal(figures.liquidity)
    return True, percent
