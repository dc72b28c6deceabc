"""What can go wrong with a screen.

InvalidInputError
    ExpressionError        a filter that cannot be read; says where, and what is known there
    UnknownColumnError     a column that no list has
    ViewQuotaError         an account keeps no more views than that
NotFoundError
    ViewNotFoundError      a view that does not exist or was deleted
"""

from collections.abc import Sequence

from launchpad.errors import ConflictError, InvalidInputError, NotFoundError


class ExpressionError(InvalidInputError):
    """A filter that cannot be read. `column` counts characters from 1, `length` is how many are at fault."""

    code = "SCREENER_EXPRESSION"

    def __init__(self, message: str, column: int, length: int = 1, known: Sequence[str] = ()) -> None:
        super().__init__(message, field="filter", column=column, length=max(length, 1), known=list(known))
        self.column, self.length, self.known = column, max(length, 1), list(known)


class UnknownColumnError(InvalidInputError):
    """There is no such column."""

    code = "UNKNOWN_COLUMN"


class ViewNotFoundError(NotFoundError):
    """There is no such view."""

    code = "VIEW_NOT_FOUND"


class ViewQuotaError(ConflictError):
    """The account has as many views as it may."""

    code = "VIEW_QUOTA"
