"""What comes out of an upload."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field


@dataclass(frozen=True)
class MetadataForm:
    """The fields of a token's metadata, as they were typed."""

    name: str
    symbol: str
    description: str = ""
    website: str = ""
    twitter: str = ""
    telegram: str = ""
    discord: str = ""


class StoredImage(BaseModel):
    """One stored picture."""

    cid: str
    uri: str = Field(description="What metadata and the chain name it by.")
    url: str = Field(description="Where a page loads it from.")
    width: int
    height: int
    size: int = Field(description="Bytes.")
    content_type: str
    animated: bool
    archived_uri: str | None = Field(None, description="Second, permanent copy, where one is configured.")


class StoredMetadata(BaseModel):
    """A metadata document, stored and ready to be named on chain."""

    uri: str
    url: str
    cid: str
    metadata_hash: str = Field(description="SHA-256 of the document's bytes in hex; the launch writes it on chain.")
    metadata: dict[str, Any] = Field(description="The document itself.")
    images: dict[str, StoredImage] = Field(description="By role: image, banner, icon.")
    pinned: bool = Field(description="Whether a pinning service holds a copy.")
    archived_uri: str | None = None
