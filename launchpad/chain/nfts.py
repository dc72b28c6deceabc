"""One-of-a-kind tokens by Metaplex's program: a mint of one whole unit, its metadata, and its master edition.

The master edition takes the mint's authorities, so that nobody can ever mint a second one.
Accounts and arguments as in the program's CreateMetadataAccountV3 and CreateMasterEditionV3.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction
from solders.system_program import CreateAccountParams, create_account

from launchpad.chain import pda
from launchpad.chain.addresses import SYSTEM, TOKEN, pubkey
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.keys import address_of, generate
from launchpad.chain.metaplex import METAPLEX, metadata_account
from launchpad.chain.venues.coding import call, key_bytes, read, signs, text, write
from launchpad.errors import ConflictError

MAX_CREATORS = 5
_MINT_BYTES: Final = 82
_INITIALIZE_MINT2, _MINT_TO = 20, 7
_CREATE_METADATA_V3, _CREATE_MASTER_EDITION_V3 = 33, 17
_NONE, _SOME = b"\x00", b"\x01"


class NoMetaplexError(ConflictError):
    """The cluster has no Metaplex program, which NFTs are made by."""

    code = "NO_METAPLEX"


@dataclass(frozen=True, slots=True)
class Share:
    """A creator's part of royalties in whole percent. Only the wallet that mints is marked as verified."""

    wallet: str
    percent: int


@dataclass(frozen=True, slots=True)
class Nft:
    """What is minted by `minter`, to `owner`. The royalty is in basis points of later sales.

    `collection` is the mint of an NFT that stands for the collection; until its own authority
    verifies this one, readers see it as claimed only.
    """

    minter: str
    name: str
    symbol: str
    uri: str
    royalty_bps: int = 0
    creators: Sequence[Share] = ()
    collection: str | None = None
    owner: str | None = None
    mutable: bool = True


def edition_account(mint: str) -> str:
    """Where Metaplex's program keeps a mint's master edition."""
    return pda.derive(METAPLEX, b"metadata", key_bytes(METAPLEX), key_bytes(mint), b"edition")


async def build_mint(chain: ChainClient, nft: Nft) -> tuple[str, BuiltTransaction]:
    """The mint's address, and the transaction that makes it; its key signs and is forgotten.

    Raises NoMetaplexError, and what a simulation says.
    """
    program = await chain.rpc.get_account(METAPLEX)
    if program is None or not program["executable"]:
        raise NoMetaplexError("This cluster has no Metaplex program, so no NFT can be minted on it: use another one.")
    key = generate()
    mint, rent = address_of(key), await chain.rpc.get_rent(_MINT_BYTES)
    return mint, await chain.build(nft.minter, instructions(nft, mint, rent), [key])


def instructions(nft: Nft, mint: str, rent: int) -> list[Instruction]:
    """All that makes the NFT, in one transaction; `rent` is of the mint's account."""
    minter, owner = nft.minter, nft.owner or nft.minter
    made = CreateAccountParams(
        from_pubkey=pubkey(minter), to_pubkey=pubkey(mint), lamports=rent, space=_MINT_BYTES, owner=pubkey(TOKEN)
    )
    authority = key_bytes(minter)
    account = pda.associated_token(owner, mint, TOKEN)
    return [
        create_account(made),
        call(TOKEN, bytes([_INITIALIZE_MINT2, 0]) + authority + _SOME + authority, [write(mint)]),
        create_token_account(minter, owner, mint, TOKEN),
        call(TOKEN, struct.pack("<BQ", _MINT_TO, 1), [write(mint), write(account), signs(minter)]),
        _create_metadata(nft, mint),
        _create_master_edition(minter, mint),
    ]


def _create_metadata(nft: Nft, mint: str) -> Instruction:
    minter = nft.minter
    listed = nft.creators or [Share(minter, 100)]
    creators = b"".join(key_bytes(each.wallet) + bytes([each.wallet == minter, each.percent]) for each in listed)
    data = (
        bytes([_CREATE_METADATA_V3])
        + b"".join(text(each) for each in (nft.name, nft.symbol, nft.uri))
        + struct.pack("<H", nft.royalty_bps)
        + (_SOME + struct.pack("<I", len(listed)) + creators)
        + (_SOME + b"\x00" + key_bytes(nft.collection) if nft.collection else _NONE)
        + _NONE  # no limited uses
        + bytes([nft.mutable])
        + _NONE  # it is no sized collection itself
    )
    accounts = [
        write(metadata_account(mint)),
        read(mint),
        signs(minter),
        write(minter, signer=True),
        signs(minter),
        read(SYSTEM),
    ]
    return call(METAPLEX, data, accounts)


def _create_master_edition(minter: str, mint: str) -> Instruction:
    """With no prints: the one that is minted stays the only one."""
    data = bytes([_CREATE_MASTER_EDITION_V3]) + _SOME + struct.pack("<Q", 0)
    accounts = [
        write(edition_account(mint)),
        write(mint),
        signs(minter),
        signs(minter),
        write(minter, signer=True),
        write(metadata_account(mint)),
        read(TOKEN),
        read(SYSTEM),
    ]
    return call(METAPLEX, data, accounts)
