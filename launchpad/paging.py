"""Opaque cursors: the sort key of the last row seen, so that inserts never shift a page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from launchpad.errors import InvalidInputError
from launchpad.schemas import PageMeta

T = TypeVar("T")
BEYOND_BIGINT = 2**63


class InvalidCursorError(InvalidInputError):
    """A cursor that this list did not give out."""

    code = "INVALID_CURSOR"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page whose rows the database has put into the form of the wire already: a `Page` that needs no checks."""

    data: list[dict[str, Any]]
    meta: PageMeta

    def json(self) -> bytes:
        """The page as the wire has it."""
        return Reading({"data": self.data, "meta": self.meta}).json()


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of one answer in the form of the wire already, which needs no checks; parts of it may be models."""

    fields: dict[str, Any]

    def json(self) -> bytes:
        """The answer as the wire has it."""
        return orjson.dumps(self.fields, default=_fields_of, option=orjson.OPT_UTC_Z)


def _fields_of(part: object) -> dict[str, Any]:
    if isinstance(part, BaseModel):
        return part.model_dump(by_alias=True)
    raise TypeError


def encode(key: Sequence[str | int | Decimal]) -> str:
    """A cursor that holds `key`; numbers survive exactly."""
    parts = [str(part) for part in key]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def decode(cursor: str, kinds: Sequence[type[str] | type[int] | type[Decimal]]) -> tuple[str | int | Decimal, ...]:
    """The key inside `cursor`, part by part of the given kinds; raises InvalidCursorError."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise _unknown()
        return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except (binascii.Error, ValueError, InvalidOperation, TypeError) as error:
        raise _unknown() from error


def bound(value: Decimal, whole: bool) -> tuple[Decimal | int, str]:
    """A cursor's number and the type to bind it as: of a `whole` column its own, by which an index begins there."""
    if whole and value == value.to_integral_value() and abs(value) < BEYOND_BIGINT:
        return int(value), "bigint"
    return value, "numeric"


def _part(kind: type[str] | type[int] | type[Decimal], text: object) -> str | int | Decimal:
    if not isinstance(text, str) or "\0" in text:
        raise _unknown()
    value = kind(text)
    if isinstance(value, int) and abs(value) >= BEYOND_BIGINT:
        raise _unknown()
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value) < Decimal("1e40")):
        raise _unknown()
    return value


def _unknown() -> InvalidCursorError:
    return InvalidCursorError("This cursor belongs to no page of this list: start again without it.", field="cursor")


def cut(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[str | int | Decimal]]) -> tuple[list[T], PageMeta]:
    """The first `limit` of `rows` (fetched one more than that) and what the page's meta says."""
    shown = list(rows[:limit])
    more = len(rows) > limit
    after = encode(key(shown[-1])) if more and shown else None
    return shown, PageMeta(next=after, limit=limit, has_more=more)
