"""Metadata documents by the token metadata standard, with links at both places that readers look."""

from typing import Any

import orjson

from launchpad.media.schemas import MetadataForm, StoredImage
from launchpad.media.texts import NAME_BYTES, SYMBOL_BYTES, description, link, short_text

_LINKS = ("website", "twitter", "telegram", "discord")


def checked(form: MetadataForm) -> MetadataForm:
    """The form with every text cleaned; raises MetadataRefusedError naming the field."""
    return MetadataForm(
        name=short_text(form.name, "name", NAME_BYTES),
        symbol=short_text(form.symbol, "symbol", SYMBOL_BYTES),
        description=description(form.description),
        **{name: link(getattr(form, name), name) or "" for name in _LINKS},
    )


def document(form: MetadataForm, images: dict[str, StoredImage], created_on: str) -> dict[str, Any]:
    """The document of a checked form: Metaplex's fungible standard, readers' extensions included."""
    links = {name: getattr(form, name) for name in _LINKS if getattr(form, name)}
    files = [{"uri": image.uri, "type": image.content_type} for image in images.values()]
    found: dict[str, Any] = {"name": form.name, "symbol": form.symbol, "description": form.description}
    if "image" in images:
        found["image"] = images["image"].uri
    for role in ("banner", "icon"):
        if role in images:
            found[role] = images[role].uri
    if "website" in links:
        found["external_url"] = links["website"]
    return {
        **found,
        **links,
        "extensions": links,
        "createdOn": created_on,
        "properties": {"category": "image", "files": files},
    }


def encode(found: dict[str, Any]) -> bytes:
    """The bytes that are stored and hashed."""
    return orjson.dumps(found)
