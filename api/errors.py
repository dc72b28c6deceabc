"""Every error in one JSON shape: `{"error": {"code", "message", "request_id", ...}}`."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from launchpad.chain.errors import RpcUnavailableError
from launchpad.errors import InvalidInputError, LaunchpadError, NotFoundError, UnavailableError

_LOG = structlog.get_logger(__name__)


class RouteNotFoundError(NotFoundError):
    """There is nothing at this address."""

    code = "ROUTE_NOT_FOUND"


class MethodNotAllowedError(InvalidInputError):
    """The address exists, but not for this method."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class BadRequestError(InvalidInputError):
    """A request that cannot be read at all."""

    code = "BAD_REQUEST"
    status = 400


class TooLargeError(InvalidInputError):
    """The body of the request is larger than this address takes."""

    code = "TOO_LARGE"
    status = 413


class UnexpectedError(LaunchpadError):
    """A fault of ours; the log has it under the request's id."""


class ErrorDetails(BaseModel):
    """What went wrong, and what to do next."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(description="Stable word that programs may branch on.", examples=["TOKEN_NOT_FOUND"])
    message: str = Field(description="For people: what happened and what to do.")
    request_id: str = Field(description="Names this request in the server's log.")
    field: str | None = Field(None, description="The first input at fault, where one is.")
    fields: dict[str, str] | None = Field(None, description="Every input at fault.")
    retry_after_ms: int | None = None


class ErrorBody(BaseModel):
    """The body of every answer with a status of 400 and above."""

    error: ErrorDetails


_DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "Sign in first.",
    403: "Signed in, but not allowed; or an unsafe request from another site.",
    404: "There is no such thing.",
    409: "The request clashes with the present state.",
    410: "It is over: used, expired or no longer kept.",
    413: "The body is too large.",
    415: "This kind of file is not taken.",
    422: "The input cannot be used; `field` names the culprit.",
    429: "Too many requests; `retry_after_ms` says when to come back.",
    503: "Something that this depends on is away; nothing was changed.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route for the API description; 422, 429 and 503 can come from any."""
    return {
        status: {"model": ErrorBody, "description": _DESCRIPTIONS[status]}
        for status in sorted({*statuses, 422, 429, 503})
    }


def answer(error: LaunchpadError, request_id: str) -> Response:
    """The response that tells of `error`."""
    body = error.body()
    inner = body["error"]
    if isinstance(inner, dict):
        inner["request_id"] = request_id
    response = Response(orjson.dumps(body, default=str), status_code=error.status, media_type="application/json")
    retry = error.details.get("retry_after_ms")
    if isinstance(retry, int):
        response.headers["Retry-After"] = str(max(1, -(-retry // 1000)))
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: FastAPI) -> None:
    """Let every expected failure of the routes end in the one shape."""
    app.add_exception_handler(LaunchpadError, _on_launchpad_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


def request_id_of(request: Request) -> str:
    """The id under which the log has this request."""
    return str(request.scope.get("request_id", ""))


async def _on_launchpad_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LaunchpadError)  # noqa: S101  registered for exactly this class
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("api.failed", code=error.code, message=error.message)
    if isinstance(error, RpcUnavailableError):
        # Its own message names the nodes and RPC_URL, which is for whoever runs this.
        error = RpcUnavailableError("The Solana cluster does not answer at the moment: try again shortly.")
    return answer(error, request_id_of(request))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for exactly this class
    return answer(invalid_input(error.errors()), request_id_of(request))


def invalid_input(problems: Sequence[Any]) -> InvalidInputError:
    """One error out of pydantic's list: the first field by name, and all of them by what is wrong."""
    fields = {_field(problem["loc"]): _sentence(problem["msg"]) for problem in problems}
    first = next(iter(fields))
    message = f"{first}: {fields[first]}" if first != "body" else fields[first]
    return InvalidInputError(f"The input cannot be used. {message}", field=first, fields=fields)


def _field(location: Sequence[Any]) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header", "cookie")]
    return ".".join(parts) or "body"


def _sentence(text: str) -> str:
    text = text.removeprefix("Value error, ")
    return text if text.endswith((".", "!")) else f"{text}."


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for exactly this class
    path = request.url.path
    match error.status_code:
        case 404:
            told: LaunchpadError = RouteNotFoundError(f"There is nothing at {path}. See /api/docs for what there is.")
        case 405:
            told = MethodNotAllowedError(f"{path} does not take {request.method}. See /api/docs for what it takes.")
        case 413:
            told = TooLargeError("The request is too large.")
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            told = BadRequestError(str(error.detail))
        case _:
            told = UnavailableError(str(error.detail))
    response = answer(told, request_id_of(request))
    response.headers.update(error.headers or {})
    return response


def outage(error: Exception) -> UnavailableError | None:
    """What to tell when a store or another service does not answer; None when `error` is something else."""
    if isinstance(error, DBAPIError):
        away = isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated
    else:
        away = isinstance(error, (PoolTimeoutError, RedisError, OSError, TimeoutError))
    if not away:
        return None
    _LOG.warning("api.away", error=f"{type(error).__name__}: {error}")
    message = "The service is not available at the moment, and nothing was changed: try again shortly."
    return UnavailableError(message, retry_after_ms=2000)
