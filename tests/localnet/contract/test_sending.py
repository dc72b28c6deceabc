"""Sending and simulating: what lands, what is refused, and in which words."""

import base64
import struct

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import CompiledInstruction, Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV0
from solders.signature import Signature
from solders.transaction import VersionedTransaction

SENT, DUPLICATE, FAILING, STALE, UNSIGNED, CUT, LONG, TWICE = 41, 42, 43, 44, 45, 46, 47, 48
SIMULATED, WITH_INNER, FAILED_RUN, STALE_RUN, CONTRADICTION = 49, 50, 51, 52, 53
OFFSETS = "Transaction failed to sanitize accounts offsets correctly"
BASE64 = {"encoding": "base64", "preflightCommitment": "processed"}


@pytest.fixture
def refused(world, golden, differences):
    """Send a text and compare the refusal with a golden one."""

    def check(position, text, **config):
        expected = golden[position]["error"]
        error = world.node.ask("sendTransaction", text, BASE64 | config)["error"]
        assert (error["code"], error["message"]) == (expected["code"], expected["message"])
        assert not differences(expected.get("data"), error.get("data"))
        return error

    return check


@pytest.fixture
def simulated(world, golden, differences):
    """Simulate a transaction and compare the value with a golden one."""

    def check(position, transaction, **config):
        text = base64.b64encode(bytes(transaction)).decode()
        options = {"encoding": "base64", "commitment": "processed"} | config
        result = world.node.call("simulateTransaction", text, options)
        assert not differences(golden[position]["result"], result), result
        return result["value"]

    return check


def overspending(world):
    return world.transfer(world.friend.pubkey(), 10**18)


def test_a_transaction_lands_and_is_refused_when_sent_again(world, build, refused):
    transaction = world.sign(world.transfer(world.friend.pubkey(), 1_000))
    before = world.node.call("getBalance", str(world.friend.pubkey()), build.PROCESSED)["value"]
    signature = world.send(transaction)
    assert signature == str(transaction.signatures[0])
    world.confirm(signature)
    refused(DUPLICATE, build.encoded(transaction))
    after = world.node.call("getBalance", str(world.friend.pubkey()), {"commitment": "confirmed"})["value"]
    assert after == before + 1_000


def test_a_duplicate_without_preflight_has_no_second_effect(world, build):
    to = Keypair().pubkey()
    transaction = world.sign(world.transfer(to, build.SOL))
    first = world.send(transaction, skipPreflight=True)
    world.confirm(first)
    assert world.send(transaction, skipPreflight=True) == first
    world.run(world.transfer(world.friend.pubkey(), 1_001))
    assert world.node.call("getBalance", str(to), {"commitment": "confirmed"})["value"] == build.SOL


def test_refusals_are_worded_as_recorded(world, build, refused):
    refused(FAILING, build.encoded(world.sign(overspending(world))))
    stale = world.sign(world.transfer(world.friend.pubkey(), 1), blockhash=Hash.new_unique())
    refused(STALE, build.encoded(stale))
    good = world.sign(world.transfer(world.friend.pubkey(), 1))
    unsigned = VersionedTransaction.populate(good.message, [Signature.default()])
    refused(UNSIGNED, build.encoded(unsigned))
    refused(CUT, "AAAA")
    refused(LONG, "A" * 1648)
    limited = world.sign(build.compute_limit(10_000), build.compute_limit(20_000))
    refused(TWICE, build.encoded(limited))


@pytest.mark.parametrize(
    ("text", "config", "message"),
    [
        ("!", BASE64, "invalid base64 encoding: InvalidByte(0, 33)"),
        ("AAAA", {"encoding": "json"}, "unsupported encoding: json. Supported encodings: base58, base64"),
        (
            base64.b64encode(bytes(1233)).decode(),
            BASE64,
            "decoded solana_transaction::versioned::VersionedTransaction too large: 1233 bytes (max: 1232 bytes)",
        ),
    ],
)
def test_unreadable_transactions_are_invalid_parameters(world, text, config, message):
    error = world.node.ask("sendTransaction", text, config)["error"]
    assert (error["code"], error["message"]) == (-32602, message)


def test_base58_is_the_default_encoding(world):
    transaction = world.sign(world.transfer(world.friend.pubkey(), 1_002))
    import based58  # noqa: PLC0415 - only this test needs it

    text = based58.b58encode(bytes(transaction)).decode()
    signature = world.node.call("sendTransaction", text, {"preflightCommitment": "processed"})
    world.confirm(signature)


def test_fees_are_charged_with_priority_and_for_failures(world, build):
    poor = Keypair()
    world.airdrop(poor.pubkey(), build.SOL)
    priced = [build.compute_price(1_000_000), world.transfer(world.friend.pubkey(), 1, poor.pubkey())]
    world.run(*priced, payer=poor)
    left = world.node.call("getBalance", str(poor.pubkey()), {"commitment": "confirmed"})["value"]
    assert left == build.SOL - 1 - 11_000
    world.fail(world.transfer(world.friend.pubkey(), 10**15, poor.pubkey()), payer=poor)
    after = world.node.call("getBalance", str(poor.pubkey()), {"commitment": "confirmed"})["value"]
    assert after == left - 5_000


@pytest.mark.parametrize(
    ("have", "send", "reason"),
    [
        (0, 1, "Attempt to debit an account but found no record of a prior credit."),
        (
            890_880 + 6_000,
            2_000,
            "Transaction results in an account (0) with insufficient funds for rent",
        ),
        (890_880 + 3_000, 1, "Transaction results in an account (0) with insufficient funds for rent"),
    ],
)
def test_payers_must_exist_and_stay_rent_exempt(world, build, have, send, reason):
    payer = Keypair()
    if have:
        world.airdrop(payer.pubkey(), have)
    transaction = world.sign(world.transfer(world.owner, send, payer.pubkey()), payer=payer)
    error = world.node.ask("sendTransaction", build.encoded(transaction), BASE64)["error"]
    assert error["message"] == f"Transaction simulation failed: {reason}"


def test_a_new_account_below_the_rent_minimum_fails_on_chain(world, build):
    to = Keypair().pubkey()
    signature = world.fail(world.transfer(to, 1_000))
    status = world.confirm(signature)
    assert status["err"] == {"InsufficientFundsForRent": {"account_index": 1}}
    assert world.node.call("getAccountInfo", str(to), {"commitment": "confirmed"})["value"] is None
    small = world.node.call("requestAirdrop", str(to), 5, build.PROCESSED)
    assert world.confirm(small)["err"] == {"InsufficientFundsForRent": {"account_index": 1}}


def test_missing_and_wrong_programs_are_told_apart(world, build):
    cases = {
        Keypair().pubkey(): "Attempt to load a program that does not exist",
        world.friend.pubkey(): "This program may not be used for executing instructions",
    }
    for program, reason in cases.items():
        transaction = world.sign(Instruction(program, b"", []))
        error = world.node.ask("sendTransaction", build.encoded(transaction), BASE64)["error"]
        assert error["message"] == f"Transaction simulation failed: {reason}"


def test_successful_runs_show_accounts_and_balances(world, build, simulated):
    tokens = world.accounts["tokens"]
    move = build.token_instruction(
        build.amount(3, 1),
        build.writable(tokens),
        build.writable(world.accounts["friend_tokens"]),
        authority=world.owner,
    )
    asked = {"addresses": [str(tokens)], "encoding": "base64"}
    value = simulated(SIMULATED, world.sign(move), sigVerify=True, accounts=asked)
    before, after = (
        int(each["uiTokenAmount"]["amount"])
        for when in ("pre", "post")
        for each in value[f"{when}TokenBalances"]
        if each["owner"] == str(world.owner)
    )
    assert after == before - 1
    data = base64.b64decode(value["accounts"][0]["data"][0])
    assert int.from_bytes(data[64:72], "little") == after


def test_runs_can_replace_the_blockhash_and_show_inner_instructions(world, build, simulated):
    opened = build.open_token_account(world.owner, Keypair().pubkey(), world.accounts["mint"])
    stale = world.sign(opened, blockhash=Hash.new_unique())
    value = simulated(WITH_INNER, stale, innerInstructions=True, replaceRecentBlockhash=True)
    kinds = [each["parsed"]["type"] for each in value["innerInstructions"][0]["instructions"]]
    assert kinds[:2] == ["getAccountDataSize", "createAccount"]


def test_failing_runs_are_answers_and_not_errors(world, golden, simulated, build):
    asked = {"addresses": [str(world.friend.pubkey())], "encoding": "base64"}
    value = simulated(FAILED_RUN, world.sign(overspending(world)), accounts=asked)
    assert value["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert value["preBalances"][0] - value["postBalances"][0] == 5_000
    stale = world.sign(world.transfer(world.friend.pubkey(), 1), blockhash=Hash.new_unique())
    assert simulated(STALE_RUN, stale)["err"] == "BlockhashNotFound"
    text = build.encoded(stale)
    config = {"encoding": "base64", "sigVerify": True, "replaceRecentBlockhash": True}
    assert world.node.ask("simulateTransaction", text, config)["error"] == golden[CONTRADICTION]["error"]


def test_the_fee_of_a_message_is_known_while_its_blockhash_is(world, build):
    message = world.sign(world.transfer(world.friend.pubkey(), 1)).message
    text = base64.b64encode(bytes(message)).decode()
    assert world.node.call("getFeeForMessage", text, build.PROCESSED)["value"] == 5_000
    stale = world.sign(world.transfer(world.friend.pubkey(), 1), blockhash=Hash.new_unique()).message
    text = base64.b64encode(bytes(stale)).decode()
    assert world.node.call("getFeeForMessage", text, build.PROCESSED)["value"] is None


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b"\x09", -32602, "invalid transaction: Error processing Instruction 0: invalid instruction data"),
        (
            struct.pack("<BI", 1, 1_000),
            -32002,
            "Transaction simulation failed: Error processing Instruction 0: invalid instruction data",
        ),
        (
            struct.pack("<BI", 4, 0),
            -32002,
            "Transaction simulation failed: LoadedAccountsDataSizeLimit set for transaction must be greater than 0.",
        ),
        (
            struct.pack("<BI", 4, 10),
            -32002,
            "Transaction simulation failed: Transaction exceeded max loaded accounts data size cap",
        ),
    ],
)
def test_bad_compute_budgets_are_refused(world, build, data, code, reason):
    transaction = world.sign(Instruction(build.BUDGET, data, []), world.transfer(world.friend.pubkey(), 1))
    error = world.node.ask("sendTransaction", build.encoded(transaction), BASE64)["error"]
    assert (error["code"], error["message"]) == (code, reason)


def test_what_fails_while_loading_is_recorded_without_logs(world, build):
    signature = world.fail(Instruction(Keypair().pubkey(), b"", []))
    meta = world.node.call("getTransaction", signature, {"commitment": "confirmed"})["meta"]
    assert meta["err"] == "ProgramAccountNotFound"
    assert (meta["logMessages"], meta["innerInstructions"], meta["costUnits"]) == (None, None, 1_020)
    assert meta["preBalances"][0] - meta["postBalances"][0] == 5_000


def test_malformed_transactions_are_invalid_parameters(world, build):
    recent, owner = world.blockhash(), world.owner
    cut = [
        ([owner, build.MEMO], CompiledInstruction(0, b"", b"")),
        ([owner, build.MEMO], CompiledInstruction(1, b"", bytes([9]))),
    ]
    for keys, instruction in cut:
        message = Message.new_with_compiled_instructions(1, 0, 1, keys, recent, [instruction])
        text = build.encoded(VersionedTransaction(message, [world.payer]))
        error = world.node.ask("sendTransaction", text, BASE64)["error"]
        assert error["message"] == f"invalid transaction: {OFFSETS}"
    twice = Message.new_with_compiled_instructions(
        1, 0, 1, [owner, owner, build.MEMO], recent, [CompiledInstruction(2, b"hi", b"\0")]
    )
    error = world.node.ask("sendTransaction", build.encoded(VersionedTransaction(twice, [world.payer])), BASE64)[
        "error"
    ]
    assert error["message"] == "Transaction simulation failed: Account loaded twice"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (None, "Transaction loads an address table account that doesn't exist"),
        ("mint", "Transaction loads an address table account with an invalid owner"),
    ],
)
def test_lookup_tables_must_be_tables(world, build, table, reason):
    key = world.accounts[table] if table else Keypair().pubkey()
    lookup = AddressLookupTableAccount(key, [world.friend.pubkey()])
    transfer = world.transfer(world.friend.pubkey(), 1)
    message = MessageV0.try_compile(world.owner, [transfer], [lookup], world.blockhash())
    text = build.encoded(VersionedTransaction(message, [world.payer]))
    error = world.node.ask("sendTransaction", text, BASE64 | {"skipPreflight": True})["error"]
    assert (error["code"], error["message"]) == (-32602, f"invalid transaction: {reason}")
