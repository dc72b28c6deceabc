"""What can go wrong with drawings.

InvalidInputError
    DrawingsQuotaError      the drawings of one token, or of all, take more room than an account has
ConflictError
    DrawingsConflictError   they were changed elsewhere since; the details say what they are now
"""

from launchpad.errors import ConflictError, InvalidInputError


class DrawingsQuotaError(InvalidInputError):
    """An account has no more room for drawings."""

    code = "DRAWINGS_QUOTA"


class DrawingsConflictError(ConflictError):
    """What is stored is newer than what was changed; `revision` and `drawings` in the details are the stored ones."""

    code = "DRAWINGS_CONFLICT"
