"""Keys, signatures and signed transactions, as text at the edges."""

import base64
import binascii
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from solders.errors import BincodeError
from solders.keypair import Keypair
from solders.message import to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import SanitizeError, VersionedTransaction

from launchpad.chain.addresses import pubkey
from launchpad.errors import ConfigError, InvalidInputError

__all__ = [
    "BadSignatureError",
    "BadTransactionError",
    "Keypair",
    "TransactionFacts",
    "address_of",
    "decode_transaction_wire",
    "describe_transaction",
    "encode_transaction_wire",
    "generate",
    "is_address",
    "is_signature",
    "load",
    "save",
    "sign_message",
    "sign_transaction",
    "transaction_signature",
    "verify_signature",
    "verify_transaction",
]

MAX_TRANSACTION_BYTES = 1232
SECRET_BYTES = 64


class BadTransactionError(InvalidInputError):
    """Text that is no transaction, or one that no cluster would take."""

    code = "BAD_TRANSACTION"


class BadSignatureError(InvalidInputError):
    """A signature is missing or was not made by the key that it stands for."""

    code = "BAD_SIGNATURE"


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """What a transaction says before it runs."""

    payer: str
    signers: list[str]
    programs: list[str]
    blockhash: str
    message: bytes
    missing: list[str]  # signers whose signature is not there yet


def is_address(text: str) -> bool:
    """Whether the text is a base58 address: 32 bytes, on the curve or not."""
    try:
        Pubkey.from_string(text)
    except ValueError:
        return False
    return True


def is_on_curve(address: str) -> bool:
    """Whether a private key can exist for an address: a wallet rather than a program's account."""
    return pubkey(address).is_on_curve()


def is_signature(text: str) -> bool:
    """Whether the text is a base58 signature: 64 bytes."""
    try:
        Signature.from_string(text)
    except ValueError:
        return False
    return True


def verify_signature(address: str, message: bytes, signature: bytes) -> bool:
    """Whether the key of `address` made the 64 bytes of `signature` over exactly these bytes."""
    try:
        return Signature.from_bytes(signature).verify(Pubkey.from_string(address), message)
    except ValueError:
        return False


def generate() -> Keypair:
    """A new random keypair."""
    return Keypair()


def load(path: Path) -> Keypair:
    """A keypair from the JSON file of 64 numbers that Solana's tools write; ConfigError when it is none."""
    try:
        numbers = json.loads(path.expanduser().read_text(encoding="utf-8"))
        return Keypair.from_bytes(bytes(numbers))
    except FileNotFoundError as error:
        message = (
            f"There is no keypair at {path}: name one by KEYPAIR or --keypair, or make one by `solana-keygen new`."
        )
        raise ConfigError(message) from error
    except (OSError, ValueError, TypeError) as error:
        message = f"{path} is no keypair file: it should hold a JSON list of {SECRET_BYTES} numbers."
        raise ConfigError(message) from error


def save(keypair: Keypair, path: Path) -> None:
    """Write a keypair in the format of Solana's tools, readable by its owner alone; never over another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(list(bytes(keypair)), file)


def address_of(keypair: Keypair) -> str:
    """The address of a keypair."""
    return str(keypair.pubkey())


def sign_message(keypair: Keypair, message: bytes) -> bytes:
    """The 64 bytes of a signature over a message."""
    return bytes(keypair.sign_message(message))


def sign_transaction(transaction: str, *keypairs: Keypair) -> str:
    """The transaction with these keys' signatures in their places, others left as they are.

    Raises BadSignatureError for a key that the transaction does not ask for.
    """
    decoded = decode_transaction_wire(transaction)
    message, signatures = decoded.message, list(decoded.signatures)
    signers = message.account_keys[: message.header.num_required_signatures]
    raw = to_bytes_versioned(message)
    for keypair in keypairs:
        if keypair.pubkey() not in signers:
            raise BadSignatureError(f"The transaction does not ask for a signature of {keypair.pubkey()}.")
        signatures[signers.index(keypair.pubkey())] = keypair.sign_message(raw)
    return encode_transaction_wire(VersionedTransaction.populate(message, signatures))


def transaction_signature(transaction: str) -> str:
    """The first signature, which names the transaction; BadSignatureError when it is not signed yet."""
    signature = decode_transaction_wire(transaction).signatures[0]
    if signature == Signature.default():
        raise BadSignatureError("The transaction is not signed by its fee payer yet.")
    return str(signature)


def describe_transaction(transaction: str) -> TransactionFacts:
    """Payer, signers, programs and blockhash of a transaction."""
    decoded = decode_transaction_wire(transaction)
    message = decoded.message
    keys = [str(key) for key in message.account_keys]
    signers = keys[: message.header.num_required_signatures]
    unsigned = [k for k, s in zip(signers, decoded.signatures, strict=False) if s == Signature.default()]
    return TransactionFacts(
        payer=keys[0],
        signers=signers,
        # A program can never come from a lookup table, so its index is always one of the static keys.
        programs=_unique(keys[instruction.program_id_index] for instruction in message.instructions),
        blockhash=str(message.recent_blockhash),
        message=bytes(to_bytes_versioned(message)),
        missing=unsigned,
    )


def verify_transaction(transaction: str) -> None:
    """Refuses with BadSignatureError, naming the key, when a signature is missing or wrong."""
    decoded = decode_transaction_wire(transaction)
    signers = decoded.message.account_keys[: decoded.message.header.num_required_signatures]
    for signer, valid in zip(signers, decoded.verify_with_results(), strict=True):
        if not valid:
            raise BadSignatureError(f"The signature of {signer} is missing or wrong: sign again.", signer=str(signer))


def decode_transaction_wire(transaction: str) -> VersionedTransaction:
    """The transaction behind base64 text; BadTransactionError when there is none."""
    try:
        raw = base64.b64decode(transaction, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadTransactionError("The transaction is not valid base64.", field="transaction") from error
    if len(raw) > MAX_TRANSACTION_BYTES:
        message = f"The transaction has {len(raw)} bytes; a cluster takes {MAX_TRANSACTION_BYTES}."
        raise BadTransactionError(message, field="transaction")
    try:
        decoded = VersionedTransaction.from_bytes(raw)
        decoded.sanitize()
    except (BincodeError, SanitizeError, ValueError) as error:
        raise BadTransactionError("These bytes are no Solana transaction.", field="transaction") from error
    return decoded


def encode_transaction_wire(transaction: VersionedTransaction) -> str:
    """A transaction as base64 text."""
    return base64.b64encode(bytes(transaction)).decode()


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
