"""What goes into and out of screens. Field names are the wire's."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, DecimalText, PageMeta, Request
from launchpad.screener.fields import Kind
from launchpad.screener.lexing import MAX_LENGTH
from launchpad.screener.presets import PresetName

MAX_COLUMNS = 90
MAX_NAME = 48
Window = Literal["5m", "1h", "6h", "24h"]
ColumnName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]
ViewName = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]


class ScreenerPage(BaseModel):
    """One page of tokens."""

    columns: list[str] = Field(description="Names of the columns, in the order of the compact rows.")
    data: list[dict[str, Any]] | list[list[Any]] = Field(
        description="Objects by column, or with `form=compact` arrays in the order of `columns`. Lamports and prices "
        "are strings, shares and changes basis points, moments Unix seconds."
    )
    meta: PageMeta
    head: int = Field(description="The market channel's newest sequence number: follow it from here to miss nothing.")
    sol_usd: DecimalText | None = Field(description="What SOL costs; null while no price is fresh.")


class FieldView(BaseModel):
    """A field of screens."""

    name: str
    kind: Kind = Field(description="`sol` is compared in SOL, or in dollars as $50K; `seconds` as 90s, 5m, 2h, 7d.")
    title: str
    choices: list[str]
    operators: list[str] = Field(description="Empty where nothing can be filtered by it.")
    sorts: bool


class PresetView(BaseModel):
    """A screen by name."""

    name: PresetName
    title: str
    explains: str
    filter: str
    sort: str


class ScreenerFields(BaseModel):
    """Everything that a screen can ask for."""

    fields: list[FieldView]
    columns: list[str] = Field(description="What can be shown.")
    presets: list[PresetView]
    keywords: list[str]


class ViewSettings(Request):
    """What a screen looks like."""

    preset: PresetName = "all"
    filter: str = Field("", max_length=MAX_LENGTH, description="An expression.")
    sort: ColumnName | None = Field(None, description="A field; the preset's own by default.")
    order: Literal["asc", "desc"] = "desc"
    window: Window = "24h"
    columns: list[ColumnName] = Field([], max_length=MAX_COLUMNS, description="In order; empty for the usual ones.")


class ViewIn(ViewSettings):
    """A view to keep."""

    name: ViewName


class ViewOut(ViewSettings):
    """A kept view. Whoever has its id may look at it."""

    id: str
    name: str
    owner: Address
    updated_at: datetime


class ViewList(BaseModel):
    """The views of an account, by name."""

    data: list[ViewOut]
