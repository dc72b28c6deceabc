"""Instructions of the token programs."""

import hashlib
from collections.abc import Callable
from typing import Any

from launchpad.localnet.encoding.amounts import ui_amount
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.parsing.reader import Reader, ShortDataError
from launchpad.localnet.parsing.shapes import Shape, UnknownShapeError, signers
from launchpad.localnet.parsing.token_names import ACCOUNT_AUTHORITIES, AUTHORITY_TYPES, EXTENSIONS

AMOUNT = ("amount", Reader.amount)
AUTHORITY = ("authority", "multisigAuthority")
OWNER = ("owner", "multisigOwner")
MINT_AUTHORITY = ("mintAuthority", "multisigMintAuthority")
FREEZE_AUTHORITY = ("freezeAuthority", "multisigFreezeAuthority")
NEW_MINT = (
    ("decimals", Reader.u8),
    ("mintAuthority", Reader.key),
    ("freezeAuthority", Reader.tagged_key),
)


def _token_amount(reader: Reader) -> dict[str, Any]:
    amount = reader.u64()
    return ui_amount(amount, reader.u8())


def _extension_types(reader: Reader) -> list[str]:
    rest = Reader(reader.rest())
    names = []
    while True:
        try:
            names.append(_named(EXTENSIONS, rest.u16()))
        except ShortDataError:
            return names


def _named(names: tuple[str, ...], index: int) -> str:
    if index >= len(names):
        raise UnknownShapeError
    return names[index]


def _rest_as_text(reader: Reader) -> str:
    try:
        return reader.rest().decode()
    except UnicodeDecodeError:
        raise UnknownShapeError from None


TOKEN_AMOUNT = ("tokenAmount", _token_amount)
EXTENSION_TYPES = ("extensionTypes", _extension_types)

SHAPES = {
    0: Shape("initializeMint", ("mint", "rentSysvar"), NEW_MINT),
    1: Shape("initializeAccount", ("account", "mint", "owner", "rentSysvar")),
    3: Shape("transfer", ("source", "destination"), (AMOUNT,), AUTHORITY),
    4: Shape("approve", ("source", "delegate"), (AMOUNT,), OWNER),
    5: Shape("revoke", ("source",), (), OWNER),
    7: Shape("mintTo", ("mint", "account"), (AMOUNT,), MINT_AUTHORITY),
    8: Shape("burn", ("account", "mint"), (AMOUNT,), AUTHORITY),
    9: Shape("closeAccount", ("account", "destination"), (), OWNER),
    10: Shape("freezeAccount", ("account", "mint"), (), FREEZE_AUTHORITY),
    11: Shape("thawAccount", ("account", "mint"), (), FREEZE_AUTHORITY),
    12: Shape("transferChecked", ("source", "mint", "destination"), (TOKEN_AMOUNT,), AUTHORITY),
    13: Shape("approveChecked", ("source", "mint", "delegate"), (TOKEN_AMOUNT,), OWNER),
    14: Shape("mintToChecked", ("mint", "account"), (TOKEN_AMOUNT,), MINT_AUTHORITY),
    15: Shape("burnChecked", ("account", "mint"), (TOKEN_AMOUNT,), AUTHORITY),
    16: Shape("initializeAccount2", ("account", "mint", "rentSysvar"), (("owner", Reader.key),)),
    17: Shape("syncNative", ("account",)),
    18: Shape("initializeAccount3", ("account", "mint"), (("owner", Reader.key),)),
    20: Shape("initializeMint2", ("mint",), NEW_MINT),
    21: Shape("getAccountDataSize", ("mint",), (EXTENSION_TYPES,)),
    22: Shape("initializeImmutableOwner", ("account",)),
    23: Shape("amountToUiAmount", ("mint",), (AMOUNT,)),
    24: Shape("uiAmountToAmount", ("mint",), (("uiAmount", _rest_as_text),)),
    25: Shape("initializeMintCloseAuthority", ("mint",), (("newAuthority", Reader.tagged_key),), keep_none=True),
    29: Shape("reallocate", ("account", "payer", "systemProgram"), (EXTENSION_TYPES,), OWNER),
    31: Shape("createNativeMint", ("payer", "nativeMint", "systemProgram")),
    32: Shape("initializeNonTransferableMint", ("mint",)),
    35: Shape("initializePermanentDelegate", ("mint",), (("delegate", Reader.key),)),
    38: Shape("withdrawExcessLamports", ("source", "destination"), (), AUTHORITY),
}

TRANSFER_FEE_SHAPES = {
    0: Shape(
        "initializeTransferFeeConfig",
        ("mint",),
        (
            ("transferFeeConfigAuthority", Reader.tagged_key),
            ("withdrawWithheldAuthority", Reader.tagged_key),
            ("transferFeeBasisPoints", Reader.u16),
            ("maximumFee", Reader.u64),
        ),
    ),
    2: Shape(
        "withdrawWithheldTokensFromMint",
        ("mint", "feeRecipient"),
        (),
        ("withdrawWithheldAuthority", "multisigWithdrawWithheldAuthority"),
    ),
    5: Shape(
        "setTransferFee",
        ("mint",),
        (("transferFeeBasisPoints", Reader.u16), ("maximumFee", Reader.u64)),
        ("transferFeeConfigAuthority", "multisigtransferFeeConfigAuthority"),
    ),
}
METADATA_POINTER_SHAPES = {
    0: Shape(
        "initializeMetadataPointer",
        ("mint",),
        (("authority", Reader.key_or_none), ("metadataAddress", Reader.key_or_none)),
    ),
    1: Shape("updateMetadataPointer", ("mint",), (("metadataAddress", Reader.key_or_none),), AUTHORITY),
}


def _metadata_field(reader: Reader) -> str:
    names = ("name", "symbol", "uri")
    kind = reader.u8()
    return reader.short_text() if kind == len(names) else _named(names, kind)


METADATA = ("metadata", "updateAuthority")
METADATA_SHAPES = {
    "initialize_account": Shape(
        "initializeTokenMetadata",
        (*METADATA, "mint", "mintAuthority"),
        (("name", Reader.short_text), ("symbol", Reader.short_text), ("uri", Reader.short_text)),
    ),
    "updating_field": Shape(
        "updateTokenMetadataField", METADATA, (("field", _metadata_field), ("value", Reader.short_text))
    ),
    "remove_key_ix": Shape(
        "removeTokenMetadataKey", METADATA, (("idempotent", Reader.flag), ("key", Reader.short_text))
    ),
    "update_the_authority": Shape(
        "updateTokenMetadataAuthority",
        METADATA,
        (("newAuthority", Reader.key_or_none),),
        keep_none=True,
    ),
}
BY_DISCRIMINATOR = {
    hashlib.sha256(f"spl_token_metadata_interface:{name}".encode()).digest()[:8]: shape
    for name, shape in METADATA_SHAPES.items()
}
TRANSFER_CHECKED_WITH_FEE, WITHDRAW_FROM_ACCOUNTS, HARVEST = 1, 3, 4


def parse_token(accounts: list[Key], data: bytes) -> dict[str, Any]:
    """An instruction of either token program."""
    metadata = BY_DISCRIMINATOR.get(data[:8])
    if metadata is not None:
        return metadata.parse(accounts, Reader(data, 8))
    reader = Reader(data)
    kind = reader.u8()
    special = SPECIAL.get(kind)
    if special is not None:
        return special(accounts, reader)
    shape = SHAPES.get(kind)
    if shape is None or not accounts:
        raise UnknownShapeError
    return shape.parse(accounts, reader)


def _multisig(accounts: list[Key], reader: Reader, kind: str, named: tuple[str, ...]) -> dict[str, Any]:
    if len(accounts) <= len(named):
        raise UnknownShapeError
    info: dict[str, Any] = {name: b58(key) for name, key in zip(named, accounts, strict=False)}
    info |= {"signers": [b58(key) for key in accounts[len(named) :]], "m": reader.u8()}
    return {"type": kind, "info": info}


def _set_authority(accounts: list[Key], reader: Reader) -> dict[str, Any]:
    authority_type = _named(AUTHORITY_TYPES, reader.u8())
    owned = "account" if authority_type in ACCOUNT_AUTHORITIES else "mint"
    shape = Shape("setAuthority", (owned,), (("newAuthority", Reader.tagged_key),), AUTHORITY, keep_none=True)
    parsed = shape.parse(accounts, reader)
    parsed["info"]["authorityType"] = authority_type
    return parsed


def _transfer_fee(accounts: list[Key], reader: Reader) -> dict[str, Any]:
    kind = reader.u8()
    if kind in TRANSFER_FEE_SHAPES:
        return TRANSFER_FEE_SHAPES[kind].parse(accounts, reader)
    if kind == TRANSFER_CHECKED_WITH_FEE:
        amount, decimals, fee = reader.u64(), reader.u8(), reader.u64()
        shape = Shape("transferCheckedWithFee", ("source", "mint", "destination"), (), AUTHORITY)
        parsed = shape.parse(accounts, reader)
        parsed["info"] |= {"tokenAmount": ui_amount(amount, decimals), "feeAmount": ui_amount(fee, decimals)}
        return parsed
    if kind == WITHDRAW_FROM_ACCOUNTS:
        return _withdraw_from_accounts(accounts, reader.u8())
    if kind == HARVEST and accounts:
        info = {"mint": b58(accounts[0]), "sourceAccounts": [b58(key) for key in accounts[1:]]}
        return {"type": "harvestWithheldTokensToMint", "info": info}
    raise UnknownShapeError


def _withdraw_from_accounts(accounts: list[Key], count: int) -> dict[str, Any]:
    sources = len(accounts) - count
    if sources < len(("mint", "feeRecipient", "authority")):
        raise UnknownShapeError
    info = {
        "mint": b58(accounts[0]),
        "feeRecipient": b58(accounts[1]),
        "sourceAccounts": [b58(key) for key in accounts[sources:]],
        **signers(accounts[2:sources], "withdrawWithheldAuthority", "multisigWithdrawWithheldAuthority"),
    }
    return {"type": "withdrawWithheldTokensFromAccounts", "info": info}


def _metadata_pointer(accounts: list[Key], reader: Reader) -> dict[str, Any]:
    shape = METADATA_POINTER_SHAPES.get(reader.u8())
    if shape is None:
        raise UnknownShapeError
    return shape.parse(accounts, reader)


SPECIAL: dict[int, Callable[[list[Key], Reader], dict[str, Any]]] = {
    2: lambda accounts, reader: _multisig(accounts, reader, "initializeMultisig", ("multisig", "rentSysvar")),
    6: _set_authority,
    19: lambda accounts, reader: _multisig(accounts, reader, "initializeMultisig2", ("multisig",)),
    26: _transfer_fee,
    39: _metadata_pointer,
}
