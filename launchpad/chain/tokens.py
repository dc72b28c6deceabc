"""Mints and token accounts of both token programs, read from their bytes.

Layouts: mint 82 bytes, account 165 bytes; with Token-2022 extensions padded to 165,
one byte of type, then a list of type u16, length u16, value.
"""

import base64
from dataclasses import dataclass
from typing import Any, ClassVar

from launchpad.chain.addresses import TOKEN_PROGRAMS
from launchpad.chain.borsh import NO_KEY, UndecodableError, key_or_none, key_text
from launchpad.errors import NotFoundError

_MINT_BYTES = 82
_ACCOUNT_BYTES = 165
_EXTENSIONS_AT = 166
_METADATA = 19
_KEY = 32

# What a holder list needs of an account: owner and amount.
HOLDER_SLICE = {"offset": 32, "length": 40}


class NotATokenError(UndecodableError, NotFoundError):
    """The address holds something, but no token."""

    code: ClassVar[str] = "NOT_A_TOKEN"
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True)
class MintState:
    """A mint and the metadata that it carries. Texts are empty where it has none."""

    mint: str
    token_program: str
    decimals: int
    supply: int
    mint_authority: str | None
    freeze_authority: str | None
    name: str = ""
    symbol: str = ""
    uri: str = ""
    update_authority: str | None = None


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """Who holds how much of what. Base units."""

    mint: str
    owner: str
    amount: int


def accounts_of_mint(mint: str) -> list[dict[str, Any]]:
    """Filters of getProgramAccounts and programSubscribe that leave a mint's token accounts."""
    return [{"memcmp": {"offset": 0, "bytes": mint}}, {"tokenAccountState": None}]


def data_of(account: dict[str, Any]) -> bytes:
    """The bytes of an account that was fetched in base64."""
    return base64.b64decode(account["data"][0])


def parse_token_account(data: bytes) -> TokenAccount:
    """A token account; UndecodableError for bytes that are none."""
    if len(data) < _ACCOUNT_BYTES:
        raise UndecodableError("This is no token account.")
    owner, amount = parse_holder(data[32:72])
    return TokenAccount(key_text(data[:_KEY]), owner, amount)


def parse_holder(data: bytes) -> tuple[str, int]:
    """Owner and base units from the HOLDER_SLICE of a token account."""
    return key_text(data[:_KEY]), int.from_bytes(data[_KEY : _KEY + 8], "little")


def parse_mint(mint: str, account: dict[str, Any]) -> MintState:
    """A mint that was fetched in base64; NotATokenError when it is none.

    Metadata counts only where it names this mint: anybody can write any text elsewhere.
    """
    data = data_of(account)
    extended = len(data) > _MINT_BYTES
    if account["owner"] not in TOKEN_PROGRAMS or len(data) < _MINT_BYTES or (extended and data[165:166] != b"\x01"):
        raise NotATokenError(f"{mint} is no token: check the address.")
    name, symbol, uri, update_authority = _metadata(mint, data)
    return MintState(
        mint=mint,
        token_program=account["owner"],
        decimals=data[44],
        supply=int.from_bytes(data[36:44], "little"),
        mint_authority=_option(data, 0),
        freeze_authority=_option(data, 46),
        name=name,
        symbol=symbol,
        uri=uri,
        update_authority=update_authority,
    )


def _metadata(mint: str, data: bytes) -> tuple[str, str, str, str | None]:
    value = _extension(data, _METADATA)
    if len(value) < 2 * _KEY or key_text(value[_KEY : 2 * _KEY]) != mint:
        return "", "", "", None
    texts, offset = [], 2 * _KEY
    for _ in range(3):
        end = offset + 4 + int.from_bytes(value[offset : offset + 4], "little")
        texts.append(value[offset + 4 : end].decode("utf-8", "replace"))
        offset = end
    return texts[0], texts[1], texts[2], key_or_none(value[:_KEY])


def _extension(data: bytes, wanted: int) -> bytes:
    """The value of an extension, empty where the account does not have it."""
    offset = _EXTENSIONS_AT
    while offset + 4 <= len(data):
        kind, length = (int.from_bytes(data[at : at + 2], "little") for at in (offset, offset + 2))
        if kind == wanted:
            return data[offset + 4 : offset + 4 + length]
        offset += 4 + length
    return b""


def _option(data: bytes, offset: int) -> str | None:
    """An address behind a u32 that says whether it is there."""
    raw = data[offset + 4 : offset + 4 + _KEY]
    return key_text(raw) if data[offset] and raw != NO_KEY else None
