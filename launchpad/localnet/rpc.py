"""JSON-RPC 2.0: from a request's bytes to the reply's bytes."""

import inspect
from typing import Any

import orjson
import structlog

from launchpad.localnet.errors import (
    INTERNAL_ERROR,
    PARSE_ERROR,
    RpcError,
    invalid_request,
    method_not_found,
)
from launchpad.localnet.methods import accounts, cluster, history, tokens, transactions
from launchpad.localnet.node import Node
from launchpad.localnet.params import U64_MAX
from launchpad.localnet.registry import METHODS

log = structlog.get_logger(__name__)

AREAS = (accounts, cluster, history, tokens, transactions)
MEMBERS = frozenset(("jsonrpc", "method", "params", "id"))
NO_REPLY = b""
NOTHING: Any = object()


def parse_error() -> RpcError:
    """-32700."""
    return RpcError(PARSE_ERROR, "Parse error")


def error_reply(error: RpcError, request_id: Any = None, *, versioned: bool = True) -> dict[str, Any]:
    """The reply that carries an error."""
    frame: dict[str, Any] = {"jsonrpc": "2.0"} if versioned else {}
    return frame | {"error": error.body(), "id": request_id}


def valid_id(value: Any) -> bool:
    """Whether a request may carry this id: null, a string or an unsigned number."""
    if value is None or isinstance(value, str):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= U64_MAX


async def answer(node: Node, body: bytes) -> bytes:
    """The reply to a request or a batch; empty when nothing is to be said."""
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        return orjson.dumps(error_reply(parse_error()))
    if isinstance(request, list):
        return await _answer_batch(node, request)
    if not isinstance(request, dict):
        return orjson.dumps(error_reply(parse_error()))
    reply = await answer_one(node, request)
    return NO_REPLY if reply is None else orjson.dumps(reply)


async def _answer_batch(node: Node, requests: list[Any]) -> bytes:
    if not all(isinstance(each, dict) for each in requests):
        return orjson.dumps(error_reply(parse_error()))
    replies = []
    for request in requests:
        reply = await answer_one(node, request)
        if reply is not None:
            replies.append(reply)
    return orjson.dumps(replies) if replies else NO_REPLY


def check_frame(request: dict[str, Any]) -> dict[str, Any] | None:
    """The error reply to a request whose frame is wrong, else None."""
    request_id = request.get("id")
    if not valid_id(request_id):
        return error_reply(parse_error())
    if "method" not in request or not isinstance(request["method"], str) or request.keys() - MEMBERS:
        return error_reply(invalid_request(), request_id)
    if "jsonrpc" not in request:
        unsupported = invalid_request("Unsupported JSON-RPC protocol version")
        return error_reply(unsupported, request_id, versioned=False)
    params = request.get("params")
    if request["jsonrpc"] != "2.0" or not (params is None or isinstance(params, list | dict)):
        return error_reply(invalid_request(), request_id)
    return None


async def answer_one(node: Node, request: dict[str, Any]) -> dict[str, Any] | None:
    """The reply to one request, None to a notification."""
    refusal = check_frame(request)
    if refusal is not None:
        return refusal
    try:
        result = await _call(node, request["method"], request.get("params"))
    except RpcError as error:
        return error_reply(error, request["id"]) if "id" in request else None
    if "id" not in request:
        return None
    return {"jsonrpc": "2.0", "result": result, "id": request["id"]}


async def _call(node: Node, name: str, params: Any) -> Any:
    method = METHODS.get(name)
    if method is None:
        raise method_not_found()
    try:
        result = method.handler(node, method.arguments(params))
        return await result if inspect.isawaitable(result) else result
    except RpcError:
        raise
    except Exception as error:
        # A bug must cost one answer, never the cluster.
        log.exception("a JSON-RPC method failed", method=name)
        raise RpcError(INTERNAL_ERROR, "Internal error") from error
