"""What can go wrong with uploads.

InvalidInputError
    ImageRefusedError      not a picture that we take (415), or too large
    MetadataRefusedError   a text or link that cannot stand in metadata
NotFoundError
    MediaNotFoundError     nothing is stored under this identifier
UnavailableError
    PinningFailedError     the pinning service or the archive did not take it
"""

from launchpad.errors import InvalidInputError, NotFoundError, UnavailableError


class ImageRefusedError(InvalidInputError):
    """Not a PNG, JPEG, WebP or GIF picture that can be read."""

    code = "IMAGE_REFUSED"
    status = 415


class ImageTooLargeError(InvalidInputError):
    """More bytes or more pixels than are taken."""

    code = "IMAGE_TOO_LARGE"
    status = 413


class MetadataRefusedError(InvalidInputError):
    """A text or link that cannot stand in metadata; `field` names it."""

    code = "METADATA_REFUSED"


class MediaNotFoundError(NotFoundError):
    """Nothing is stored under this identifier."""

    code = "MEDIA_NOT_FOUND"


class PinningFailedError(UnavailableError):
    """The service that keeps copies did not take this one; nothing was published."""

    code = "PINNING_FAILED"
