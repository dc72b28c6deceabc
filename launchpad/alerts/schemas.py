"""What goes into alerts and what comes out of them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from launchpad.alerts.kinds import Channel, RuleType, Window
from launchpad.schemas import Address, AddressIn, DecimalText, Mint, MintIn, Page, PageMeta, Request

MOST_MINTS = 50
SHORTEST_COOLDOWN = 60
LONGEST_COOLDOWN = 30 * 24 * 3600
_COOLDOWN = 300

Measure = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,15}(\.[0-9]{1,18})?$",
        description="A decimal number as a string: a price or an amount in `unit`, percent, or times the usual.",
        examples=["0.00012"],
    ),
]
Cooldown = Annotated[
    int,
    Field(
        ge=SHORTEST_COOLDOWN,
        le=LONGEST_COOLDOWN,
        description="Seconds for which a rule that fired for a token keeps quiet about it.",
    ),
]
Channels = Annotated[
    list[Channel],
    Field(
        max_length=4,
        description="Where else it is told: push, webhook, room. The page always hears of it.",
    ),
]


class CreateAlert(Request):
    """A rule: of one token, of several, or of all tokens of a creator."""

    type: RuleType
    mint: MintIn | None = None
    mints: list[MintIn] = Field(default_factory=list, max_length=MOST_MINTS)
    creator: AddressIn | None = None
    threshold: Measure | None = None
    multiplier: Measure | None = Field(None, description="The threshold of `volume_spike`, under its other name.")
    unit: Literal["usd", "sol"] | None = Field(None, description="Of prices and amounts; usd if absent.")
    window: Window | None = None
    channels: Channels = Field(default_factory=list[Channel])
    repeats: bool = Field(default=False, description="Whether it goes on after it fired once.")
    cooldown_seconds: Cooldown = _COOLDOWN
    expires_at: datetime | None = Field(None, description="With its time zone; absent never.")

    @model_validator(mode="after")
    def _check(self) -> "CreateAlert":
        if (self.creator is None) == (not self.all_mints):
            raise ValueError("Name a mint, several mints, or a creator, and only one of these.")
        if self.multiplier is not None and (self.type != "volume_spike" or self.threshold is not None):
            raise ValueError("Only volume_spike has a multiplier, and it stands in place of the threshold.")
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise ValueError("Give the expiry with its time zone, as in 2027-01-01T00:00:00Z.")
        return self

    @property
    def all_mints(self) -> list[str]:
        """The mints that are named, each once."""
        return list(dict.fromkeys([*([self.mint] if self.mint else []), *self.mints]))

    @property
    def measure(self) -> Decimal | None:
        """The threshold as a number."""
        text = self.threshold or self.multiplier
        return None if text is None else Decimal(text)


class ChangeAlert(Request):
    """What of a rule shall be different; what is absent stays."""

    threshold: Measure | None = None
    window: Window | None = None
    channels: Channels | None = None
    repeats: bool | None = None
    cooldown_seconds: Cooldown | None = None
    enabled: bool | None = None
    expires_at: datetime | None = None


class RuleTokenView(BaseModel):
    """A token that a rule names."""

    mint: Mint
    symbol: str
    name: str


class AlertRuleView(BaseModel):
    """A rule as it is shown."""

    id: str
    type: RuleType
    title: str = Field(description="The rule in words.")
    tokens: list[RuleTokenView]
    creator: Address | None
    threshold: DecimalText | None
    unit: Literal["usd", "sol", "percent", "times"] | None
    window: Window | None
    channels: list[Channel]
    repeats: bool
    cooldown_seconds: int
    enabled: bool
    status: Literal["active", "off", "expired"]
    expires_at: datetime | None
    fired: int
    last_fired_at: datetime | None
    created_at: datetime


class AlertRulePage(BaseModel):
    """Every rule of the account, newest first."""

    data: list[AlertRuleView]
    meta: PageMeta


class AlertView(BaseModel):
    """An alert: a rule that fired, on which token, what was measured, and the trade that did it."""

    id: str
    rule_id: str
    user_id: Address
    mint: Mint
    symbol: str
    type: RuleType
    value: DecimalText | None
    threshold: DecimalText | None
    unit: str | None
    window: str | None
    message: str
    trade: dict[str, Any] | None
    timestamp: datetime
    read: bool


class AlertPage(Page[AlertView]):
    """What fired, newest first, and how much of all of it is unread."""

    unread: int


class MarkRead(Request):
    """Alerts that were seen; absent all of them."""

    ids: list[UUID] | None = Field(None, max_length=200)


class UnreadView(BaseModel):
    """How many alerts are unread."""

    unread: int
