"""What can go wrong with signing in.

UnauthenticatedError
    SignInFailedError      the signature or the signed text does not fit (never says which)
    SignInExpiredError     the challenge is gone: used, expired, or of another browser
ForbiddenError
    CsrfFailedError        an unsafe request without the token or from another site
"""

from launchpad.errors import ForbiddenError, UnauthenticatedError


class SignInFailedError(UnauthenticatedError):
    """The proof of the wallet does not hold; which check failed is not told."""

    code = "SIGN_IN_FAILED"


class SignInExpiredError(UnauthenticatedError):
    """There is no such challenge for this browser any more."""

    code = "SIGN_IN_EXPIRED"


class CsrfFailedError(ForbiddenError):
    """An unsafe request that did not come from our own pages."""

    code = "CSRF_FAILED"
