"""Launches for tests: sensible arguments, and the accounts that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.instructions.metaplex import Metadata as Listed
from launchpad.chain.instructions.metaplex import create_metadata
from launchpad.chain.instructions.solana import MINT_BYTES, create_mint
from tests.metaplex import first_form, metadata_of
from tests.programs.curve_market import inline, terms_of
from tests.programs.harness import CURVE, LAUNCHER, NOW, SOL, TOKEN, TOKEN_2022, VESTING, Chain, Receipt, ata

FEE = 20_000_000
SUPPLY = 1_000_000_000 * 10**9
DAY = 86_400
NOBODY = Pubkey.default()
TEAM_INDEX, LOCK_INDEX = 0, 1
# What a launch of a classic mint finds there, and is not told.
IN_THE_MINT = {"name", "symbol", "uri", "decimals", "update_authority"}

CLASSIC = {"public_bps": 7_931, "liquidity_bps": 2_069, "team_bps": 0, "ecosystem_bps": 0, "treasury_bps": 0}
FULL = {"public_bps": 5_000, "liquidity_bps": 1_500, "team_bps": 2_000, "ecosystem_bps": 900, "treasury_bps": 600}
LOCK = {"cliff_seconds": 0, "duration_seconds": 30 * DAY, "period_seconds": DAY}


@dataclass
class Pad:
    """A runtime in which tokens can be launched."""

    chain: Chain
    creator: Keypair
    treasury: Pubkey = field(default_factory=lambda: Keypair().pubkey())
    ecosystem: Pubkey = field(default_factory=lambda: Keypair().pubkey())
    foundation: Pubkey = field(default_factory=lambda: Keypair().pubkey())
    sale: dict[str, Any] | None = None
    # Whether the terms bind the first buy, which then has a position made for it.
    binds: bool = False
    # TOKEN makes the launches those of `launch_token_spl`.
    token_program: Pubkey = TOKEN_2022

    @property
    def config(self) -> Pubkey:
        """The launcher's config."""
        return LAUNCHER.pda(b"config")

    def args(self, **changes: Any) -> dict[str, Any]:
        """Arguments of a classic launch, with changes; the segments follow supply and allocations."""
        supply = changes.get("supply", SUPPLY)
        segments = changes.pop("segments", None)
        allocations = changes.get("allocations", CLASSIC)
        args = {
            "name": "Example",
            "symbol": "EXM",
            "uri": "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
            "metadata_hash": bytes(range(32)),
            "decimals": 9,
            "supply": supply,
            "supply_mode": "Fixed",
            "allocations": allocations,
            "update_authority": "Creator",
            "source": inline(segments or classic_segments(supply * allocations["public_bps"] // 10_000, supply)),
            "deadline": None,
            "team": self.team() if allocations["team_bps"] else None,
        }
        return args | changes

    def team(self, **changes: Any) -> dict[str, Any]:
        """Four years with a cliff of one, in months of 30 days; revocable."""
        terms = {
            "beneficiary": self.creator.pubkey(),
            "cliff_seconds": 360 * DAY,
            "duration_seconds": 1_440 * DAY,
            "period_seconds": 30 * DAY,
            "revocable": True,
        }
        return terms | changes

    @property
    def is_spl(self) -> bool:
        """Whether tokens are launched with mints of the classic Token program."""
        return self.token_program == TOKEN

    def accounts(self, mint: Pubkey, args: dict[str, Any], buy: dict[str, Any] | None = None) -> dict[str, Pubkey]:
        """Every account that these arguments need, and no other."""
        creator, curve = self.creator.pubkey(), CURVE.pda(b"curve", mint)
        own = partial(ata, mint=mint, program=self.token_program)
        found = {
            "creator": creator,
            "mint": mint,
            "config": self.config,
            "treasury": self.treasury,
            "launch_record": record_of(mint),
            "curve": curve,
            "base_vault": own(curve),
            "curve_config": CURVE.pda(b"config"),
            "terms": terms_of(self.sale) if self.sale else None,
            "batch": CURVE.pda(b"batch", mint) if self.sale and self.sale["batch"] else None,
            "bonding_curve_event_authority": CURVE.event_authority,
        }
        found |= {"metadata": metadata_of(mint)} if self.is_spl else {}
        vested = {"vesting_program": VESTING.id, "vesting_event_authority": VESTING.event_authority}
        if args["team"]:
            schedule = schedule_of(mint, args["team"]["beneficiary"], TEAM_INDEX)
            found |= {"team_schedule": schedule, "team_escrow": own(schedule)}
            found |= vested
        if args["allocations"]["ecosystem_bps"]:
            found |= {"ecosystem_owner": self.ecosystem, "ecosystem_base": own(self.ecosystem)}
        if args["allocations"]["treasury_bps"]:
            found |= {"treasury_owner": self.foundation, "treasury_base": own(self.foundation)}
        if buy:
            found |= {"creator_base": own(creator)}
            found |= {"creator_position": CURVE.pda(b"position", mint, creator)} if self.binds else {}
        if buy and buy["lock"]:
            schedule = schedule_of(mint, creator, LOCK_INDEX)
            found |= vested | {"lock_schedule": schedule, "lock_escrow": own(schedule)}
        return found

    def instruction(
        self,
        mint: Pubkey,
        args: dict[str, Any],
        buy: dict[str, Any] | None = None,
        accounts: Mapping[str, Pubkey | None] | None = None,
        **options: Any,
    ) -> Instruction:
        """A launch, with some accounts exchanged."""
        name = "launch_and_buy" if buy else "launch_token"
        values = {"args": args} | ({"first_buy": buy} if buy else {})
        if self.is_spl:
            told = {each: value for each, value in args.items() if each not in IN_THE_MINT}
            name, values = "launch_token_spl", {"args": told, "first_buy": buy}
        return LAUNCHER.instruction(name, values, self.accounts(mint, args, buy) | dict(accounts or {}), **options)

    def made(self, mint: Pubkey, args: dict[str, Any]) -> list[Instruction]:
        """What makes a classic mint and its metadata, in the form that the tests' old program takes."""
        creator, texts = self.creator.pubkey(), (args["name"], args["symbol"], args["uri"])
        to = args["update_authority"]
        authority = str(to["Governance"]["authority"]) if isinstance(to, dict) else None
        metadata = Listed(*texts, mutable=to != "Immutable")
        rent = self.chain.rent(MINT_BYTES)
        return [
            *create_mint(str(creator), str(mint), rent, decimals=args["decimals"]),
            first_form(create_metadata(str(mint), str(creator), metadata, authority)),
        ]

    def launch(self, buy: dict[str, Any] | None = None, **changes: Any) -> "Launched":
        """Launches a token and returns what it is."""
        mint, args = Keypair(), self.args(**changes)
        made = self.made(mint.pubkey(), args) if self.is_spl else []
        receipt = self.chain.send([*made, self.instruction(mint.pubkey(), args, buy)], [self.creator, mint])
        return Launched(self, mint.pubkey(), args, receipt)


@dataclass
class Launched:
    """A launched token."""

    pad: Pad
    mint: Pubkey
    args: dict[str, Any]
    receipt: Receipt

    @property
    def address(self) -> Pubkey:
        """The launch record's address."""
        return record_of(self.mint)

    @property
    def record(self) -> dict[str, Any]:
        """The launch record as it is now."""
        return self.pad.chain.read(LAUNCHER, "LaunchRecord", self.address)

    @property
    def curve(self) -> dict[str, Any]:
        """The curve as it is now."""
        return self.pad.chain.read(CURVE, "Curve", CURVE.pda(b"curve", self.mint))

    @property
    def metadata(self) -> "Metadata":
        """The metadata inside the mint."""
        return read_metadata(self.pad.chain.account(self.mint).data)

    def schedule(self, index: int) -> dict[str, Any]:
        """The team's or the lock's schedule; the creator is the beneficiary of both here."""
        return self.pad.chain.read(VESTING, "Schedule", schedule_of(self.mint, self.pad.creator.pubkey(), index))

    def held(self, owner: Pubkey) -> int:
        """Base units in the owner's associated account."""
        return self.pad.chain.tokens(ata(owner, self.mint, self.pad.token_program))


@dataclass(frozen=True)
class Metadata:
    """The two extensions of a launched mint."""

    pointer_authority: Pubkey
    pointer: Pubkey
    update_authority: Pubkey
    mint: Pubkey
    name: str
    symbol: str
    uri: str


def open_pad(chain: Chain, token_program: Pubkey = TOKEN_2022) -> Pad:
    """Creates the configs of curve and launcher, and a creator with SOL."""
    pad = Pad(chain, chain.wallet(), token_program=token_program)
    chain.airdrop(pad.treasury, 1)
    chain.send([create_curve_config(chain), create_config(pad)], [chain.admin])
    return pad


def create_config(pad: Pad, **accounts: Pubkey) -> Instruction:
    """The launcher's config as the admin makes it."""
    admin = pad.chain.admin.pubkey()
    args = {"authority": admin, "treasury": pad.treasury, "creation_fee": FEE}
    named = {"payer": admin, "config": pad.config, "program_data": LAUNCHER.program_data} | accounts
    return LAUNCHER.instruction("create_config", {"args": args}, named)


def create_curve_config(chain: Chain) -> Instruction:
    """The curve's config with its published rates."""
    admin = chain.admin.pubkey()
    args = {
        "authority": admin,
        "fee_recipient": admin,
        "protocol_fee_bps": 50,
        "creator_fee_bps": 30,
        "referrer_share_bps": 2_000,
        "keeper_bounty": 10_000_000,
        "lookup_table": NOBODY,
    }
    accounts = {"payer": admin, "config": CURVE.pda(b"config"), "program_data": CURVE.program_data}
    if any(each["name"] == "self_program" for each in CURVE.spec("create_config")["accounts"]):
        accounts["self_program"] = CURVE.id
    return CURVE.instruction("create_config", {"args": args}, accounts)


def classic_segments(for_sale: int, supply: int) -> list[dict[str, int]]:
    """One segment with virtual 30 SOL that ends at 3.8 times its virtual lamports."""
    return [{"base_reserve": for_sale * 10_730 // 7_931, "quote_reserve": 30 * SOL, "base_for_sale": for_sale}]


def chain_of_segments(for_sale: int, count: int) -> list[dict[str, int]]:
    """One curve cut into pieces: each begins at the reserves where the one before ends."""
    base, quote, segments = for_sale * 10_730 // 7_931, 30 * SOL, []
    for index in range(count):
        piece = for_sale * (index + 1) // count - for_sale * index // count
        segments.append({"base_reserve": base, "quote_reserve": quote, "base_for_sale": piece})
        base, quote = base - piece, -(-base * quote // (base - piece))
    return segments


def first_buy(**changes: Any) -> dict[str, Any]:
    """One SOL, locked for 30 days."""
    return {"quote_in": SOL, "min_base_out": 1, "deadline": NOW + 60, "lock": LOCK} | changes


def record_of(mint: Pubkey) -> Pubkey:
    """The launch record of a mint."""
    return LAUNCHER.pda(b"launch", mint)


def schedule_of(mint: Pubkey, beneficiary: Pubkey, index: int) -> Pubkey:
    """A vesting schedule."""
    return VESTING.pda(b"vesting", mint, beneficiary, index.to_bytes(2, "little"))


def read_metadata(data: bytes) -> Metadata:
    """Reads a mint's two extensions the way an indexer would: by walking the list."""
    values, at = {}, 166
    while at + 4 <= len(data):
        kind, length = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        values[kind] = data[at + 4 : at + 4 + length]
        at += 4 + length
    assert set(values) == {18, 19}, f"extensions {sorted(values)}"
    pointer, stored = values[18], values[19]
    texts, at = [], 64
    for _ in range(3):
        length = int.from_bytes(stored[at : at + 4], "little")
        texts.append(stored[at + 4 : at + 4 + length].decode())
        at += 4 + length
    assert stored[at:] == bytes(4), "no further fields"
    keys = [Pubkey(key) for key in (pointer[:32], pointer[32:], stored[:32], stored[32:64])]
    return Metadata(keys[0], keys[1], keys[2], keys[3], *texts)


def mint_authorities(data: bytes) -> tuple[Pubkey | None, Pubkey | None]:
    """Mint and freeze authority of a mint."""
    mint = Pubkey(data[4:36]) if data[0] else None
    freeze = Pubkey(data[50:82]) if data[46] else None
    return mint, freeze
