"""What charts are drawn from."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from launchpad.markets.intervals import Interval
from launchpad.schemas import Address, Amount, DecimalText, Mint


class CandleView(BaseModel):
    """One bucket `[time, time + interval)`. Prices are SOL per whole token; volumes are base units."""

    time: int = Field(description="Start of the bucket, Unix seconds.")
    open: DecimalText = Field(
        description="What the first trade met: the close of the bucket before, or the launch price."
    )
    high: DecimalText
    low: DecimalText
    close: DecimalText
    volume: Amount = Field(description="Lamports traded, fees not included.")
    volume_base: Amount
    trades: int


class ChartMeta(BaseModel):
    """What was asked for and where it goes on."""

    limit: int
    next: str | None = Field(description="Cursor of the page of older candles; null when the range is complete.")


class Chart(BaseModel):
    """Candles of one token, oldest first. Buckets without trades are left out unless `fill` was asked for."""

    model_config = ConfigDict(populate_by_name=True)

    mint: Mint
    interval: Interval
    decimals: int
    start: datetime = Field(alias="from")
    to: datetime
    data: list[CandleView]
    meta: ChartMeta


class MarkedTrade(BaseModel):
    """One trade that a chart marks."""

    signature: str
    instruction: int
    inner: int
    side: Literal["buy", "sell"]
    trader: Address
    quote_amount: Amount = Field(description="Lamports traded, fees not included.")
    price_sol: DecimalText
    traded_at: datetime


class ChartEvent(BaseModel):
    """What a token reached."""

    kind: Literal["milestone", "graduated"]
    at: datetime
    usd: int | None = Field(None, description="Market value of a milestone in whole US dollars.")


class ChartMarks(BaseModel):
    """What a chart marks, oldest first; of each kind of trade the newest 300 of the range."""

    mint: Mint
    creator: Address
    trades: list[MarkedTrade]
    events: list[ChartEvent]
