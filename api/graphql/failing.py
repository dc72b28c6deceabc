"""Every error in the house's words: message, path and `extensions.code`, and nothing from inside."""

from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from api.errors import UnexpectedError, outage
from launchpad.errors import InvalidInputError, LaunchpadError

_LOG = structlog.get_logger(__name__)


class InvalidQueryError(InvalidInputError):
    """A text that is no query of this schema."""

    code = "INVALID_QUERY"


class HouseErrors(MaskErrors):
    """Tells what a caller can mend; the log has the rest under the request's id."""

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The same error as it may be told."""
        request_id = getattr(self.execution_context.context, "request_id", "")
        told = _told(error, request_id)
        return GraphQLError(
            told.message,
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions=extensions_of(told, request_id),
        )


def extensions_of(error: LaunchpadError, request_id: str) -> dict[str, Any]:
    """What programs read of an error."""
    return {"code": error.code, **error.details, "request_id": request_id}


def _told(error: GraphQLError, request_id: str) -> LaunchpadError:
    cause = _cause(error)
    if cause is None:
        return InvalidQueryError(error.message)
    if isinstance(cause, LaunchpadError):
        return cause
    away = outage(cause)
    if away is not None:
        return away
    if isinstance(cause, RecursionError):
        return InvalidQueryError("This query is nested too deeply: ask in several.")
    _LOG.error("graphql.unexpected", request_id=request_id, exc_info=cause)
    return UnexpectedError("Something went wrong on our side. Nothing is lost: try again in a moment.")


def _cause(error: GraphQLError) -> Exception | None:
    """What was raised inside; None for an error of the query itself."""
    cause: Exception | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    # A scalar's parser refuses with ValueError what the query gave it: its words are the caller's.
    in_query = isinstance(cause, ValueError) and error.path is None
    return None if in_query else cause
