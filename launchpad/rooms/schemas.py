"""What goes into a room and what comes out of it."""

import re
import unicodedata
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from launchpad.schemas import ADDRESS_PATTERN

MAX_BODY = 500
HISTORY_PAGE = 50

# A closed palette: it cannot be used to smuggle text, and every client can draw it.
Emoji = Literal["👍", "❤️", "😂", "🚀", "🔥", "👀", "💎", "😢"]

_BLANK_LINES = re.compile(r"\n{3,}")
# Bidirectional overrides can make a message read as something else; joiners are needed by emoji.
_REFUSED_FORMATS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def clean_text(text: str) -> str:
    """Plain text without control and bidirectional characters and without runs of empty lines."""
    kept = (c for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n")) if _is_printable(c))
    return _BLANK_LINES.sub("\n\n", "".join(kept)).strip()


def _is_printable(character: str) -> bool:
    return character == "\n" or (character not in _REFUSED_FORMATS and unicodedata.category(character) != "Cc")


def _body(text: str) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise ValueError("Write something first: the message is empty.")
    if len(cleaned) > MAX_BODY:
        raise ValueError(f"The message is too long: at most {MAX_BODY} characters, this one has {len(cleaned)}.")
    return cleaned


# The raw text may be longer than what is kept of it, within reason.
Body = Annotated[str, Field(max_length=4 * MAX_BODY), AfterValidator(_body)]
Mint = Annotated[str, Field(pattern=ADDRESS_PATTERN)]


class Request(BaseModel):
    """Root of what clients send."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RoomRequest(Request):
    """A request that names a room by its token."""

    mint: Mint


class JoinRoom(RoomRequest):
    """Enter a room; `after` is the last sequence number that the client has."""

    after: int | None = Field(None, ge=0)


class PostMessage(RoomRequest):
    """Say something. `client_id` makes a repeat harmless."""

    body: Body
    client_id: UUID
    reply_to: UUID | None = None


class HistoryRequest(RoomRequest):
    """Messages older than `before` (a sequence number), newest last."""

    before: int | None = Field(None, ge=1)
    limit: int = Field(HISTORY_PAGE, ge=1, le=200)


class EditMessage(Request):
    """Change one's own message."""

    id: UUID
    body: Body


class MessageRequest(Request):
    """A request about one message."""

    id: UUID


class ReactToMessage(MessageRequest):
    """Put an emoji on a message, or take it back."""

    emoji: Emoji
    on: bool = True


class ReactionView(BaseModel):
    """How many people chose one emoji, and who, for as many as are shown."""

    emoji: str
    count: int
    authors: list[str]


class MessageView(BaseModel):
    """One message as it is shown. A deleted one keeps its place and loses its body.

    Kind `alert` is a line that a rule of the author's wrote.
    """

    id: str
    mint: str
    seq: int
    kind: Literal["said", "alert"]
    client_id: str
    author: str
    author_name: str | None
    badges: list[str]
    body: str
    reply_to: str | None
    created_at: str
    edited_at: str | None
    deleted: bool
    reactions: list[ReactionView]


class HistoryPage(BaseModel):
    """A page of messages, oldest first; `more` says whether older ones exist."""

    messages: list[MessageView]
    head: int
    more: bool
