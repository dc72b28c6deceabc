"""What goes into and comes out of sending transactions."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from launchpad.chain.executors import ExecutorName
from launchpad.schemas import Request

Status = Literal["sent", "confirmed", "finalized", "failed", "expired"]


class SubmitRequest(Request):
    """A signed transaction."""

    transaction: Annotated[str, Field(min_length=1, max_length=2000, description="Base64 of the signed wire form.")]
    last_valid_block_height: Annotated[int, Field(ge=0, lt=2**63)] | None = Field(
        None, description="As it came with the transaction; it is sent again until then."
    )
    executor: ExecutorName = Field(
        "legacy",
        description="`jito` for a transaction that was built with a tip; what does not land so is sent plainly.",
    )


class TransactionView(BaseModel):
    """Where a transaction stands. `error` is the program's own, once it failed."""

    signature: str
    status: Status
    executor: ExecutorName = Field("legacy", description="By which road it was handed in.")
    slot: int | None = None
    error: dict[str, Any] | None = None
    last_valid_block_height: int | None = None
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    links: dict[str, str] = Field(description="Pages of public explorers.")
