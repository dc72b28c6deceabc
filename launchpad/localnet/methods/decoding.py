"""Transactions as text: sizes, encodings and what to say when they cannot be read."""

from launchpad.localnet.encoding.binary import UndecodableError, from_base58, from_base64
from launchpad.localnet.errors import RpcError, invalid_params
from launchpad.localnet.message import DecodedTransaction

TRANSACTION_TYPE = "solana_transaction::versioned::VersionedTransaction"
MAX_RAW = 1_232
MAX_TEXT = {"base58": 1_683, "base64": 1_644}


def deserialization_error(type_name: str, error: ValueError) -> RpcError:
    """-32602 for bytes that are no value of the type."""
    reason = str(error)
    if "unexpected end of file" in reason:
        reason = "io error: failed to fill whole buffer"
    return invalid_params(f"failed to deserialize {type_name}: {reason}")


def decode_transaction(text: str, encoding: str | None) -> DecodedTransaction:
    """A transaction from its text (base58 when no encoding is named); raises RpcError."""
    kind = encoding or "base58"
    if kind not in MAX_TEXT:
        if kind in ("base64+zstd", "json", "jsonParsed", "binary"):
            raise invalid_params(f"unsupported encoding: {kind}. Supported encodings: base58, base64")
        raise invalid_params(
            f"Invalid params: unknown variant `{kind}`, expected one of "
            "`binary`, `base64`, `base58`, `json`, `jsonParsed`."
        )
    limits = f"(max: encoded/raw {MAX_TEXT[kind]}/{MAX_RAW})"
    if len(text) > MAX_TEXT[kind]:
        raise invalid_params(f"{kind} encoded {TRANSACTION_TYPE} too large: {len(text)} bytes {limits}")
    try:
        raw = from_base58(text) if kind == "base58" else from_base64(text)
    except UndecodableError as error:
        raise invalid_params(f"invalid {kind} encoding: {error}") from None
    if len(raw) > MAX_RAW:
        raise invalid_params(f"decoded {TRANSACTION_TYPE} too large: {len(raw)} bytes (max: {MAX_RAW} bytes)")
    try:
        return DecodedTransaction.from_bytes(raw)
    except ValueError as error:
        raise deserialization_error(TRANSACTION_TYPE, error) from None
