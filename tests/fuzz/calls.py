"""Calls that ought to succeed, built from the IDLs alone.

An account is found by what the IDL and its name say: a fixed address, an account of that type that
is in the world (whose own fields then name the others), a program-derived address, somebody's token
account. A new instruction whose accounts follow the same habits needs no word here.
"""

import hashlib
import random
import re
from dataclasses import dataclass, field
from typing import Any

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from tests.fuzz.values import Values
from tests.fuzz.world import BY_NAME, HONEST, PROGRAMS, World
from tests.programs.harness import ATA_PROGRAM, SYSTEM, TOKEN, WSOL, Program, ata

OF_THE_AUTHORITY = {"set_paused", "update_config", "set_fees", "propose_authority", "accept_authority", "create_config"}
CREATES = ("create_", "open_", "register_", "launch_", "write_", "propose_release")
# What such instructions make at addresses that the IDL does not tell.
MADE = {"shape", "terms", "curve", "team_schedule", "lock_schedule", "batch", "creator_position"}
PAYERS = ("payer", "caller", "keeper", "trader", "holder", "provider", "opener", "creator", "authority", "grantor")
# Names that do not say their type.
TYPES = {
    "curve_config": ("bonding_curve", "Config"),
    "amm_config": ("amm", "Config"),
    "team_schedule": ("vesting", "Schedule"),
    "lock_schedule": ("vesting", "Schedule"),
}
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
# Amounts of what the user has: of the traded token, or of the mint in that account.
ROUTED = {"adopt", "collect_curve", "collect_pool", "propose_release", "release"}
OWN_AMOUNTS = {"base_in": None, "amount_in": None, "max_base": None, "max_quote": "quote_mint", "lp_amount": "lp_mint"}
# Addresses of other programs' accounts, which an IDL does not tell: program, first seed, and what follows.
ADDRESSES = {
    "curve": ("bonding_curve", b"curve", ("mint",)),
    "batch": ("bonding_curve", b"batch", ("mint",)),
    "position": ("bonding_curve", b"position", ("mint", "wallet")),
    "creator_position": ("bonding_curve", b"position", ("mint", "creator")),
    "deposit": ("bonding_curve", b"deposit", ("mint", "depositor")),
}


@dataclass
class Draft:
    """A call while it is put together: what every account name stands for so far."""

    program: Program
    spec: dict[str, Any]
    group: list[Pubkey]
    user: Pubkey
    named: dict[str, Pubkey] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)
    fresh: set[Pubkey] = field(default_factory=set)

    @property
    def creates(self) -> bool:
        """Whether its main account is not there yet."""
        return str(self.spec["name"]).startswith(CREATES)

    def wants(self, name: str) -> bool:
        """Whether the instruction has an account of this name."""
        return any(each["name"] == name for each in self.spec["accounts"])

    def signs(self, name: str) -> bool:
        """Whether that account has to sign."""
        return any(each["name"] == name and each.get("signer") for each in self.spec["accounts"])


@dataclass(frozen=True)
class Call:
    """An instruction with the names of its accounts, and whose keys may sign it."""

    program: Program
    name: str
    instruction: Instruction
    args: dict[str, Any]
    may_sign: frozenset[Pubkey]


def type_of(program: Program, name: str) -> tuple[str, str] | None:
    """The account type that an account's name stands for."""
    if name in TYPES:
        return TYPES[name]
    camel = "".join(part.capitalize() for part in name.split("_"))
    for owner in [program, *[each for each in PROGRAMS if each.name != program.name]]:
        if any(each["name"] == camel for each in owner.idl["accounts"]):
            return owner.name, camel
    return None


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
        if each["name"] not in draft.named:
            found = _resolve(world, rng, draft, each)
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
        if kind is None or (draft.creates and ("pda" in each or name in MADE) and kind[1] != "Config"):
            continue
        known = world.objects[kind]
        fitting = [key for key, content in known.items() if _fits(draft, name, content)]
        willing = [key for key in fitting if _signable(draft, known[key])]
        apt = [key for key in willing or fitting if _apt(world, draft, key, known[key])]
        willing = apt if apt and rng.random() < 0.9 else willing
        if draft.named.get(name, SYSTEM) in known:
            willing = [draft.named[name]]
        chosen = rng.choice(willing or fitting or list(known) or [SYSTEM])
        if chosen == SYSTEM or (each.get("optional") and rng.random() < 0.3):
            continue
        draft.named.setdefault(name, chosen)
        for inner, value in known[chosen].items():
            of_config = kind[1] == "Config" and inner == "authority" and draft.spec["name"] not in OF_THE_AUTHORITY
            if isinstance(value, Pubkey) and value != SYSTEM and inner != name and not of_config:
                draft.named.setdefault(inner, value)


def _links(draft: Draft, name: str) -> int:
    """How many other accounts of the call an account of this name says the address of."""
    kind = type_of(draft.program, name)
    if kind is None or kind[1] == "Config":
        return 0
    body = next(each for each in BY_NAME[kind[0]].idl["types"] if each["name"] == kind[1])["type"]
    fields = {each["name"] for each in body["fields"]}
    return sum(
        each["name"] in fields and type_of(draft.program, each["name"]) is not None for each in draft.spec["accounts"]
    )


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


def _apt(world: World, draft: Draft, key: Pubkey, content: dict[str, Any]) -> bool:
    """Whether an object is in the stage that the instruction is for."""
    if "effective_at" in content:
        begun = content["effective_at"] != 0
        wanted = {"propose_shares": not begun, "apply_shares": begun, "release": content["effective_at"] <= world.now}
        return bool(wanted.get(draft.spec["name"], True))
    if draft.program.name == "fee_router" and not _routed(world, draft, key, content):
        return False
    if draft.spec["name"] == "expire":
        return bool(content["sold"]) and 0 < content["deadline"] <= world.now
    if "status" not in content:
        return True
    verb = str(draft.spec["name"])
    stage = next((stage for begin, stage in STAGES.items() if verb.startswith(begin)), None)
    return stage is None or content["status"] == stage


def _routed(world: World, draft: Draft, key: Pubkey, content: dict[str, Any]) -> bool:
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


def _begin(world: World, rng: random.Random, draft: Draft) -> None:
    """What the name of an account cannot say: which mint a new thing is about."""
    if draft.wants("mint") and draft.signs("mint"):
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
        if draft.wants(name) and traded_here:
            owners = [
                owner for known, owner in world.token_accounts.values() if known == traded_here and owner in draft.group
            ]
            draft.user = rng.choice(owners or [draft.user]) if rng.random() < 0.7 else draft.user
            draft.named[name] = draft.user
    optional = {each["name"] for each in draft.spec["accounts"] if each.get("optional")}
    for name in PAYERS:
        if draft.signs(name) and name not in optional and name not in draft.named:
            draft.named[name] = draft.user


def _resolve(world: World, rng: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    name, program = account["name"], draft.program
    if "address" in account:
        return Pubkey.from_string(account["address"])
    if account.get("optional") and account.get("signer"):
        # Whoever opened a curve may sign a trade in it.
        opener = draft.named.get("authority")
        return opener if name == "opener" and opener in draft.group and rng.random() < 0.5 else None
    for rule in (_of_program, _of_seeds, _of_arguments, _of_mint, _of_token):
        found = rule(world, rng, draft, account)
        if found is not None:
            return found
    if account.get("optional") and type_of(program, name):
        return None
    if account.get("signer"):
        return draft.user
    return rng.choice(world.wallets)


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
    if name == "lock_schedule" and args.get("first_buy", {}).get("lock"):
        return _schedule(draft, draft.named["creator"], 1)
    return None


def _of_mint(_: World, __: random.Random, draft: Draft, account: dict[str, Any]) -> Pubkey | None:
    """Addresses that follow from the mint, and from somebody."""
    if account["name"] not in ADDRESSES:
        return None
    program, seed, rest = ADDRESSES[account["name"]]
    keys = [draft.named.get(each, draft.user if each != "mint" else None) for each in rest]
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
