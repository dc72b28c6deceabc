"""All SQL of screens: conditions out of trees, with every value bound, and rows as the wire has them.

In these statements m is the row of figures, t the token. Rows become JSON in the database, so that
10 000 of them cost the process that answers little more than their bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import asyncpg

from launchpad import paging
from launchpad.db import Look
from launchpad.metrics.queries import FIGURES, WHOLE
from launchpad.schemas import BASE58
from launchpad.screener import tree
from launchpad.screener.fields import Field

_OWN = {
    "idle": "extract(epoch FROM now() - coalesce(m.last_trade_at, m.launched_at))",
    "status": "m.status",
    "venue": "m.venue",
    "creator": "m.creator",
    "mint": "m.mint",
    "name": "t.name",
    "symbol": "t.symbol",
}
# What lies so many seconds back: the moment is compared, which costs less than working the seconds out of each row.
_MOMENTS = {"age": "m.launched_at", "idle": "coalesce(m.last_trade_at, m.launched_at)"}
_SINCE = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "<>"}
_MICROSECONDS, _ANY_AGE = 10**6, 5_000 * 365 * 86_400 * 10**6
# Amounts and prices travel as text, shares of the curve in basis points, moments in whole Unix seconds.
_AS_TEXT = frozenset({"sol", "price"})
_ON_THE_WIRE = {
    "progress": "m.progress_ppm / 100",
    "launched_at": "floor(extract(epoch FROM m.launched_at))::bigint",
    "last_trade_at": "floor(extract(epoch FROM m.last_trade_at))::bigint",
    "opened_at": "floor(extract(epoch FROM m.opened_at))::bigint",
    "score": "trim_scale(m.score)::text",
    "price": "trim_scale(m.price_sol)::text",
    "decimals": "t.decimals",
    "circulating": "m.circulating::text",
    "image": "coalesce('/ipfs/' || substring(t.image_uri FROM CAST(:stored AS text)), "
    "CASE WHEN t.image_uri LIKE 'https://%' THEN t.image_uri END)",
}


@dataclass(frozen=True, slots=True)
class Order:
    """By which field; `after` is sort value and mint of the last row seen."""

    by: Field
    descending: bool
    after: tuple[Decimal, str] | None = None


@dataclass(slots=True)
class Where:
    """A growing condition and what is bound in it."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object, kind: str) -> str:
        """The placeholder of a value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"CAST(:{name} AS {kind})"

    def text(self) -> str:
        """The clause."""
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def where(conditions: Sequence[tree.Condition], sol_usd: Decimal | None) -> Where:
    """What all of the conditions ask for; `sol_usd` is what dollars are turned into lamports by."""
    found = Where()
    for condition in conditions:
        found.conditions.append(_condition(condition, found, sol_usd))
    return found


def among(found: Where, mints: Sequence[str]) -> None:
    """Ask for some tokens only."""
    found.conditions.append(f"m.mint = ANY({found.bind(list(mints), 'text[]')})")


def named(found: Where, term: str) -> None:
    """Ask for a part of the name or symbol, or a whole address."""
    part = found.bind(term.lower(), "text")
    mint = found.bind(term, "text")
    found.conditions.append(
        f"(position({part} IN lower(t.name)) > 0 OR position({part} IN lower(t.symbol)) > 0 OR m.mint = {mint})"
    )


def _expression(asked: Field) -> str:
    return _OWN.get(asked.name) or FIGURES[asked.figure]


def _condition(condition: tree.Condition, found: Where, sol_usd: Decimal | None) -> str:
    match condition:
        case tree.Comparison(field=asked, operator=operator, value=value):
            return _comparison(asked, operator, value, found, sol_usd)
        case tree.OneOf(field=asked, values=values):
            told = ", ".join(_value(asked, value, found, sol_usd) for value in values)
            return f"({_folded(asked)} IN ({told}))"
        case tree.Not(part=part):
            return f"(NOT {_condition(part, found, sol_usd)})"
        case tree.All(parts=parts):
            return f"({' AND '.join(_condition(part, found, sol_usd) for part in parts)})"
        case tree.Any(parts=parts):
            return f"({' OR '.join(_condition(part, found, sol_usd) for part in parts)})"


def _comparison(
    asked: Field, operator: tree.Operator, value: tree.Amount | str | Field, found: Where, sol_usd: Decimal | None
) -> str:
    if isinstance(value, tree.Amount) and (asked.name in _MOMENTS or asked.figure in WHOLE):
        return _whole(asked, operator, _exactly(value, sol_usd), found)
    told = _folded(value) if isinstance(value, Field) else _value(asked, value, found, sol_usd)
    if operator == "~":
        return f"(position({told} IN {_folded(asked)}) > 0)"
    return f"({_folded(asked)} {'<>' if operator == '!=' else operator} {told})"


def _exactly(value: tree.Amount, sol_usd: Decimal | None) -> Fraction:
    """An amount in the units of the figure."""
    return Fraction(value.value) / Fraction(sol_usd) if value.dollars and sol_usd else Fraction(value.value)


def _whole(asked: Field, operator: tree.Operator, value: Fraction, found: Where) -> str:
    """A figure that is always whole against any number: against the whole number next to it, as an index keeps it."""
    moment = _MOMENTS.get(asked.name)
    if moment is not None:
        value *= _MICROSECONDS
    nearest = floor(value) if operator in (">", "<=") else ceil(value)
    if abs(nearest) >= (paging.BEYOND_BIGINT if moment is None else _ANY_AGE):
        # No row has so much of anything: what it is compared with is infinite.
        return "TRUE" if operator == "!=" or operator in (("<", "<=") if nearest > 0 else (">", ">=")) else "FALSE"
    if operator in ("=", "!=") and nearest != value:
        return "FALSE" if operator == "=" else "TRUE"
    if moment is None:
        return f"({_expression(asked)} {'<>' if operator == '!=' else operator} {found.bind(nearest, 'bigint')})"
    back = found.bind(nearest / _MICROSECONDS, "double precision")
    return f"({moment} {_SINCE[operator]} now() - make_interval(secs => {back}))"


def _folded(asked: Field) -> str:
    """A field as it is compared: texts without regard to case."""
    expression = _expression(asked)
    return f"lower({expression})" if asked.kind == "text" else expression


def _value(asked: Field, value: tree.Amount | str, found: Where, sol_usd: Decimal | None) -> str:
    if isinstance(value, str):
        return found.bind(value.lower() if asked.kind == "text" else value, "text")
    if value.dollars:
        return f"({found.bind(value.value, 'numeric')} / {found.bind(sol_usd, 'numeric')})"
    return found.bind(value.value, "numeric")


def _wire(column: str, asked: Field | None) -> str:
    if column in _ON_THE_WIRE or asked is None:
        return _ON_THE_WIRE[column]
    expression = _expression(asked)
    return f"{expression}::text" if asked.kind in _AS_TEXT else expression


async def rows(
    look: Look, which: Where, order: Order, columns: Sequence[tuple[str, Field | None]], limit: int, origin: str
) -> Sequence[asyncpg.Record]:
    """At most `limit` rows: `row`, a JSON array of the columns, and `sort_value` and `mint`, its place in the order.

    `columns` are names with their fields; those that are only shown have none.
    """
    expression = FIGURES[order.by.figure]
    told = Where([*which.conditions], {**which.values})
    if order.after is not None:
        value, mint = (
            told.bind(*paging.bound(order.after[0], order.by.figure in WHOLE)),
            told.bind(order.after[1], "text"),
        )
        told.conditions.append(f"({expression}, m.mint) {'<' if order.descending else '>'} ({value}, {mint})")
    direction = "DESC" if order.descending else "ASC"
    cells = ", ".join(_wire(name, asked) for name, asked in columns)
    values = dict(told.values)
    if any(name == "image" for name, _ in columns):
        values["stored"] = stored_form(origin)
    by = f"ORDER BY {expression} {direction}, m.mint {direction}"
    statement = f"""SELECT json_build_array({cells})::text AS row, ({expression})::numeric AS sort_value, m.mint
      FROM (SELECT m.* FROM token_metrics m {_names(told)} {told.text()} {by} LIMIT :limit) m
      JOIN tokens t ON t.mint = m.mint {by}"""  # noqa: S608  fixed text, every value is bound
    return await look.rows(statement, **values, limit=limit)


async def count(look: Look, which: Where) -> int:
    """How many tokens there are of that kind."""
    statement = f"SELECT count(*) AS tokens FROM token_metrics m {_names(which)} {which.text()}"  # noqa: S608  (same)
    found = await look.row(statement, **which.values)
    return int(found["tokens"]) if found else 0


def _names(which: Where) -> str:
    """The table of names, where it is asked for any."""
    asked = any("t." in condition for condition in which.conditions)
    return "JOIN tokens t ON t.mint = m.mint" if asked else ""


def stored_form(origin: str) -> str:
    """The pattern whose first group is the identifier of a picture that our own store serves."""
    identifier = f"(Qm{BASE58}{{44}}|b[a-z2-7]{{50,70}})"
    return f"^(?:ipfs://|{re.escape(origin)}/ipfs/|/ipfs/)(?:ipfs/)?{identifier}$"
