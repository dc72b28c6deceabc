"""Pairs as that format has them. What is unknown is absent, never null."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from launchpad.schemas import Address, DecimalText


class _Foreign(BaseModel):
    """Names as that format has them."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class PairToken(_Foreign):
    """One side of a pair."""

    address: Address
    name: str
    symbol: str


class Transactions(_Foreign):
    """How often was traded in a window."""

    buys: int
    sells: int


class Liquidity(_Foreign):
    """What can be traded against, in dollars, whole tokens and SOL."""

    usd: float
    base: float
    quote: float


class Website(_Foreign):
    """A page of the token's makers."""

    label: str
    url: str


class Social(_Foreign):
    """An account of theirs."""

    type: str
    url: str


class Info(_Foreign):
    """What the creator gave."""

    image_url: str | None = None
    header: str | None = None
    websites: list[Website]
    socials: list[Social]


class Boosts(_Foreign):
    """Paid places, of which there are none."""

    active: int = 0


class Pair(_Foreign):
    """A token where it trades now: its curve, or after graduation its pool. Windows are m5, h1, h6 and h24."""

    chain_id: str
    dex_id: str = Field(description="`launchpad` for curves and our own pools, else the program that holds the pool.")
    url: str
    pair_address: Address
    labels: list[str]
    base_token: PairToken
    quote_token: PairToken
    price_native: DecimalText = Field(description="SOL per token.")
    price_usd: DecimalText | None = None
    txns: dict[str, Transactions]
    volume: dict[str, float] | None = Field(None, description="Dollars by the present price of SOL.")
    price_change: dict[str, float] = Field(description="Percent.")
    liquidity: Liquidity | None = None
    fdv: float | None = None
    market_cap: float | None = None
    pair_created_at: int = Field(description="Unix milliseconds.")
    info: Info | None = None
    boosts: Boosts = Boosts()


class Pairs(_Foreign):
    """An answer of several pairs; null where there are none."""

    schema_version: str = "1.0.0"
    pairs: list[Pair] | None
