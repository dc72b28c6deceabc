"""Transfers and burns by a list."""

from starlette.requests import Request
from starlette.responses import Response

from launchpad.chain.bulk.items import MAX_ITEMS
from launchpad.chain.keys import is_address
from web.rendering import page


async def show(request: Request) -> Response:
    """`/bulk`; `?mint=` names the token of the list."""
    mint = request.query_params.get("mint", "")
    return page(request, "bulk.html", most=MAX_ITEMS, mint=mint if is_address(mint) else "")
