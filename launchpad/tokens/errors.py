"""What can go wrong with tokens.

NotFoundError
    TokenNotFoundError     no token of that mint was launched here
"""

from launchpad.errors import NotFoundError


class TokenNotFoundError(NotFoundError):
    """No token of that mint was launched here, or it is not indexed yet."""

    code = "TOKEN_NOT_FOUND"


def unknown_token(mint: str) -> TokenNotFoundError:
    """The error for a mint that nobody launched here."""
    return TokenNotFoundError(
        "There is no token with this mint here. A launch shows up once it is confirmed.", mint=mint
    )
