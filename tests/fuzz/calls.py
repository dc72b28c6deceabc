"""Calls that ought to succeed, built from the IDLs alone.

An account is found by what the IDL and its name say: a fixed address, an account of that type that
is in the world (whose own fields then name the others), a program-derived address, somebody's token
account. A new instruction whose accounts follow the same habits needs no word here.
"""

import random
from dataclasses import dataclass
from typing import Any

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from tests.fuzz.addresses import resolve
from tests.fuzz.draft import Draft, type_of
from tests.fuzz.fitness import is_fit
from tests.fuzz.values import Values
from tests.fuzz.world import BY_NAME, HONEST, World
from tests.programs.harness import SYSTEM, WSOL, Program

OF_THE_AUTHORITY = {"set_paused", "update_config", "set_fees", "propose_authority", "accept_authority", "create_config"}
# What such instructions make at addresses that the IDL does not tell.
MADE = {"shape", "curve", "team_schedule", "lock_schedule", "batch", "creator_position", "position"}
# What other instructions make.
ALSO_MADE = {
    "graduate": {"pool"},
    "graduate_to_raydium": {"pool"},
    "release_payout": {"schedule"},
    "lock_liquidity": {"schedule"},
    "deposit": {"deposit"},
}
PAYERS = ("payer", "caller", "keeper", "trader", "holder", "provider", "opener", "creator", "authority", "grantor")
# Amounts of what the user has: of the traded token, or of the mint in that account.
OWN_AMOUNTS = {"base_in": None, "amount_in": None, "max_base": None, "max_quote": "quote_mint", "lp_amount": "lp_mint"}


@dataclass(frozen=True)
class Call:
    """An instruction with the names of its accounts, and whose keys may sign it."""

    program: Program
    name: str
    instruction: Instruction
    args: dict[str, Any]
    may_sign: frozenset[Pubkey]


def build(world: World, rng: random.Random, program: Program, name: str, group: str) -> Call:
    """A call of the instruction by somebody of the group."""
    spec, people = program.spec(name), world.groups[group]
    draft = Draft(program, spec, people, rng.choice(people))
    values = Values(world, rng, program, people)
    _choose_objects(world, rng, draft)
    draft.args = {each["name"]: values.make(each["type"], each["name"]) for each in spec["args"]}
    _begin(world, rng, draft)
    _fit_amounts(world, rng, draft)
    for each in spec["accounts"]:
        if "address" in each or each["name"] not in draft.named:
            found = resolve(world, rng, draft, each)
            if found is not None:
                draft.named[each["name"]] = found
    metas = [_meta(world, rng, draft, each) for each in spec["accounts"]]
    body = b"".join(program.codec.encode(each["type"], draft.args[each["name"]]) for each in spec["args"])
    data = bytes(spec["discriminator"]) + body
    signers = frozenset([*people, *draft.fresh])
    return Call(program, name, Instruction(program.id, data, metas), draft.args, signers)


def _choose_objects(world: World, rng: random.Random, draft: Draft) -> None:
    """Takes accounts of our own types out of the world, and what their fields name: children before parents."""
    for each in sorted(draft.spec["accounts"], key=lambda each: -_links(draft, each["name"])):
        name, kind = each["name"], type_of(draft.program, each["name"])
        if kind is None or _is_made(draft, each, kind):
            continue
        known = world.objects[kind]
        fitting = [key for key, content in known.items() if _fits(draft, name, content)]
        willing = [key for key in fitting if _signable(draft, known[key])]
        apt = [key for key in willing or fitting if is_fit(world, draft, kind[1], key, known[key])]
        willing = apt if apt and rng.random() < 0.9 else willing
        if draft.named.get(name, SYSTEM) in known:
            willing = [draft.named[name]]
        if each.get("optional") and not fitting:
            continue
        chosen = rng.choice(willing or fitting or list(known) or [SYSTEM])
        if chosen == SYSTEM or (each.get("optional") and rng.random() < 0.3):
            continue
        draft.named.setdefault(name, chosen)
        for inner, value in known[chosen].items():
            of_config = kind[1] == "Config" and inner == "authority" and draft.spec["name"] not in OF_THE_AUTHORITY
            if isinstance(value, Pubkey) and value != SYSTEM and inner != name and not of_config:
                draft.named.setdefault(inner, value)


def _is_made(draft: Draft, account: dict[str, Any], kind: tuple[str, str]) -> bool:
    """Whether the instruction makes the account itself, or the curve says that there is none."""
    name = account["name"]
    if kind[1] == "Config":
        return False
    if name == "terms":
        nobodys = "curve" in draft.named and "terms" not in draft.named and draft.wants("position")
        return nobodys or draft.spec["name"] == "create_terms"
    made = draft.creates and ("pda" in account or (name in MADE and not (name == "curve" and draft.wants("position"))))
    return made or name in ALSO_MADE.get(str(draft.spec["name"]), ())


def _links(draft: Draft, name: str) -> int:
    """How many other accounts of the call an account of this name says the address of."""
    kind = type_of(draft.program, name)
    if kind is None or kind[1] == "Config":
        return 0
    body = next(each for each in BY_NAME[kind[0]].idl["types"] if each["name"] == kind[1])["type"]
    fields = {each["name"] for each in body["fields"]}
    # What belongs to one wallet is chosen first: its mint says which curve.
    own = 2 * ({"mint", "wallet"} <= fields)
    others = {each["name"] for each in draft.spec["accounts"]} & fields
    return own + sum(type_of(draft.program, other) is not None for other in others)


def _fits(draft: Draft, name: str, content: dict[str, Any]) -> bool:
    """Whether an object agrees with what is chosen already."""
    if name == "referrer_fees" and "trader" in str(draft.spec["accounts"]):
        return content.get("referrer") not in draft.group
    shared = ("mint", "base_mint", "curve", "schedule", "pool", "router")
    return all(draft.named.get(each, content[each]) == content[each] for each in shared if each in content)


def _signable(draft: Draft, content: dict[str, Any]) -> bool:
    """Whether those who have to sign for an object are of the group."""
    owners = [value for name, value in content.items() if isinstance(value, Pubkey) and draft.signs(name)]
    return all(owner in draft.group for owner in owners)


def _fit_amounts(world: World, rng: random.Random, draft: Draft) -> None:
    """Amounts that the user has, or that a part of the curve costs."""
    for name, of in (
        ("base_in", None),
        ("lp_amount", "lp_mint"),
        ("amount_in", None),
        ("max_base", None),
        ("max_quote", "quote_mint"),
    ):
        mint = draft.named.get(of) if of else draft.named.get("mint") or draft.named.get("base_mint")
        if name in draft.args and mint and not draft.args.get("is_buy"):
            keys = [key for key, found in world.token_accounts.items() if found == (mint, draft.user)]
            held = max((world.chain.tokens(key) for key in keys), default=0)
            draft.args[name] = rng.randint(1, held) if held and rng.random() < 0.8 else draft.args[name]
    curve = world.objects["bonding_curve", "Curve"].get(draft.named.get("curve", SYSTEM))
    if curve and rng.random() < 0.8:
        left = max(1, curve["raise_target"] // rng.choice([1, 3, 10, 100])), max(1, curve["sale_supply"] // 10)
        for name, most in (("quote_in", left[0]), ("base_out", left[1])):
            if name in draft.args:
                draft.args[name] = rng.randint(1, most)


def _name_people(draft: Draft) -> None:
    """Whom the chosen accounts name under other words."""
    if draft.spec["name"] == "mint_tokens":
        draft.named["authority"] = draft.named.get("mint_authority", draft.user)
    if "wallet" in draft.named:
        draft.named.setdefault("depositor", draft.named["wallet"])
    if draft.named.get("wallet") in draft.group and not draft.signs("wallet"):
        draft.user = draft.named["wallet"]
        draft.named |= {name: draft.user for name in ("trader", "depositor") if draft.signs(name)}


def _take_untouched(world: World, rng: random.Random, draft: Draft) -> None:
    """A classic mint that waits for its launch, mostly of somebody of the group and mostly still untouched."""
    own = [(mint, owner) for mint, owner in world.untouched if owner in draft.group and not _has_supply(world, mint)]
    draft.named["mint"], creator = rng.choice(own if own and rng.random() < 0.9 else world.untouched)
    draft.user = creator if creator in draft.group else draft.user
    draft.fresh.add(draft.named["mint"])
    draft.named["shape"] = SYSTEM


def _has_supply(world: World, mint: Pubkey) -> bool:
    return world.chain.supply(mint) > 0


def _begin(world: World, rng: random.Random, draft: Draft) -> None:
    """What the name of an account cannot say: which mint a new thing is about, and who trades."""
    _name_people(draft)
    if draft.wants("metadata"):
        _take_untouched(world, rng, draft)
    elif draft.wants("mint") and draft.signs("mint"):
        draft.named["mint"] = world.new_key()
        draft.fresh.add(draft.named["mint"])
        draft.named["shape"] = SYSTEM
    elif draft.wants("router") and draft.wants("mint") and "mint" not in draft.named:
        kept = world.objects["token_launcher", "LaunchRecord"].values()
        owned = [each["mint"] for each in kept if each["creator"] == draft.named.get("router")]
        draft.named["mint"] = rng.choice(owned or [mint for mint, _ in world.brought])
    elif draft.creates and "mint" not in draft.named:
        held = [mint for mint, owner in world.brought if owner in draft.group] or [rng.choice(world.brought)[0]]
        traded = [mint for mint, owner in world.token_accounts.values() if owner in draft.group and mint != WSOL]
        mint = rng.choice(held if draft.wants("depositor_base") else [*held, *traded])
        owners = [owner for known, owner in world.token_accounts.values() if known == mint and owner in draft.group]
        draft.user = rng.choice(owners or [draft.user])
        draft.named |= {"mint": mint, "base_mint": mint}
    for name in ("trader", "holder", "provider", "seller"):
        traded_here = draft.named.get("mint") or draft.named.get("base_mint")
        if draft.wants(name) and traded_here and name not in draft.named:
            owners = [
                owner for known, owner in world.token_accounts.values() if known == traded_here and owner in draft.group
            ]
            draft.user = rng.choice(owners or [draft.user]) if rng.random() < 0.7 else draft.user
            draft.named[name] = draft.user
    optional = {each["name"] for each in draft.spec["accounts"] if each.get("optional")}
    for name in PAYERS:
        if draft.signs(name) and name not in optional and name not in draft.named:
            draft.named[name] = draft.user


def _meta(world: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> AccountMeta:
    key = draft.named.get(account["name"])
    if account.get("optional") and (key is None or key == SYSTEM or _pointless(world, rng, draft, account, key)):
        return AccountMeta(draft.program.id, is_signer=False, is_writable=False)
    key = key if key is not None else rng.choice(world.groups[HONEST])
    allowed = key in draft.group or key in draft.fresh
    signs = bool(account.get("signer")) and allowed
    return AccountMeta(key, is_signer=signs, is_writable=bool(account.get("writable")))


def _pointless(world: World, rng: random.Random, draft: Draft, account: dict[str, Any], key: Pubkey) -> bool:
    """Whether an optional account had better be left out."""
    if draft.creates or account.get("signer"):
        return bool(account["name"] == "referrer_fees")
    return world.account(key) is None and rng.random() < 0.5
