"""What can be asked."""

import strawberry

from api.graphql import inputs
from api.graphql.context import Info
from api.graphql.fields import field
from api.graphql.inputs import Filter, Order, Sort
from api.graphql.types import Token, TokenConnection, page_info
from launchpad.db import Look
from launchpad.schemas import Page
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import ProjectRow


@strawberry.type
class Query:
    """Tokens, one or many."""

    @field(description="The token of a mint; null where none was launched here.")
    async def token(self, info: Info, mint_address: str) -> Token | None:
        """One token."""
        row = await info.context.loaders.tokens.load(inputs.address(mint_address, "mintAddress"))
        return Token.of(row) if row else None

    @field(description="Launched tokens; at most 100 a page.")
    async def tokens(
        self,
        info: Info,
        filter: Filter | None = None,  # noqa: A002 - the schema's name
        sort: Sort = Sort.VOLUME_24H,
        order: Order = Order.DESC,
        first: int = 20,
        after: str | None = None,
    ) -> TokenConnection | None:
        """A page of tokens."""
        which = (filter or Filter()).checked(sort, order)
        found = await _page(info, which, inputs.rows(first), inputs.cursor(after))
        return TokenConnection(nodes=[Token.of(row) for row in found.data], page_info=page_info(found.meta.next))

    @field(description="Tokens whose name or symbol holds the text, or of that address; most traded first.")
    async def search(self, info: Info, query: str, first: int = 10) -> list[Token] | None:
        """What is found."""
        text = inputs.searched(query)
        if text is None:
            return []
        found = await _page(info, TokenFilter(search=text), inputs.rows(first), None)
        return [Token.of(row) for row in found.data]


async def _page(info: Info, which: TokenFilter, first: int, after: str | None) -> Page[ProjectRow]:
    async def read(look: Look) -> Page[ProjectRow]:
        return await catalog.list_projects(look, info.context.services.settings, which, first, after)

    return await info.context.look(read)
