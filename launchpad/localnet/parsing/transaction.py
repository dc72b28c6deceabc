"""Messages and instructions in `jsonParsed` form."""

import base64
from typing import Any

from launchpad.localnet.encoding.binary import to_base58
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.parsing.instructions import parse_instruction
from launchpad.localnet.records import Effects, TransactionRecord


def parsed_message(record: TransactionRecord) -> dict[str, Any]:
    """A message with its keys spelled out and its instructions explained."""
    message, keys = record.transaction().message, record.keys
    static = len(message.static_keys)
    shape: dict[str, Any] = {
        "accountKeys": [
            {
                "pubkey": b58(key),
                "signer": message.is_signer(index),
                "writable": record.effects.writable[index],
                "source": "transaction" if index < static else "lookupTable",
            }
            for index, key in enumerate(keys)
        ],
        "recentBlockhash": b58(message.blockhash),
        "instructions": [
            shown_instruction(keys, each.program, list(each.accounts), each.data, 1) for each in message.instructions
        ],
    }
    if message.version is not None:
        shape["addressTableLookups"] = lookup_entries(record)
    return shape


def lookup_entries(record: TransactionRecord) -> list[dict[str, Any]]:
    """The lookup tables that a transaction uses."""
    return [
        {
            "accountKey": b58(each.table),
            "writableIndexes": list(each.writable),
            "readonlyIndexes": list(each.readonly),
        }
        for each in record.transaction().message.lookups
    ]


def parsed_inner_instructions(effects: Effects, keys: list[Key]) -> list[dict[str, Any]] | None:
    """The inner instructions, explained; None when none were recorded."""
    if effects.inner is None:
        return None
    return [
        {
            "index": index,
            "instructions": [
                shown_instruction(keys, program, accounts, base64.b64decode(data), height)
                for program, accounts, data, height in instructions
            ],
        }
        for index, instructions in effects.inner
    ]


def shown_instruction(keys: list[Key], program: int, accounts: list[int], data: bytes, height: int) -> dict[str, Any]:
    """An instruction explained, or spelled out where no parser knows it."""
    program_key, named = keys[program], [keys[index] for index in accounts]
    parsed = parse_instruction(program_key, named, data)
    if parsed is not None:
        return {**parsed, "programId": b58(program_key), "stackHeight": height}
    return {
        "programId": b58(program_key),
        "accounts": [b58(each) for each in named],
        "data": to_base58(data),
        "stackHeight": height,
    }
