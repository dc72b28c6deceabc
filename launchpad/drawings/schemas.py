"""Drawings on a chart: what they are made of."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from launchpad.schemas import Mint, Request

MAX_DRAWINGS = 150
MAX_TEXT = 280

Kind = Literal["level", "trend", "ray", "rectangle", "fibonacci", "note"]
_POINTS: dict[Kind, int] = {"level": 1, "trend": 2, "ray": 2, "rectangle": 2, "fibonacci": 2, "note": 1}


class DrawnPoint(Request):
    """A place on the chart, whatever its axis shows just then."""

    time: Annotated[int, Field(ge=0, le=10**11, description="Unix seconds.")]
    price: Annotated[str, Field(pattern=r"^[0-9]{1,20}(\.[0-9]{1,30})?$", description="SOL per whole token.")]


class Drawing(Request):
    """One drawing: a level and a note have one point, everything else has two."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,36}$", description="Chosen by who draws.")]
    kind: Kind
    points: Annotated[list[DrawnPoint], Field(min_length=1, max_length=2)]
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Drawing":
        if len(self.points) != _POINTS[self.kind]:
            raise ValueError(f"a {self.kind} has {_POINTS[self.kind]} points")
        if self.text and self.kind != "note":
            raise ValueError("only a note has a text")
        return self


class DrawingsChange(Request):
    """All drawings of a token as they shall be."""

    revision: Annotated[int, Field(ge=0, description="The stored revision that was changed; 0 for the first.")]
    drawings: Annotated[list[Drawing], Field(max_length=MAX_DRAWINGS)]

    @model_validator(mode="after")
    def _has_each_once(self) -> "DrawingsChange":
        if len({drawing.id for drawing in self.drawings}) < len(self.drawings):
            raise ValueError("two drawings have the same id")
        return self


class DrawingsView(BaseModel):
    """All drawings of an account on one token's chart."""

    mint: Mint
    revision: int = Field(description="Grows with every change; 0 where nothing was ever stored.")
    drawings: list[Drawing]
    updated_at: datetime | None = None
