"""Arguments by type and name: sensible ones, and those at the edges of their types."""

import hashlib
import random
import string
import struct
from typing import Any

from tests.fuzz.world import ADMINS, BROUGHT, HONEST, World
from tests.programs.harness import SOL, Program

_BITS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64, "i8": 7, "i16": 15, "i32": 31, "i64": 63, "u128": 128, "i128": 127}
DAY = 86_400
# Numbers by a word in their name.
CHOICES = {
    "_bps": [0, 1, 5, 20, 30, 50, 100, 200, 500, 5_000, 10_000],
    "second": [0, 1, 10, 60, 100, 600],
    "period": [1, 10, 60],
    "half_life": [0, 60],
    "index": [0, 1, 2, 3],
    "decimals": [0, 1, 6, 9],
}


class Values:
    """Makes arguments for one program in one world."""

    def __init__(self, world: World, rng: random.Random, program: Program, actor: list[Any]) -> None:
        self.world, self.rng, self.program, self.actor = world, rng, program, actor
        self.types = {each["name"]: each["type"] for each in program.idl["types"]}

    def make(self, kind: Any, name: str = "") -> Any:
        """A value that an ordinary caller might send."""
        if isinstance(kind, str):
            return self._plain(kind, name)
        if "option" in kind:
            return self.make(kind["option"], name) if self.rng.random() < self._wanted(name) else None
        if "vec" in kind:
            special = getattr(self, f"_list_{name}", None)
            return special() if special else [self.make(kind["vec"], name) for _ in range(self.rng.randint(0, 3))]
        if "array" in kind:
            element, length = kind["array"]
            return self.rng.randbytes(length) if element == "u8" else [self.make(element, name) for _ in range(length)]
        return self._defined(kind["defined"]["name"], name)

    def _defined(self, kind: str, name: str) -> Any:
        body = self.types[kind]
        if body["kind"] == "enum":
            variant = self.rng.choice(body["variants"])
            fields = variant.get("fields", [])
            if not fields:
                return variant["name"]
            named = isinstance(fields[0], dict) and "name" in fields[0]
            values = [self.make(each["type"] if named else each, each["name"] if named else name) for each in fields]
            names = [each["name"] for each in fields] if named else []
            return {variant["name"]: dict(zip(names, values, strict=True)) if named else values}
        made = {each["name"]: self.make(each["type"], each["name"]) for each in body.get("fields", [])}
        shaped = getattr(self, f"_shape_{kind}", None)
        return {**made, **{key: value for key, value in shaped(made).items() if key in made}} if shaped else made

    def _plain(self, kind: str, name: str) -> Any:
        if kind == "bool":
            return self.rng.random() < (0.2 if name == "paused" else 0.5)
        if kind == "pubkey":
            return self._key(name)
        if kind == "string":
            length = {"uri": 40, "symbol": 5}.get(name, 12)
            return "".join(self.rng.choices(string.ascii_letters, k=self.rng.randint(1, length)))
        if kind == "bytes":
            return self.rng.randbytes(self.rng.randint(0, 40))
        return min(self._integer(name), 2 ** _BITS[kind] - 1)

    def _key(self, name: str) -> Any:
        if name in ("new_authority", "authority", "fee_recipient", "lookup_table"):
            return self.rng.choice(self.world.groups[ADMINS])
        kept = self.world.objects["fee_router", "Router"].items()
        routers = [key for key, router in kept if router["recipients"]]
        if name in ("creator", "new_creator") and routers and self.rng.random() < 0.4:
            return self.rng.choice(routers)
        if name in ("beneficiary", "creator") and self.rng.random() < 0.6:
            return self.rng.choice(self.actor)
        return self.rng.choice(self.world.wallets)

    def _integer(self, name: str) -> int:
        rng = self.rng
        if name == "deadline":
            return self.world.now + rng.choice([60, 600, 5_000])
        if name.startswith("min_") or name == "minimum":
            return 0 if rng.random() < 0.9 else rng.randint(0, 10**9)
        if name.startswith("max_"):
            return 2**62 if rng.random() < 0.8 else self.amount()
        choices = next((values for word, values in CHOICES.items() if word in name), None)
        return rng.choice(choices) if choices else self.amount()

    def amount(self, largest: int = 10**13) -> int:
        """An amount of any magnitude up to `largest`."""
        return self.rng.randint(1, self.rng.choice([10, 1_000, 10**6, 10**9, 10**11, largest]))

    def _wanted(self, name: str) -> float:
        """How often an optional argument is given."""
        return {"deadline": 0.3, "batch": 0.4, "team": 0.5, "launch_fee": 0.3}.get(name, 0.5)

    # What has to fit together

    def _list_segments(self) -> list[dict[str, int]]:
        """One to four pieces, each beginning at the reserves where the one before ends."""
        base = self.rng.choice([20, 1_000, 10**6, 10**11])
        quote = self.rng.choice([1, 7, 1_000, 10**9, 30 * SOL])
        segments = []
        for _ in range(self.rng.choice([1, 1, 2, 4])):
            piece = self.rng.randint(1, max(1, base // 3))
            segments.append({"base_reserve": base, "quote_reserve": quote, "base_for_sale": piece})
            base, quote = base - piece, -(-base * quote // (base - piece))
        return segments

    def _list_portions(self) -> list[dict[str, Any]]:
        """Some wallets in the order of their bytes, most often with the whole between them."""
        wallets = sorted(self.rng.sample(self.world.wallets, self.rng.randint(1, 3)), key=bytes)
        parts = [10_000 // len(wallets)] * (len(wallets) - 1)
        parts.append(10_000 - sum(parts) if self.rng.random() < 0.9 else 7)
        return [{"wallet": key, "bps": bps} for key, bps in zip(wallets, parts, strict=True)]

    def _shape_RouterArgs(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return {"delay_seconds": 3_600, "fixed": self.rng.random() < 0.2}

    def _shape_SaleTerms(self, made: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        """Sound terms of a sale; a batch has neither launch fee nor opening rules."""
        plain = made["batch"] is not None
        fee = plain or self.rng.random() < 0.5
        no_fee = {"start_bps": 0, "seconds": 0, "half_life": 0}
        return {"launch_fee": no_fee if fee else made["launch_fee"], "opening": self._opening(plain=plain)}

    def _opening(self, *, plain: bool) -> dict[str, Any]:
        limited = not plain and self.rng.random() < 0.4
        return {
            "window_seconds": 600 if limited else 0,
            "wallet_cap_bps": 2_000 if limited else 0,
            "one_buy_per_slot": limited and self.rng.random() < 0.5,
            "allowlist": None if plain or self.rng.random() < 0.7 else self._allowlist(),
            "holders": None if plain or self.rng.random() < 0.7 else self._holders(),
            "binds_creator": not plain and self.rng.random() < 0.3,
        }

    def _holders(self) -> dict[str, Any]:
        return {"mint": self.world.brought[len(BROUGHT)][0], "minimum": 1_000, "seconds": 6_000}

    def _allowlist(self) -> dict[str, Any]:
        """A list of one wallet, whose leaf is the root and whose proof is empty."""
        wallet = self.world.groups[HONEST][0]
        return {"root": hashlib.sha256(b"\0" + bytes(wallet)).digest(), "seconds": 6_000}

    def _list_proof(self) -> list[bytes]:
        return [self.rng.randbytes(32) for _ in range(self.rng.choice([0, 0, 0, 1, 20]))]

    def _shape_GraduationTerms(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        whole = self.rng.random() < 0.6
        return {
            "venue": self.rng.choice(["Amm", "RaydiumCpSwap"]),
            "liquidity_bps": 10_000 if whole else 7_000,
            "liquidity_lock_seconds": self.rng.choice([0, 15_552_000]),
            "payout": None if whole else self._payout(),
        }

    def _payout(self) -> dict[str, Any]:
        team, treasury = self.rng.choice(self.world.wallets), self.rng.choice(self.world.wallets)
        times = {"cliff_seconds": 0, "duration_seconds": 30 * DAY, "period_seconds": DAY}
        return {"team": team, "treasury": treasury, "team_bps": 5_000, **times}

    def _shape_BatchTerms(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return {"seconds": 6_000, "withdraw_seconds": 5_000, "minimum": self.rng.choice([1, 10**6]), "max_deposit": 0}

    def _list_tiers(self) -> list[dict[str, int]]:
        tiers = [{"min_market_cap_quote": 0, "creator_fee_bps": 30}]
        return [*tiers, {"min_market_cap_quote": self.amount(), "creator_fee_bps": self.rng.randint(0, 100)}]

    def _shape_FeeArgs(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return {"lp_fee_bps": self.rng.randint(0, 100), "protocol_fee_bps": self.rng.randint(0, 50)}

    def _shape_ConfigUpdate(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return self._rates()

    def _shape_ConfigArgs(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return self._rates()

    def _rates(self) -> dict[str, Any]:
        rates = {name: self.rng.choice([0, 30, 50, 200]) for name in ("protocol_fee_bps", "creator_fee_bps")}
        return {**rates, "referrer_share_bps": 2_000, "keeper_bounty": 10_000_000, "creation_fee": 20_000_000}

    def _shape_LaunchFee(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return {"start_bps": self.rng.randint(1, 5_000), "seconds": 600, "half_life": self.rng.choice([0, 60])}

    def _shape_ScheduleArgs(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        start = max(0, self.world.now + self.rng.randint(-1_000, 1_000))
        cliff = start + self.rng.choice([0, 0, 100, 2_000])
        end = cliff + self.rng.choice([1, 1_000, 5_000])
        period = self.rng.randint(1, min(end - start, 500))
        return {"start": start, "cliff": cliff, "end": end, "period": period, "amount": self.amount(10**10)}

    def _shape_CreatePoolArgs(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return {"base_amount": self.amount(10**11), "quote_amount": self.amount(10**11)}

    def _shape_OpenCurveArgs(self, made: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        source, sale = self._source()
        return {"source": source, "sale_supply": sale, "liquidity_supply": made["liquidity_supply"] % 10**10}

    def _source(self) -> tuple[Any, int]:
        """Segments in the instruction, or a shape that is there."""
        shapes = list(self.world.objects["bonding_curve", "Shape"].values())
        if shapes and self.rng.random() < 0.3:
            segments = self.rng.choice(shapes)["segments"]
            return "Shape", sum(each["base_for_sale"] for each in segments)
        segments = self._list_segments()
        return {"Inline": {"segments": segments}}, sum(each["base_for_sale"] for each in segments)

    def _shape_LaunchArgs(self, made: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        public, supply = self.rng.choice([5_000, 7_931, 8_000]), 10_000 * self.rng.choice([1, 100, 10**5, 10**9])
        # A sale with a deadline holds the whole supply.
        whole = made["deadline"] is not None
        team = 0 if whole else self.rng.choice([0, 0, 1_000, 2_000])
        others = [0 if whole else self.rng.choice([0, 0, 300]) for _ in range(2)]
        allocations = {
            "public_bps": public,
            "team_bps": team if public + team + sum(others) <= 10_000 else 0,
            "ecosystem_bps": others[0],
            "treasury_bps": others[1],
        }
        allocations["liquidity_bps"] = 10_000 - sum(allocations.values())
        sale = supply * public // 10_000
        segment = {"base_reserve": sale + 1 + sale // 3, "quote_reserve": self.amount(30 * SOL), "base_for_sale": sale}
        terms = made["team"] or self.make({"defined": {"name": self._option_type("LaunchArgs", "team")}}, "team")
        return {
            "allocations": allocations,
            "supply": supply,
            "supply_mode": self.rng.choice(["Fixed", "Burnable", *([] if whole else [self._mintable(2 * supply)])]),
            "source": {"Inline": {"segments": [segment]}},
            "team": self._team(terms) if allocations["team_bps"] else None,
        }

    def _shape_SplLaunchArgs(self, made: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        return self._shape_LaunchArgs(made)

    def _mintable(self, cap: int) -> dict[str, Any]:
        return {"Mintable": {"authority": self.rng.choice(self.actor), "cap": cap}}

    def _option_type(self, kind: str, name: str) -> str:
        field = next(each for each in self.types[kind]["fields"] if each["name"] == name)
        return str(field["type"]["option"]["defined"]["name"])

    def _team(self, terms: dict[str, Any]) -> dict[str, Any]:
        times = {"cliff_seconds": self.rng.choice([0, 360 * DAY]), "duration_seconds": 1_440 * DAY}
        return {**terms, **times, "period_seconds": self.rng.choice([1, DAY, 30 * DAY]), "revocable": True}

    def _shape_FirstBuy(self, made: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the type
        lock = {"cliff_seconds": 0, "duration_seconds": 30 * DAY, "period_seconds": DAY}
        return {"lock": lock if self.rng.random() < 0.6 else None, "quote_in": made["quote_in"]}


def extreme(rng: random.Random, kind: str) -> bytes:
    """The bytes of a number at an edge of its type."""
    size = {"u8": 1, "bool": 1, "u16": 2, "u32": 4, "i32": 4, "u128": 16}.get(kind, 8)
    edges: list[int] = [0, 1, (1 << 8 * size) - 1, 1 << 8 * size - 1, (1 << 8 * size - 1) - 1]
    return rng.choice(edges).to_bytes(size, "little")


def borsh_length(count: int) -> bytes:
    """The count before a list."""
    return struct.pack("<I", count)
