"""Token-2022 extensions of mints and accounts."""

import struct
from collections.abc import Callable
from typing import Any

from launchpad.localnet.parsing.reader import Reader, ShortDataError
from launchpad.localnet.parsing.token_names import ACCOUNT_STATES, EXTENSIONS

FIRST_EXTENSION = 166


def parse_extensions(data: bytes) -> list[dict[str, Any]]:
    """The extensions of an account's data, in their order; empty for the base layout."""
    reader = Reader(data, FIRST_EXTENSION) if len(data) > FIRST_EXTENSION else Reader(b"")
    found: list[dict[str, Any]] = []
    while True:
        try:
            kind = reader.u16()
            if kind == 0:
                return found
            found.append(_extension(kind, reader.take(reader.u16())))
        except ShortDataError:
            return found


def _extension(kind: int, value: bytes) -> dict[str, Any]:
    name = EXTENSIONS[kind] if kind < len(EXTENSIONS) else ""
    if name in MARKS:
        return {"extension": name}
    parse = STATES.get(name)
    if parse is None:
        return {"extension": "unparseableExtension"}
    return {"extension": name, "state": parse(Reader(value))}


def _transfer_fee(reader: Reader) -> dict[str, Any]:
    return {
        "epoch": reader.u64(),
        "maximumFee": reader.u64(),
        "transferFeeBasisPoints": reader.u16(),
    }


def _transfer_fee_config(reader: Reader) -> dict[str, Any]:
    return {
        "transferFeeConfigAuthority": reader.key_or_none(),
        "withdrawWithheldAuthority": reader.key_or_none(),
        "withheldAmount": reader.u64(),
        "olderTransferFee": _transfer_fee(reader),
        "newerTransferFee": _transfer_fee(reader),
    }


def _token_metadata(reader: Reader) -> dict[str, Any]:
    return {
        "updateAuthority": reader.key_or_none(),
        "mint": reader.key(),
        "name": reader.short_text(),
        "symbol": reader.short_text(),
        "uri": reader.short_text(),
        "additionalMetadata": [[reader.short_text(), reader.short_text()] for _ in range(reader.u32())],
    }


def _interest(reader: Reader) -> dict[str, Any]:
    return {
        "rateAuthority": reader.key_or_none(),
        "initializationTimestamp": reader.signed(8),
        "preUpdateAverageRate": reader.signed(2),
        "lastUpdateTimestamp": reader.signed(8),
        "currentRate": reader.signed(2),
    }


def _scaled_amount(reader: Reader) -> dict[str, Any]:
    return {
        "authority": reader.key_or_none(),
        "multiplier": _multiplier(reader),
        "newMultiplierEffectiveTimestamp": reader.signed(8),
        "newMultiplier": _multiplier(reader),
    }


def _multiplier(reader: Reader) -> str:
    # The extension itself stores a float; its text is what clients get.
    value: float = struct.unpack("<d", reader.take(8))[0]
    return f"{value:g}"


def _pointer(name: str) -> Callable[[Reader], dict[str, Any]]:
    return lambda reader: {"authority": reader.key_or_none(), name: reader.key_or_none()}


MARKS = frozenset(("immutableOwner", "nonTransferable", "nonTransferableAccount", "pausableAccount"))
STATES: dict[str, Callable[[Reader], dict[str, Any]]] = {
    "transferFeeConfig": _transfer_fee_config,
    "transferFeeAmount": lambda reader: {"withheldAmount": reader.u64()},
    "mintCloseAuthority": lambda reader: {"closeAuthority": reader.key_or_none()},
    "defaultAccountState": lambda reader: {"accountState": ACCOUNT_STATES[reader.u8() % 3]},
    "memoTransfer": lambda reader: {"requireIncomingTransferMemos": reader.flag()},
    "interestBearingConfig": _interest,
    "cpiGuard": lambda reader: {"lockCpi": reader.flag()},
    "permanentDelegate": lambda reader: {"delegate": reader.key_or_none()},
    "transferHook": _pointer("programId"),
    "transferHookAccount": lambda reader: {"transferring": reader.flag()},
    "metadataPointer": _pointer("metadataAddress"),
    "tokenMetadata": _token_metadata,
    "groupPointer": _pointer("groupAddress"),
    "groupMemberPointer": _pointer("memberAddress"),
    "scaledUiAmountConfig": _scaled_amount,
    "pausableConfig": lambda reader: {"authority": reader.key_or_none(), "paused": reader.flag()},
}
