"""Tokens that come into a router and leave it: by steps that everybody can see, the way out after a time lock."""

import time

from launchpad.chain import routers
from launchpad.chain.accounts import LaunchState, ReleaseState
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import fee_router, launcher
from launchpad.errors import ConflictError, NotFoundError
from launchpad.fees.income import owed_by
from launchpad.fees.routing import NotOfferedError
from launchpad.fees.schemas import BuiltRouting, ProposeRelease
from launchpad.fees.steps import NothingThereError, built, owned, require_ended


class NotLaunchedError(NotFoundError):
    """The token was not launched here, so nobody can hand its creator's role over."""

    code = "NOT_LAUNCHED"


class AlreadyLeavingError(ConflictError):
    """A release of the token waits already."""

    code = "ALREADY_LEAVING"


async def adopt(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Hand a token to a router: both steps by its creator, or the second by anybody; raises NotLaunchedError."""
    record = await _record(chain, mint)
    offer = [launcher.propose_creator(mint, payer, router)] if record.creator == payer else []
    pool = await routers.graduates_pool_of(chain.rpc, mint)
    return await built(chain, router, payer, "adopt", [*offer, fee_router.adopt(router, mint, pool)])


async def propose_release(chain: ChainClient, router: str, asked: ProposeRelease) -> BuiltRouting:
    """Start the time lock of a token's way out; without a new creator it takes an offer back.

    Raises NotOwnerError, AlreadyLeavingError.
    """
    await owned(chain, router, asked.owner)
    if await routers.fetch_release(chain.rpc, router, asked.mint) is not None:
        raise AlreadyLeavingError("A release of this token waits already: cancel it before you propose another.")
    proposed = fee_router.propose_release(router, asked.owner, asked.mint, asked.new_creator)
    return await built(chain, router, asked.owner, "release", [proposed])


async def cancel_release(chain: ChainClient, router: str, owner: str, mint: str) -> BuiltRouting:
    """Keep a token that was to leave; raises NotOwnerError, NothingThereError."""
    await owned(chain, router, owner)
    found = await _release(chain, router, mint)
    return await built(chain, router, owner, "keep", [fee_router.cancel_release(router, owner, mint, found.rent_payer)])


async def release(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Collect what a token's curve and pool owe, and offer it as its release says.

    Raises NothingThereError, TimeLockedError, NoCurveError.
    """
    found = await _release(chain, router, mint)
    require_ended(found.effective_at, time.time())
    steps = [*await owed_by(chain, router, payer, mint), fee_router.release(router, mint, found.rent_payer)]
    return await built(chain, router, payer, "leave", steps)


async def take(chain: ChainClient, router: str, new_creator: str, mint: str) -> BuiltRouting:
    """Accept a token that a router offered: all fees until now are its recipients'. Signed by the new creator.

    Raises NotLaunchedError, NotOfferedError.
    """
    record = await _record(chain, mint)
    if (record.creator, record.pending_creator) != (router, new_creator):
        raise NotOfferedError("This token is not offered to your wallet: its release has to be carried out first.")
    pool = await routers.graduates_pool_of(chain.rpc, mint)
    # Whoever becomes its creator gets what is not collected before.
    steps = [*await owed_by(chain, router, new_creator, mint), launcher.accept_creator(mint, new_creator, pool)]
    return await built(chain, router, new_creator, "take", steps)


async def _record(chain: ChainClient, mint: str) -> LaunchState:
    record = await chain.fetch_launch(mint)
    if record is None:
        raise NotLaunchedError("This token was not launched here: its creator's fees cannot be handed over.")
    return record


async def _release(chain: ChainClient, router: str, mint: str) -> ReleaseState:
    found = await routers.fetch_release(chain.rpc, router, mint)
    if found is None:
        raise NothingThereError("No release of this token is proposed.")
    return found
