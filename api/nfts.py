"""One-of-a-kind tokens: their metadata, and minting them."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import ValidationError

from api.deps import ServicesDep, Visitor
from api.errors import documented, invalid_input
from launchpad.nfts import service
from launchpad.nfts.schemas import BuiltNft, MintNft, NftDocument, StoredNft

router = APIRouter(prefix="/api/nfts", tags=["launching"])


@router.post(
    "/metadata", summary="Store an NFT's picture and metadata", responses=documented(413, 415, 503), status_code=201
)
async def publish_metadata(
    services: ServicesDep,
    visitor: Visitor,
    document: Annotated[str, Form(max_length=50_000, description="The texts as JSON: an NftDocument.")],
    image: Annotated[UploadFile, File(description="PNG, JPEG, WebP or GIF, at most 5 MB.")],
) -> StoredNft:
    """A document by Metaplex's non-fungible standard; the answer's `uri` is what the NFT names."""
    try:
        asked = NftDocument.model_validate_json(document)
    except ValidationError as error:
        raise invalid_input(error.errors()) from error
    uploader = visitor.address if visitor else None
    return await service.publish(services.database, services.settings, asked, await image.read(), uploader)


@router.post("/mint", summary="Mint an NFT", responses=documented(409))
async def mint_nft(body: MintNft, services: ServicesDep) -> BuiltNft:
    """An unsigned transaction: one whole unit, its metadata and its master edition, all at once."""
    return await service.build_mint(services.chain, body)
