"""A token's opening and its graduation as its page tells them."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from launchpad.chain.positions import NoPositionError
from launchpad.db import Look
from launchpad.tokens import queries_graduation, rules
from launchpad.tokens.rules_schemas import AdmittedView, PositionView, RulesView, TierKind
from launchpad.tokens.schemas import GraduationView, LiquidityLockView, PayoutView
from launchpad.vesting import queries as vesting_queries
from launchpad.vesting import reading as vesting
from launchpad.vesting.schemas import VestingView


async def graduation_of(look: Look, row: asyncpg.Record, progress_bps: int) -> GraduationView:
    """How far a sale is, and what its graduation did and its curve released since. `row` is the token's page."""
    left = 0 if row["status"] == "graduated" else row["raise_target"] - row["quote_reserve"]
    amounts = ("burned", "team_payout", "treasury_payout")
    view = GraduationView(
        progress_bps=progress_bps,
        remaining_lamports=str(max(left, 0)),
        venue=row["graduated_into"],
        pool=row["pool_address"],
        graduated_at=row["graduated_at"],
        locked_until=row["locked_until"],
        **{name: None if row[name] is None else str(int(row[name])) for name in amounts},
    )
    done = await queries_graduation.graduation(look, row["mint"]) if row["graduated_at"] else None
    if done is None:
        return view
    now = datetime.now(UTC)
    schedules = await vesting_queries.of_graduation(look, row["mint"]) if done["releases"] else []
    return _complete(view, done, {item.schedule: vesting.view(item, now) for item in schedules})


def _complete(view: GraduationView, done: asyncpg.Record, schedules: dict[str, VestingView]) -> GraduationView:
    releases = [one | {"vesting": schedules.get(one["schedule"])} for one in orjson.loads(done["releases"] or "[]")]
    return view.model_copy(
        update={
            "signature": done["graduation_signature"],
            "slot": done["graduation_slot"],
            "payouts": [*_released(releases), *_waiting(view, orjson.loads(done["payout"] or "null"))],
            "locks": [_lock(one) for one in releases if one["kind"] == "liquidity"],
        }
    )


def _released(releases: list[dict[str, Any]]) -> list[PayoutView]:
    names = ("kind", "amount", "beneficiary", "schedule", "released_at", "signature", "vesting")
    return [PayoutView(**{name: one[name] for name in names}) for one in releases if one["kind"] != "liquidity"]


def _waiting(view: GraduationView, payout: dict[str, Any] | None) -> list[PayoutView]:
    """What the curve still keeps of the raise; whose it will be is in the terms."""
    kept = {"team": view.team_payout, "treasury": view.treasury_payout}
    named = payout or {}
    return [
        PayoutView(
            kind="team" if kind == "team" else "treasury",
            amount=amount,
            beneficiary=named.get(kind),
            **dict.fromkeys(("schedule", "released_at", "signature")),
        )
        for kind, amount in kept.items()
        if amount not in (None, "0")
    ]


def _lock(release: dict[str, Any]) -> LiquidityLockView:
    return LiquidityLockView(
        shares=release["amount"],
        schedule=release["schedule"],
        until=release["until"],
        locked_at=release["released_at"],
        signature=release["signature"],
        vesting=release["vesting"],
    )


async def rules_of(look: Look, row: asyncpg.Record) -> RulesView | None:
    """The rules of a token's opening, and how many wallets took a place in it; None where it had none."""
    told = rules.view(orjson.loads(row["sale"]), row["opened_at"], int(row["sale_supply"]))
    if told is None or told.rules_end is None:
        return told
    counted = await queries_graduation.admissions(look, row["mint"])
    return told.model_copy(update={"admitted": AdmittedView(**counted)})


async def position_of(look: Look, mint: str, wallet: str) -> PositionView:
    """A wallet's place in a token's opening; raises NoPositionError."""
    row = await queries_graduation.position(look, mint, wallet)
    if row is None:
        raise NoPositionError(f"{wallet} took no place in the opening of {mint}: it can buy without one.")
    times: dict[TierKind, Any] = {"allowlist": row["allowlisted_at"], "holders": row["pledged_at"]}
    return PositionView(
        mint=mint,
        wallet=wallet,
        position=row["address"],
        opened_at=row["opened_at"],
        admitted_by=[tier for tier, at in times.items() if at],
        bought=row["bought"],
        closed_at=row["closed_at"],
    )
