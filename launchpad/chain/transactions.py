"""From instructions to a transaction that somebody can sign: blockhash, fees, compute limit, lookup tables."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from solders.address_lookup_table_account import AddressLookupTable, AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import MessageV0, to_bytes_versioned
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from launchpad.chain.addresses import pubkey
from launchpad.chain.instructions.solana import compute_budget, transfer_lamports
from launchpad.chain.keys import MAX_TRANSACTION_BYTES, encode_transaction_wire
from launchpad.chain.rpc import RpcPool
from launchpad.errors import InvalidInputError

MAX_COMPUTE_UNITS = 1_400_000
LAMPORTS_PER_SIGNATURE = 5_000
MICRO = 1_000_000
# A program's path may get a little longer between simulation and execution.
_MARGIN_PERCENT = 15
_MARGIN_UNITS = 3_000
# Of what others pay: enough for three of four, never more than a bidding frenzy deserves.
_PERCENTILE = 75
_HIGHEST_PRICE = 5_000_000
# An index is one byte; payer and programs come on top of what instructions name.
_MAX_ACCOUNTS = 256
_FEW_MORE = 16
# As long as any other.
_NO_BLOCKHASH = "1" * 32


class TransactionTooLargeError(InvalidInputError):
    """The transaction does not fit one packet."""

    code = "TRANSACTION_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class BuiltTransaction:
    """A transaction that waits for signatures. Lamports; `network_fee_lamports` is all fees, without the tip.

    `rehearsal` is what was simulated in its place, where it needs an earlier one to land first.
    """

    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers_needed: list[str]
    compute_unit_limit: int
    priority_fee_lamports: int
    network_fee_lamports: int
    tip_lamports: int = 0
    rehearsal: str | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """Lamports for whoever puts a bundle into a block, and one of the accounts that take them."""

    account: str
    lamports: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be done, who pays, and the keys that we hold ourselves. A tip is paid last, and only if all else is.

    Its account is no account that this transaction competes for, so nobody is outbid for it.

    `rehearsal` is simulated in place of instructions that need a transaction which has not
    landed yet; they may use `extra_units` more compute units than it.
    """

    payer: str
    instructions: Sequence[Instruction]
    signers: Sequence[Keypair] = ()
    tables: Sequence[AddressLookupTableAccount] = ()
    tip: Tip | None = None
    rehearsal: Sequence[Instruction] | None = None
    extra_units: int = 0

    def message(self, blockhash: str, limit: int, price: int) -> MessageV0:
        """The message with its compute budget in front; TransactionTooLargeError beyond 256 accounts."""
        named = {meta.pubkey for instruction in self.instructions for meta in instruction.accounts}
        if len(named) > _MAX_ACCOUNTS - _FEW_MORE:
            raise TransactionTooLargeError("The transaction names too many accounts: use fewer parts.")
        tip = [transfer_lamports(self.payer, self.tip.account, self.tip.lamports)] if self.tip else []
        return MessageV0.try_compile(
            pubkey(self.payer),
            [*compute_budget(limit, price), *self.instructions, *tip],
            list(self.tables),
            Hash.from_string(blockhash),
        )

    @property
    def trial(self) -> "Draft":
        """What can be simulated now."""
        return self if self.rehearsal is None else replace(self, instructions=self.rehearsal)

    @property
    def writable(self) -> list[str]:
        """The accounts that it writes: what others bid for too."""
        metas = (meta for instruction in self.instructions for meta in instruction.accounts if meta.is_writable)
        return list(dict.fromkeys(str(meta.pubkey) for meta in metas))


def wire(message: MessageV0, signers: Sequence[Keypair]) -> str:
    """A message as a transaction, signed by these keys and by nobody else yet.

    Raises TransactionTooLargeError when it does not fit.
    """
    raw = to_bytes_versioned(message)
    ours = {keypair.pubkey(): keypair for keypair in signers}
    required = message.account_keys[: message.header.num_required_signatures]
    signatures = [ours[key].sign_message(raw) if key in ours else Signature.default() for key in required]
    transaction = VersionedTransaction.populate(message, signatures)
    size = len(bytes(transaction))
    if size > MAX_TRANSACTION_BYTES:
        over = size - MAX_TRANSACTION_BYTES
        message_text = f"The transaction is {over} bytes too large: shorten the texts or use fewer parts."
        raise TransactionTooLargeError(message_text, bytes=size, limit=MAX_TRANSACTION_BYTES)
    return encode_transaction_wire(transaction)


def fits(draft: Draft) -> bool:
    """Whether a draft's transaction fits one packet, tip and compute budget included."""
    try:
        wire(draft.message(_NO_BLOCKHASH, MAX_COMPUTE_UNITS, _HIGHEST_PRICE), draft.signers)
    except TransactionTooLargeError:
        return False
    return True


def compute_limit(units: int) -> int:
    """The limit to set for a transaction that used `units` when it was simulated."""
    return min(units + units * _MARGIN_PERCENT // 100 + _MARGIN_UNITS, MAX_COMPUTE_UNITS)


def priority_fee(limit: int, price: int) -> int:
    """Lamports that `price` micro-lamports per unit cost, rounded up as the cluster does."""
    return -(-limit * price // MICRO)


def usual_price(fees: Sequence[int]) -> int:
    """What to bid, in micro-lamports per unit, going by what others paid lately."""
    if not fees:
        return 0
    ranked = sorted(fees)
    return min(ranked[(len(ranked) - 1) * _PERCENTILE // 100], _HIGHEST_PRICE)


def parse_lookup_table(address: str, data: bytes) -> AddressLookupTableAccount:
    """A lookup table's account."""
    table = AddressLookupTable.deserialize(data)
    return AddressLookupTableAccount(pubkey(address), table.addresses)


class TransactionBuilder:
    """Turns drafts into transactions that would succeed now."""

    def __init__(self, rpc: RpcPool, price: int = -1) -> None:
        self._rpc = rpc
        self._price = price

    async def build(self, draft: Draft) -> BuiltTransaction:
        """Simulate, size and price a draft.

        Raises the TransactionFailedError behind it when the transaction would fail now.
        """
        blockhash, price = await asyncio.gather(self._rpc.latest_blockhash(), self._bid(draft))
        trial = wire(draft.trial.message(blockhash.blockhash, MAX_COMPUTE_UNITS, price), draft.signers)
        simulation = (await self._rpc.simulate(trial)).require_success()
        limit = compute_limit(simulation.units + draft.extra_units)
        message = draft.message(blockhash.blockhash, limit, price)
        required = [str(key) for key in message.account_keys[: message.header.num_required_signatures]]
        signed = {str(keypair.pubkey()) for keypair in draft.signers}
        extra = priority_fee(limit, price)
        return BuiltTransaction(
            transaction=wire(message, draft.signers),
            rehearsal=None if draft.rehearsal is None else trial,
            blockhash=blockhash.blockhash,
            last_valid_block_height=blockhash.last_valid_block_height,
            signers_needed=[address for address in required if address not in signed],
            compute_unit_limit=limit,
            priority_fee_lamports=extra,
            network_fee_lamports=len(required) * LAMPORTS_PER_SIGNATURE + extra,
            tip_lamports=draft.tip.lamports if draft.tip else 0,
        )

    async def _bid(self, draft: Draft) -> int:
        if self._price >= 0:
            return self._price
        return usual_price(await self._rpc.get_recent_prioritization_fees(draft.writable))
