"""What can go wrong with watchlists.

NotFoundError
    WatchlistNotFoundError     a list that the account does not have
ConflictError
    WatchlistQuotaError        no more lists, or no more tokens on one
    WatchlistNameError         a name that another list has
"""

from launchpad.errors import ConflictError, NotFoundError


class WatchlistNotFoundError(NotFoundError):
    """The account has no such list."""

    code = "WATCHLIST_NOT_FOUND"


class WatchlistQuotaError(ConflictError):
    """There is no room for more."""

    code = "WATCHLIST_QUOTA"


class WatchlistNameError(ConflictError):
    """Another list has that name."""

    code = "WATCHLIST_NAME"
