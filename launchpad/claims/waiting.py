"""Everything that waits for a wallet, as far as the index knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.amounts import SOL_DECIMALS
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.claims import queries
from launchpad.claims.offers import Kind
from launchpad.db import Look
from launchpad.deposits import reading as deposits
from launchpad.portfolio import queries as portfolio
from launchpad.vesting import queries as vesting_queries
from launchpad.vesting import reading as vesting


@dataclass(frozen=True)
class Besides:
    """What comes back with a claim: a pledge, in base units of a token."""

    amount: int
    unit: str
    decimals: int


@dataclass(frozen=True)
class Waiting:
    """One thing to claim. `amount` in base units of `unit`, None where only the chain can say.

    `subject` is what the claim names: a mint, a vesting schedule, a router, or the wallet itself.
    """

    kind: Kind
    subject: str
    mint: str | None
    name: str
    unit: str
    decimals: int
    amount: int | None
    besides: Besides | None = None


async def waiting_for(session: AsyncSession, look: Look, wallet: str) -> list[Waiting]:
    """What a wallet can claim now, money first."""
    return [
        *await _fees(session, wallet),
        *await _deposits(look, wallet),
        *await _vesting(session, wallet),
        *await _refunds(session, wallet),
        *await _positions(session, wallet),
    ]


async def _fees(session: AsyncSession, wallet: str) -> list[Waiting]:
    rows = await portfolio.creator_fees(session, wallet)
    return [
        Waiting("creator_fees", mint, mint, name, "SOL", SOL_DECIMALS, int(claimable))
        for mint, name, _, claimable, _ in rows
        if claimable
    ]


async def _deposits(look: Look, wallet: str) -> list[Waiting]:
    found = []
    for item in (await deposits.wallet_deposits(look, wallet)).data:
        if item.next == "claim":
            got = int(item.base_amount or 0)
            found.append(Waiting("deposit", item.mint, item.mint, item.name, item.symbol, item.decimals, got))
        elif item.next == "withdraw" and item.status == "failed":
            back = int(item.amount)
            found.append(Waiting("returned_deposit", item.mint, item.mint, item.name, "SOL", SOL_DECIMALS, back))
    return found


async def _vesting(session: AsyncSession, wallet: str) -> list[Waiting]:
    now = datetime.now(UTC)
    views = [vesting.view(row, now) for row in await vesting_queries.of_beneficiary(session, wallet)]
    due = [view for view in views if view.claimable != "0"]
    known = await _names(session, [view.mint for view in due])
    return [
        Waiting("vesting", view.schedule, view.mint, *known.get(view.mint, _unknown(view.mint)), int(view.claimable))
        for view in due
    ]


async def _names(session: AsyncSession, mints: Sequence[str]) -> dict[str, tuple[str, str, int]]:
    """Name, unit and decimals of mints: tokens, shares of pools, and wrapped SOL."""
    rows = await queries.names(session, mints) if mints else []
    known = {
        row["mint"]: (
            f"Liquidity of {row['symbol']}" if row["shares"] else row["name"],
            "shares" if row["shares"] else row["symbol"],
            row["decimals"],
        )
        for row in rows
    }
    return known | {WRAPPED_SOL: ("Part of a raise", "SOL", SOL_DECIMALS)}


def _unknown(mint: str) -> tuple[str, str, int]:
    return (mint[:8], "base units", 0)


async def _refunds(session: AsyncSession, wallet: str) -> list[Waiting]:
    rows = await queries.refundable(session, wallet)
    return [
        Waiting("refund", row["mint"], row["mint"], row["name"], row["symbol"], row["decimals"], int(row["balance"]))
        for row in rows
    ]


async def _positions(session: AsyncSession, wallet: str) -> list[Waiting]:
    rows = await queries.open_positions(session, wallet)
    return [
        Waiting("position", row["mint"], row["mint"], row["name"], "SOL", SOL_DECIMALS, None, _pledge(row))
        for row in rows
    ]


def _pledge(row: RowMapping) -> Besides | None:
    if row["pledge"] is None:
        return None
    return Besides(int(row["pledge"]), row["pledge_symbol"] or "base units", row["pledge_decimals"] or 0)
