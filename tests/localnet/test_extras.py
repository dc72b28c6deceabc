"""Programs and accounts of others on a new cluster."""

import base64
import json
from dataclasses import replace

import pytest
from solders.keypair import Keypair

from launchpad.localnet.errors import AccountFileError
from launchpad.localnet.extras import parse_pairs, read_accounts
from launchpad.localnet.options import bundled_programs
from launchpad.localnet.validator import command_line

SYSTEM = "11111111111111111111111111111111"


@pytest.fixture
def address():
    return str(Keypair().pubkey())


@pytest.fixture
def account_file(tmp_path, address):
    """An account as `solana account --output json` writes it."""
    body = {"lamports": 5_000_000, "data": [base64.b64encode(b"told").decode(), "base64"], "owner": SYSTEM}
    path = tmp_path / "account.json"
    path.write_text(json.dumps({"pubkey": address, "account": body | {"executable": False, "rentEpoch": 0}}))
    return path


def test_an_account_file_stands_on_the_cluster_and_is_not_put_back_over_later_changes(
    run_cluster, options, address, account_file
):
    given = replace(options, accounts={address: account_file})
    with run_cluster(given) as node:
        told = node.call("getAccountInfo", address, {"encoding": "base64"})["value"]
        assert (told["lamports"], base64.b64decode(told["data"][0]), told["owner"]) == (5_000_000, b"told", SYSTEM)
    changed = json.loads(account_file.read_text())
    changed["account"]["lamports"] = 6_000_000
    account_file.write_text(json.dumps(changed))
    with run_cluster(given) as node:
        assert node.call("getBalance", address)["value"] == 5_000_000


def test_another_program_is_loaded_beside_the_bundled_ones(run_cluster, options, address):
    code = next(iter(bundled_programs().values()))
    given = replace(options, programs=None, more_programs={address: code})
    with run_cluster(given) as node:
        told = node.call("getAccountInfo", address, {"encoding": "base64"})["value"]
        assert told["executable"]


def test_the_validator_gets_programs_and_accounts_too(options, tmp_path, address, account_file):
    given = replace(options, more_programs={SYSTEM: account_file}, accounts={address: account_file})
    words = command_line(given, tmp_path / "validator", "ADMIN")
    assert words[-3:] == ["--account", address, str(account_file)]
    assert words[words.index("--upgradeable-program") + 1] == SYSTEM


@pytest.mark.parametrize("word", ["nonsense", "nonsense=file", f"{SYSTEM}=", "=file"])
def test_a_word_that_is_no_pair_says_how_to_write_one(word):
    with pytest.raises(AccountFileError, match="ADDRESS=FILE"):
        parse_pairs([word])


def test_pairs_are_files_by_address(tmp_path):
    assert parse_pairs([f"{SYSTEM}={tmp_path}"]) == {SYSTEM: tmp_path}


def test_a_file_that_holds_no_account_says_what_to_do(tmp_path, address):
    with pytest.raises(AccountFileError, match="cannot be read"):
        read_accounts({address: tmp_path / "nothing"})
    broken = tmp_path / "broken.json"
    for text in ("{}", "no json", '{"account": {"lamports": 1, "data": ["%%", "base64"], "owner": "x"}}'):
        broken.write_text(text)
        with pytest.raises(AccountFileError, match="holds no account"):
            read_accounts({address: broken})
