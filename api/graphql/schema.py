"""The schema: types, questions, limits and errors in one."""

from collections.abc import Sequence

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.graphql.failing import HouseErrors
from api.graphql.limits import QueryLimits
from api.graphql.queries import Query
from api.graphql.scalars import SCALARS
from api.graphql.subscriptions import Subscription

_EXTENSIONS: Sequence[type[SchemaExtension]] = (HouseErrors, QueryLimits)


class _Schema(strawberry.Schema):
    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,
    ) -> None:
        """Nothing: `HouseErrors` has what deserves a line in the log."""


SCHEMA = _Schema(
    query=Query,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=_EXTENSIONS,
)


def sdl() -> str:
    """The schema in GraphQL's own language."""
    return SCHEMA.as_str().rstrip("\n") + "\n"
