"""A bonding curve with its config, as most tests of trading begin, and its state as a model sees it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scripts import make_vectors as model
from tests.programs.harness import (
    CURVE,
    NOW,
    SOL,
    SYSTEM,
    TOKEN_2022,
    Chain,
    Receipt,
    ata,
    create_ata,
    metadata_pointer,
)

CONFIG = CURVE.pda(b"config")
TOKENS = 10**9
SALE = 793_100_000 * TOKENS
LIQUIDITY = 206_900_000 * TOKENS
CLASSIC = [{"base_reserve": 1_073_000_000 * TOKENS, "quote_reserve": 30 * SOL, "base_for_sale": SALE}]
DEADLINE = NOW + 60

Segments = Sequence[Mapping[str, int]]


def config_args(chain: Chain, **changes: Any) -> dict[str, Any]:
    """The parameters that tests start from."""
    return {
        "authority": chain.admin.pubkey(),
        "fee_recipient": Keypair.from_seed(bytes([8] * 32)).pubkey(),
        "protocol_fee_bps": 50,
        "creator_fee_bps": 30,
        "referrer_share_bps": 2_000,
        "keeper_bounty": 10_000_000,
        "lookup_table": SYSTEM,
        **changes,
    }


def create_config(chain: Chain, **changes: Any) -> Receipt:
    """Creates the config as the upgrade authority."""
    accounts = {"payer": chain.admin.pubkey(), "config": CONFIG, "program_data": CURVE.program_data}
    return chain.send(
        [CURVE.instruction("create_config", {"args": config_args(chain, **changes)}, accounts)], [chain.admin]
    )


def manage(chain: Chain, name: str, args: Mapping[str, Any], signer: Keypair | None = None) -> Receipt:
    """One of the instructions of the config's authority."""
    authority = signer or chain.admin
    accounts = {"authority": authority.pubkey(), "config": CONFIG}
    return chain.send([CURVE.instruction(name, args, accounts)], [authority])


def set_paused(chain: Chain, *, paused: bool) -> None:
    """Pauses or resumes."""
    manage(chain, "set_paused", {"paused": paused})


def referrer_account(referrer: Pubkey) -> Pubkey:
    """The account that collects a referrer's fees."""
    return CURVE.pda(b"referrer", referrer)


def register_referrer(chain: Chain, payer: Keypair, referrer: Pubkey) -> Pubkey:
    """Lets a wallet be named in trades; returns its account."""
    account = referrer_account(referrer)
    accounts = {"payer": payer.pubkey(), "referrer": referrer, "referrer_fees": account}
    chain.send([CURVE.instruction("register_referrer", {}, accounts)], [payer])
    return account


def curve_model(segments: Segments, *, protocol: int = 50, creator: int = 30, referrer: int = 2_000) -> model.Curve:
    """The same curve in the model with fractions."""
    stretches = [model.Segment(each["base_reserve"], each["quote_reserve"], each["base_for_sale"]) for each in segments]
    return model.Curve("test", stretches, model.Rates(protocol, creator, referrer))


def inline(segments: Segments) -> dict[str, Any]:
    """Segments that travel in the instruction, where a curve's source is asked for."""
    return {"Inline": {"segments": list(segments)}}


def shape_of(segments: Segments) -> Pubkey:
    """The address of the shape with these segments."""
    rows = CURVE.codec.encode({"vec": {"defined": {"name": "Segment"}}}, list(segments))
    return CURVE.pda(b"shape", hashlib.sha256(rows).digest())


def create_shape(chain: Chain, payer: Keypair, segments: Segments, **accounts: Pubkey) -> Receipt:
    """Keeps segments in an account of their own."""
    named = {"payer": payer.pubkey(), "shape": shape_of(segments)} | accounts
    return chain.send([CURVE.instruction("create_shape", {"segments": list(segments)}, named)], [payer])


def sale_terms(**changes: Any) -> dict[str, Any]:
    """The usual terms of a sale, with changes."""
    usual = {
        "launch_fee": launch_fee(0, 0),
        "opening": {
            "window_seconds": 0,
            "wallet_cap_bps": 0,
            "one_buy_per_slot": False,
            "allowlist": None,
            "holders": None,
            "binds_creator": False,
        },
        "graduation": {"venue": "Amm", "liquidity_bps": 10_000, "liquidity_lock_seconds": 0, "payout": None},
        "batch": None,
    }
    return usual | changes


def launch_fee(start_bps: int, seconds: int, half_life: int = 0) -> dict[str, int]:
    """A launch fee as the program takes it."""
    return {"start_bps": start_bps, "seconds": seconds, "half_life": half_life}


def terms_of(sale: Mapping[str, Any]) -> Pubkey:
    """The address of the account with these terms."""
    return CURVE.pda(b"terms", hashlib.sha256(CURVE.codec.encode({"defined": {"name": "SaleTerms"}}, sale)).digest())


def create_terms(chain: Chain, payer: Keypair, sale: Mapping[str, Any], **accounts: Pubkey) -> Receipt:
    """Keeps terms in an account of their own."""
    named = {"payer": payer.pubkey(), "terms": terms_of(sale)} | accounts
    return chain.send([CURVE.instruction("create_terms", {"sale": sale}, named)], [payer])


def base_at_end_price(segments: Segments, quote: int) -> int:
    """Base units that stand against `quote` lamports at a curve's last price, rounded down."""
    last = segments[-1]
    base = last["base_reserve"] - last["base_for_sale"]
    return quote * base // -(-last["base_reserve"] * last["quote_reserve"] // base)


def raise_of(segments: Segments) -> int:
    """Lamports that a curve holds when everything is sold."""
    raised = 0
    for each in segments:
        end = each["base_reserve"] - each["base_for_sale"]
        raised += -(-each["base_reserve"] * each["quote_reserve"] // end) - each["quote_reserve"]
    return raised


def enough_liquidity(segments: Segments) -> int:
    """The fewest base units that a curve whose whole raise becomes liquidity must keep."""
    return base_at_end_price(segments, raise_of(segments))


def opens_a_pool(segments: Segments) -> bool:
    """Whether nine tenths of the raise still make more than the shares that nobody gets."""
    raised = raise_of(segments)
    quote = raised - raised // 10
    return isqrt(quote * base_at_end_price(segments, quote)) > 1_000


@dataclass
class Opening:
    """Everything that opens a curve; tests change what they want to see refused."""

    chain: Chain
    authority: Keypair
    mint: Pubkey
    token_program: Pubkey = TOKEN_2022
    segments: Segments = field(default_factory=lambda: CLASSIC)
    liquidity: int = LIQUIDITY
    creator: Pubkey | None = None
    deadline: int | None = None
    sale: Mapping[str, Any] | None = None

    @property
    def curve(self) -> Pubkey:
        """The curve's address."""
        return CURVE.pda(b"curve", self.mint)

    @property
    def vault(self) -> Pubkey:
        """The curve's token account."""
        return ata(self.curve, self.mint, self.token_program)

    @property
    def args(self) -> dict[str, Any]:
        """The instruction's argument."""
        return {
            "creator": self.authority.pubkey() if self.creator is None else self.creator,
            "sale_supply": sum(each["base_for_sale"] for each in self.segments),
            "liquidity_supply": self.liquidity,
            "source": inline(self.segments),
            "deadline": self.deadline,
        }

    @property
    def accounts(self) -> dict[str, Pubkey | None]:
        """The instruction's accounts."""
        return {
            "payer": self.authority.pubkey(),
            "authority": self.authority.pubkey(),
            "config": CONFIG,
            "mint": self.mint,
            "curve": self.curve,
            "base_vault": self.vault,
            "depositor_base": ata(self.authority.pubkey(), self.mint, self.token_program),
            "terms": terms_of(self.sale) if self.sale else None,
            "batch": CURVE.pda(b"batch", self.mint) if self.sale and self.sale["batch"] else None,
            "token_program": self.token_program,
        }

    def instruction(self, args: Mapping[str, Any] | None = None, **accounts: Pubkey | None) -> Instruction:
        """The instruction with some arguments or accounts replaced."""
        return CURVE.instruction("open_curve", {"args": {**self.args, **(args or {})}}, {**self.accounts, **accounts})

    def send(self, args: Mapping[str, Any] | None = None, **accounts: Pubkey | None) -> Receipt:
        """Opens the curve, and puts its terms on chain before."""
        if self.sale and not self.chain.exists(terms_of(self.sale)):
            create_terms(self.chain, self.authority, self.sale)
        return self.chain.send([self.instruction(args, **accounts)], [self.authority])


def opening(chain: Chain, *, token_program: Pubkey = TOKEN_2022, **changes: Any) -> Opening:
    """A mint whose whole supply its opener holds, ready to be opened with the classic curve."""
    authority = changes.pop("authority", None) or chain.wallet()
    segments = changes.setdefault("segments", CLASSIC)
    liquidity = changes.setdefault("liquidity", LIQUIDITY if segments is CLASSIC else enough_liquidity(segments))
    supply = sum(each["base_for_sale"] for each in segments) + liquidity
    extensions = metadata_pointer() if token_program == TOKEN_2022 else None
    key = changes.pop("mint", None)
    mint = chain.new_mint(authority.pubkey(), supply, program=token_program, extensions=extensions, key=key)
    return Opening(chain, authority, mint, token_program, **changes)


@dataclass
class Market:
    """An open curve."""

    opening: Opening

    @property
    def chain(self) -> Chain:
        """The runtime it lives in."""
        return self.opening.chain

    @property
    def mint(self) -> Pubkey:
        """What is traded."""
        return self.opening.mint

    @property
    def curve(self) -> Pubkey:
        """The curve's address."""
        return self.opening.curve

    @property
    def vault(self) -> Pubkey:
        """The curve's token account."""
        return self.opening.vault

    @property
    def creator(self) -> Keypair:
        """Who opened it and claims its creator fees."""
        return self.opening.authority

    @property
    def state(self) -> dict[str, Any]:
        """The curve's account."""
        return self.chain.read(CURVE, "Curve", self.curve)

    def trader(self, sol: float = 100) -> Keypair:
        """A wallet with SOL and a token account."""
        key = self.chain.wallet(sol)
        self.chain.send([create_ata(key.pubkey(), key.pubkey(), self.mint, self.opening.token_program)], [key])
        return key

    def wallet_of(self, owner: Keypair) -> Pubkey:
        """An owner's token account."""
        return ata(owner.pubkey(), self.mint, self.opening.token_program)

    def held(self, owner: Keypair) -> int:
        """Base units that an owner has."""
        return self.chain.tokens(self.wallet_of(owner))

    def accounts(self, trader: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a trade without a referrer."""
        return {
            "trader": trader,
            "config": CONFIG,
            "curve": self.curve,
            "mint": self.mint,
            "base_vault": self.vault,
            "trader_base": ata(trader, self.mint, self.opening.token_program),
            "token_program": self.opening.token_program,
        }

    def instruction(
        self, name: str, trader: Pubkey, amount: int, limit: int, deadline: int = DEADLINE, **accounts: Pubkey | None
    ) -> Instruction:
        """A trade with some accounts replaced; `amount` and `limit` in the instruction's order."""
        names = [each["name"] for each in CURVE.spec(name)["args"]]
        args = dict(zip(names, (amount, limit, deadline), strict=True))
        return CURVE.instruction(name, args, {**self.accounts(trader), **accounts})

    def buy(self, trader: Keypair, quote_in: int, at_least: int = 0, **more: Any) -> Receipt:
        """buy_exact_in."""
        return self.chain.send(
            [self.instruction("buy_exact_in", trader.pubkey(), quote_in, at_least, **more)], [trader]
        )

    def buy_out(self, trader: Keypair, base_out: int, at_most: int = 2**63, **more: Any) -> Receipt:
        """buy_exact_out."""
        return self.chain.send(
            [self.instruction("buy_exact_out", trader.pubkey(), base_out, at_most, **more)], [trader]
        )

    def sell(self, trader: Keypair, base_in: int, at_least: int = 0, **more: Any) -> Receipt:
        """sell."""
        return self.chain.send([self.instruction("sell", trader.pubkey(), base_in, at_least, **more)], [trader])

    def expire(self, payer: Keypair) -> Receipt:
        """Ends the sale."""
        return self.chain.send([CURVE.instruction("expire", {}, {"curve": self.curve})], [payer])

    def refund_accounts(self, holder: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a refund."""
        return {
            "holder": holder,
            "curve": self.curve,
            "mint": self.mint,
            "base_vault": self.vault,
            "holder_base": ata(holder, self.mint, self.opening.token_program),
            "token_program": self.opening.token_program,
        }

    def refund(self, holder: Keypair, base_in: int) -> Receipt:
        """Returns tokens of an expired sale."""
        accounts = self.refund_accounts(holder.pubkey())
        return self.chain.send([CURVE.instruction("refund", {"base_in": base_in}, accounts)], [holder])

    def claim_creator_fees(self, creator: Keypair | None = None) -> Receipt:
        """Pays the creator."""
        key = creator or self.creator
        accounts = {"creator": key.pubkey(), "curve": self.curve}
        return self.chain.send([CURVE.instruction("claim_creator_fees", {}, accounts)], [key])

    def sweep_protocol_fees(self, caller: Keypair, **accounts: Pubkey) -> Receipt:
        """Pays the protocol."""
        recipient = self.chain.read(CURVE, "Config", CONFIG)["fee_recipient"]
        given = {"caller": caller.pubkey(), "config": CONFIG, "curve": self.curve, "fee_recipient": recipient}
        return self.chain.send([CURVE.instruction("sweep_protocol_fees", {}, {**given, **accounts})], [caller])

    def write(self, **changes: Any) -> None:
        """Overwrites fields of the curve's account, as no instruction could."""
        account = self.chain.account(self.curve)
        data = CURVE.encode_account("Curve", {**self.state, **changes})
        self.chain.set_account(self.curve, data, CURVE.id, lamports=account.lamports)


def open_market(chain: Chain, **changes: Any) -> Market:
    """Opens a curve; the config must exist."""
    prepared = opening(chain, **changes)
    prepared.send()
    return Market(prepared)


def claim_referrer_fees(chain: Chain, referrer: Keypair) -> Receipt:
    """Pays a referrer."""
    accounts = {"referrer": referrer.pubkey(), "referrer_fees": referrer_account(referrer.pubkey())}
    return chain.send([CURVE.instruction("claim_referrer_fees", {}, accounts)], [referrer])
