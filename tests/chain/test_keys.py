"""Keys, files, signatures and signed transactions."""

import base64
import json
import stat

import pytest
from solders.hash import Hash
from solders.message import MessageV0

from launchpad.chain import keys, pda
from launchpad.chain.addresses import COMPUTE_BUDGET, SYSTEM, pubkey
from launchpad.chain.instructions.solana import compute_budget, transfer_lamports
from launchpad.chain.keys import BadSignatureError, BadTransactionError, Keypair
from launchpad.chain.transactions import wire
from launchpad.errors import ConfigError

ANN, BOB = Keypair.from_seed(bytes([1] * 32)), Keypair.from_seed(bytes([2] * 32))
ANNS, BOBS = keys.address_of(ANN), keys.address_of(BOB)


def unsigned(*, payer=ANNS, source=ANNS):
    instructions = [*compute_budget(1_000, 0), transfer_lamports(source, BOBS, 5)]
    return wire(MessageV0.try_compile(pubkey(payer), instructions, [], Hash.default()), [])


@pytest.mark.parametrize(
    ("text", "is_one"), [(ANNS, True), (SYSTEM, True), ("", False), ("x", False), (ANNS[:-2], False)]
)
def test_addresses_are_told_from_other_text(text, is_one):
    assert keys.is_address(text) is is_one


def test_wallets_are_told_from_program_accounts():
    assert keys.is_on_curve(ANNS)
    assert not keys.is_on_curve(pda.bonding_curve_config())
    assert keys.generate() != keys.generate()


def test_signatures_are_checked_over_exact_bytes():
    signature = keys.sign_message(ANN, b"hello")
    assert keys.verify_signature(ANNS, b"hello", signature)
    assert not keys.verify_signature(ANNS, b"hello ", signature)
    assert not keys.verify_signature(BOBS, b"hello", signature)
    assert not keys.verify_signature(ANNS, b"hello", signature[:-1])
    assert not keys.verify_signature("nobody", b"hello", signature)


def test_a_keypair_file_is_private_and_never_overwritten(tmp_path):
    path = tmp_path / "deep" / "id.json"
    keys.save(ANN, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.address_of(keys.load(path)) == ANNS
    with pytest.raises(FileExistsError):
        keys.save(BOB, path)


@pytest.mark.parametrize("content", ["", "{}", "[1,2]", json.dumps([300] * 64), "[" + "1," * 63 + '"a"]'])
def test_a_file_that_is_no_keypair_says_so(tmp_path, content):
    path = tmp_path / "id.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match="no keypair file"):
        keys.load(path)


def test_a_missing_keypair_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="KEYPAIR"):
        keys.load(tmp_path / "none.json")


def test_a_transaction_is_signed_in_its_place_and_named_by_its_first_signature():
    transaction = unsigned()
    with pytest.raises(BadSignatureError):
        keys.transaction_signature(transaction)
    signed = keys.sign_transaction(transaction, ANN)
    keys.verify_transaction(signed)
    assert len(keys.transaction_signature(signed)) > 80


def test_every_signer_has_to_sign_the_same_message():
    transaction = unsigned(payer=BOBS)
    half = keys.sign_transaction(transaction, ANN)
    assert keys.describe_transaction(half).missing == [BOBS]
    with pytest.raises(BadSignatureError, match=BOBS):
        keys.verify_transaction(half)
    keys.verify_transaction(keys.sign_transaction(half, BOB))


def test_a_key_that_is_not_asked_for_cannot_sign():
    with pytest.raises(BadSignatureError):
        keys.sign_transaction(unsigned(), BOB)


def test_a_transaction_says_who_pays_and_which_programs_run():
    facts = keys.describe_transaction(unsigned(payer=BOBS))
    assert facts.payer == BOBS
    assert facts.signers == [BOBS, ANNS]
    assert facts.programs == [COMPUTE_BUDGET, SYSTEM]
    assert facts.blockhash == str(Hash.default())
    assert facts.message[0] == 0x80


@pytest.mark.parametrize(
    "text",
    ["", "!!", "AAAA", base64.b64encode(b"x" * 100).decode(), base64.b64encode(bytes(1233)).decode(), unsigned()[:40]],
)
def test_what_is_no_transaction_is_refused(text):
    with pytest.raises(BadTransactionError):
        keys.describe_transaction(text)
