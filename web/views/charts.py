"""Several charts side by side. What is shown stands in the address, which scripts read."""

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import page

LAYOUTS = (1, 2, 4, 6)


async def show(request: Request) -> Response:
    """`/charts?layout=&c=&step=`."""
    return page(request, "charts.html", layouts=LAYOUTS)
