"""Filters over program accounts."""

from collections.abc import Callable
from typing import Any

from launchpad.localnet.accounts import Account, is_token_account
from launchpad.localnet.encoding.binary import UndecodableError, from_base58, from_base64
from launchpad.localnet.errors import invalid_params
from launchpad.localnet.keys import TOKEN_PROGRAMS, Key
from launchpad.localnet.params import string, unknown_variant, unsigned, wrong_type

Filter = Callable[[Account], bool]

FILTERS = ("dataSize", "memcmp", "tokenAccountState")
MAX_FILTERS = 4
MAX_MEMCMP_BYTES = 128
MAX_MEMCMP_TEXT = {"base58": 175, "base64": 172}
TOKEN_MINT_OFFSET, TOKEN_OWNER_OFFSET = 0, 32
KEY_LENGTH = 32


def parse_filters(value: Any, program: Key) -> list[Filter]:
    """The filters of a request; raises RpcError. An account passes when all of them match."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong_type(value, "a sequence")
    if len(value) > MAX_FILTERS:
        raise invalid_params(f"Too many filters provided; max {MAX_FILTERS}")
    return [_parse(each, program) for each in value]


def _parse(value: Any, program: Key) -> Filter:
    if value == "tokenAccountState":
        return is_token_account
    if isinstance(value, str):
        raise unknown_variant(value, FILTERS)
    if not isinstance(value, dict):
        raise wrong_type(value, "string or map")
    if len(value) != 1:
        raise invalid_params("Invalid params: invalid value: map, expected map with a single key.")
    name, detail = next(iter(value.items()))
    if name == "dataSize":
        size = unsigned(detail)
        return lambda account: len(account.data) == size
    if name == "memcmp":
        return _memcmp(detail, program)
    if name == "tokenAccountState":
        return is_token_account
    raise unknown_variant(name, FILTERS)


def _memcmp(detail: Any, program: Key) -> Filter:
    if not isinstance(detail, dict):
        raise wrong_type(detail, "struct Memcmp")
    for name in ("offset", "bytes"):
        if name not in detail:
            raise invalid_params(f"Invalid params: missing field `{name}`.")
    offset = unsigned(detail["offset"], "usize")
    wanted = _bytes(detail["bytes"], detail.get("encoding"))
    if program in TOKEN_PROGRAMS and len(wanted) != KEY_LENGTH:
        _refuse_short_key(offset, len(wanted))
    end = offset + len(wanted)
    return lambda account: account.data[offset:end] == wanted and end <= len(account.data)


def _refuse_short_key(offset: int, length: int) -> None:
    names = {TOKEN_MINT_OFFSET: "mint", TOKEN_OWNER_OFFSET: "owner"}
    if offset in names:
        raise invalid_params(
            f"Incorrect byte length {length} for SPL token {names[offset]} filter, expected {KEY_LENGTH}"
        )


def _bytes(value: Any, encoding: Any) -> bytes:
    if isinstance(value, list):
        if not all(isinstance(each, int) and 0 <= each <= 255 for each in value):  # noqa: PLR2004 - a byte
            raise invalid_params("Invalid params: data did not match any variant of untagged enum DataType.")
        return _limited(bytes(value))
    kind = "base58" if encoding is None else string(encoding)
    text = string(value)
    if kind not in MAX_MEMCMP_TEXT:
        raise unknown_variant(kind, ("base58", "base64", "bytes"))
    if len(text) > MAX_MEMCMP_TEXT[kind]:
        raise invalid_params("Invalid param: DataTooLarge")
    try:
        return _limited(from_base58(text) if kind == "base58" else from_base64(text))
    except UndecodableError as error:
        name = "Base58DecodeError" if kind == "base58" else "Base64DecodeError"
        raise invalid_params(f"Invalid param: {name}({error})") from None


def _limited(data: bytes) -> bytes:
    if len(data) > MAX_MEMCMP_BYTES:
        raise invalid_params("Invalid param: DataTooLarge")
    return data
