"""Accounts as JSON."""

from collections.abc import Callable
from typing import Any

from launchpad.localnet.accounts import Account, is_mint, is_token_account
from launchpad.localnet.encoding.amounts import ui_amount
from launchpad.localnet.keys import (
    LOOKUP_TABLE_PROGRAM,
    SYSTEM_PROGRAM,
    SYSVAR_OWNER,
    TOKEN_2022_PROGRAM,
    TOKEN_PROGRAM,
    UPGRADEABLE_LOADER,
    Key,
    b58,
)
from launchpad.localnet.nonce import nonce_account
from launchpad.localnet.parsing.extensions import parse_extensions
from launchpad.localnet.parsing.loaders import parse_loader_account
from launchpad.localnet.parsing.lookup_tables import parse_lookup_table_account
from launchpad.localnet.parsing.reader import Reader, ShortDataError
from launchpad.localnet.parsing.shapes import UnknownShapeError
from launchpad.localnet.parsing.sysvars import parse_sysvar
from launchpad.localnet.parsing.token_names import ACCOUNT_STATES

Find = Callable[[Key], Account | None]
MINT_DECIMALS = 44
LAMPORTS_PER_SIGNATURE = "5000"
WSOL_DECIMALS = 9


def parse_account(key: Key, account: Account, find: Find) -> dict[str, Any] | None:
    """`{"program", "parsed"}` of an account, None when no parser knows it.

    `find` looks up the mint of a token account.
    """
    known = PARSERS.get(account.owner)
    if known is None:
        return None
    name, parse = known
    try:
        return {"program": name, "parsed": parse(key, account, find)}
    except (UnknownShapeError, ShortDataError):
        return None


def _token(_key: Key, account: Account, find: Find) -> dict[str, Any]:
    if is_mint(account):
        return {"type": "mint", "info": _mint_info(account.data)}
    if not is_token_account(account):
        raise UnknownShapeError
    mint = find(account.data[:32])
    if mint is None or not is_mint(mint):
        raise UnknownShapeError
    return {"type": "account", "info": _account_info(account.data, mint.data[MINT_DECIMALS])}


def _mint_info(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    info: dict[str, Any] = {
        "mintAuthority": reader.fixed_tagged_key(),
        "supply": reader.amount(),
        "decimals": reader.u8(),
        "isInitialized": reader.flag(),
        "freezeAuthority": reader.fixed_tagged_key(),
    }
    extensions = parse_extensions(data)
    return info | {"extensions": extensions} if extensions else info


def _account_info(data: bytes, decimals: int) -> dict[str, Any]:
    reader = Reader(data)
    mint, owner, amount = reader.key(), reader.key(), reader.u64()
    delegate, state = reader.fixed_tagged_key(), reader.u8()
    is_native, reserve = reader.u32(), reader.u64()
    delegated, close_authority = reader.u64(), reader.fixed_tagged_key()
    info: dict[str, Any] = {
        "mint": mint,
        "owner": owner,
        "state": ACCOUNT_STATES[state] if state < len(ACCOUNT_STATES) else "uninitialized",
        "isNative": is_native != 0,
        "tokenAmount": ui_amount(amount, decimals),
    }
    if delegate is not None:
        info |= {"delegate": delegate, "delegatedAmount": ui_amount(delegated, decimals)}
    if is_native:
        info["rentExemptReserve"] = ui_amount(reserve, WSOL_DECIMALS)
    if close_authority is not None:
        info["closeAuthority"] = close_authority
    extensions = parse_extensions(data)
    return info | {"extensions": extensions} if extensions else info


def _nonce(_key: Key, account: Account, _find: Find) -> dict[str, Any]:
    nonce = nonce_account(account)
    if nonce is None:
        raise UnknownShapeError
    return {
        "type": "initialized",
        "info": {
            "authority": b58(nonce.authority),
            "blockhash": b58(nonce.value),
            "feeCalculator": {"lamportsPerSignature": LAMPORTS_PER_SIGNATURE},
        },
    }


PARSERS: dict[Key, tuple[str, Callable[[Key, Account, Find], dict[str, Any]]]] = {
    TOKEN_PROGRAM: ("spl-token", _token),
    TOKEN_2022_PROGRAM: ("spl-token-2022", _token),
    SYSTEM_PROGRAM: ("nonce", _nonce),
    UPGRADEABLE_LOADER: (
        "bpf-upgradeable-loader",
        lambda _key, account, _find: parse_loader_account(account.data),
    ),
    LOOKUP_TABLE_PROGRAM: (
        "address-lookup-table",
        lambda _key, account, _find: parse_lookup_table_account(account.data),
    ),
    SYSVAR_OWNER: ("sysvar", lambda key, account, _find: parse_sysvar(key, account.data)),
}
