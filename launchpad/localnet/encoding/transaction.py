"""Transactions with their status, in every encoding."""

import base64
from typing import Any

from launchpad.localnet.encoding.amounts import ui_amount
from launchpad.localnet.encoding.binary import to_base58, to_base64
from launchpad.localnet.errors import UNSUPPORTED_TRANSACTION_VERSION, RpcError
from launchpad.localnet.keys import b58
from launchpad.localnet.parsing.transaction import lookup_entries, parsed_inner_instructions, parsed_message
from launchpad.localnet.preflight import return_data
from launchpad.localnet.records import Effects, TokenBalance, TransactionRecord

UNSUPPORTED_VERSION = (
    "Transaction version (0) is not supported by the requesting client. Please try the request again "
    'with the following configuration parameter: "maxSupportedTransactionVersion": 0'
)


def token_balance_entries(balances: list[TokenBalance], *, zero_is_null: bool = True) -> list[dict[str, Any]]:
    """Token balances as clients see them."""
    return [
        {
            "accountIndex": index,
            "mint": mint,
            "owner": owner,
            "programId": program,
            "uiTokenAmount": ui_amount(int(amount), decimals, zero_is_null=zero_is_null),
        }
        for index, mint, owner, program, amount, decimals in balances
    ]


def version_entry(record: TransactionRecord, max_version: int | None) -> dict[str, Any]:
    """The `version` member, left out when the client named no highest version.

    Raises RpcError for a versioned transaction then.
    """
    version = record.transaction().message.version
    if max_version is None:
        if version is not None:
            raise RpcError(UNSUPPORTED_TRANSACTION_VERSION, UNSUPPORTED_VERSION)
        return {}
    return {"version": "legacy" if version is None else version}


def transaction_entry(
    record: TransactionRecord, encoding: str, max_version: int | None, *, rewards: bool = True
) -> dict[str, Any]:
    """`{"transaction", "meta", "version"}` of a transaction that ran."""
    version = version_entry(record, max_version)
    if encoding == "jsonParsed":
        shown: Any = {"signatures": _signatures(record), "message": parsed_message(record)}
    elif encoding == "json":
        shown = {"signatures": _signatures(record), "message": _message(record)}
    elif encoding == "base64":
        shown = [to_base64(record.raw), "base64"]
    elif encoding == "base58":
        shown = [to_base58(record.raw), "base58"]
    else:
        shown = to_base58(record.raw)
    meta = _meta(record, parsed=encoding == "jsonParsed", rewards=rewards)
    return {"transaction": shown, "meta": meta, **version}


def accounts_entry(record: TransactionRecord, max_version: int | None, *, rewards: bool = True) -> dict[str, Any]:
    """The short form that names the accounts and balances alone."""
    version, effects = version_entry(record, max_version), record.effects
    keys = parsed_message(record)["accountKeys"]
    return {
        "transaction": {"accountKeys": keys, "signatures": _signatures(record)},
        "meta": {**_outcome(effects), "rewards": [] if rewards else None},
        **version,
    }


def _signatures(record: TransactionRecord) -> list[str]:
    return [to_base58(each) for each in record.transaction().signatures]


def _outcome(effects: Effects) -> dict[str, Any]:
    return {
        "err": effects.err,
        "status": {"Ok": None} if effects.err is None else {"Err": effects.err},
        "fee": effects.fee,
        "preBalances": effects.pre_balances,
        "postBalances": effects.post_balances,
        "preTokenBalances": token_balance_entries(effects.pre_tokens),
        "postTokenBalances": token_balance_entries(effects.post_tokens),
    }


def _meta(record: TransactionRecord, *, parsed: bool, rewards: bool) -> dict[str, Any]:
    effects = record.effects
    inner = parsed_inner_instructions(effects, record.keys) if parsed else _inner_instructions(effects)
    meta = _outcome(effects) | {
        "innerInstructions": inner,
        "logMessages": effects.logs,
        "rewards": [] if rewards else None,
        "computeUnitsConsumed": effects.units,
        "costUnits": effects.cost,
    }
    if not parsed:
        meta["loadedAddresses"] = {"writable": effects.loaded_writable, "readonly": effects.loaded_readonly}
    returned = return_data(effects)
    if returned is not None:
        meta["returnData"] = returned
    return meta


def _inner_instructions(effects: Effects) -> list[dict[str, Any]] | None:
    if effects.inner is None:
        return None
    return [
        {
            "index": index,
            "instructions": [
                {
                    "programIdIndex": program,
                    "accounts": accounts,
                    "data": to_base58(base64.b64decode(data)),
                    "stackHeight": height,
                }
                for program, accounts, data, height in instructions
            ],
        }
        for index, instructions in effects.inner
    ]


def _message(record: TransactionRecord) -> dict[str, Any]:
    message = record.transaction().message
    shape: dict[str, Any] = {
        "header": {
            "numRequiredSignatures": message.required_signatures,
            "numReadonlySignedAccounts": message.readonly_signed,
            "numReadonlyUnsignedAccounts": message.readonly_unsigned,
        },
        "accountKeys": [b58(key) for key in message.static_keys],
        "recentBlockhash": b58(message.blockhash),
        "instructions": [
            {
                "programIdIndex": each.program,
                "accounts": list(each.accounts),
                "data": to_base58(each.data),
                "stackHeight": 1,
            }
            for each in message.instructions
        ],
    }
    if message.version is not None:
        shape["addressTableLookups"] = lookup_entries(record)
    return shape
