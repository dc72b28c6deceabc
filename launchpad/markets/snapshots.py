"""The state that followers of a live channel are given to begin with.

A snapshot holds what happened up to `head`, the newest event of its channel when it
was read, and perhaps the next few events: applying those again changes nothing,
for events carry what is true after them.
"""

from typing import ClassVar

from pydantic import BaseModel, Field

from launchpad.config import Settings
from launchpad.db import Look
from launchpad.markets import queries
from launchpad.schemas import Amount, DecimalText
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import TokenRow, TokenSort

HISTORY_POINTS = 1440
RANKED = 100
FOUND = 20


class ChannelState(BaseModel):
    """Root of what a new follower is sent. `head` is the sequence number up to which it is complete."""

    event: ClassVar[str]

    channel: str
    head: int


class TokenSnapshot(ChannelState):
    """The token as lists show it; null while no token of that mint is indexed."""

    event: ClassVar[str] = "token:snapshot"

    token: TokenRow | None


class HistoryPoint(BaseModel):
    """One minute in which the token was traded."""

    time: int = Field(description="Start of the minute, Unix seconds.")
    price: DecimalText = Field(description="Lamports per base unit after the minute's last trade.")
    volume: Amount = Field(description="Lamports traded, fees not included.")


class TokenHistory(ChannelState):
    """The newest 1 440 one-minute points, oldest first; minutes without trades are left out."""

    event: ClassVar[str] = "token:history"

    points: list[HistoryPoint]


class MarketSnapshot(ChannelState):
    """The 100 tokens with the largest volume of the last 24 hours, and the 100 of the largest market value."""

    event: ClassVar[str] = "market:snapshot"

    topByVolume: list[TokenRow]  # noqa: N815 - the wire's own name
    topByMcap: list[TokenRow]  # noqa: N815 - as above


class SearchResults(BaseModel):
    """The tokens whose name, symbol or address fits `query`, by volume, 20 at most."""

    event: ClassVar[str] = "search:results"

    query: str
    tokens: list[TokenRow]


SENT = (TokenSnapshot, TokenHistory, MarketSnapshot, SearchResults)


async def token_state(look: Look, settings: Settings, mint: str, head: int) -> list[ChannelState]:
    """Snapshot and history of one token, in this order."""
    channel = f"token:{mint}"
    found = await catalog.list_tokens(look, settings, TokenFilter(mints=(mint,)), 1)
    points = [HistoryPoint(**point) for point in await queries.minutes(look, mint, HISTORY_POINTS)]
    return [
        TokenSnapshot(channel=channel, head=head, token=found.data[0] if found.data else None),
        TokenHistory(channel=channel, head=head, points=points),
    ]


async def market_state(look: Look, settings: Settings, head: int) -> list[ChannelState]:
    """The snapshot of the market."""
    by_volume = await _ranked(look, settings, "volume_24h")
    by_value = await _ranked(look, settings, "market_cap")
    return [MarketSnapshot(channel="market", head=head, topByVolume=by_volume, topByMcap=by_value)]


async def _ranked(look: Look, settings: Settings, sort: TokenSort) -> list[TokenRow]:
    return (await catalog.list_tokens(look, settings, TokenFilter(sort=sort), RANKED)).data


async def search(look: Look, settings: Settings, query: str) -> SearchResults:
    """The tokens that fit what someone typed."""
    found = await catalog.list_tokens(look, settings, TokenFilter(search=query), FOUND)
    return SearchResults(query=query, tokens=found.data)
