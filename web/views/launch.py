"""The launch form."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from launchpad.metrics.milestones import steps
from launchpad.tokens import presets
from web import formats
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


@dataclass(frozen=True)
class Choice:
    """A shape of the price, or a preset of one."""

    key: str
    title: str
    hint: str


SHAPES = (
    Choice("classic", "Classic", "Rises slowly at first and fast at the end, like a pool of tokens and SOL."),
    Choice("linear", "Straight line", "Rises by the same amount with every token sold."),
    Choice("exponential", "Exponential", "Rises by the same percentage with every token sold."),
    Choice("logarithmic", "Logarithmic", "Rises fast at first and ever more slowly."),
    Choice("fixed", "One price", "Everybody pays the same. Needs at most 8 decimals."),
    Choice("points", "Your own", "Straight lines through the points that you set."),
)
CURVES = (
    Choice("classic", "Classic", "What most know: raises 85 SOL, ends at 14.7 times the first price"),
    Choice("gentle", "Gentle", "A straight line to 3 times the first price"),
    Choice("growing", "Growing", "The same percentage all the way, to 10 times"),
    Choice("early", "Early rise", "Fast at first, then flatter, to 5 times"),
    Choice("same", "Same for all", "One price from the first to the last token"),
)


async def show(request: Request) -> Response:
    """`/launch`."""
    goals, curves = steps(request.app.state.settings), list(CURVES)
    ends = [goals[0], goals[-1]] if len(goals) > 1 else []
    if ends:
        first, last = (f"${formats.amount(goal)}" for goal in ends)
        hint = f"From {first} of market value to {last}, by the same percentage all the way"
        curves.append(Choice("goals", f"To {last}", hint))
    found = presets.listed()
    return page(request, "launch.html", buckets=BUCKETS, shapes=SHAPES, curves=curves, presets=found, goals=ends)
