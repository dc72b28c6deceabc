"""What charts mark at their candles: trades of the reader and of the creator, large ones, milestones, graduation."""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson

from launchpad.db import Look
from launchpad.markets import queries_marks as queries
from launchpad.markets.schemas import ChartEvent, ChartMarks, MarkedTrade
from launchpad.tokens.errors import unknown_token

# Of each kind; more could not be told apart on a screen.
MOST = 300


@dataclass(frozen=True)
class Wanted:
    """Which trades: of `wallet`, of the creator, of at least `least` lamports; within Unix seconds `[start, end]`."""

    start: int
    end: int
    wallet: str | None = None
    creator: bool = True
    least: int | None = None


async def marks(look: Look, mint: str, wanted: Wanted) -> ChartMarks:
    """Marks oldest first, of each kind of trade the newest 300. Raises TokenNotFoundError."""
    token = await queries.token(look, mint)
    if token is None:
        raise unknown_token(mint)
    within = (wanted.start, wanted.end + 1)
    asked = {*([wanted.wallet] if wanted.wallet else []), *([token["creator"]] if wanted.creator else [])}
    found = [row for who in sorted(asked) for row in await queries.of_traders(look, mint, [who], within, MOST)]
    if wanted.least is not None:
        found += await queries.large(look, mint, wanted.least, within, MOST)
    trades = {(row["signature"], row["instruction"], row["inner"]): row for row in found}
    return ChartMarks(
        mint=mint,
        creator=token["creator"],
        trades=[_trade(row) for row in sorted(trades.values(), key=itemgetter("position"))],
        events=_events(token, wanted),
    )


def _trade(row: dict[str, Any]) -> MarkedTrade:
    return MarkedTrade(**{name: row[name] for name in MarkedTrade.model_fields})


def _events(token: Any, wanted: Wanted) -> list[ChartEvent]:
    reached = [
        ChartEvent(kind="milestone", at=datetime.fromisoformat(item["at"]), usd=item["usd"])
        for item in orjson.loads(token["milestones"] or "[]")
    ]
    if token["graduated_at"] is not None:
        reached.append(ChartEvent(kind="graduated", at=token["graduated_at"]))
    within = [event for event in reached if wanted.start <= event.at.timestamp() < wanted.end + 1]
    return sorted(within, key=lambda event: (event.at, event.usd or 0))
