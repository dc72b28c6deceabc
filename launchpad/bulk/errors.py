"""What can go wrong with operations on many items.

InvalidInputError
    BulkRefusedError        items that cannot be done, each with its reason (launchpad.chain.bulk.items)
    ForeignTransactionError a signed transaction that belongs to no item of the operation
NotFoundError
    BulkNotFoundError       there is no such operation
ConflictError
    BulkNothingLeftError    every item is done or on its way
"""

from launchpad.errors import ConflictError, InvalidInputError, NotFoundError


class BulkNotFoundError(NotFoundError):
    """There is no operation of this id."""

    code = "BULK_NOT_FOUND"


class ForeignTransactionError(InvalidInputError):
    """A transaction that the operation did not build."""

    code = "FOREIGN_TRANSACTION"


class BulkNothingLeftError(ConflictError):
    """There is nothing to build: every item is confirmed, or in a transaction that may still land."""

    code = "BULK_NOTHING_LEFT"
