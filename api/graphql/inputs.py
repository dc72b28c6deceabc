"""What queries take, and the checks that the type system cannot make."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

import strawberry

from api.graphql.scalars import BigInt
from launchpad.chain.keys import is_address
from launchpad.errors import InvalidInputError
from launchpad.schemas import MAX_SEARCH, search_text
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import Program

MAX_FIRST = 100
MAX_CANDLES = 500
_MAX_CURSOR = 512
_MAX_ADDRESS = 44
_MAX_LAMPORTS = 2**63
_MAX_SECONDS = 10**9


@strawberry.enum(name="ChartInterval", description="How long a candle is.")
class ChartInterval(StrEnum):
    """The intervals of charts by names that GraphQL takes."""

    S1 = "1s"
    S5 = "5s"
    S15 = "15s"
    S30 = "30s"
    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    M30 = "30m"
    H1 = "1h"
    H4 = "4h"
    H12 = "12h"
    D1 = "1d"
    W1 = "1w"
    MONTH = "1M"


@strawberry.enum(name="TokenSort", description="What tokens are ordered by.")
class Sort(StrEnum):
    """The orders of lists."""

    VOLUME_24H = "volume_24h"
    MARKET_CAP = "market_cap"
    LAUNCHED_AT = "launched_at"
    LAST_TRADE_AT = "last_trade_at"
    PROGRESS = "progress"
    PRICE = "price"
    HOLDERS = "holders"
    TRADES = "trades"
    CHANGE_1H = "change_1h"
    CHANGE_24H = "change_24h"
    SCORE = "score"


@strawberry.enum(name="SortOrder", description="Up or down.")
class Order(StrEnum):
    """Up or down."""

    ASC = "asc"
    DESC = "desc"


@strawberry.enum(name="TokenStatus", description="Where a sale stands.")
class Status(StrEnum):
    """Where a sale stands."""

    TRADING = "trading"
    COMPLETE = "complete"
    GRADUATED = "graduated"
    REFUNDING = "refunding"
    DEPOSITING = "depositing"
    FAILED = "failed"


@strawberry.enum(name="Venue", description="Where a token trades: its curve until it graduates, then its pool.")
class Venue(StrEnum):
    """Where tokens trade."""

    CURVE = "curve"
    AMM = "amm"
    RAYDIUM = "raydium"


@strawberry.enum(name="TradeSide", description="What the trader did.")
class Side(StrEnum):
    """Of the trader."""

    BUY = "buy"
    SELL = "sell"


@strawberry.input(name="TokenFilter", description="Which tokens; what is left out does not matter.")
class Filter:
    """What lists of tokens are filtered by."""

    search: str | None = strawberry.field(default=None, description="Part of name or symbol, or a whole address.")
    creator: str | None = None
    status: Status | None = None
    venue: Venue | None = None
    min_liquidity: BigInt | None = strawberry.field(default=None, description="Lamports.")
    max_age_seconds: int | None = strawberry.field(default=None, description="Launched at most so long ago.")

    def checked(self, sort: Sort, order: Order) -> TokenFilter:
        """The same for the catalog; raises InvalidInputError."""
        if self.creator is not None:
            address(self.creator, "creator")
        least = None if self.min_liquidity is None else int(self.min_liquidity)
        if least is not None and least >= _MAX_LAMPORTS:
            raise InvalidInputError("There are not so many lamports: ask for less.", field="minLiquidity")
        if self.max_age_seconds is not None and not 1 <= self.max_age_seconds <= _MAX_SECONDS:
            raise InvalidInputError(f"maxAgeSeconds is from 1 to {_MAX_SECONDS}.", field="maxAgeSeconds")
        program = "bonding_curve" if self.venue is Venue.CURVE else self.venue and self.venue.value
        return TokenFilter(
            sort=sort.value,
            descending=order is Order.DESC,
            search=searched(self.search),
            creator=self.creator,
            status=self.status and self.status.value,
            min_liquidity=least,
            max_age=self.max_age_seconds,
            program=cast("Program | None", program),
        )


def address(text: str, field: str) -> str:
    """`text` if it is an address; raises InvalidInputError."""
    if len(text) > _MAX_ADDRESS or not is_address(text):
        raise InvalidInputError("This is no Solana address: copy it again.", field=field)
    return text


def searched(text: str | None) -> str | None:
    """What is searched for, None for everything; raises InvalidInputError."""
    if text is not None and len(text) > MAX_SEARCH:
        raise InvalidInputError(f"Search for at most {MAX_SEARCH} characters.", field="search")
    return search_text(text)


def rows(first: int, field: str = "first", most: int = MAX_FIRST) -> int:
    """How many rows a list has; raises InvalidInputError."""
    if not 1 <= first <= most:
        raise InvalidInputError(f"{field} is from 1 to {most}: ask for the rest in another query.", field=field)
    return first


def cursor(after: str | None) -> str | None:
    """A cursor that may be one; raises InvalidInputError."""
    if after is not None and len(after) > _MAX_CURSOR:
        raise InvalidInputError("This cursor belongs to no page of this list: start again without it.", field="after")
    return after


def moment(at: datetime | None) -> int | None:
    """Unix seconds of a moment; UTC is meant where no zone is said."""
    if at is None:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
