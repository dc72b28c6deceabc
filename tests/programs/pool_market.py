"""Pools with their config, as most tests of them begin, and their state as a model sees it."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from scripts import make_amm_vectors as model
from tests.programs.harness import (
    AMM,
    CURVE,
    NOW,
    SOL,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    WSOL,
    Chain,
    Receipt,
    RefusedError,
    ata,
    metadata_pointer,
    receipt_of,
    token_data,
    transfer_sol,
)

CONFIG = AMM.pda(b"config")
DEADLINE = NOW + 60
LOCKED = 1_000
TOKENS = 10**9
BASE = 206_900_000 * TOKENS
QUOTE = 85_005_359_057
LOTS = 10**18
RECIPIENT = Keypair.from_seed(bytes([9] * 32))
RATES = {"lp_fee_bps": 20, "protocol_fee_bps": 5}
TIERS = [
    {"min_market_cap_quote": 0, "creator_fee_bps": 30},
    {"min_market_cap_quote": 1_000 * SOL, "creator_fee_bps": 20},
    {"min_market_cap_quote": 5_000 * SOL, "creator_fee_bps": 10},
]
AUTHORITY_OF_CREATOR = Keypair.from_seed(bytes([10] * 32))
CREATOR = Keypair.from_seed(bytes([11] * 32))


def fee_args(**changes: Any) -> dict[str, Any]:
    """The fees that tests start from."""
    return {"fee_recipient": RECIPIENT.pubkey(), **RATES, "tiers": TIERS, **changes}


def create_config(chain: Chain, authority: Pubkey | None = None, **changes: Any) -> Receipt:
    """Creates the config as the upgrade authority."""
    accounts = {"payer": chain.admin.pubkey(), "config": CONFIG, "program_data": AMM.program_data}
    args = {"authority": authority or chain.admin.pubkey(), "fees": fee_args(**changes)}
    return chain.send([AMM.instruction("create_config", {"args": args}, accounts)], [chain.admin])


def manage(chain: Chain, name: str, args: Mapping[str, Any], signer: Keypair | None = None) -> Receipt:
    """One of the instructions of the config's authority."""
    authority = signer or chain.admin
    accounts = {"authority": authority.pubkey(), "config": CONFIG}
    return chain.send([AMM.instruction(name, args, accounts)], [authority])


def set_paused(chain: Chain, *, paused: bool) -> None:
    """Pauses or resumes."""
    manage(chain, "set_paused", {"paused": paused})


def fund(chain: Chain, owner: Pubkey, mint: Pubkey, amount: int, program: Pubkey) -> Pubkey:
    """Writes the owner's associated account; one of wrapped SOL holds its lamports."""
    if mint != WSOL:
        return chain.set_tokens(owner, mint, amount, program=program)
    key, data = ata(owner, mint, TOKEN), bytearray(token_data(mint, owner, amount, extended=False))
    rent = chain.rent(len(data))
    data[109:121] = struct.pack("<IQ", 1, rent)
    chain.set_account(key, bytes(data), TOKEN, lamports=rent + amount)
    return key


def send_as_program(chain: Chain, instructions: Sequence[Instruction], payer: Keypair) -> Receipt:
    """Runs a transaction in which a program's own address signs, as only that program could make it."""
    chain.svm.expire_blockhash()
    blockhash: Hash = chain.svm.latest_blockhash()
    message = Message.new_with_blockhash(list(instructions), payer.pubkey(), blockhash)
    signed = [payer.sign_message(bytes(message))]
    signatures = [*signed, *[Signature.default()] * (message.header.num_required_signatures - len(signed))]
    chain.svm.with_sigverify(False)
    result = chain.svm.send_transaction(Transaction.populate(message, signatures))
    chain.svm.with_sigverify(True)
    if isinstance(result, FailedTransactionMetadata):
        raise RefusedError(result.err(), result.meta().logs())
    return receipt_of(result, list(message.account_keys))


@dataclass
class Pool:
    """A pool that exists or is about to."""

    chain: Chain
    base_mint: Pubkey
    base_program: Pubkey
    opener: Keypair
    quote_mint: Pubkey = WSOL
    quote_program: Pubkey = TOKEN
    index: int = 0
    canonical: bool = False
    creator: Pubkey | None = None

    @property
    def key(self) -> Pubkey:
        """The pool's address."""
        if self.canonical:
            return AMM.pda(b"pool", self.base_mint)
        index = struct.pack("<H", self.index)
        return AMM.pda(b"pool", self.base_mint, self.quote_mint, self.opener.pubkey(), index)

    @property
    def curve(self) -> Pubkey:
        """The curve of the base mint."""
        return CURVE.pda(b"curve", self.base_mint)

    @property
    def lp_mint(self) -> Pubkey:
        """The mint of the shares."""
        return AMM.pda(b"lp_mint", self.key)

    @property
    def base_vault(self) -> Pubkey:
        """Where the base reserve lies."""
        return AMM.pda(b"vault", self.key, self.base_mint)

    @property
    def quote_vault(self) -> Pubkey:
        """Where the quote reserve and the fees lie."""
        return AMM.pda(b"vault", self.key, self.quote_mint)

    @property
    def state(self) -> dict[str, Any]:
        """The pool's account."""
        return self.chain.read(AMM, "Pool", self.key)

    @property
    def vaults(self) -> tuple[int, int]:
        """What the vaults hold, base first."""
        return self.chain.tokens(self.base_vault), self.chain.tokens(self.quote_vault)

    @property
    def reserves(self) -> tuple[int, int]:
        """What the vaults hold for the liquidity."""
        state, (base, quote) = self.state, self.vaults
        return base, quote - state["protocol_fees"] - state["creator_fees"]

    def model(self) -> model.Pool:
        """The same pool in the model with fractions."""
        state, config = self.state, self.chain.read(AMM, "Config", CONFIG)
        found = model.Rates(config["lp_fee_bps"], config["protocol_fee_bps"], state["creator_fee_bps"])
        return model.Pool("test", *self.reserves, found, state["lp_supply"])

    def base_of(self, owner: Pubkey) -> Pubkey:
        """An owner's base account."""
        return ata(owner, self.base_mint, self.base_program)

    def quote_of(self, owner: Pubkey) -> Pubkey:
        """An owner's quote account."""
        return ata(owner, self.quote_mint, self.quote_program)

    def lp_of(self, owner: Pubkey) -> Pubkey:
        """An owner's account of shares."""
        return ata(owner, self.lp_mint, TOKEN)

    def held(self, owner: Pubkey) -> tuple[int, int, int]:
        """An owner's base, quote and shares."""
        return (
            self.chain.tokens(self.base_of(owner)),
            self.chain.tokens(self.quote_of(owner)),
            self.chain.tokens(self.lp_of(owner)),
        )

    def user(self, base: int = LOTS, quote: int = 10**15) -> Keypair:
        """A wallet with SOL and both tokens, and an account for shares."""
        key = self.chain.wallet()
        self.fund(key.pubkey(), base, quote)
        self.chain.set_tokens(key.pubkey(), self.lp_mint, 0, program=TOKEN)
        return key

    def fund(self, owner: Pubkey, base: int, quote: int) -> None:
        """Gives an owner both tokens."""
        fund(self.chain, owner, self.base_mint, base, self.base_program)
        fund(self.chain, owner, self.quote_mint, quote, self.quote_program)

    # Creating

    @property
    def _shared(self) -> dict[str, Pubkey | None]:
        return {
            "config": CONFIG,
            "pool": self.key,
            "base_mint": self.base_mint,
            "quote_mint": self.quote_mint,
            "base_vault": self.base_vault,
            "quote_vault": self.quote_vault,
            "base_token_program": self.base_program,
            "quote_token_program": self.quote_program,
        }

    @property
    def create_accounts(self) -> dict[str, Pubkey | None]:
        """The accounts of create_pool."""
        opener = self.opener.pubkey()
        own = {"opener_base": self.base_of(opener), "opener_quote": self.quote_of(opener)}
        return {**self._shared, **own, "opener": opener, "lp_mint": self.lp_mint, "opener_lp": self.lp_of(opener)}

    def create_args(self, base: int = BASE, quote: int = QUOTE) -> dict[str, Any]:
        """The argument of create_pool."""
        creator = self.creator or SYSTEM
        return {"args": {"index": self.index, "base_amount": base, "quote_amount": quote, "creator": creator}}

    def create_instruction(self, base: int = BASE, quote: int = QUOTE, **accounts: Pubkey | None) -> Instruction:
        """create_pool with some accounts replaced."""
        return AMM.instruction("create_pool", self.create_args(base, quote), {**self.create_accounts, **accounts})

    def create(self, base: int = BASE, quote: int = QUOTE, **accounts: Pubkey | None) -> Receipt:
        """Creates a free pool, or the canonical one without giving shares to anybody."""
        if self.canonical:
            return self.graduate(base, quote)
        self.fund(self.opener.pubkey(), max(base, self.held(self.opener.pubkey())[0]), quote)
        return self.chain.send([self.create_instruction(base, quote, **accounts)], [self.opener])

    def canonical_accounts(self, lp_owner: Pubkey | None = None) -> dict[str, Pubkey | None]:
        """The accounts of create_canonical_pool."""
        shared = {name: key for name, key in self._shared.items() if name != "quote_token_program"}
        return {
            **shared,
            "payer": self.opener.pubkey(),
            "curve": self.curve,
            "lp_mint": self.lp_mint,
            "curve_base": self.base_of(self.curve),
            "lp_owner": lp_owner,
            "lp_account": lp_owner and self.lp_of(lp_owner),
        }

    def canonical_args(self, base: int = BASE, quote: int = QUOTE) -> dict[str, Any]:
        """The argument of create_canonical_pool."""
        creator, authority = self.creator or CREATOR.pubkey(), AUTHORITY_OF_CREATOR.pubkey()
        return {"args": {"base_amount": base, "quote_amount": quote, "creator": creator, "authority": authority}}

    def graduate(
        self,
        base: int = BASE,
        quote: int = QUOTE,
        *,
        lp_owner: Pubkey | None = None,
        lamports: int | None = None,
        **accounts: Pubkey | None,
    ) -> Receipt:
        """What the curve's program does: lamports to the vault's address, then the call that the curve signs."""
        given = {**self.canonical_accounts(lp_owner), **accounts}
        put = transfer_sol(self.opener.pubkey(), self.quote_vault, quote if lamports is None else lamports)
        call = AMM.instruction("create_canonical_pool", self.canonical_args(base, quote), given)
        return send_as_program(self.chain, [put, call], self.opener)

    # Using

    def swap_accounts(self, trader: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a swap."""
        own = {"trader_base": self.base_of(trader), "trader_quote": self.quote_of(trader)}
        return {**self._shared, **own, "trader": trader}

    def swap_instruction(
        self,
        kind: str,
        trader: Pubkey,
        amount: int,
        limit: int | None = None,
        deadline: int = DEADLINE,
        **accounts: Pubkey | None,
    ) -> Instruction:
        """A swap by the model's name for it, such as `sell_exact_in`; without a limit any price will do."""
        side, _, exact = kind.partition("_")
        anything = 0 if exact == "exact_in" else 2**64 - 1
        names = [each["name"] for each in AMM.spec(f"swap_{exact}")["args"]]
        values = (side == "buy", amount, anything if limit is None else limit, deadline)
        args = dict(zip(names, values, strict=True))
        return AMM.instruction(f"swap_{exact}", args, {**self.swap_accounts(trader), **accounts})

    def swap(self, kind: str, trader: Keypair, amount: int, limit: int | None = None, **more: Any) -> Receipt:
        """Swaps."""
        return self.chain.send([self.swap_instruction(kind, trader.pubkey(), amount, limit, **more)], [trader])

    def liquidity_accounts(self, provider: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of deposit and withdraw."""
        own = {
            "provider": provider,
            "provider_base": self.base_of(provider),
            "provider_quote": self.quote_of(provider),
            "provider_lp": self.lp_of(provider),
        }
        return {**self._shared, **own, "lp_mint": self.lp_mint}

    def deposit(
        self, provider: Keypair, base: int, quote: int, min_lp: int = 0, deadline: int = DEADLINE, **accounts: Pubkey
    ) -> Receipt:
        """Adds liquidity."""
        args = {"max_base": base, "max_quote": quote, "min_lp": min_lp, "deadline": deadline}
        given = {**self.liquidity_accounts(provider.pubkey()), **accounts}
        return self.chain.send([AMM.instruction("deposit", args, given)], [provider])

    def withdraw(self, provider: Keypair, shares: int, base: int = 0, quote: int = 0, **accounts: Pubkey) -> Receipt:
        """Takes liquidity out."""
        args = {"lp_amount": shares, "min_base": base, "min_quote": quote}
        given = {**self.liquidity_accounts(provider.pubkey()), **accounts}
        return self.chain.send([AMM.instruction("withdraw", args, given)], [provider])

    def claim_accounts(self, creator: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of claim_creator_fees."""
        kept = ("pool", "quote_mint", "base_vault", "quote_vault", "quote_token_program")
        shared = {name: self._shared[name] for name in kept}
        return {**shared, "creator": creator, "creator_quote": self.quote_of(creator)}

    def claim(self, creator: Keypair) -> Receipt:
        """Pays the creator."""
        accounts = self.claim_accounts(creator.pubkey())
        return self.chain.send([AMM.instruction("claim_creator_fees", {}, accounts)], [creator])

    def sweep_accounts(self, caller: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of sweep_protocol_fees."""
        shared = {**self.claim_accounts(caller), "config": CONFIG, "caller": caller}
        own = {name: key for name, key in shared.items() if name not in {"creator", "creator_quote"}}
        return {**own, "recipient_quote": self.quote_of(RECIPIENT.pubkey())}

    def sweep(self, caller: Keypair, **accounts: Pubkey) -> Receipt:
        """Pays the protocol."""
        given = {**self.sweep_accounts(caller.pubkey()), **accounts}
        return self.chain.send([AMM.instruction("sweep_protocol_fees", {}, given)], [caller])

    def set_creator(self, authority: Keypair, creator: Pubkey) -> Receipt:
        """Gives the creator's fees to another wallet."""
        vaults = {"base_vault": self.base_vault, "quote_vault": self.quote_vault}
        accounts = {"authority": authority.pubkey(), "pool": self.key, **vaults}
        return self.chain.send([AMM.instruction("set_creator", {"new_creator": creator}, accounts)], [authority])

    def write(self, **changes: Any) -> None:
        """Overwrites fields of the pool's account, as no instruction could."""
        account = self.chain.account(self.key)
        data = AMM.encode_account("Pool", {**self.state, **changes})
        self.chain.set_account(self.key, data, AMM.id, lamports=account.lamports)


def new_pool(chain: Chain, *, program: Pubkey = TOKEN_2022, supply: int = 10**18, **changes: Any) -> Pool:
    """A pool that is about to be created, of a mint like those that are launched."""
    opener = changes.pop("opener", None) or chain.wallet(20_000)
    extensions = changes.pop("extensions", metadata_pointer() if program == TOKEN_2022 else None)
    mint = changes.pop("base_mint", None) or chain.new_mint(None, supply, program=program, extensions=extensions)
    return Pool(chain, mint, program, opener, **changes)


def graduated(chain: Chain, base: int = BASE, quote: int = QUOTE, **changes: Any) -> Pool:
    """A graduate's pool, all of whose shares are locked."""
    pool = new_pool(chain, canonical=True, **changes)
    pool.chain.set_tokens(pool.curve, pool.base_mint, base, program=pool.base_program)
    pool.graduate(base, quote)
    return pool


def free_pool(chain: Chain, base: int = BASE, quote: int = QUOTE, **changes: Any) -> Pool:
    """A pool of anybody's."""
    pool = new_pool(chain, **changes)
    pool.create(base, quote)
    return pool
