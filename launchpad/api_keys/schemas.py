"""What goes in and out. Field names are the wire's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from launchpad.schemas import Request

MAX_NAME = 48


class NewApiKey(Request):
    """What a key is made of."""

    name: str = Field(min_length=1, max_length=MAX_NAME, description="What it is for.", examples=["my bot"])


class ApiKeyView(BaseModel):
    """A key as its owner sees it; the key itself is told once, when it is made."""

    id: UUID
    name: str
    start: str = Field(description="Its first characters.", examples=["lp_x7Fq2c9A"])
    tier: str
    requests_per_second: int
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the minute; null while it was never used.")


class CreatedApiKey(ApiKeyView):
    """A new key, with its only copy."""

    key: str = Field(description="Send it as `X-API-Key` or `Authorization: Bearer`. It is not shown again.")


class ApiKeyList(BaseModel):
    """The keys of an account that hold, newest first."""

    data: list[ApiKeyView]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a request's key belongs to."""

    id: str
    owner: str
    tier: str
