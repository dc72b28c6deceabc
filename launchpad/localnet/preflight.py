"""From a decoded transaction to the ledger, with the checks of sendTransaction.

LiteSVM executes at once and leaves nothing behind when a transaction fails, so the
preflight is the execution itself: what succeeds is committed, what fails is dropped
and answered as a failed simulation. Nothing runs twice.
"""

from typing import Any

from launchpad.localnet.errors import PREFLIGHT_FAILURE, RpcError, invalid_params
from launchpad.localnet.fees import check_budget_requests
from launchpad.localnet.message import DecodedTransaction, TransactionRejectedError
from launchpad.localnet.node import BankView, Node
from launchpad.localnet.records import Effects
from launchpad.localnet.transaction_errors import TransactionErrorJson, sentence


def sanitize(node: Node, transaction: DecodedTransaction) -> None:
    """Refuse, with -32602, what no bank would look at."""
    try:
        transaction.sanitize()
        check_budget_requests(transaction.message)
        transaction.message.resolve(node.cluster.accounts.newest, node.cluster.bank.open_slot)
    except TransactionRejectedError as rejection:
        raise invalid_params(f"invalid transaction: {sentence(rejection.error)}") from None


def send_without_preflight(node: Node, transaction: DecodedTransaction) -> None:
    """Execute; what cannot be executed disappears, what fails is recorded with its error."""
    sanitize(node, transaction)
    if transaction.signatures_verify():
        node.cluster.submit(transaction)


def send_with_preflight(node: Node, transaction: DecodedTransaction, bank: BankView) -> None:
    """Execute; raises -32002 with the simulation's value when it fails."""
    sanitize(node, transaction)
    cluster = node.cluster
    if not transaction.signatures_verify():
        raise preflight_failure("SignatureFailure")
    try:
        cluster.check_age(transaction, bank.slot)
        prepared = cluster.prepare(transaction)
    except TransactionRejectedError as rejection:
        raise preflight_failure(rejection.error) from None
    outcome = cluster.run(prepared)
    if outcome.effects.err is not None:
        raise preflight_failure(outcome.effects.err, outcome.effects)
    cluster.commit(prepared, outcome)


def preflight_failure(error: TransactionErrorJson, effects: Effects | None = None) -> RpcError:
    """-32002; without `effects` nothing was loaded."""
    return RpcError(
        PREFLIGHT_FAILURE, f"Transaction simulation failed: {sentence(error)}", failure_value(error, effects)
    )


def failure_value(error: TransactionErrorJson, effects: Effects | None) -> dict[str, Any]:
    """The simulation value of a failed preflight: balances are not part of it."""
    return {
        "err": error,
        "logs": (effects.logs or []) if effects else [],
        "accounts": None,
        "unitsConsumed": effects.units if effects else 0,
        "loadedAccountsDataSize": effects.loaded_bytes if effects else 0,
        "returnData": return_data(effects),
        "innerInstructions": None,
        "replacementBlockhash": None,
        "fee": effects.fee if effects else None,
        "preBalances": None,
        "postBalances": None,
        "preTokenBalances": None,
        "postTokenBalances": None,
        "loadedAddresses": None,
    }


def return_data(effects: Effects | None) -> dict[str, Any] | None:
    """What the last program returned."""
    if effects is None or effects.return_data is None:
        return None
    program, data = effects.return_data
    return {"programId": program, "data": [data, "base64"]}
