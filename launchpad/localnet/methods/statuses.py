"""How far a transaction got."""

from typing import Any

from launchpad.localnet.ledger import queries
from launchpad.localnet.node import Node
from launchpad.localnet.records import TransactionRecord

FULL_CONFIRMATIONS = 31


def find_outcome(node: Node, signature: bytes, *, history: bool = True) -> TransactionRecord | None:
    """What became of a transaction: among the last 300 slots, else in the ledger; its bulk may be shed."""
    recent = node.cluster.statuses.get(signature)
    if recent is not None or not history:
        return recent
    return queries.transaction(node.cluster.store.reader, signature)


def find_transaction(node: Node, signature: bytes) -> TransactionRecord | None:
    """The whole of a transaction that ran."""
    recent = node.cluster.statuses.get(signature)
    if recent is not None and not recent.shed:
        return recent
    return queries.transaction(node.cluster.store.reader, signature)


def confirmation_status(node: Node, slot: int) -> str:
    """The level that a slot has reached."""
    bank = node.cluster.bank
    if slot <= bank.finalized:
        return "finalized"
    return "confirmed" if slot <= bank.confirmed else "processed"


def status_entry(node: Node, signature: bytes, *, history: bool) -> dict[str, Any] | None:
    """One entry of getSignatureStatuses."""
    record = find_outcome(node, signature, history=history)
    if record is None:
        return None
    level, err = confirmation_status(node, record.slot), record.effects.err
    after = node.cluster.bank.open_slot - record.slot
    return {
        "slot": record.slot,
        "confirmations": None if level == "finalized" else min(after, FULL_CONFIRMATIONS),
        "err": err,
        "status": {"Ok": None} if err is None else {"Err": err},
        "confirmationStatus": level,
    }
