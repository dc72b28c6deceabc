"""What can go wrong with trading.

InvalidInputError
    SlippageTooWideError   the worst accepted result would be nothing
    ReferrerUnknownError   a referrer who has not registered
ConflictError
    CurveNotTradingError   sold out and without a pool yet, or refunding
"""

from launchpad.errors import ConflictError, InvalidInputError


class SlippageTooWideError(InvalidInputError):
    """The worst accepted result would be nothing at all."""

    code = "SLIPPAGE_TOO_WIDE"


class ReferrerUnknownError(InvalidInputError):
    """The referrer has no account that could collect his part, or is the trader himself."""

    code = "REFERRER_UNKNOWN"


class CurveNotTradingError(ConflictError):
    """The curve is sold out and has no pool yet, or gives money back."""

    code = "CURVE_NOT_TRADING"
