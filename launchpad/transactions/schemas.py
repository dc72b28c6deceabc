"""What goes into and comes out of sending transactions."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Request

Status = Literal["sent", "confirmed", "finalized", "failed", "expired"]


class SubmitRequest(Request):
    """A signed transaction."""

    transaction: Annotated[str, Field(min_length=1, max_length=2000, description="Base64 of the signed wire form.")]
    last_valid_block_height: Annotated[int, Field(ge=0, lt=2**63)] | None = Field(
        None, description="As it came with the transaction; it is sent again until then."
    )


class TransactionView(BaseModel):
    """Where a transaction stands. `error` is the program's own, once it failed."""

    signature: str
    status: Status
    slot: int | None = None
    error: dict[str, Any] | None = None
    last_valid_block_height: int | None = None
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    links: dict[str, str] = Field(description="Pages of public explorers.")
