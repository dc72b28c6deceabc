"""Accounts with their indexes, and the encodings and filters over them."""

import struct

import pytest
from solders.keypair import Keypair
from solders.rpc.responses import GetAccountInfoResp

from launchpad.localnet.accounts import Account, AccountsDb, minimum_balance
from launchpad.localnet.encoding.account import View
from launchpad.localnet.encoding.amounts import amount_text, ui_amount
from launchpad.localnet.encoding.binary import (
    UndecodableError,
    from_base58,
    from_base64,
    to_base58,
    to_zstd,
)
from launchpad.localnet.errors import RpcError
from launchpad.localnet.filters import parse_filters
from launchpad.localnet.keys import SYSTEM_PROGRAM, TOKEN_PROGRAM, b58
from launchpad.localnet.registry import rust_debug_params
from launchpad.localnet.transaction_errors import sentence

PROGRAM, OTHER, MINT, HOLDER, DELEGATE = (bytes(Keypair().pubkey()) for _ in range(5))


def tokens(mint=MINT, holder=HOLDER, delegate=None):
    some = struct.pack("<I", 1) + delegate if delegate else bytes(36)
    data = mint + holder + bytes(8) + some + b"\1" + bytes(12) + bytes(8) + bytes(36)
    return Account(minimum_balance(165), data, TOKEN_PROGRAM)


def found(listed):
    return [key for key, _ in listed]


def test_the_owner_index_follows_writes_new_owners_and_closes():
    db = AccountsDb()
    db.put(MINT, Account(5, b"", PROGRAM))
    db.put(HOLDER, Account(6, b"", PROGRAM))
    assert found(db.owned_by(PROGRAM, 0)) == sorted((MINT, HOLDER))
    db.put(MINT, Account(5, b"x", OTHER))
    assert found(db.owned_by(PROGRAM, 0)) == [HOLDER]
    assert found(db.owned_by(OTHER, 0)) == [MINT]
    db.put(MINT, Account(0, b"", SYSTEM_PROGRAM))
    db.put(HOLDER, None)
    assert db.owned_by(OTHER, 0) == db.owned_by(PROGRAM, 0) == []
    assert db.capitalization == len(db) == 0


def test_token_indexes_follow_delegates_and_holders():
    db = AccountsDb()
    db.put(PROGRAM, tokens(delegate=DELEGATE))
    assert found(db.tokens_of_mint(MINT, 0)) == [PROGRAM]
    assert found(db.tokens_of_holder(HOLDER, 0)) == [PROGRAM]
    assert found(db.tokens_of_delegate(DELEGATE, 0)) == [PROGRAM]
    db.put(PROGRAM, tokens(holder=OTHER))
    assert db.tokens_of_delegate(DELEGATE, 0) == db.tokens_of_holder(HOLDER, 0) == []
    assert found(db.tokens_of_holder(OTHER, 0)) == [PROGRAM]


def test_older_slots_show_what_was_there():
    db = AccountsDb()
    db.put(PROGRAM, Account(1, b"", OTHER))
    for slot, lamports in ((5, 2), (6, 3), (7, None)):
        db.begin_slot(slot)
        db.put(PROGRAM, None if lamports is None else Account(lamports, b"", OTHER))
    seen = [account.lamports if (account := db.get(PROGRAM, slot)) else None for slot in (4, 5, 6, 7)]
    assert seen == [1, 2, 3, None]
    assert list(db.changed_in(6)) == [PROGRAM]
    db.finalize(6)
    assert list(db.changed_in(6)) == []
    assert found(db.owned_by(OTHER, 6)) == [PROGRAM]


@pytest.mark.parametrize("data", [b"", b"x", b"abc" * 50, bytes(1000), b"ab" + bytes(200_000) + b"cd", b"\7" * 131_073])
def test_zstd_frames_are_read_by_others(data):
    view = View("base64+zstd").show(PROGRAM, Account(5, data, PROGRAM), lambda _: None)
    reply = {"jsonrpc": "2.0", "id": 1, "result": {"context": {"slot": 1}, "value": view}}
    import json  # noqa: PLC0415 - beside its only use

    assert GetAccountInfoResp.from_json(json.dumps(reply)).value.data == data


def test_runs_of_zeros_shrink():
    assert len(to_zstd(bytes(100_000))) < 20


def test_base58_has_a_limit_and_slices_count():
    account = Account(1, bytes(200), PROGRAM)
    with pytest.raises(RpcError, match="128 bytes"):
        View("base58").show(PROGRAM, account, lambda _: None)
    assert View("base58", (0, 3)).show(PROGRAM, account, lambda _: None)["data"] == ["111", "base58"]
    assert View("base64", (500, 3)).show(PROGRAM, account, lambda _: None)["data"] == ["", "base64"]
    notice = View("base58").show_in_notice(PROGRAM, account, lambda _: None)
    assert notice["data"] == ["error: data too large for bs58 encoding", "base58"]
    assert View("binary").show(PROGRAM, Account(1, b"a", PROGRAM), lambda _: None)["data"] == "2g"


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(0, 0, "0"), (0, 6, "0"), (1_500_000, 6, "1.5"), (1, 9, "0.000000001"), (120, 0, "120"), (100, 2, "1")],
)
def test_amounts_as_text(amount, decimals, text):
    assert amount_text(amount, decimals) == text


def test_amounts_as_numbers_have_limits():
    assert ui_amount(0, 6)["uiAmount"] == 0.0
    assert ui_amount(0, 6, zero_is_null=True)["uiAmount"] is None
    assert ui_amount(5, 20)["uiAmount"] is None


@pytest.mark.parametrize(
    ("decode", "text", "message"),
    [
        (from_base58, "a0", "InvalidCharacter"),
        (from_base58, "é", "NonAsciiCharacter"),
        (from_base64, "!", r"InvalidByte\(0, 33\)"),
        (from_base64, "AAA", "InvalidPadding"),
    ],
)
def test_undecodable_text_names_the_place(decode, text, message):
    with pytest.raises(UndecodableError, match=message):
        decode(text)


def passing(filters, account, program=PROGRAM):
    return all(matches(account) for matches in parse_filters(filters, program))


def test_filters_match_size_bytes_and_state():
    account = Account(1, b"\1\2\3\4", PROGRAM)
    assert passing(None, account)
    assert passing([{"dataSize": 4}], account)
    assert not passing([{"dataSize": 5}], account)
    assert passing([{"memcmp": {"offset": 1, "bytes": to_base58(b"\2\3")}}], account)
    assert passing([{"memcmp": {"offset": 1, "bytes": "AgM=", "encoding": "base64"}}], account)
    assert passing([{"memcmp": {"offset": 2, "bytes": [3, 4]}}], account)
    assert not passing([{"memcmp": {"offset": 3, "bytes": [4, 5]}}], account)
    assert not passing([{"memcmp": {"offset": 9, "bytes": ""}}], account)
    assert not passing(["tokenAccountState"], account)
    assert passing([{"tokenAccountState": None}], tokens(), TOKEN_PROGRAM)
    assert passing([{"memcmp": {"offset": 32, "bytes": b58(HOLDER)}}], tokens(), TOKEN_PROGRAM)


@pytest.mark.parametrize(
    "filters",
    [
        5,
        [5],
        [{}],
        [{"nope": 1}],
        [{"memcmp": 5}],
        [{"memcmp": {"offset": 1}}],
        [{"memcmp": {"offset": 0, "bytes": [300]}}],
        [{"memcmp": {"offset": 0, "bytes": "0"}}],
        [{"memcmp": {"offset": 0, "bytes": "!", "encoding": "base64"}}],
        [{"memcmp": {"offset": 0, "bytes": "1", "encoding": "hex"}}],
        [{"memcmp": {"offset": 0, "bytes": [0] * 129}}],
    ],
)
def test_bad_filters_are_invalid_parameters(filters):
    with pytest.raises(RpcError) as caught:
        parse_filters(filters, PROGRAM)
    assert caught.value.code == -32602


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("TooManyAccountLocks", "Transaction locked too many accounts"),
        ("SomethingNew", "SomethingNew"),
        ({"DuplicateInstruction": 2}, "Transaction contains a duplicate instruction (2) that is not allowed"),
        ({"InstructionError": [1, "NotEnoughAccountKeys"]}, "Error processing Instruction 1: insufficient"),
        ({"InstructionError": [1, {"BorshIoError": "x"}]}, "Error processing Instruction 1: Failed to"),
        (
            {"ProgramExecutionTemporarilyRestricted": {"account_index": 3}},
            "Execution of the program referenced by account at index 3 is temporarily restricted.",
        ),
    ],
)
def test_errors_have_sentences(error, text):
    assert sentence(error).startswith(text)


def test_parameters_are_shown_as_a_validator_prints_them():
    shown = rust_debug_params([None, True, 1, 1.5, 'a"b', [1], {"k": "v"}])
    assert shown == (
        'Array([Null, Bool(true), Number(1), Number(1.5), String("a\\"b"), '
        'Array [Number(1)], Object {"k": String("v")}])'
    )
    assert rust_debug_params({"a": 1}) == 'Map({"a": Number(1)})'
