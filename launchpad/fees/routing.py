"""Routers as their owners see them: made, given shares, handed to another owner."""

import time
from collections.abc import Sequence

from launchpad.chain import pda, routers
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.fee_router import PIECE, RouterTerms
from launchpad.chain.router_events import Portion
from launchpad.chain.routers import LiveRouter
from launchpad.errors import ConflictError, ForbiddenError
from launchpad.fees.schemas import BuiltRouting, ChangeShares, CreateRouter, OfferOwner
from launchpad.fees.steps import NothingThereError, built, owned, require_ended


class SharesHoldError(ConflictError):
    """The shares are what they should be already."""

    code = "SHARES_HOLD"


class NotOfferedError(ForbiddenError):
    """What somebody wants to accept was offered to another wallet, or to nobody."""

    code = "NOT_OFFERED"


async def create(chain: ChainClient, asked: CreateRouter) -> BuiltRouting:
    """A router without recipients; ask for its shares next."""
    index = await routers.free_index(chain.rpc, asked.creator) if asked.index is None else asked.index
    router = pda.fee_router(asked.creator, index)
    terms = RouterTerms(index, asked.delay_seconds, asked.fixed)
    made = fee_router.create_router(asked.creator, asked.creator, terms)
    return await built(chain, router, asked.creator, "create", [made], done=False)


async def change_shares(chain: ChainClient, router: str, asked: ChangeShares) -> BuiltRouting:
    """The next transaction on the way to these shares; raises NoRouterError, NotOwnerError, SharesHoldError.

    A list that does not fit one transaction is written in pieces: whatever was written
    before, also by somebody who gave up, is continued or thrown away.
    """
    live = await owned(chain, router, asked.owner)
    wanted = fee_router.ordered([Portion(share.wallet, share.bps) for share in asked.shares])
    if [Portion(each.wallet, each.bps) for each in live.entries if each.bps] == wanted:
        raise SharesHoldError("The router divides its income like this already.")
    written = list(live.proposal.portions) if live.proposal else []
    if live.proposal and (live.proposal.effective_at or wanted[: len(written)] != written):
        if written == wanted:
            raise SharesHoldError("These shares are proposed already: apply them when the time lock has ended.")
        cancel = fee_router.cancel_proposal(router, asked.owner, live.proposal.rent_payer)
        return await built(chain, router, asked.owner, "cancel", [cancel], done=False)
    return await _next_piece(chain, live, asked.owner, wanted[len(written) :])


async def _next_piece(chain: ChainClient, live: LiveRouter, owner: str, rest: Sequence[Portion]) -> BuiltRouting:
    """Write as many as fit; with the last of them start the time lock, and where there is none, apply them."""
    router = live.key
    written = [fee_router.write_proposal(router, owner, rest[:PIECE])] if rest else []
    if len(rest) > PIECE:
        return await built(chain, router, owner, "write", written, done=False)
    steps = [*written, fee_router.propose_shares(router, owner)]
    if live.state.applied_at:
        return await built(chain, router, owner, "propose", steps)
    payer = live.proposal.rent_payer if live.proposal else owner
    return await built(chain, router, owner, "apply", [*steps, fee_router.apply_shares(router, owner, payer)])


async def apply(chain: ChainClient, router: str, payer: str) -> BuiltRouting:
    """Make the proposed shares hold; raises NothingThereError, TimeLockedError."""
    live = await routers.fetch_router(chain.rpc, router)
    if live.proposal is None or not live.proposal.effective_at:
        raise NothingThereError("No shares are proposed: the router's owner can propose some.")
    require_ended(live.proposal.effective_at, time.time())
    applied = fee_router.apply_shares(router, payer, live.proposal.rent_payer)
    return await built(chain, router, payer, "apply", [applied])


async def cancel(chain: ChainClient, router: str, owner: str) -> BuiltRouting:
    """Throw what is proposed away; raises NotOwnerError, NothingThereError."""
    live = await owned(chain, router, owner)
    if live.proposal is None:
        raise NothingThereError("No shares are proposed.")
    cancelled = fee_router.cancel_proposal(router, owner, live.proposal.rent_payer)
    return await built(chain, router, owner, "cancel", [cancelled])


async def fix(chain: ChainClient, router: str, owner: str) -> BuiltRouting:
    """Fix shares and tokens for good; raises NotOwnerError."""
    await owned(chain, router, owner)
    return await built(chain, router, owner, "fix", [fee_router.fix_shares(router, owner)])


async def offer_owner(chain: ChainClient, router: str, asked: OfferOwner) -> BuiltRouting:
    """Offer a router to its next owner, or withdraw the offer; raises NotOwnerError, NothingThereError."""
    live = await owned(chain, router, asked.owner)
    if asked.new_owner is None and live.state.pending_owner is None:
        raise NothingThereError("This router is offered to nobody.")
    offered = fee_router.propose_owner(router, asked.owner, asked.new_owner)
    return await built(chain, router, asked.owner, "offer", [offered])


async def accept_owner(chain: ChainClient, router: str, new_owner: str) -> BuiltRouting:
    """Make the wallet to which a router was offered its owner; raises NoRouterError, NotOfferedError."""
    live = await routers.fetch_router(chain.rpc, router)
    if live.state.pending_owner != new_owner:
        raise NotOfferedError("This router was not offered to your wallet: its owner has to do that first.")
    return await built(chain, router, new_owner, "accept", [fee_router.accept_owner(router, new_owner)])
