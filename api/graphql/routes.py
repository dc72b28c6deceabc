"""`/api/graphql`: queries by GET and POST, and everything over a WebSocket."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response, WebSocket
from pydantic import BaseModel, ConfigDict, Field
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.deps import ServicesDep
from api.errors import BadRequestError, documented, request_id_of
from api.graphql.context import Context
from api.graphql.loaders import Loaders
from api.graphql.schema import SCHEMA
from api.graphql.sockets import sockets_of
from api.services import Services

router = APIRouter(tags=["markets"])

MAX_QUERY = 20_000
_MAX_VARIABLES = 20_000


class GraphQLRequest(BaseModel):
    """What GraphQL clients send."""

    model_config = ConfigDict(populate_by_name=True)

    query: str = Field(
        min_length=1, max_length=MAX_QUERY, description="A document of the schema in docs/schema.graphql."
    )
    variables: dict[str, Any] | None = None
    operation_name: str | None = Field(None, alias="operationName", max_length=200)


class GraphQLAnswer(BaseModel):
    """Data as it was asked for; each error has `message`, `path` and `extensions.code`."""

    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None


@router.post("/api/graphql", response_model=GraphQLAnswer, summary="Ask in GraphQL", responses=documented(400))
async def post_query(body: GraphQLRequest, request: Request, services: ServicesDep) -> Response:
    """Tokens, trades, candles and holders, in the shape that the query asks for. A query may cost 10 000."""
    return _sent(await _answer(services, request, body), "no-store")


@router.get("/api/graphql", response_model=GraphQLAnswer, summary="Ask in GraphQL by GET", responses=documented(400))
async def get_query(
    request: Request,
    services: ServicesDep,
    query: Annotated[str, Query(min_length=1, max_length=MAX_QUERY, description="A document of the schema.")],
    variables: Annotated[str | None, Query(max_length=_MAX_VARIABLES, description="A JSON object.")] = None,
    operation_name: Annotated[str | None, Query(alias="operationName", max_length=200)] = None,
) -> Response:
    """The same for a query in the address."""
    body = GraphQLRequest(query=query, variables=_object(variables), operation_name=operation_name)
    return _sent(await _answer(services, request, body), "no-cache")


@router.websocket("/api/graphql")
async def open_socket(socket: WebSocket) -> None:
    """Operations of one reader, for as long as he stays."""
    await sockets_of(socket.app.state).serve(socket)


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        found = orjson.loads(text) if text else None
    except orjson.JSONDecodeError as error:
        raise BadRequestError("The variables are no JSON: send an object.", field="variables") from error
    if found is not None and not isinstance(found, dict):
        raise BadRequestError("The variables are no JSON object: send one.", field="variables")
    return found


async def _answer(services: Services, request: Request, asked: GraphQLRequest) -> dict[str, Any]:
    context = Context(services, request_id=request_id_of(request), loaders=Loaders(services))
    try:
        result = await SCHEMA.execute(
            asked.query,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            context_value=context,
            allowed_operation_types={OperationType.QUERY},
        )
    except InvalidOperationTypeError as error:
        message = "Here only queries are answered: subscribe over a WebSocket (graphql-transport-ws)."
        raise BadRequestError(message, field="query") from error
    except CannotGetOperationTypeError as error:
        message = "The query holds no operation of this name: name one that it holds."
        raise BadRequestError(message, field="operationName") from error
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    return body


def _sent(body: dict[str, Any], kept: str) -> Response:
    return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": kept})
