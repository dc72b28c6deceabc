"""The one decoder of foreign programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from launchpad.chain import pda
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.foreign.calls import Call, Told, calls_of, keys_of, told_by_calls, told_by_logs
from launchpad.chain.foreign.layout import StructLayout, layouts
from launchpad.chain.foreign.mapping import Scope, Value, compile_value
from launchpad.chain.foreign.trade import ForeignTrade
from launchpad.errors import ConfigError

log = structlog.get_logger(__name__)

DATA = Path(__file__).parent / "data"
# What tokens are priced in, the more usual first; in a pool of two others the one with the lower address is the base.
QUOTES = (
    WRAPPED_SOL,
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",  # USDC
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",  # USDT
    "USD1ttGY1N17NEEHLmELoaybftRBUSErhqYiQzvEmuB",  # USD1
)
_PRECISE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_PRICE_SCALE = Decimal("1e-20")
_NEEDED = ("pool", "mint", "quote_mint", "trader", "side", "base_amount", "quote_amount")


@dataclass(frozen=True)
class _Rule:
    """How one event becomes a trade."""

    layout: StructLayout
    values: Mapping[str, Value]
    fees: Mapping[str, Value]
    unless: bytes | None


@dataclass(frozen=True)
class ForeignProgram:
    """A program with its events by discriminator; `accounts` names an instruction's accounts by its discriminator."""

    name: str
    address: str
    kind: Any
    by_logs: bool
    unordered: bool
    accounts: Mapping[bytes, Sequence[str]]
    rules: Mapping[bytes, _Rule]


def known_programs() -> list[str]:
    """The names of all foreign programs that can be followed."""
    return sorted(path.name.removesuffix(".map.json") for path in DATA.glob("*.map.json"))


def chosen(names: Sequence[str]) -> list[str]:
    """These names, or all that are known where one of them is `all`."""
    return known_programs() if "all" in names else list(names)


def addresses(names: Iterable[str]) -> dict[str, str]:
    """The addresses of these programs by name; ConfigError for one that is not known."""
    return {name: _load(name).address for name in names}


@cache
def _load(name: str) -> ForeignProgram:
    if name not in known_programs():
        known = ", ".join(known_programs())
        raise ConfigError(f"FOREIGN_PROGRAMS names {name!r}, which is not known: choose among {known}, or all.")
    idl = json.loads((DATA / f"{name}.idl.json").read_text())
    return build_program(name, idl, json.loads((DATA / f"{name}.map.json").read_text()))


def build_program(name: str, idl: Mapping[str, Any], mapping: Mapping[str, Any]) -> ForeignProgram:
    """A program out of its IDL and its mapping; ValueError or KeyError where they do not fit together."""
    structs = layouts(idl)
    tags = {one["name"]: bytes(one["discriminator"]) for one in idl["events"]}
    return ForeignProgram(
        name=name,
        address=idl["address"],
        kind=mapping["kind"],
        by_logs=mapping["channel"] == "logs",
        unordered=mapping.get("unordered", False),
        accounts={bytes(i["discriminator"]): [a["name"] for a in i["accounts"]] for i in idl["instructions"]},
        rules={tags[rule["event"]]: _rule(rule, structs, tags) for rule in mapping["trades"]},
    )


def _rule(rule: Mapping[str, Any], structs: Mapping[str, StructLayout], tags: Mapping[str, bytes]) -> _Rule:
    names = (*_NEEDED, "base_reserve", "quote_reserve", "timestamp")
    values = {name: compile_value(rule[name]) for name in names if name in rule}
    fees = {name: compile_value(form) for name, form in rule.get("fees", {}).items()}
    return _Rule(structs[rule["event"]], values, fees, tags.get(rule.get("unless", "")))


class ForeignDecoder:
    """Finds the trades of some foreign programs in transactions."""

    def __init__(self, programs: Iterable[ForeignProgram]) -> None:
        self._programs = {one.address: one for one in programs}
        by_calls = [one.address for one in self._programs.values() if not one.by_logs]
        self._authorities = {address: pda.event_authority(address) for address in by_calls}
        self._logging = {one.address for one in self._programs.values() if one.by_logs}

    @classmethod
    def of(cls, names: Iterable[str]) -> "ForeignDecoder":
        """A decoder of the programs with these names; ConfigError for one that is not known."""
        return cls(_load(name) for name in names)

    def decode(self, answer: dict[str, Any]) -> list[ForeignTrade]:
        """The trades in a `getTransaction` answer of encoding `json`, in the order they happened.

        A failed transaction has none. What a followed program tells in another form than its IDL
        says is left out, and logged.
        """
        if not self._programs or answer["meta"]["err"] is not None:
            return []
        keys = keys_of(answer)
        if self._programs.keys().isdisjoint(keys):
            return []
        calls = calls_of(answer, keys)
        told = [*told_by_calls(calls, self._authorities)]
        told += told_by_logs(calls, answer["meta"].get("logMessages") or [], self._logging)
        told.sort(key=lambda one: (one.call.instruction, one.inner))
        said = {(id(one.call), one.data[:8]) for one in told}
        trades = (self._trade(answer, one, said) for one in told)
        return [trade for trade in trades if trade is not None]

    def _trade(self, answer: dict[str, Any], told: Told, said: set[tuple[int, bytes]]) -> ForeignTrade | None:
        program = self._programs[told.call.program]
        rule = program.rules.get(told.data[:8])
        if rule is None or (rule.unless is not None and (id(told.call), rule.unless) in said):
            return None
        signature = answer["transaction"]["signatures"][0]
        try:
            event, _ = rule.layout.read(told.data, 8)
            scope = Scope(program.address, event, _accounts(program, told.call))
            return _build(program, rule, scope, told, signature, answer.get("blockTime") or 0)
        except UndecodableError as error:
            log.warning("foreign.undecodable", program=program.name, signature=signature, error=error.message)
            return None


def _accounts(program: ForeignProgram, call: Call) -> dict[str, str]:
    names = program.accounts.get(call.bytes[:8], ())
    return dict(zip(names, call.accounts, strict=False))


def _build(
    program: ForeignProgram, rule: _Rule, scope: Scope, told: Told, signature: str, block_time: int
) -> ForeignTrade | None:
    """The trade; None for one that moved nothing on one side, which has no price."""
    found = {name: value(scope) for name, value in rule.values.items()}
    missing = [name for name in _NEEDED if found.get(name) is None]
    if missing:
        raise UndecodableError(f"its event does not tell {', '.join(missing)}")
    if program.unordered and _is_quote(found["mint"], found["quote_mint"]):
        found = _turned(found)
    if not found["base_amount"] or not found["quote_amount"]:
        return None
    fees = {name: amount for name, value in rule.fees.items() if (amount := value(scope))}
    price = _PRECISE.divide(Decimal(found["quote_amount"]), Decimal(found["base_amount"]))
    return ForeignTrade(
        *(signature, told.call.instruction, told.inner, program.name, program.kind),
        **{name: found[name] for name in _NEEDED},
        fees=fees,
        base_reserve=found.get("base_reserve"),
        quote_reserve=found.get("quote_reserve"),
        price=_PRECISE.quantize(price, _PRICE_SCALE),
        timestamp=found.get("timestamp") or block_time,
    )


def _is_quote(mint: str, other: str) -> bool:
    """Whether of two mints in one pool the first is what the second is priced in."""
    ranks = [QUOTES.index(one) if one in QUOTES else len(QUOTES) for one in (mint, other)]
    return ranks[0] < ranks[1] or (ranks[0] == ranks[1] and mint > other)


def _turned(found: dict[str, Any]) -> dict[str, Any]:
    """The same trade, seen from the other mint."""
    turned = {"mint": "quote_mint", "base_amount": "quote_amount", "base_reserve": "quote_reserve"}
    swapped = {old: found.get(new) for old, new in [*turned.items(), *((new, old) for old, new in turned.items())]}
    return found | swapped | {"side": "buy" if found["side"] == "sell" else "sell"}
