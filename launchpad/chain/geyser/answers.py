"""A transaction as Geyser streams it, and as JSON-RPC answers it: one decoder reads both."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from based58 import b58decode, b58encode

from launchpad.chain.geyser.generated import geyser_pb2 as wire

Answer = dict[str, Any]


def answer_of(update: wire.SubscribeUpdateTransaction, block_time: int) -> Answer:
    """The `getTransaction` answer of encoding `json`, as far as decoding needs it.

    Of a failed transaction `err` only says that it failed.
    """
    info = update.transaction
    message, meta = info.transaction.message, info.meta
    header = message.header
    return {
        "slot": update.slot,
        "blockTime": block_time,
        "transaction": {
            "signatures": _texts(info.transaction.signatures),
            "message": {
                "header": {
                    "numRequiredSignatures": header.num_required_signatures,
                    "numReadonlySignedAccounts": header.num_readonly_signed_accounts,
                    "numReadonlyUnsignedAccounts": header.num_readonly_unsigned_accounts,
                },
                "accountKeys": _texts(message.account_keys),
                "recentBlockhash": _text(message.recent_blockhash),
                "instructions": [_instruction(one) for one in message.instructions],
            },
        },
        "meta": _meta(meta),
    }


def _meta(meta: wire.TransactionStatusMeta) -> Answer:
    inner = None if meta.inner_instructions_none else [_group(one) for one in meta.inner_instructions]
    return {
        "err": {"InstructionError": []} if meta.HasField("err") else None,
        "fee": meta.fee,
        "innerInstructions": inner,
        "logMessages": None if meta.log_messages_none else list(meta.log_messages),
        "preBalances": list(meta.pre_balances),
        "postBalances": list(meta.post_balances),
        "preTokenBalances": [_balance(one) for one in meta.pre_token_balances],
        "postTokenBalances": [_balance(one) for one in meta.post_token_balances],
        "loadedAddresses": {
            "writable": _texts(meta.loaded_writable_addresses),
            "readonly": _texts(meta.loaded_readonly_addresses),
        },
        "computeUnitsConsumed": meta.compute_units_consumed,
    }


def _instruction(one: wire.CompiledInstruction | wire.InnerInstruction) -> Answer:
    return {"programIdIndex": one.program_id_index, "accounts": list(one.accounts), "data": _text(one.data)}


def _group(group: wire.InnerInstructions) -> Answer:
    calls = [
        _instruction(one) | ({"stackHeight": one.stack_height} if one.HasField("stack_height") else {})
        for one in group.instructions
    ]
    return {"index": group.index, "instructions": calls}


def _balance(one: wire.TokenBalance) -> Answer:
    amount = {"amount": one.ui_token_amount.amount, "decimals": one.ui_token_amount.decimals}
    return {
        "accountIndex": one.account_index,
        "mint": one.mint,
        "owner": one.owner,
        "programId": one.program_id,
        "uiTokenAmount": amount,
    }


def _text(raw: bytes) -> str:
    return b58encode(raw).decode()


def _texts(many: Iterable[bytes]) -> list[str]:
    return [_text(raw) for raw in many]


def update_of(answer: Mapping[str, Any], index: int) -> wire.SubscribeUpdateTransaction:
    """The stream's form of a `getTransaction` answer of encoding `json`, at its place in its slot."""
    transaction, meta = answer["transaction"], answer["meta"]
    signatures = _raws(transaction["signatures"])
    info = wire.SubscribeUpdateTransactionInfo(
        signature=signatures[0],
        index=index,
        transaction=wire.Transaction(signatures=signatures, message=_message_of(transaction["message"], answer)),
        meta=_meta_of(meta),
    )
    return wire.SubscribeUpdateTransaction(transaction=info, slot=answer["slot"])


def _message_of(message: Mapping[str, Any], answer: Mapping[str, Any]) -> wire.Message:
    header = message["header"]
    return wire.Message(
        header=wire.MessageHeader(
            num_required_signatures=header["numRequiredSignatures"],
            num_readonly_signed_accounts=header["numReadonlySignedAccounts"],
            num_readonly_unsigned_accounts=header["numReadonlyUnsignedAccounts"],
        ),
        account_keys=_raws(message["accountKeys"]),
        recent_blockhash=_raw(message["recentBlockhash"]),
        instructions=[
            wire.CompiledInstruction(
                program_id_index=one["programIdIndex"], accounts=bytes(one["accounts"]), data=_raw(one["data"])
            )
            for one in message["instructions"]
        ],
        versioned=answer.get("version") == 0,
        address_table_lookups=[
            wire.MessageAddressTableLookup(
                account_key=_raw(one["accountKey"]),
                writable_indexes=bytes(one["writableIndexes"]),
                readonly_indexes=bytes(one["readonlyIndexes"]),
            )
            for one in message.get("addressTableLookups") or []
        ],
    )


def _meta_of(meta: Mapping[str, Any]) -> wire.TransactionStatusMeta:
    loaded = meta.get("loadedAddresses") or {"writable": [], "readonly": []}
    inner, logs = meta.get("innerInstructions"), meta.get("logMessages")
    return wire.TransactionStatusMeta(
        err=wire.TransactionError(err=b"\1") if meta["err"] is not None else None,
        fee=meta["fee"],
        pre_balances=meta["preBalances"],
        post_balances=meta["postBalances"],
        inner_instructions=[_group_of(one) for one in inner or []],
        inner_instructions_none=inner is None,
        log_messages=logs or [],
        log_messages_none=logs is None,
        pre_token_balances=[_balance_of(one) for one in meta.get("preTokenBalances") or []],
        post_token_balances=[_balance_of(one) for one in meta.get("postTokenBalances") or []],
        loaded_writable_addresses=_raws(loaded["writable"]),
        loaded_readonly_addresses=_raws(loaded["readonly"]),
        compute_units_consumed=meta.get("computeUnitsConsumed"),
    )


def _group_of(group: Mapping[str, Any]) -> wire.InnerInstructions:
    calls = [
        wire.InnerInstruction(
            program_id_index=one["programIdIndex"],
            accounts=bytes(one["accounts"]),
            data=_raw(one["data"]),
            stack_height=one.get("stackHeight"),
        )
        for one in group["instructions"]
    ]
    return wire.InnerInstructions(index=group["index"], instructions=calls)


def _balance_of(one: Mapping[str, Any]) -> wire.TokenBalance:
    amount = one["uiTokenAmount"]
    return wire.TokenBalance(
        account_index=one["accountIndex"],
        mint=one["mint"],
        owner=one.get("owner") or "",
        program_id=one.get("programId") or "",
        ui_token_amount=wire.UiTokenAmount(amount=amount["amount"], decimals=amount["decimals"]),
    )


def _raw(text: str) -> bytes:
    return bytes(b58decode(text.encode()))


def _raws(many: Sequence[str]) -> list[bytes]:
    return [_raw(text) for text in many]
