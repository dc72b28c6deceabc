"""Sending and simulating transactions, blockhashes and fees."""

from collections.abc import Awaitable
from typing import Any

from solders.message import from_bytes_versioned

from launchpad.localnet.encoding.binary import UndecodableError, from_base64, to_base58
from launchpad.localnet.errors import invalid_params
from launchpad.localnet.fees import compute_budget, transaction_fee
from launchpad.localnet.keys import b58
from launchpad.localnet.message import DecodedMessage, TransactionRejectedError
from launchpad.localnet.methods.decoding import decode_transaction, deserialization_error
from launchpad.localnet.methods.statuses import status_entry
from launchpad.localnet.node import Node
from launchpad.localnet.params import Config, blockhash, pubkey, signature, string, strings, unsigned
from launchpad.localnet.preflight import send_with_preflight, send_without_preflight
from launchpad.localnet.registry import method
from launchpad.localnet.simulation import simulate

MAX_STATUSES = 256
MAX_FEE_KEYS = 128
MAX_FEE_SLOTS = 150


@method("sendTransaction", required=1, optional=1)
def send_transaction(node: Node, args: list[Any]) -> Awaitable[str]:
    """Execute a transaction; its first signature, once that is on the disk."""
    text, config = string(args[0]), Config(args[1], "RpcSendTransactionConfig")
    level = config.strict_commitment("preflightCommitment")
    skip = config.flag("skipPreflight")
    transaction = decode_transaction(text, config.text("encoding"))
    bank = node.bank("processed" if skip else level, config.min_context_slot)
    if skip:
        send_without_preflight(node, transaction)
    else:
        send_with_preflight(node, transaction, bank)
    return _acknowledge(node, transaction.signature)


async def _acknowledge(node: Node, raw_signature: bytes) -> str:
    await node.cluster.store.durable()
    return to_base58(raw_signature)


@method("simulateTransaction", required=1, optional=1)
def simulate_transaction(node: Node, args: list[Any]) -> Any:
    """Run a transaction without effect; also a failing one is a successful answer."""
    return simulate(node, string(args[0]), Config(args[1], "RpcSimulateTransactionConfig"))


@method("requestAirdrop", required=2, optional=1)
def request_airdrop(node: Node, args: list[Any]) -> Awaitable[str]:
    """Transfer lamports from the faucet; the transfer's signature."""
    text, lamports = string(args[0]), unsigned(args[1])
    config = Config(args[2], "RpcRequestAirdropConfig")
    to, named = pubkey(text), config.text("recentBlockhash")
    if named is not None:
        recent = blockhash(named)
    else:
        recent, _ = node.cluster.bank.latest_blockhash(node.bank(config.commitment).slot)
    return _acknowledge(node, node.cluster.airdrop(to, lamports, recent))


@method("getLatestBlockhash", optional=1)
def get_latest_blockhash(node: Node, args: list[Any]) -> Any:
    """The newest blockhash, and the last block height at which it may be used."""
    bank = node.bank_for(Config(args[0]))
    latest, last_height = node.cluster.bank.latest_blockhash(bank.slot)
    return bank.context({"blockhash": b58(latest), "lastValidBlockHeight": last_height})


@method("isBlockhashValid", required=1, optional=1)
def is_blockhash_valid(node: Node, args: list[Any]) -> Any:
    """Whether a blockhash may be used on the bank of the level."""
    text, config = string(args[0]), Config(args[1])
    wanted = blockhash(text, prefix="")
    bank = node.bank_for(config)
    return bank.context(node.cluster.bank.is_blockhash_valid(wanted, bank.slot))


@method("getFeeForMessage", required=1, optional=1)
def get_fee_for_message(node: Node, args: list[Any]) -> Any:
    """The lamports a message would cost, null when its blockhash is unknown."""
    text, config = string(args[0]), Config(args[1])
    try:
        message = DecodedMessage(from_bytes_versioned(from_base64(text)))
    except UndecodableError as error:
        raise invalid_params(f"invalid base64 encoding: {error}") from None
    except ValueError as error:
        raise deserialization_error("solana_message::non_bpf_modules::versions::VersionedMessage", error) from None
    bank = node.bank_for(config)
    if not node.cluster.bank.knows_blockhash(message.blockhash, bank.slot):
        return bank.context(None)
    try:
        return bank.context(transaction_fee(message, compute_budget(message)))
    except (TransactionRejectedError, IndexError):
        return bank.context(None)


@method("getRecentPrioritizationFees", optional=1)
def get_recent_prioritization_fees(node: Node, args: list[Any]) -> Any:
    """The lowest price that landed in each recent slot, for transactions that write all given keys."""
    texts = strings(args[0] or [])
    if len(texts) > MAX_FEE_KEYS:
        raise invalid_params(f"Too many inputs provided; max {MAX_FEE_KEYS}")
    keys = {pubkey(text) for text in texts}
    statuses, confirmed = node.cluster.statuses, node.cluster.bank.confirmed
    found = []
    for slot in [each for each in statuses.slots() if each <= confirmed][-MAX_FEE_SLOTS:]:
        prices = [
            each.effects.price
            for each in statuses.of_slot(slot)
            if keys.issubset(key for key, flag in zip(each.keys, each.effects.writable, strict=True) if flag)
        ]
        found.append({"slot": slot, "prioritizationFee": min(prices, default=0)})
    return found


@method("getSignatureStatuses", required=1, optional=1)
def get_signature_statuses(node: Node, args: list[Any]) -> Any:
    """How far each transaction got, null for those that are unknown."""
    texts, config = strings(args[0]), Config(args[1], "RpcSignatureStatusConfig")
    if len(texts) > MAX_STATUSES:
        raise invalid_params(f"Too many inputs provided; max {MAX_STATUSES}")
    history = config.flag("searchTransactionHistory")
    bank = node.bank("processed")
    wanted = [signature(text) for text in texts]
    return bank.context([status_entry(node, each, history=history) for each in wanted])
