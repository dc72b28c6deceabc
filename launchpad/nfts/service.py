"""NFTs: their documents in the content-addressed store, and the transaction that mints one."""

from typing import Any

from launchpad.chain import nfts
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions.metaplex import Share
from launchpad.chain.metaplex import metadata_account
from launchpad.chain.nfts import MAX_CREATORS, Nft
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.media import service as media
from launchpad.media.errors import MetadataRefusedError
from launchpad.media.schemas import StoredImage
from launchpad.media.texts import NAME_BYTES, SYMBOL_BYTES, description, link, short_text
from launchpad.nfts.schemas import BuiltNft, Creator, MintNft, NftDocument, StoredNft
from launchpad.tokens.launching import metadata_uri
from launchpad.transactions.unsigned import unsigned


async def publish(
    database: Database, settings: Settings, asked: NftDocument, picture: bytes, uploader: str | None = None
) -> StoredNft:
    """Check and store the picture and the document that names it.

    Raises MetadataRefusedError, ImageRefusedError, ImageTooLargeError and PinningFailedError.
    """
    clean = _checked(asked)
    image = await media.publish_picture(database, settings, picture, uploader)
    stored = await media.publish_document(database, settings, document(clean, image), uploader)
    return StoredNft(**stored, image=image)


def _checked(asked: NftDocument) -> NftDocument:
    symbol = short_text(asked.symbol, "symbol", SYMBOL_BYTES) if asked.symbol.strip() else ""
    return asked.model_copy(
        update={
            "name": short_text(asked.name, "name", NAME_BYTES),
            "symbol": symbol,
            "description": description(asked.description),
            "external_url": link(asked.external_url, "external_url") or "",
        }
    )


def document(asked: NftDocument, image: StoredImage) -> dict[str, Any]:
    """The document of a checked request, with what older readers look for where they look for it."""
    found: dict[str, Any] = {
        "name": asked.name,
        "symbol": asked.symbol,
        "description": asked.description,
        "seller_fee_basis_points": asked.seller_fee_basis_points,
        "image": image.uri,
    }
    if asked.external_url:
        found["external_url"] = asked.external_url
    found["attributes"] = [each.model_dump(exclude_none=True) for each in asked.attributes]
    if asked.collection:
        found["collection"] = asked.collection.model_dump()
    found["properties"] = {
        "files": [{"uri": image.uri, "type": image.content_type}],
        "category": "image",
        "creators": [each.model_dump() for each in asked.creators],
    }
    return found


async def build_mint(chain: ChainClient, asked: MintNft) -> BuiltNft:
    """The transaction that mints one; raises MetadataRefusedError, NoMetaplexError, and what a simulation says."""
    nft = Nft(
        minter=asked.minter,
        name=short_text(asked.name, "name", NAME_BYTES),
        symbol=short_text(asked.symbol, "symbol", SYMBOL_BYTES) if asked.symbol.strip() else "",
        uri=metadata_uri(asked.uri),
        royalty_bps=asked.seller_fee_basis_points,
        creators=_shares(asked.minter, asked.creators),
        collection=asked.collection,
        owner=asked.owner,
        mutable=asked.mutable,
    )
    mint, built = await nfts.build_mint(chain, nft)
    return BuiltNft(
        mint=mint,
        metadata=metadata_account(mint),
        edition=nfts.edition_account(mint),
        royalty_bps=asked.seller_fee_basis_points,
        **unsigned(built),
    )


def _shares(minter: str, creators: list[Creator]) -> list[Share]:
    """The shares, with the minter among them: who makes an NFT has to stand in its list, if without a share."""
    shares = [Share(each.address, each.share) for each in creators]
    if shares and minter not in [each.wallet for each in shares]:
        if len(shares) == MAX_CREATORS:
            message = f"There are at most {MAX_CREATORS} creators, and the minter has to be one of them."
            raise MetadataRefusedError(message, field="creators")
        shares.insert(0, Share(minter, 0))
    return shares
