"""Uploaded pictures and metadata documents, by content."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class MediaObject(Table):
    """One stored object; `cid` is the CIDv1 of its bytes, so it never changes."""

    __tablename__ = "media"

    cid: Mapped[str] = mapped_column(String(80), primary_key=True)
    content_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    uploader: Mapped[str | None] = mapped_column(String(44))
    pinned_at: Mapped[datetime | None] = mapped_column(Instant)  # by the pinning service, when one is configured
    archived_uri: Mapped[str | None] = mapped_column(String(256))  # second copy on Arweave, when configured
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
