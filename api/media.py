"""Uploads, and the content-addressed store that serves them."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from api.deps import ServicesDep, Visitor
from api.errors import documented
from launchpad.media import service as media
from launchpad.media.errors import MediaNotFoundError
from launchpad.media.images import Role
from launchpad.media.links import is_cid
from launchpad.media.schemas import MetadataForm, StoredMetadata

router = APIRouter(tags=["media"])

_FOREVER = "public, max-age=31536000, immutable"
# What was uploaded is data: a browser that opens it directly must not run anything in it.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


Text = Annotated[str, Form(max_length=2000)]
Picture = Annotated[UploadFile | None, File(description="PNG, JPEG, WebP or GIF, at most 5 MB.")]


@router.post(
    "/api/launchpad/metadata",
    summary="Store a token's picture and metadata",
    responses=documented(413, 415, 503),
    status_code=201,
)
async def publish_metadata(
    services: ServicesDep,
    visitor: Visitor,
    *,
    name: Text,
    symbol: Text,
    description: Text = "",
    website: Text = "",
    twitter: Text = "",
    telegram: Text = "",
    discord: Text = "",
    image: Picture = None,
    banner: Picture = None,
    icon: Picture = None,
) -> StoredMetadata:
    """Pictures are decoded and encoded anew; the answer's `uri` and `metadata_hash` go on chain with the launch."""
    form = MetadataForm(name, symbol, description, website, twitter, telegram, discord)
    uploads: dict[Role, UploadFile | None] = {"image": image, "banner": banner, "icon": icon}
    files = {role: await upload.read() for role, upload in uploads.items() if upload is not None and upload.size}
    uploader = visitor.address if visitor else None
    return await media.publish_metadata(services.database, services.settings, form, files, uploader)


@router.get(
    "/ipfs/{cid}",
    summary="A stored object",
    response_class=Response,
    responses={
        **documented(404),
        200: {"description": "The bytes, which never change.", "content": {"*/*": {}}},
        302: {"description": "Not kept here: the public gateway may have it."},
        304: {"description": "The caller has it."},
    },
)
async def read_object(
    cid: Annotated[str, Path(max_length=100, description="The content identifier.")],
    request: Request,
    services: ServicesDep,
) -> Response:
    """Pictures and metadata by the hash of their content; what is unknown here is looked for at the gateway."""
    headers = {"Cache-Control": _FOREVER, "ETag": f'"{cid}"', "Access-Control-Allow-Origin": "*"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    try:
        found = await media.stored_object(services.database, cid)
    except MediaNotFoundError:
        if services.settings.is_local or not is_cid(cid):
            raise
        return RedirectResponse(f"{services.settings.pinata_gateway}/ipfs/{cid}", status_code=302)
    headers |= {"Content-Security-Policy": _SANDBOX, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(found.body, media_type=found.content_type, headers=headers)
