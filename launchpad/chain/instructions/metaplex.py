"""Instructions of Metaplex's Token Metadata program, in the forms that mainnet's program takes.

Accounts and arguments as in its CreateMetadataAccountV3 and UpdateMetadataAccountV2.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction

from launchpad.chain.addresses import SYSTEM
from launchpad.chain.metaplex import METAPLEX, ListedMetadata, metadata_account
from launchpad.chain.venues.coding import call, key_bytes, read, signs, text, write

_CREATE_METADATA_V3: Final = 33
_UPDATE_METADATA_V2: Final = 15
_NONE, _SOME = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Share:
    """A creator's part of royalties in whole percent. Only the wallet that mints is marked as verified."""

    wallet: str
    percent: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a metadata account is made with. `collection` is the mint that stands for a collection."""

    name: str
    symbol: str
    uri: str
    royalty_bps: int = 0
    creators: Sequence[Share] = ()
    collection: str | None = None
    mutable: bool = True


def create_metadata(mint: str, minter: str, metadata: Metadata, update_authority: str | None = None) -> Instruction:
    """The metadata of a mint whose authority is `minter`, who pays and, unless told otherwise, may update it."""
    creators = b"".join(
        key_bytes(each.wallet) + bytes([each.wallet == minter, each.percent]) for each in metadata.creators
    )
    data = (
        bytes([_CREATE_METADATA_V3])
        + _texts(metadata.name, metadata.symbol, metadata.uri)
        + struct.pack("<H", metadata.royalty_bps)
        + (_SOME + struct.pack("<I", len(metadata.creators)) + creators if metadata.creators else _NONE)
        + (_SOME + b"\x00" + key_bytes(metadata.collection) if metadata.collection else _NONE)
        + _NONE  # no limited uses
        + bytes([metadata.mutable])
        + _NONE  # it is no sized collection itself
    )
    accounts = [
        write(metadata_account(mint)),
        read(mint),
        signs(minter),
        write(minter, signer=True),
        signs(minter) if update_authority in {None, minter} else read(str(update_authority)),
        read(SYSTEM),
    ]
    return call(METAPLEX, data, accounts)


def update_texts(mint: str, authority: str, listed: ListedMetadata) -> Instruction:
    """Other texts of a token without creators and royalty; who may update it stays."""
    data = struct.pack("<H", 0) + _NONE * 3  # no royalty, creators, collection, uses
    return _update(mint, authority, _SOME + _texts(listed.name, listed.symbol, listed.uri) + data + _NONE * 3)


def hand_over(mint: str, authority: str, to: str) -> Instruction:
    """Another update authority; the texts stay."""
    return _update(mint, authority, _NONE + _SOME + key_bytes(to) + _NONE * 2)


def freeze_texts(mint: str, authority: str) -> Instruction:
    """Nobody can change the texts any more."""
    return _update(mint, authority, _NONE * 3 + _SOME + b"\x00")


def _update(mint: str, authority: str, changes: bytes) -> Instruction:
    """`changes`: optional texts, optional new authority, optional primary sale, optional mutability."""
    return call(METAPLEX, bytes([_UPDATE_METADATA_V2]) + changes, [write(metadata_account(mint)), signs(authority)])


def _texts(*texts: str) -> bytes:
    return b"".join(text(each) for each in texts)
