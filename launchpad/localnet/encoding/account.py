"""Account objects, in every encoding that clients may ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from launchpad.localnet.accounts import Account
from launchpad.localnet.encoding.binary import to_base58, to_base64, to_zstd
from launchpad.localnet.errors import invalid_request
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.parsing.accounts import parse_account

Encoding = Literal["binary", "base58", "base64", "jsonParsed", "base64+zstd"]

MAX_BASE58_BYTES = 128
TOO_LARGE = "Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding."
TOO_LARGE_NOTICE = "error: data too large for bs58 encoding"

FindAccount = Callable[[Key], Account | None]


@dataclass(frozen=True, slots=True)
class View:
    """How accounts are shown: the encoding, and the slice `(offset, length)` of their data."""

    encoding: Encoding
    data_slice: tuple[int, int] | None = None

    def show(self, key: Key, account: Account, find: FindAccount) -> dict[str, Any]:
        """An account object; raises RpcError for long data in base58.

        `find` looks up other accounts of the same bank, such as the mint of a token account.
        """
        return _shape(account, self._data(key, account, find))

    def show_in_notice(self, key: Key, account: Account, find: FindAccount) -> dict[str, Any]:
        """An account object for a subscription, where long base58 data becomes a text."""
        is_base58 = self.encoding in ("binary", "base58")
        if is_base58 and len(self._slice(account.data)) > MAX_BASE58_BYTES:
            data: Any = TOO_LARGE_NOTICE
            return _shape(account, data if self.encoding == "binary" else [data, "base58"])
        return self.show(key, account, find)

    def _slice(self, data: bytes) -> bytes:
        if self.data_slice is None:
            return data
        offset, length = self.data_slice
        return data[offset : offset + length]

    def _data(self, key: Key, account: Account, find: FindAccount) -> Any:
        if self.encoding == "jsonParsed":
            parsed = parse_account(key, account, find)
            if parsed is not None:
                return {**parsed, "space": len(account.data)}
        data = self._slice(account.data)
        if self.encoding in ("binary", "base58"):
            if len(data) > MAX_BASE58_BYTES:
                raise invalid_request(TOO_LARGE)
            return to_base58(data) if self.encoding == "binary" else [to_base58(data), "base58"]
        if self.encoding == "base64+zstd":
            return [to_base64(to_zstd(data)), "base64+zstd"]
        return [to_base64(data), "base64"]


def _shape(account: Account, data: Any) -> dict[str, Any]:
    return {
        "lamports": account.lamports,
        "owner": b58(account.owner),
        "data": data,
        "executable": account.executable,
        "rentEpoch": account.rent_epoch,
        "space": len(account.data),
    }
