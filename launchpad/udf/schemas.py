"""What the adapter is answered."""

from typing import Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Mint


class Exchange(BaseModel):
    """A choice in the search form."""

    value: str
    name: str
    desc: str


class SymbolType(BaseModel):
    """Another choice in the search form."""

    name: str
    value: str


class Configuration(BaseModel):
    """What this feed can do."""

    supported_resolutions: list[str]
    supports_search: bool
    supports_group_request: bool
    supports_marks: bool
    supports_timescale_marks: bool
    supports_time: bool
    exchanges: list[Exchange]
    symbols_types: list[SymbolType]


class Failure(BaseModel):
    """Why there is nothing to draw."""

    s: Literal["error"] = "error"
    errmsg: str


class Symbol(BaseModel):
    """One token against SOL. `ticker` is what names it in other requests: names and symbols may occur twice."""

    name: str
    ticker: Mint
    description: str
    type: str
    session: str
    timezone: str
    exchange: str
    listed_exchange: str
    format: str
    minmov: int
    pricescale: int = Field(description="A power of ten: the digits behind the point that the price needs.")
    has_intraday: bool
    has_seconds: bool
    seconds_multipliers: list[str]
    has_daily: bool
    supported_resolutions: list[str]
    volume_precision: int
    data_status: str


class FoundSymbol(BaseModel):
    """One line of the search's answer."""

    symbol: str
    full_name: str
    description: str
    exchange: str
    ticker: Mint
    type: str


class Bars(BaseModel):
    """Bars in columns of one length, oldest first: Unix seconds, SOL per whole token, SOL traded."""

    s: Literal["ok"] = "ok"
    t: list[int]
    o: list[float]
    h: list[float]
    l: list[float]  # noqa: E741 - the format's own name
    c: list[float]
    v: list[float]


class NoData(BaseModel):
    """No bar in the range."""

    s: Literal["no_data"] = "no_data"
    nextTime: int | None = Field(  # noqa: N815 - the format's own name
        None, description="The nearest earlier bar; absent where there is none."
    )


class Marks(BaseModel):
    """What happened to the token, in columns of one length, oldest first."""

    id: list[str]
    time: list[int]
    color: list[str]
    text: list[str]
    label: list[str]
    labelFontColor: list[str]  # noqa: N815 - the format's own name
    minSize: list[int]  # noqa: N815 - the format's own name
