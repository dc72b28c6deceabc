"""Programs and accounts of others that a new cluster is given, as `ADDRESS=FILE` on the command line.

A program is a compiled `.so`; an account is the JSON that `solana account --output json` writes:
`{"pubkey": ..., "account": {"lamports", "data": [base64, "base64"], "owner", "executable", "rentEpoch"}}`.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from launchpad.localnet.accounts import Account
from launchpad.localnet.errors import AccountFileError
from launchpad.localnet.keys import Key, key


def parse_pairs(words: Iterable[str]) -> dict[str, Path]:
    """Files by base58 address, from `ADDRESS=FILE` words; AccountFileError for a word that is none."""
    pairs: dict[str, Path] = {}
    for word in words:
        address, equals, path = word.partition("=")
        if not equals or not path or not _is_address(address):
            raise AccountFileError(f"{word!r} is not ADDRESS=FILE: give a base58 address and the file's path.")
        pairs[address] = Path(path)
    return pairs


def read_accounts(files: Mapping[str, Path]) -> dict[Key, Account]:
    """The accounts in these files, by address; AccountFileError for a file that holds none."""
    return {key(address): _account(path) for address, path in files.items()}


def _account(path: Path) -> Account:
    try:
        body = orjson.loads(path.read_bytes())["account"]
        data = base64.b64decode(body["data"][0], validate=True)
        return Account(int(body["lamports"]), data, key(body["owner"]), bool(body["executable"]))
    except OSError as error:
        raise AccountFileError(f"The account file {path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, IndexError, binascii.Error) as error:
        message = f"{path} holds no account: write it by `solana account --output json`."
        raise AccountFileError(message) from error


def _is_address(word: str) -> bool:
    try:
        key(word)
    except ValueError:
        return False
    return True
