"""Metadata that stands in Metaplex's program beside a mint: what most plain SPL tokens have.

Layout: u8 kind (4), update authority, mint, name, symbol, uri (u32 length each, padded with
zeros), u16 seller fee, optional creators (u32 count, 34 bytes each), bool primary sale, bool mutable.
"""

from dataclasses import dataclass
from typing import Any, Final

from launchpad.chain import pda
from launchpad.chain.addresses import pubkey
from launchpad.chain.borsh import key_or_none, key_text
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.errors import ConflictError

METAPLEX: Final = "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s"
_SEED = b"metadata"
_KIND = 4
_AUTHORITY, _MINT, _TEXTS = slice(1, 33), slice(33, 65), 65
_CREATOR_BYTES = 34
# An account of today's program, and the lamports that it asks for making one and leaves there.
METADATA_BYTES: Final = 607
METADATA_FEE: Final = 10_000_000


class NoMetaplexError(ConflictError):
    """The cluster has no Metaplex program, which NFTs and the metadata of classic tokens are made by."""

    code = "NO_METAPLEX"


@dataclass(frozen=True, slots=True)
class ListedMetadata:
    """Name, symbol and address of the document; `update_authority` None when nobody can change them."""

    account: str
    name: str
    symbol: str
    uri: str
    update_authority: str | None


def metadata_account(mint: str) -> str:
    """Where Metaplex's program keeps a mint's metadata."""
    return pda.derive(METAPLEX, _SEED, bytes(pubkey(METAPLEX)), bytes(pubkey(mint)))


async def require_metaplex(rpc: RpcPool, so: str) -> None:
    """Raise the NoMetaplexError that says what does `so` not work on a cluster without the program."""
    if not await has_metaplex(rpc):
        raise NoMetaplexError(f"This cluster has no Metaplex program, so {so}.")


async def has_metaplex(rpc: RpcPool) -> bool:
    """Whether the cluster has the program."""
    program = await rpc.get_account(METAPLEX)
    return program is not None and bool(program["executable"])


async def fetch_metadata(rpc: RpcPool, mint: str) -> ListedMetadata | None:
    """The metadata of a mint as it is now; None where it has none."""
    return parse_metadata(mint, await rpc.get_account(metadata_account(mint)))


def parse_metadata(mint: str, account: dict[str, Any] | None) -> ListedMetadata | None:
    """The metadata of a mint; None where there is none, or bytes that are not."""
    if account is None or account["owner"] != METAPLEX:
        return None
    data = data_of(account)
    if data[:1] != bytes([_KIND]) or key_text(data[_MINT]) != mint:
        return None
    texts, offset = [], _TEXTS
    for _ in range(3):
        end = offset + 4 + int.from_bytes(data[offset : offset + 4], "little")
        texts.append(data[offset + 4 : end].decode("utf-8", "replace").rstrip("\x00"))
        offset = end
    authority = key_or_none(data[_AUTHORITY]) if _is_mutable(data, offset + 2) else None
    return ListedMetadata(metadata_account(mint), texts[0], texts[1], texts[2], authority)


def _is_mutable(data: bytes, offset: int) -> bool:
    """The flag behind the creators that begin at `offset`; missing bytes count as mutable."""
    offset += 1
    if data[offset - 1 : offset] == b"\x01":
        offset += 4 + _CREATOR_BYTES * int.from_bytes(data[offset : offset + 4], "little")
    return data[offset + 1 : offset + 2] != b"\x00"
