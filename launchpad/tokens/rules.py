"""The rules of sales: from options to terms, from terms to what people read."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from launchpad.chain import allowlist
from launchpad.chain.curve_math import BPS, LaunchFee
from launchpad.chain.sale_terms import (
    NO_FEE,
    Allowlist,
    GraduationTerms,
    HoldersTier,
    OpeningRules,
    Payout,
    SaleTerms,
)
from launchpad.tokens.launch_schemas import GraduationIn
from launchpad.tokens.rules_schemas import LaunchFeeIn, LaunchFeeView, RulesIn, RulesView, TierView

_USUAL_WINDOW = 60
_DAY = 86_400


def launch_fee(asked: LaunchFeeIn | None) -> LaunchFee:
    """The fee as the terms carry it."""
    return LaunchFee(asked.start_bps, asked.seconds, asked.half_life) if asked else NO_FEE


def opening(asked: RulesIn | None) -> OpeningRules:
    """The rules as the terms carry them; raises InvalidAllowlistError."""
    if asked is None:
        return OpeningRules()
    root = allowlist.tree(asked.allowlist).root if asked.allowlist else None
    held = asked.holders
    tiers = OpeningRules(
        allowlist=Allowlist(root, asked.allowlist_seconds) if root else None,
        holders=HoldersTier(held.mint, int(held.minimum), held.seconds) if held else None,
    )
    limited = asked.wallet_cap_bps > 0 or asked.one_buy_per_slot
    # A window that ends with the tiers would bind nobody whom they keep out.
    usual = _USUAL_WINDOW + tiers.tier_seconds if limited else 0
    return OpeningRules(
        window_seconds=usual if asked.window_seconds is None else asked.window_seconds,
        wallet_cap_bps=asked.wallet_cap_bps,
        one_buy_per_slot=asked.one_buy_per_slot,
        allowlist=tiers.allowlist,
        holders=tiers.holders,
        binds_creator=asked.binds_creator,
    )


def graduation(asked: GraduationIn | None, creator: str) -> GraduationTerms:
    """What becomes of the raise as the terms carry it."""
    if asked is None:
        return GraduationTerms()
    team = asked.team or creator
    payout = Payout(
        team=team,
        treasury=asked.treasury or team,
        team_bps=asked.team_bps,
        cliff_seconds=asked.cliff_seconds,
        duration_seconds=asked.duration_seconds,
        period_seconds=asked.period_seconds,
    )
    return GraduationTerms(
        venue=asked.venue,
        liquidity_bps=asked.liquidity_bps,
        liquidity_lock_seconds=asked.lock_days * _DAY,
        payout=payout if asked.liquidity_bps < BPS else None,
    )


def terms_json(sale: SaleTerms) -> str:
    """Terms as JSON: the dataclass's fields, bytes in hex."""
    return orjson.dumps(sale, default=_hex).decode()


def view(sale: dict[str, Any], opened_at: datetime, sale_supply: int) -> RulesView | None:
    """The rules in stored terms, in times and base units of one sale; None where it has none."""
    fee, rules = sale["launch_fee"], sale["opening"]
    tiers = _tiers(rules, opened_at)
    seconds = max(rules["window_seconds"], sum(rules[name]["seconds"] for name in _TIERS if rules[name]))
    if not seconds and not fee["start_bps"]:
        return None
    window, cap = rules["window_seconds"], rules["wallet_cap_bps"]
    return RulesView(
        launch_fee=LaunchFeeView(**fee) if fee["start_bps"] else None,
        rules_end=opened_at + timedelta(seconds=seconds) if seconds else None,
        window_end=opened_at + timedelta(seconds=window) if window else None,
        wallet_cap=str(sale_supply * cap // BPS) if cap else None,
        one_buy_per_slot=rules["one_buy_per_slot"],
        tiers=tiers,
        binds_creator=rules["binds_creator"],
    )


_TIERS = ("allowlist", "holders")


def _tiers(rules: dict[str, Any], opened_at: datetime) -> list[TierView]:
    tiers, ends_at = [], opened_at
    if named := rules["allowlist"]:
        ends_at += timedelta(seconds=named["seconds"])
        tiers.append(TierView(kind="allowlist", ends_at=ends_at, root=named["root"]))
    if held := rules["holders"]:
        ends_at += timedelta(seconds=held["seconds"])
        tiers.append(TierView(kind="holders", ends_at=ends_at, mint=held["mint"], minimum=str(held["minimum"])))
    return tiers


def _hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"Terms hold no {type(value).__name__}.")
