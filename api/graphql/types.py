"""What queries and subscriptions answer with.

Amounts are base units (lamports, token units), changes are percent; both as exact text.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Annotated, Any

import strawberry

from api.graphql.context import Info
from api.graphql.fields import field
from api.graphql.inputs import MAX_CANDLES, ChartInterval, Side, Status, Venue, cursor, moment, rows
from api.graphql.loaders import PageAsked, RangeAsked
from api.graphql.scalars import BigInt, Exact
from launchpad.amounts import SOL_DECIMALS, decimal_text, price_in_sol
from launchpad.markets.schemas import CandleView
from launchpad.metrics.schemas import WindowMetrics
from launchpad.paging import Listing
from launchpad.tokens.schemas import HolderView, ProjectRow

_FEES = ("protocol_fee", "creator_fee", "referrer_fee", "launch_fee", "liquidity_fee")


def _percent(bps: int | None) -> Exact | None:
    return None if bps is None else Exact(decimal_text(Decimal(bps).scaleb(-2)))


def _lamports(sol: str) -> BigInt:
    return BigInt(str(int(Decimal(sol).scaleb(SOL_DECIMALS).to_integral_value(ROUND_DOWN))))


def _exact(text: str | None) -> Exact | None:
    return None if text is None else Exact(text)


@strawberry.type(description="What one token costs.")
class Price:
    """A price in its three forms."""

    lamports: Exact = strawberry.field(description="Lamports per base unit.")
    sol: Exact = strawberry.field(description="SOL per whole token.")
    usd: Exact | None = strawberry.field(description="US dollars per whole token; null while SOL has no fresh price.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Of a connection."""

    end_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null at the end.")
    has_next_page: bool


@strawberry.type(description="A confirmed trade. Until it is finalized a fork may still take it back.")
class Trade:
    """One trade."""

    signature: str
    instruction: int
    inner: int
    mint_address: str
    side: Side
    trader: str
    venue: Venue
    pool: str | None = strawberry.field(description="Null for the curve.")
    base_amount: BigInt
    quote_amount: BigInt = strawberry.field(description="Lamports, without fees.")
    fees: BigInt = strawberry.field(description="Lamports, all fees of the trade.")
    total: BigInt = strawberry.field(description="Lamports that the buyer paid or the seller got.")
    price: Exact = strawberry.field(description="Lamports per base unit.")
    price_sol: Exact = strawberry.field(description="SOL per whole token.")
    slot: BigInt
    traded_at: datetime
    finalized: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Trade":
        """Out of the fields of a TradeView."""
        side, fees = Side(row["side"]), sum(int(row[name]) for name in _FEES)
        sign = 1 if side is Side.BUY else -1
        return cls(
            **{name: row[name] for name in ("signature", "instruction", "inner", "trader", "pool")},
            mint_address=row["mint"],
            side=side,
            venue=Venue(row["venue"]),
            base_amount=BigInt(row["base_amount"]),
            quote_amount=BigInt(row["quote_amount"]),
            fees=BigInt(str(fees)),
            total=BigInt(str(int(row["quote_amount"]) + sign * fees)),
            price=Exact(row["price"]),
            price_sol=Exact(row["price_sol"]),
            slot=BigInt(str(row["slot"])),
            traded_at=row["traded_at"],
            finalized=row["finalized"],
        )

    @classmethod
    def told(cls, data: Mapping[str, Any], decimals: int) -> "Trade":
        """Out of a live event."""
        price_sol = decimal_text(price_in_sol(Decimal(data["price"]), decimals))
        traded_at = datetime.fromisoformat(data["traded_at"])
        return cls.of({**data, "price_sol": price_sol, "traded_at": traded_at, "finalized": False})


@strawberry.type(description="A page of trades, newest first.")
class TradeConnection:
    """Trades and where they stand."""

    nodes: list[Trade]
    page_info: PageInfo

    @classmethod
    def of(cls, found: Listing) -> "TradeConnection":
        """Out of a page of TradeViews."""
        return cls(nodes=[Trade.of(row) for row in found.data], page_info=page_info(found.meta.next))


def page_info(after: str | None) -> PageInfo:
    """What the cursor of the next page says."""
    return PageInfo(end_cursor=after, has_next_page=after is not None)


@strawberry.type(description="One bucket of a chart. Prices are SOL per whole token.")
class Candle:
    """One candle."""

    time: datetime = strawberry.field(description="Start of the bucket.")
    open: Exact
    high: Exact
    low: Exact
    close: Exact
    volume: BigInt = strawberry.field(description="Lamports, fees not included.")
    volume_base: BigInt
    trades: int

    @classmethod
    def of(cls, view: CandleView) -> "Candle":
        """Out of a CandleView."""
        prices = {name: Exact(getattr(view, name)) for name in ("open", "high", "low", "close")}
        return cls(
            **prices,
            time=datetime.fromtimestamp(view.time, UTC),
            volume=BigInt(view.volume),
            volume_base=BigInt(view.volume_base),
            trades=view.trades,
        )


@strawberry.type(description="A wallet, or an escrow, that holds some.")
class Holder:
    """One holding."""

    owner: str
    balance: BigInt
    share: Exact = strawberry.field(description="Percent of the supply.")
    role: str = strawberry.field(description="holder, creator, curve, vesting, launcher or pool.")

    @classmethod
    def of(cls, view: HolderView) -> "Holder":
        """Out of a HolderView."""
        share = decimal_text(Decimal(view.share_bps).scaleb(-2))
        return cls(owner=view.owner, balance=BigInt(view.balance), share=Exact(share), role=view.role)


@strawberry.type(description="A launched token and how it trades now. Amounts of SOL are lamports.")
class Token:
    """One token. What is not in its row is loaded for all tokens of an answer at once."""

    mint_address: str
    symbol: str | None
    name: str | None
    image: str | None
    creator: str
    decimals: int
    supply: BigInt
    status: Status
    venue: Venue
    progress: Exact | None = strawberry.field(description="Percent of the sale that is sold.")
    current_price: Price
    price_change_1h: Exact | None = strawberry.field(name="priceChange1h", description="Percent.")
    price_change_24h: Exact | None = strawberry.field(name="priceChange24h", description="Percent.")
    volume_24h: BigInt = strawberry.field(name="volume24h", description="Lamports, fees not included.")
    market_cap: BigInt | None = strawberry.field(description="Lamports, of what circulates.")
    market_cap_usd: Exact | None
    liquidity: BigInt | None = strawberry.field(description="Lamports to trade against.")
    liquidity_usd: Exact | None
    holders: int | None
    score: Exact | None = strawberry.field(description="Ranking, 0 to 100.")
    created_at: datetime
    graduated_at: datetime | None
    is_graduated: bool

    @classmethod
    def of(cls, row: ProjectRow) -> "Token":
        """Out of a row of the catalog."""
        return cls(
            **{name: getattr(row, name) for name in ("symbol", "name", "image", "creator", "decimals", "holders")},
            mint_address=row.mint,
            supply=BigInt(row.supply),
            status=Status(row.status),
            venue=Venue(row.venue),
            progress=_percent(row.progress_bps),
            current_price=Price(lamports=Exact(row.price), sol=Exact(row.price_sol), usd=_exact(row.price_usd)),
            price_change_1h=_percent(row.change_1h_bps),
            price_change_24h=_percent(row.change_24h_bps),
            volume_24h=BigInt(row.volume_24h),
            market_cap=_lamports(row.market_cap_sol),
            market_cap_usd=_exact(row.market_cap_usd),
            liquidity=BigInt(row.liquidity),
            liquidity_usd=_exact(row.liquidity_usd),
            score=_exact(row.score),
            created_at=row.launched_at,
            graduated_at=row.graduated_at,
            is_graduated=row.graduated_at is not None,
        )

    async def _window(self, info: Info, name: str) -> WindowMetrics | None:
        return (await info.context.loaders.windows.load(self.mint_address)).get(name)

    @field(name="priceChange5m", description="Percent; null until figures were worked out.")
    async def price_change_5m(self, info: Info) -> Exact | None:
        """By the figures of five minutes."""
        window = await self._window(info, "5m")
        return _percent(window.price_change_bps) if window else None

    @field(name="volume5m", description="Lamports, fees not included.")
    async def volume_5m(self, info: Info) -> BigInt:
        """By the figures of five minutes."""
        window = await self._window(info, "5m")
        return BigInt(window.volume if window else "0")

    @field(name="volume1h", description="Lamports, fees not included.")
    async def volume_1h(self, info: Info) -> BigInt:
        """By the figures of an hour."""
        window = await self._window(info, "1h")
        return BigInt(window.volume if window else "0")

    @field(description="Confirmed trades, newest first; at most 100 a page.")
    async def trades(self, info: Info, first: int = 20, after: str | None = None) -> TradeConnection | None:
        """A page of this token's trades."""
        asked = PageAsked(rows(first), cursor(after))
        return TradeConnection.of(await info.context.loaders.trades.load((self.mint_address, asked)))

    @field(description="Candles, oldest first: the newest `limit` of the range, 500 at most; by default of 24 hours.")
    async def chart(
        self,
        info: Info,
        interval: ChartInterval,
        start: Annotated[datetime | None, strawberry.argument(name="from")] = None,
        end: Annotated[datetime | None, strawberry.argument(name="to")] = None,
        limit: int = 100,
    ) -> list[Candle] | None:
        """This token's chart."""
        asked = RangeAsked(interval.value, moment(start), moment(end), rows(limit, "limit", MAX_CANDLES))
        return [Candle.of(view) for view in await info.context.loaders.candles.load((self.mint_address, asked))]

    @field(description="Largest first; at most 100.")
    async def top_holders(self, info: Info, limit: int = 10) -> list[Holder] | None:
        """Who holds most of this token."""
        asked = rows(limit, "limit")
        return [Holder.of(view) for view in await info.context.loaders.holders.load((self.mint_address, asked))]


@strawberry.type(description="A page of tokens.")
class TokenConnection:
    """Tokens and where they stand."""

    nodes: list[Token]
    page_info: PageInfo


@strawberry.type(description="A sale was sold out and trades in its pool from now on.")
class GraduationEvent:
    """One graduation."""

    mint_address: str
    pool: str
    venue: Venue
    base_amount: BigInt
    quote_amount: BigInt = strawberry.field(description="Lamports that went into the pool.")
    burned: BigInt
    graduated_at: datetime
    signature: str

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> "GraduationEvent":
        """Out of a live event."""
        return cls(
            mint_address=data["mint"],
            pool=data["pool"],
            venue=Venue(data["venue"]),
            base_amount=BigInt(data["base_amount"]),
            quote_amount=BigInt(data["quote_amount"]),
            burned=BigInt(data["burned"]),
            graduated_at=datetime.fromisoformat(data["graduated_at"]),
            signature=data["signature"],
        )

    @field(description="Null where a fork took it back.")
    async def token(self, info: Info) -> Token | None:
        """The token as it is now."""
        row = await info.context.loaders.tokens.load(self.mint_address)
        return Token.of(row) if row else None
