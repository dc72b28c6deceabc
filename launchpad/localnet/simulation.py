"""simulateTransaction."""

from typing import Any

from solders.hash import Hash
from solders.message import Message, MessageV0
from solders.transaction import VersionedTransaction

from launchpad.localnet import token_balances
from launchpad.localnet.encoding.account import View
from launchpad.localnet.encoding.transaction import token_balance_entries
from launchpad.localnet.errors import invalid_params
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.message import NOTHING_LOADED, DecodedTransaction, TransactionRejectedError
from launchpad.localnet.methods.decoding import decode_transaction
from launchpad.localnet.node import BankView, Node
from launchpad.localnet.params import ENCODINGS, Config, pubkey, strings, variant, wrong_type
from launchpad.localnet.parsing.transaction import parsed_inner_instructions
from launchpad.localnet.preflight import failure_value, return_data, sanitize
from launchpad.localnet.runtime import Outcome
from launchpad.localnet.transaction_errors import TransactionErrorJson


def simulate(node: Node, text: str, config: Config) -> Any:
    """The value of a simulation with the slot it ran at."""
    verify, replace = config.flag("sigVerify"), config.flag("replaceRecentBlockhash")
    transaction = decode_transaction(text, config.text("encoding"))
    bank = node.bank_for(config)
    if verify and replace:
        raise invalid_params("sigVerify may not be used with replaceRecentBlockhash")
    replacement = None
    if replace:
        blockhash, last_height = node.cluster.bank.latest_blockhash(bank.slot)
        replacement = {"blockhash": b58(blockhash), "lastValidBlockHeight": last_height}
        transaction = with_blockhash(transaction, blockhash)
    sanitize(node, transaction)
    wanted = _wanted_accounts(config, transaction)
    if verify and not transaction.signatures_verify():
        value = failure_value("SignatureFailure", None)
        value["loadedAddresses"] = {"writable": [], "readonly": []}
        return bank.context(value)
    value = _run(node, bank, transaction, wanted, show_inner=config.flag("innerInstructions"))
    value["replacementBlockhash"] = replacement
    return bank.context(value)


def with_blockhash(transaction: DecodedTransaction, blockhash: bytes) -> DecodedTransaction:
    """The same transaction on another blockhash; its signatures no longer fit."""
    form = transaction.runtime_form
    message = form.message
    renewed: Message | MessageV0
    if isinstance(message, MessageV0):
        renewed = MessageV0(
            message.header,
            message.account_keys,
            Hash(blockhash),
            message.instructions,
            message.address_table_lookups,
        )
    else:
        header = message.header
        renewed = Message.new_with_compiled_instructions(
            header.num_required_signatures,
            header.num_readonly_signed_accounts,
            header.num_readonly_unsigned_accounts,
            message.account_keys,
            Hash(blockhash),
            message.instructions,
        )
    return DecodedTransaction(VersionedTransaction.populate(renewed, form.signatures))


def _wanted_accounts(config: Config, transaction: DecodedTransaction) -> tuple[list[Key], View] | None:
    asked = config.get("accounts")
    if asked is None:
        return None
    if not isinstance(asked, dict):
        raise wrong_type(asked, "struct RpcSimulateTransactionAccountsConfig")
    if "addresses" not in asked:
        raise invalid_params("Invalid params: missing field `addresses`.")
    addresses = strings(asked["addresses"])
    encoding = variant(asked.get("encoding") or "base64", ENCODINGS)
    if encoding in ("binary", "base58"):
        raise invalid_params("base58 encoding not supported")
    message = transaction.message
    most = len(message.static_keys) + sum(len(each.writable) + len(each.readonly) for each in message.lookups)
    if len(addresses) > most:
        raise invalid_params(f"Too many accounts provided; max {most}")
    return [pubkey(each) for each in addresses], View(encoding)  # type: ignore[arg-type]  # checked above


def _run(
    node: Node,
    bank: BankView,
    transaction: DecodedTransaction,
    wanted: tuple[list[Key], View] | None,
    *,
    show_inner: bool,
) -> dict[str, Any]:
    cluster = node.cluster
    try:
        cluster.check_age(transaction, bank.slot)
        prepared = cluster.runtime.prepare(transaction)
    except TransactionRejectedError as rejection:
        return _rejected(node, transaction, rejection.error, wanted)
    outcome = cluster.runtime.simulate(prepared)
    effects = outcome.effects
    value = failure_value(effects.err, effects) if effects.err is not None else _succeeded(outcome)
    value |= {
        "preBalances": effects.pre_balances,
        "postBalances": effects.post_balances,
        "preTokenBalances": token_balance_entries(effects.pre_tokens, zero_is_null=False),
        "postTokenBalances": token_balance_entries(effects.post_tokens, zero_is_null=False),
        "loadedAddresses": {"writable": effects.loaded_writable, "readonly": effects.loaded_readonly},
        "accounts": _accounts(node, outcome, wanted),
    }
    if show_inner:
        value["innerInstructions"] = parsed_inner_instructions(effects, prepared.keys)
    return value


def _succeeded(outcome: Outcome) -> dict[str, Any]:
    effects = outcome.effects
    return {
        "err": None,
        "logs": effects.logs or [],
        "accounts": None,
        "unitsConsumed": effects.units,
        "loadedAccountsDataSize": effects.loaded_bytes,
        "returnData": return_data(effects),
        "innerInstructions": None,
        "replacementBlockhash": None,
        "fee": effects.fee,
    }


def _accounts(node: Node, outcome: Outcome, wanted: tuple[list[Key], View] | None) -> Any:
    if wanted is None:
        return None
    keys, view = wanted
    if outcome.effects.err is not None:
        return [None] * len(keys)

    def find(key: Key) -> Any:
        return outcome.changes[key] if key in outcome.changes else node.cluster.accounts.newest(key)

    found = [(key, find(key)) for key in keys]
    return [each and view.show(key, each, find) for key, each in found]


def _rejected(
    node: Node,
    transaction: DecodedTransaction,
    error: TransactionErrorJson,
    wanted: tuple[list[Key], View] | None,
) -> dict[str, Any]:
    """Nothing ran: the balances are what they were."""
    message, newest = transaction.message, node.cluster.accounts.newest
    try:
        loaded = message.resolve(newest, node.cluster.bank.open_slot)
    except TransactionRejectedError:
        loaded = NOTHING_LOADED
    keys = message.keys(loaded)
    accounts = [newest(key) for key in keys]
    balances = [each.lamports if each else 0 for each in accounts]
    tokens = token_balance_entries(token_balances.collect(keys, accounts, newest), zero_is_null=False)
    value = failure_value(error, None)
    return value | {
        "preBalances": balances,
        "postBalances": balances,
        "preTokenBalances": tokens,
        "postTokenBalances": tokens,
        "loadedAddresses": {
            "writable": [b58(key) for key in loaded.writable],
            "readonly": [b58(key) for key in loaded.readonly],
        },
        "accounts": None if wanted is None else [None] * len(wanted[0]),
    }
