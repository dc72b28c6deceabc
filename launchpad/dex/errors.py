"""What can go wrong at other venues.

ConflictError
    NotOnThisNetworkError    the venue does not exist on this cluster
    PoolExistsError          somebody opened this pool before
    SwapsWaitError           the pool does not swap (yet)
InvalidInputError
    MintNotAcceptedError     the venue takes no such mint
    PriceMismatchError       price and amounts say different things
    PriceOffMarketError      far from where the token trades
    BadAllocationError       shares of a launch that do not come to a whole
NotFoundError
    NoRouteError             no way from one token to the other
    MultiLaunchNotFoundError
UnavailableError
    AggregatorAwayError      the aggregator does not answer, or not in its own language
    AggregatorBusyError      it takes no more requests now
"""

from typing import ClassVar

from launchpad.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError


class NotOnThisNetworkError(ConflictError):
    """The venue's program or service is not on this cluster."""

    code = "NOT_ON_THIS_NETWORK"


class PoolExistsError(ConflictError):
    """There is a pool of this pair already."""

    code = "POOL_EXISTS"


class SwapsWaitError(ConflictError):
    """The pool takes no such order now."""

    code = "SWAPS_WAIT"


class MintNotAcceptedError(InvalidInputError):
    """The venue opens no pools for mints like this one."""

    code = "MINT_NOT_ACCEPTED"


class PriceMismatchError(InvalidInputError):
    """The price that was asked for is not the one that the amounts make."""

    code = "PRICE_MISMATCH"


class PriceOffMarketError(InvalidInputError):
    """The pool would open far from the price at which the token trades, and lose the difference."""

    code = "PRICE_OFF_MARKET"


class BadAllocationError(InvalidInputError):
    """Shares between venues that do not come to 10 000 basis points, or a venue named twice."""

    code = "BAD_ALLOCATION"


class NoRouteError(NotFoundError):
    """There is no way from the one token to the other."""

    code = "NO_ROUTE"


class MultiLaunchNotFoundError(NotFoundError):
    """There is no launch on several venues of this id."""

    code = "MULTI_LAUNCH_NOT_FOUND"


class AggregatorAwayError(UnavailableError):
    """The aggregator does not answer, or not in the shapes that it documents."""

    code: ClassVar[str] = "AGGREGATOR_UNAVAILABLE"


class AggregatorBusyError(AggregatorAwayError):
    """The aggregator takes no more requests at the moment."""

    code: ClassVar[str] = "AGGREGATOR_BUSY"
