"""The address of an account by what the IDL and its name say."""

import hashlib
import random
import re
from collections.abc import Callable
from typing import Any

from solders.pubkey import Pubkey

from launchpad.chain.venues.raydium import pools as raydium
from tests.fuzz.draft import Draft, type_of
from tests.fuzz.world import BY_NAME, HONEST, World
from tests.programs.harness import ATA_PROGRAM, SYSTEM, TOKEN, WSOL, ata

# Addresses of other programs' accounts, which an IDL does not tell: program, first seed, and what follows.
ADDRESSES = {
    "curve": ("bonding_curve", b"curve", ("mint",)),
    "batch": ("bonding_curve", b"batch", ("mint",)),
    "position": ("bonding_curve", b"position", ("mint", "wallet")),
    "creator_position": ("bonding_curve", b"position", ("mint", "creator")),
    "deposit": ("bonding_curve", b"deposit", ("mint", "depositor")),
    "pool": ("amm", b"pool", ("mint",)),
    "lp_mint": ("amm", b"lp_mint", ("pool",)),
    "pool_base_vault": ("amm", b"vault", ("pool", "mint")),
    "pool_quote_vault": ("amm", b"vault", ("pool", "quote_mint")),
}

Rule = Callable[[World, random.Random, Draft, dict[str, Any]], Pubkey | None]


def resolve(world: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """The address that an account's name stands for; None where it is left out."""
    name, optional = account["name"], bool(account.get("optional"))
    if "address" in account:
        return Pubkey.from_string(account["address"])
    rules: tuple[Rule, ...] = RULES
    if optional and account.get("signer"):
        rules = (_of_opener,)
    elif draft.creates and name in ("batch", "creator_position"):
        rules = (_of_terms,)
    for rule in rules:
        found = rule(world, rng, draft, account)
        if found is not None:
            return found
    if optional and (len(rules) == 1 or type_of(draft.program, name) or not name.endswith("_owner")):
        return None
    if name == "wallet" and rng.random() < 0.4:
        # The one that allowlists name.
        return world.groups[HONEST][0]
    return draft.user if account.get("signer") else rng.choice(world.wallets)


def _of_opener(_: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Whoever opened a curve may sign a trade in it."""
    opener = draft.named.get("authority")
    return opener if account["name"] == "opener" and opener in draft.group and rng.random() < 0.5 else None


def _of_program(world: World, _: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    name = account["name"]
    fixed = {
        "program": draft.program.id,
        "event_authority": draft.program.event_authority,
        "program_data": draft.program.program_data,
        "associated_token_program": ATA_PROGRAM,
        "system_program": SYSTEM,
        "quote_mint": WSOL,
        "wsol_mint": WSOL,
        "quote_token_program": TOKEN,
        "classic_token_program": TOKEN,
    }
    if name in fixed:
        return fixed[name]
    if name.endswith("token_program"):
        return world.token_program(draft.named.get("mint") or draft.named.get("base_mint") or WSOL)
    for suffix, attribute in (("_event_authority", "event_authority"), ("_program", "id"), ("_authority", "")):
        stem = name.removesuffix(suffix)
        stem = {"curve": "bonding_curve", "pool": "amm", "launcher": "token_launcher"}.get(stem, stem)
        if name.endswith(suffix) and stem in BY_NAME and attribute:
            return Pubkey(bytes(getattr(BY_NAME[stem], attribute)))
    return None


def _of_seeds(_: World, __: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """The address that the IDL's seeds give, once all of them are known."""
    seeds = [_seed(draft, seed) for seed in account.get("pda", {}).get("seeds", [])]
    if not seeds or any(seed is None for seed in seeds):
        return None
    program = _deriver(draft, account["pda"].get("program"))
    return Pubkey.find_program_address([seed for seed in seeds if seed is not None], program)[0]


def _deriver(draft: Draft, owner: dict[str, Any] | None) -> Pubkey:
    """The program whose address it is: the instruction's own unless the IDL names another."""
    if owner is None:
        return draft.program.id
    if owner["kind"] == "const":
        return Pubkey(bytes(owner["value"]))
    return next(Pubkey.from_string(each["address"]) for each in draft.spec["accounts"] if each["name"] == owner["path"])


def _seed(draft: Draft, seed: dict[str, Any]) -> bytes | None:
    if seed["kind"] == "const":
        return bytes(seed["value"])
    first, *rest = seed["path"].split(".")
    if seed["kind"] == "account":
        found = draft.named.get(rest[-1] if rest else first)
        return bytes(found) if found else None
    value: Any = draft.args.get(first)
    kind: Any = next(each["type"] for each in draft.spec["args"] if each["name"] == first)
    for part in rest:
        defined = next(each for each in draft.program.idl["types"] if each["name"] == kind["defined"]["name"])
        kind = next(each["type"] for each in defined["type"]["fields"] if each["name"] == part)
        value = value[part]
    return draft.program.codec.encode(kind, value)


def _sale(args: dict[str, Any]) -> int:
    """What a new curve is to sell."""
    return int(args.get("sale_supply") or args["supply"] * args["allocations"]["public_bps"] // 10_000)


def _total(segments: list[dict[str, int]]) -> int:
    return sum(each["base_for_sale"] for each in segments)


def _of_arguments(world: World, __: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Addresses made of the arguments' hash."""
    name, args = account["name"], draft.args
    codec, curve = draft.program.codec, BY_NAME["bonding_curve"]
    if name == "shape" and "segments" in args:
        rows = codec.encode({"vec": {"defined": {"name": "Segment"}}}, args["segments"])
        return curve.pda(b"shape", hashlib.sha256(rows).digest())
    if name == "shape" and args.get("args", {}).get("source") == "Shape":
        kept, wanted = world.objects["bonding_curve", "Shape"], _sale(args["args"])
        return next((key for key, shape in kept.items() if _total(shape["segments"]) == wanted), None)
    if name == "terms" and "sale" in args:
        rows = codec.encode({"defined": {"name": "SaleTerms"}}, args["sale"])
        return curve.pda(b"terms", hashlib.sha256(rows).digest())
    if name == "team_schedule" and args.get("args", {}).get("team"):
        return _schedule(draft, args["args"]["team"]["beneficiary"], 0)
    if name == "lock_schedule" and (args.get("first_buy") or {}).get("lock"):
        return _schedule(draft, draft.named["creator"], 1)
    return None


def _sale_terms(world: World, draft: Draft) -> dict[str, Any] | None:
    terms = world.objects["bonding_curve", "Terms"].get(draft.named.get("terms", SYSTEM))
    return terms["sale"] if terms else None


def _of_terms(world: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """What the terms of a sale ask for: the community's mint and its pledge, a batch, the creator's position."""
    sale, name = _sale_terms(world, draft), account["name"]
    if sale is None:
        return None
    if name in ("batch", "creator_position") and draft.creates:
        wanted = sale["batch"] if name == "batch" else sale["opening"]["binds_creator"]
        return _of_mint(world, rng, draft, account) if wanted else None
    holders = sale["opening"]["holders"]
    if not holders or not draft.wants("community_mint"):
        return None
    mint = holders["mint"]
    owner = draft.named.get({"escrow": "position", "wallet_account": "wallet"}.get(name, ""))
    answers = {"community_mint": mint, "token_program": world.token_program(mint)}
    return answers.get(name) or (world.ata(owner, mint) if owner else None)


def _of_raydium(world: World, _: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """What Raydium derives from the pool that is about to open there."""
    mint = draft.named.get("mint")
    if draft.spec["name"] != "graduate_to_raydium" or mint is None:
        return None
    curve = BY_NAME["bonding_curve"]
    pool = str(curve.pda(b"raydium_pool", mint))
    name, shares = account["name"], Pubkey.from_string(raydium.lp_mint(pool))
    derived = {
        "lp_mint": raydium.lp_mint(pool),
        "pool_base_vault": raydium.vault(pool, str(mint)),
        "pool_quote_vault": raydium.vault(pool, str(WSOL)),
        "observation": raydium.observation(pool),
        "pool_fee_receiver": raydium.POOL_FEE_RECEIVER,
        "raydium_authority": raydium.authority(),
    }
    if name in derived:
        return Pubkey.from_string(derived[name])
    sale = _sale_terms(world, draft)
    locked = sale is not None and sale["graduation"]["liquidity_lock_seconds"] > 0
    owner = {"creator_lp": curve.pda(b"pool_creator", mint), "curve_lp": draft.named["curve"] if locked else None}
    return ata(owner[name], shares, TOKEN) if owner.get(name) else None


def _of_graduates(world: World, _: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Where a graduate's shares lie, and the schedules of what is paid out."""
    sale, name = _sale_terms(world, draft), account["name"]
    if sale is None or name not in ("schedule", "escrow", "curve_lp"):
        return None
    graduation = sale["graduation"]
    if name == "curve_lp":
        locked = graduation["liquidity_lock_seconds"] > 0
        return ata(draft.named["curve"], draft.named["lp_mint"], TOKEN) if locked else None
    mint, beneficiary = draft.named.get("lp_mint"), draft.named.get("creator")
    if "kind" in draft.args:
        mint, beneficiary = WSOL, (graduation["payout"] or {}).get(draft.args["kind"].lower())
    if mint is None or beneficiary is None or "index" not in draft.args:
        return None
    schedule = _released(mint, beneficiary, draft.args["index"])
    return schedule if name == "schedule" else ata(schedule, mint, TOKEN)


def _released(mint: Pubkey, beneficiary: Pubkey, index: int) -> Pubkey:
    return BY_NAME["vesting"].pda(b"vesting", mint, beneficiary, index.to_bytes(2, "little"))


def _of_mint(_: World, __: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Addresses that follow from the mint, and from somebody."""
    terms = draft.named.get("terms")
    if account["name"] not in ADDRESSES or (account["name"] in ("batch", "creator_position") and terms is None):
        return None
    program, seed, rest = ADDRESSES[account["name"]]
    given = {"quote_mint": WSOL, "mint": None, "pool": None}
    keys = [draft.named.get(each, given.get(each, draft.user)) for each in rest]
    return BY_NAME[program].pda(seed, *keys) if None not in keys else None  # type: ignore[arg-type]


def _schedule(draft: Draft, beneficiary: Pubkey, index: int) -> Pubkey:
    return BY_NAME["vesting"].pda(b"vesting", draft.named["mint"], beneficiary, index.to_bytes(2, "little"))


def _of_token(world: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Somebody's associated account: the first word says whose, the last one of which mint."""
    name, named = account["name"], draft.named
    mints = {"quote": named.get("quote_mint", WSOL), "lp": named.get("lp_mint"), "base": None}
    whose, _, what = name.rpartition("_")
    fixed = {"base_vault": "curve", "escrow": "schedule", "staging": "launch_record", "source": "grantor"}
    if name == "wrapped":
        whose, what = "router", "quote"
    elif name in fixed:
        whose, what = fixed[name], "base"
    elif what == "escrow":
        whose, what = f"{whose}_schedule", "base"
    elif what == "account" and whose == "lp":
        whose, what = "lp_owner", "lp"
    if what not in mints and what != "account":
        return None
    mint = mints.get(what) or named.get("mint") or named.get("base_mint")
    owner = named.get(f"{whose}_owner") or named.get(whose) or _person(world, rng, draft, whose)
    if not owner or not mint:
        return None
    return ata(owner, mint, TOKEN) if what == "lp" else world.ata(owner, mint)


def _person(world: World, rng: random.Random, draft: Draft, whose: str) -> Pubkey | None:
    if whose == "recipient":
        configs = list(world.objects[draft.program.name, "Config"].values())
        fees = draft.spec["name"].startswith("sweep") and configs
        return Pubkey(bytes(configs[0]["fee_recipient"])) if fees else rng.choice(world.wallets)
    if whose == "depositor":
        return draft.user
    return None if re.search(r"schedule|lock", whose) else draft.user


RULES: tuple[Rule, ...] = (
    _of_program,
    _of_raydium,
    _of_seeds,
    _of_arguments,
    _of_terms,
    _of_graduates,
    _of_mint,
    _of_token,
)
