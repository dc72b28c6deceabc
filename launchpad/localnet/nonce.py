"""Durable nonces: a stored value that stands in for a recent blockhash."""

import hashlib
from typing import NamedTuple

from launchpad.localnet.accounts import Account
from launchpad.localnet.keys import SYSTEM_PROGRAM, Key
from launchpad.localnet.message import DecodedMessage

NONCE_LENGTH = 80
CURRENT_VERSION = 1
INITIALIZED = 1
ADVANCE_NONCE = (4).to_bytes(4, "little")
VALUE = slice(40, 72)


class Nonce(NamedTuple):
    """Who may use a nonce account, and the value it holds."""

    authority: Key
    value: bytes


def nonce_account(account: Account | None) -> Nonce | None:
    """The nonce that an account holds, if it is an initialized nonce account."""
    if account is None or account.owner != SYSTEM_PROGRAM or len(account.data) != NONCE_LENGTH:
        return None
    data = account.data
    version, state = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")
    if version != CURRENT_VERSION or state != INITIALIZED:
        return None
    return Nonce(data[8:40], data[VALUE])


def nonce_key(message: DecodedMessage) -> Key | None:
    """The nonce account that a transaction advances first, if it does."""
    if not message.instructions:
        return None
    first = message.instructions[0]
    if message.static_keys[first.program] != SYSTEM_PROGRAM or first.data[:4] != ADVANCE_NONCE:
        return None
    if not first.accounts or first.accounts[0] >= len(message.static_keys):
        return None
    return message.static_keys[first.accounts[0]]


def advance_after_failure(message: DecodedMessage, accounts: dict[Key, Account | None], blockhash: bytes) -> None:
    """Move on the nonce that a failed transaction used, so that it cannot be sent again."""
    key = nonce_key(message)
    account = accounts.get(key) if key is not None else None
    nonce = nonce_account(account)
    if key is None or account is None or nonce is None or nonce.value != message.blockhash:
        return
    value = hashlib.sha256(b"DURABLE_NONCE" + blockhash).digest()
    accounts[key] = account._replace(data=account.data[:40] + value + account.data[72:])
