"""The launch form."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import page


@dataclass(frozen=True)
class Bucket:
    """One part of the supply that a launch can set aside."""

    key: str
    title: str
    hint: str
    percent: str


BUCKETS = (
    Bucket("public", "Public sale", "Sold on the curve. With liquidity at least 50%.", "79.31"),
    Bucket("liquidity", "Liquidity", "Kept for the pool that follows the curve.", "20.69"),
    Bucket("team", "Team", "At most 20%, always locked by vesting.", "0"),
    Bucket("ecosystem", "Ecosystem", "Sent to one wallet at launch.", "0"),
    Bucket("treasury", "Treasury", "Sent to one wallet at launch.", "0"),
)


async def show(request: Request) -> Response:
    """`/launch`."""
    return page(request, "launch.html", buckets=BUCKETS)
