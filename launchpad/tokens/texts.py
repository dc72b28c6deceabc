"""A token's texts as they are stored, whoever made them."""

from typing import Protocol, TypedDict


class Named(Protocol):
    """What says how a token is called."""

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class
    @property
    def symbol(self) -> str: ...  # noqa: D102
    @property
    def uri(self) -> str: ...  # noqa: D102


class Texts(TypedDict):
    """Cut to their columns, in characters."""

    name: str
    symbol: str
    uri: str


def texts_of(named: Named) -> Texts:
    """Cut to their columns, without NUL, which Postgres cannot hold and a hostile launch may contain."""
    return {"name": _text(named.name, 64), "symbol": _text(named.symbol, 32), "uri": _text(named.uri, 256)}


def _text(value: str, limit: int) -> str:
    return value.replace("\x00", "")[:limit]
