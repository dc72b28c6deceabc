"""Subscriptions over WebSocket: the protocol graphql-transport-ws, with the house's limits and errors."""

from collections import Counter
from datetime import timedelta
from typing import Any, cast

from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage

from api.addresses import address_key
from api.graphql.context import Context
from api.graphql.failing import extensions_of
from api.graphql.loaders import Loaders
from api.graphql.schema import SCHEMA
from api.holders import holder_of
from api.limits import refusal_of_message
from api.services import Services
from launchpad.api_keys.errors import ApiKeyRefusedError
from launchpad.errors import RateLimitedError

MAX_OPERATIONS = 50
TOO_MANY = 4429
REFUSED = 4403
_INIT = timedelta(seconds=10)


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Reads what clients send; what does not keep to the protocol closes the socket with 4400."""

    async def handle_message(self, message: Message) -> None:
        """Take one message."""
        if not _is_message(message):
            await self.handle_invalid_message("This message is none of graphql-transport-ws.")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, unless there were too many."""
        refused = await refusal_of_message(self.context.services, cast("WebSocket", self.context.socket).scope)
        if refused is None:
            await super().handle_subscribe(message)
            return
        told = {"message": refused.message, "extensions": extensions_of(refused, self.context.request_id)}
        await self.websocket.send_json({"id": message["id"], "type": "error", "payload": [told]})


def _is_message(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    if not isinstance(message.get("id"), str):
        return False
    return message["type"] == "complete" or _is_operation(message.get("payload"))


def _is_operation(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )


class Sockets(GraphQL[Context, None]):
    """Serves the schema's operations on sockets."""

    graphql_transport_ws_handler_class = Handler

    def __init__(self, services: Services) -> None:
        super().__init__(
            SCHEMA,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=_INIT,
            max_subscriptions_per_connection=MAX_OPERATIONS,
            # Nothing here is anybody's own: there is no session to abuse from another site.
            allowed_origins=("*",),
        )
        self.services = services
        # One for all sockets: what hundreds of followers of a token are told is read with one statement.
        self._loaders = Loaders(services)
        self._open: Counter[str] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        """Operations of one reader; closed with 4429 for too many of an address, 4403 for a bad key."""
        key = address_key(socket.scope, self.services.settings)
        if self._open[key] >= self.services.settings.sockets_per_address:
            await socket.accept()
            await socket.close(TOO_MANY, "Too many sockets of your address are open: close one.")
            return
        try:
            await holder_of(socket.scope, self.services)
        except (ApiKeyRefusedError, RateLimitedError) as error:
            await socket.accept()
            await socket.close(REFUSED, error.message)
            return
        self._open[key] += 1
        try:
            await self.run(socket)
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002 - the view's form
        """One context for as long as the socket is open."""
        return Context(self.services, socket=cast("WebSocket", request), loaders=self._loaders)


def sockets_of(state: State) -> Sockets:
    """The sockets of an application, by its state."""
    found: Sockets | None = getattr(state, "graphql", None)
    if found is None or found.services is not state.services:
        found = state.graphql = Sockets(state.services)
    return found
