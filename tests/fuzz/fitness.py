"""Whether an account of the world is in the state that an instruction is for."""

import hashlib
from collections.abc import Callable
from typing import Any

from solders.pubkey import Pubkey

from tests.fuzz.draft import Draft
from tests.fuzz.world import World
from tests.programs.harness import SYSTEM

Content = dict[str, Any]
# The stage of a curve that an instruction is for, by how its name begins.
STAGES = {
    "refund": "Refunding",
    "buy": "Trading",
    "sell": "Trading",
    "expire": "Trading",
    "graduate": "Complete",
    "release": "Graduated",
    "lock": "Graduated",
    "deposit": "Depositing",
    "withdraw_deposit": "Depositing",
    "settle": "Depositing",
}
ROUTED = {"adopt", "collect_curve", "collect_pool", "propose_release", "release"}


def is_fit(world: World, draft: Draft, kind: str, key: Pubkey, content: Content) -> bool:
    """Whether an account of the type would do; the instruction may still refuse it."""
    if draft.program.name == "fee_router" and not _routed(draft, world, key, content):
        return False
    judge = JUDGES.get(kind)
    return judge is None or judge(world, draft, content)


def _curve(world: World, draft: Draft, curve: Content) -> bool:
    name = str(draft.spec["name"])
    if name == "expire":
        return bool(curve["sold"]) and 0 < curve["deadline"] <= world.now
    stage = next((stage for begin, stage in STAGES.items() if name.startswith(begin)), None)
    if name == "open_position":
        return bool(curve["rules_end"] > world.now)
    if name == "lock_liquidity" and curve.get("lp_mint", SYSTEM) == SYSTEM:
        return False
    if name.startswith("graduate") and (name == "graduate") != (_venue(world, curve) == "Amm"):
        return False
    if name == "release_payout" and not curve["team_payout"] + curve["treasury_payout"]:
        return False
    return stage is None or bool(curve["status"] == stage)


def _venue(world: World, curve: Content) -> str:
    terms = world.objects["bonding_curve", "Terms"].get(curve["terms"])
    return str(terms["sale"]["graduation"]["venue"]) if terms else "Amm"


def _position(world: World, draft: Draft, position: Content) -> bool:
    """A pledge needs a tier of holders, a proof a list with the wallet on it."""
    curves = world.objects["bonding_curve", "Curve"].values()
    curve = next((each for each in curves if each["mint"] == position["mint"]), None)
    if curve is None or (draft.wants("trader") and position["wallet"] not in draft.group):
        return False
    terms = world.objects["bonding_curve", "Terms"].get(curve["terms"])
    opening = terms["sale"]["opening"] if terms else {}
    name, holding = draft.spec["name"], curve["rules_end"] > world.now
    if name == "pledge":
        return bool(opening.get("holders")) and holding and not position["pledged"]
    if name == "prove_allowlisted":
        leaf = hashlib.sha256(b"\0" + bytes(position["wallet"])).digest()
        listed = opening.get("allowlist")
        return listed is not None and holding and bytes(listed["root"]) == leaf
    return name != "close_position" or not holding


def _record(world: World, draft: Draft, record: Content) -> bool:
    if draft.spec["name"] != "mint_tokens":
        return True
    curve = world.objects["bonding_curve", "Curve"].get(record["curve"])
    return record["mint_authority"] in draft.group and curve is not None and curve["status"] == "Graduated"


def _batch(world: World, draft: Draft, batch: Content) -> bool:
    over = world.now >= batch["closes_at"]
    wanted = {"deposit": not over, "settle_batch": over and batch["status"] == "Open"}
    wanted["claim_batch"] = batch["status"] == "Settled"
    return bool(wanted.get(draft.spec["name"], True))


def _deposit(world: World, draft: Draft, deposit: Content) -> bool:
    batches = world.objects["bonding_curve", "Batch"].values()
    batch = next((each for each in batches if each["mint"] == deposit["mint"]), None)
    if batch is None or draft.spec["name"] == "claim_batch":
        return batch is not None and batch["status"] == "Settled"
    open_to_him = batch["status"] == "Failed" or world.now < batch["withdraw_until"]
    return open_to_him and deposit["wallet"] in draft.group


def _timed(world: World, draft: Draft, content: Content) -> bool:
    begun = content["effective_at"] != 0
    wanted = {"propose_shares": not begun, "apply_shares": begun, "release": content["effective_at"] <= world.now}
    return bool(wanted.get(draft.spec["name"], True))


JUDGES: dict[str, Callable[[World, Draft, Content], bool]] = {
    "Curve": _curve,
    "LaunchRecord": _record,
    "Position": _position,
    "Batch": _batch,
    "Deposit": _deposit,
    "Proposal": _timed,
    "Release": _timed,
}


def _routed(draft: Draft, world: World, key: Pubkey, content: dict[str, Any]) -> bool:
    """Whether tokens, fees and routers belong together: the creator is the router, or is to be it."""
    field = "pending_creator" if draft.spec["name"] == "adopt" else "creator"
    router = draft.named.get("router")
    if field in content and "delay_seconds" not in content:
        return bool(content[field] == router) and content.get("creator_fees") != 0
    if "delay_seconds" in content and draft.spec["name"] in (
        "adopt",
        "collect_curve",
        "collect_pool",
        "propose_release",
    ):
        kinds = {"collect_curve": ("bonding_curve", "Curve"), "collect_pool": ("amm", "Pool")}
        kept = world.objects[kinds.get(draft.spec["name"], ("token_launcher", "LaunchRecord"))]
        return any(each[field] == key and each.get("creator_fees") != 0 for each in kept.values())
    return True
