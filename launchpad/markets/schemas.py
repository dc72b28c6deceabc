"""What charts are drawn from."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from launchpad.schemas import Amount, DecimalText, Mint

Interval = Literal["1s", "5s", "15s", "1m", "5m", "15m", "1h", "4h", "1d"]
SECONDS: dict[Interval, int] = {
    "1s": 1,
    "5s": 5,
    "15s": 15,
    "1m": 60,
    "5m": 300,
    "15m": 900,
    "1h": 3600,
    "4h": 14_400,
    "1d": 86_400,
}


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
