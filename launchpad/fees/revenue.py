"""Every lamport of protocol, creators, referrers, liquidity, keepers, routers and other venues, by transaction."""

from collections.abc import Mapping
from typing import Any, cast

from launchpad import paging
from launchpad.db import Look
from launchpad.fees import queries, queries_totals
from launchpad.fees.queries import MoneyPlace
from launchpad.fees.schemas import RevenueKind, RevenuePage, RevenueRow, RevenueTotal

_KEY = (int, str, int, int, str)
# These wait on an account until somebody claims them; the others are paid, or stay with the liquidity, at once.
_CLAIMED: tuple[RevenueKind, ...] = ("protocol", "creator", "referrer", "router")
KINDS: tuple[RevenueKind, ...] = (*_CLAIMED, "lp", "launch", "keeper", "venue")


async def revenue(
    look: Look, limit: int, mint: str | None = None, kind: RevenueKind | None = None, after: str | None = None
) -> RevenuePage:
    """A page of money, newest first, and the totals of the token or of all; raises InvalidCursorError."""
    place = MoneyPlace(*cast("tuple[int, str, int, int, str]", paging.decode(after, _KEY))) if after else None
    rows = await queries.money(look, limit + 1, mint, kind, place)
    shown, meta = paging.cut(rows, limit, _place)
    found = {row["kind"]: row for row in await queries_totals.totals(look, mint)}
    return RevenuePage(
        data=[_row(row) for row in shown],
        meta=meta,
        totals=[_total(each, found.get(each), whole=mint is None) for each in KINDS],
    )


def _place(row: Mapping[str, Any]) -> tuple[int, str, int, int, str]:
    return row["position"], row["signature"], row["instruction"], row["inner"], row["kind"]


def _row(row: Mapping[str, Any]) -> RevenueRow:
    shown = ("kind", "flow", "source", "mint", "symbol", "recipient", "signature", "instruction", "inner", "at")
    return RevenueRow(amount=str(int(row["amount"])), **{name: row[name] for name in shown})


def _total(kind: RevenueKind, row: Mapping[str, Any] | None, *, whole: bool) -> RevenueTotal:
    earned, paid = (int(row["earned"]), int(row["paid"])) if row else (0, 0)
    # Neither a referrer's payments nor a router's are of one token.
    waits = kind in _CLAIMED and (whole or kind in ("protocol", "creator"))
    at_once = int(row["at_once"]) if row else 0
    return RevenueTotal(
        kind=kind, earned=str(earned + at_once), paid=str(paid), waiting=str(earned + at_once - paid if waits else 0)
    )
