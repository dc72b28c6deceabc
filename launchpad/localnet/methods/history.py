"""Transactions and blocks of the past."""

from typing import Any

from launchpad.localnet.bank import Commitment
from launchpad.localnet.encoding.binary import to_base58
from launchpad.localnet.encoding.transaction import accounts_entry, transaction_entry
from launchpad.localnet.errors import (
    BLOCK_CLEANED_UP,
    BLOCK_NOT_AVAILABLE,
    RpcError,
    invalid_params,
)
from launchpad.localnet.keys import b58
from launchpad.localnet.ledger import queries
from launchpad.localnet.methods.statuses import confirmation_status, find_outcome, find_transaction
from launchpad.localnet.node import BankView, Node
from launchpad.localnet.params import Config, pubkey, signature, string, unsigned
from launchpad.localnet.records import Block, TransactionRecord
from launchpad.localnet.registry import method

MAX_SIGNATURES = 1_000
MAX_VERSION = 255
MAX_SLOTS = 500_000
NEWEST = 2**62
TRANSACTION_ENCODINGS = ("binary", "base64", "base58", "json", "jsonParsed")
DETAILS = ("full", "accounts", "signatures", "none")
BAD_CONFIG = "Invalid params: data did not match any variant of untagged enum RpcEncodingConfigWrapper."


def _encoding_config(value: Any) -> tuple[Config, str]:
    """A configuration object or a bare encoding name."""
    config = Config({"encoding": value} if isinstance(value, str) else _object(value))
    encoding = config.get("encoding") or "json"
    if encoding not in TRANSACTION_ENCODINGS:
        raise invalid_params(BAD_CONFIG)
    version = config.get("maxSupportedTransactionVersion")
    if version is not None and (
        isinstance(version, bool) or not isinstance(version, int) or not 0 <= version <= MAX_VERSION
    ):
        raise invalid_params(BAD_CONFIG)
    return config, encoding


def _object(value: Any) -> Any:
    if value is not None and not isinstance(value, dict):
        raise invalid_params(BAD_CONFIG)
    return value


def _past(node: Node, config: Config) -> BankView:
    level: Commitment = config.commitment
    if level == "processed":
        raise invalid_params("Method does not support commitment below `confirmed`")
    return node.bank(level, config.min_context_slot)


@method("getTransaction", required=1, optional=1)
def get_transaction(node: Node, args: list[Any]) -> Any:
    """A transaction that reached the level, else null."""
    text = string(args[0])
    config, encoding = _encoding_config(args[1])
    wanted = signature(text)
    bank = _past(node, config)
    record = find_transaction(node, wanted)
    if record is None or record.slot > bank.slot:
        return None
    entry = transaction_entry(record, encoding, config.get("maxSupportedTransactionVersion"))
    return {"slot": record.slot, "blockTime": record.time, **entry}


@method("getSignaturesForAddress", required=1, optional=1)
def get_signatures_for_address(node: Node, args: list[Any]) -> Any:
    """The transactions that mention an address, newest first."""
    text, config = string(args[0]), Config(args[1], "RpcSignaturesForAddressConfig")
    address = pubkey(text)
    before = _sequence(node, config.text("before"), unknown=0, missing=NEWEST)
    until = _sequence(node, config.text("until"), unknown=0, missing=0)
    asked = config.get("limit")
    limit = MAX_SIGNATURES if asked is None else unsigned(asked, "usize")
    if not 0 < limit <= MAX_SIGNATURES:
        raise invalid_params(f"Invalid limit; max {MAX_SIGNATURES}")
    bank = _past(node, config)
    records = queries.mentioning(node.cluster.store.reader, address, before, until, bank.slot, limit)
    return [_signature_entry(node, each) for each in records]


def _sequence(node: Node, text: str | None, *, unknown: int, missing: int) -> int:
    if text is None:
        return missing
    record = find_outcome(node, signature(text))
    return unknown if record is None else record.sequence


def _signature_entry(node: Node, record: TransactionRecord) -> dict[str, Any]:
    return {
        "signature": to_base58(record.signature),
        "slot": record.slot,
        "err": record.effects.err,
        "memo": record.memo,
        "blockTime": record.time,
        "confirmationStatus": confirmation_status(node, record.slot),
    }


def _block(node: Node, slot: int, newest: int) -> Block:
    """The block of a slot; raises RpcError when it is not there yet, or no longer."""
    if slot > newest:
        raise RpcError(BLOCK_NOT_AVAILABLE, f"Block not available for slot {slot}")
    block = node.cluster.bank.recent_block(slot) or queries.block(node.cluster.store.reader, slot)
    if block is None:
        first = queries.oldest_slot(node.cluster.store.reader) or 0
        raise RpcError(
            BLOCK_CLEANED_UP,
            f"Block {slot} cleaned up, does not exist on node. First available block: {first}",
        )
    return block


@method("getBlock", required=1, optional=1)
def get_block(node: Node, args: list[Any]) -> Any:
    """A produced block with its transactions."""
    slot = unsigned(args[0])
    config, encoding = _encoding_config(args[1])
    details = config.get("transactionDetails") or "full"
    if details not in DETAILS:
        raise invalid_params(BAD_CONFIG)
    rewards = config.get("rewards")
    if not (rewards is None or isinstance(rewards, bool)):
        raise invalid_params(BAD_CONFIG)
    rewards = rewards is not False
    block = _block(node, slot, _past(node, config).slot)
    records = queries.transactions_of_slot(node.cluster.store.reader, slot)
    max_version = config.get("maxSupportedTransactionVersion")
    shape: dict[str, Any] = {
        "blockhash": b58(block.blockhash),
        "previousBlockhash": b58(block.previous),
        "parentSlot": max(slot - 1, 0),
        "blockHeight": slot,
        "blockTime": block.time,
    }
    if details == "full":
        shape["transactions"] = [transaction_entry(each, encoding, max_version, rewards=rewards) for each in records]
    elif details == "accounts":
        shape["transactions"] = [accounts_entry(each, max_version, rewards=rewards) for each in records]
    elif details == "signatures":
        shape["signatures"] = [to_base58(each.signature) for each in records]
    if rewards:
        shape["rewards"] = _rewards(node, block)
    return shape


def _rewards(node: Node, block: Block) -> list[dict[str, Any]]:
    if not block.fees:
        return []
    return [
        {
            "pubkey": b58(node.cluster.identity),
            "lamports": block.fees,
            "postBalance": block.leader_balance,
            "rewardType": "Fee",
            "commission": None,
        }
    ]


@method("getBlocks", required=1, optional=2)
def get_blocks(node: Node, args: list[Any]) -> Any:
    """The slots with a block in a range."""
    start, end, config = unsigned(args[0]), args[1], args[2]
    if end is not None and not isinstance(end, int):
        end, config = None, end
    bank = _past(node, Config(config))
    last = bank.slot if end is None else min(unsigned(end), bank.slot)
    if last < start:
        return []
    if last - start > MAX_SLOTS:
        raise invalid_params(f"Slot range too large; max {MAX_SLOTS}")
    return queries.slots_between(node.cluster.store.reader, start, last, MAX_SLOTS + 1)


@method("getBlocksWithLimit", required=2, optional=1)
def get_blocks_with_limit(node: Node, args: list[Any]) -> Any:
    """The first so many slots with a block from a slot on."""
    start, limit = unsigned(args[0]), unsigned(args[1], "usize")
    bank = _past(node, Config(args[2]))
    if limit > MAX_SLOTS:
        raise invalid_params(f"Limit too large; max {MAX_SLOTS}")
    if start > bank.slot:
        return []
    return queries.slots_between(node.cluster.store.reader, start, bank.slot, limit)


@method("getBlockTime", required=1)
def get_block_time(node: Node, args: list[Any]) -> int:
    """When a block was produced, in Unix seconds."""
    slot = unsigned(args[0])
    return _block(node, slot, node.cluster.bank.confirmed).time


@method("getFirstAvailableBlock")
def get_first_available_block(node: Node, _args: list[Any]) -> int:
    """The oldest block that is kept."""
    return queries.oldest_slot(node.cluster.store.reader) or 0


@method("minimumLedgerSlot")
def minimum_ledger_slot(node: Node, _args: list[Any]) -> int:
    """The oldest slot that is kept."""
    return queries.oldest_slot(node.cluster.store.reader) or 0
