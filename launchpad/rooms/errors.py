"""What a room refuses, and why.

RoomNotFoundError, MessageNotFoundError, NotYourMessageError, SlowModeError,
DuplicateMessageError, LinksNeedHoldingError, ReplyElsewhereError
"""

from launchpad.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RateLimitedError


class RoomNotFoundError(NotFoundError):
    """No token of that mint was launched here."""

    code = "ROOM_NOT_FOUND"


class MessageNotFoundError(NotFoundError):
    """No such message, or it was deleted."""

    code = "MESSAGE_NOT_FOUND"


class NotYourMessageError(ForbiddenError):
    """Only the author may do this."""

    code = "NOT_YOUR_MESSAGE"


class SlowModeError(RateLimitedError):
    """The room is in slow mode; `retry_after_ms` says how long to wait."""

    code = "SLOW_MODE"


class DuplicateMessageError(ConflictError):
    """The same text again, shortly after the first."""

    code = "DUPLICATE_MESSAGE"


class LinksNeedHoldingError(ForbiddenError):
    """Links are for holders, which keeps drive-by scams out."""

    code = "HOLDER_ONLY"


class ReplyElsewhereError(InvalidInputError):
    """The message replied to is not in this room."""

    code = "REPLY_NOT_FOUND"
