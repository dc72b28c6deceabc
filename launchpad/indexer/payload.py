"""Events as JSON, and back: what `chain_events.payload` holds."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

from launchpad.chain.events import EVENT_TYPES, RAYDIUM_LIQUIDITY, RAYDIUM_SWAP, ChainEvent, EventKey
from launchpad.chain.venues.raydium.swaps import RaydiumLiquidityMoved, RaydiumSwapped

_KINDS = {**EVENT_TYPES, RAYDIUM_SWAP: RaydiumSwapped, RAYDIUM_LIQUIDITY: RaydiumLiquidityMoved}


def dumps(data: object) -> str:
    """An event's fields as JSON; bytes become hex. NUL, which JSONB cannot hold, is dropped."""
    return orjson.dumps(data, default=_plain).decode().replace("\\u0000", "")


def event_of(row: Mapping[str, Any]) -> ChainEvent:
    """The event that a row of `chain_events` was made from."""
    kind = _KINDS[row["program"], row["name"]]
    key = EventKey(row["signature"], row["instruction"], row["inner"])
    return ChainEvent(key, row["program"], row["name"], _build(kind, orjson.loads(row["payload"])))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"An event cannot hold a {type(value).__name__}.")


def _build(kind: Any, value: Any) -> Any:
    """The value as the annotation `kind` has it."""
    if value is None:
        return None
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{one.name: _build(hints[one.name], value[one.name]) for one in fields(kind) if one.name in value})
    if kind is bytes:
        return bytes.fromhex(value)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (list, tuple):
        return origin(_build(arguments[0], one) for one in value)
    if origin in (Union, types.UnionType):
        return _build(next(one for one in arguments if one is not types.NoneType), value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
