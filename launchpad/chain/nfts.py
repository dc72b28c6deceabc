"""One-of-a-kind tokens by Metaplex's program: a mint of one whole unit, its metadata, and its master edition.

The master edition takes the mint's authorities, so that nobody can ever mint a second one.
Accounts and arguments as in the program's CreateMetadataAccountV3 and CreateMasterEditionV3.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import SYSTEM, TOKEN
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions.metaplex import Metadata, Share, create_metadata
from launchpad.chain.instructions.solana import MINT_BYTES, create_mint, create_token_account
from launchpad.chain.keys import address_of, generate
from launchpad.chain.metaplex import METAPLEX, metadata_account, require_metaplex
from launchpad.chain.venues.coding import call, key_bytes, read, signs, write

MAX_CREATORS = 5
_MINT_TO: Final = 7
_CREATE_MASTER_EDITION_V3: Final = 17


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
    await require_metaplex(chain.rpc, "no NFT can be minted on it: use another one")
    key = generate()
    mint, rent = address_of(key), await chain.rpc.get_rent(MINT_BYTES)
    return mint, await chain.build(nft.minter, instructions(nft, mint, rent), [key])


def instructions(nft: Nft, mint: str, rent: int) -> list[Instruction]:
    """All that makes the NFT, in one transaction; `rent` is of the mint's account."""
    minter, owner = nft.minter, nft.owner or nft.minter
    account = pda.associated_token(owner, mint, TOKEN)
    return [
        *create_mint(minter, mint, rent, decimals=0, freeze_authority=minter),
        create_token_account(minter, owner, mint, TOKEN),
        call(TOKEN, struct.pack("<BQ", _MINT_TO, 1), [write(mint), write(account), signs(minter)]),
        _create_metadata(nft, mint),
        _create_master_edition(minter, mint),
    ]


def _create_metadata(nft: Nft, mint: str) -> Instruction:
    creators = nft.creators or [Share(nft.minter, 100)]
    texts = (nft.name, nft.symbol, nft.uri)
    return create_metadata(
        mint, nft.minter, Metadata(*texts, nft.royalty_bps, creators, nft.collection, mutable=nft.mutable)
    )


def _create_master_edition(minter: str, mint: str) -> Instruction:
    """With no prints: the one that is minted stays the only one."""
    data = bytes([_CREATE_MASTER_EDITION_V3]) + b"\x01" + struct.pack("<Q", 0)
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
