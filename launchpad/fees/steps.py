"""What every transaction about a router has in common: who may ask for it, and how it is told."""

from datetime import UTC, datetime

from launchpad.chain import routers
from launchpad.chain.client import ChainClient
from launchpad.chain.routers import LiveRouter, Steps
from launchpad.errors import ConflictError, ForbiddenError
from launchpad.fees.schemas import BuiltRouting, RoutingStep
from launchpad.transactions.unsigned import unsigned


class NotOwnerError(ForbiddenError):
    """The router belongs to another wallet."""

    code = "NOT_OWNER"


class NothingThereError(ConflictError):
    """There is nothing to apply, collect, claim, release, accept or cancel now."""

    code = "NOTHING_THERE"


class TimeLockedError(ConflictError):
    """The time lock has not ended."""

    code = "TIME_LOCKED"


async def owned(chain: ChainClient, router: str, owner: str) -> LiveRouter:
    """A router of this owner's; raises NoRouterError, NotOwnerError."""
    live = await routers.fetch_router(chain.rpc, router)
    if live.state.owner != owner:
        raise NotOwnerError("This router belongs to another wallet.", owner=live.state.owner)
    return live


def require_ended(effective_at: int, now: float) -> None:
    """Refuse what a time lock still holds; both in Unix seconds."""
    if effective_at > now:
        when = moment(effective_at)
        raise TimeLockedError(f"The time lock holds until {when:%Y-%m-%d %H:%M:%S} UTC: try again then.")


async def built(
    chain: ChainClient, router: str, payer: str, step: RoutingStep, steps: Steps, *, done: bool = True
) -> BuiltRouting:
    """The unsigned transaction of these steps; without `done` another has to follow it."""
    made = await chain.build(payer, steps)
    return BuiltRouting(
        router=router,
        step=step,
        done=done,
        **unsigned(made),
    )


def moment(seconds: int) -> datetime:
    """Unix seconds of the chain as a time."""
    return datetime.fromtimestamp(seconds, UTC)
