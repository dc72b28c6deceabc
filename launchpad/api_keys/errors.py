"""What can go wrong with keys.

UnauthenticatedError
    ApiKeyRefusedError     a key that is none of ours, or was revoked
NotFoundError
    ApiKeyNotFoundError    the account has no such key
ConflictError
    TooManyApiKeysError    the account has as many keys as it may
InvalidInputError
    UnknownTierError       no tier of that name is configured
"""

from launchpad.errors import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError


class ApiKeyRefusedError(UnauthenticatedError):
    """A key that was never made here, or was revoked."""

    code = "API_KEY_REFUSED"


class ApiKeyNotFoundError(NotFoundError):
    """The account has no key of this id that still holds."""

    code = "API_KEY_NOT_FOUND"


class TooManyApiKeysError(ConflictError):
    """The account has as many keys as it may."""

    code = "TOO_MANY_API_KEYS"


class UnknownTierError(InvalidInputError):
    """No tier of that name is configured."""

    code = "UNKNOWN_TIER"
