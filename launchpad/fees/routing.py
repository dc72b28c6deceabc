"""Routers: what they are on chain, and the transactions that make, feed and pay them."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from launchpad.chain import pda, routers
from launchpad.chain.accounts import ProposalState
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import fee_router, launcher
from launchpad.chain.instructions.fee_router import PIECE, RouterTerms
from launchpad.chain.router_events import Portion
from launchpad.chain.routers import LiveRouter, Steps
from launchpad.db import Database
from launchpad.errors import ConflictError, ForbiddenError, NotFoundError
from launchpad.fees import queries
from launchpad.fees.schemas import (
    BuiltRouting,
    ChangeShares,
    CreateRouter,
    ProposedShares,
    ProposeRelease,
    RouterList,
    RouterRef,
    RouterShare,
    RouterView,
    SharePortion,
)

Step = Literal["create", "write", "propose", "apply", "cancel", "fix", "adopt", "collect", "claim", "release", "leave"]


class NotOwnerError(ForbiddenError):
    """The router belongs to another wallet."""

    code = "NOT_OWNER"


class NothingThereError(ConflictError):
    """There is nothing to apply, collect, claim or release now."""

    code = "NOTHING_THERE"


class SharesHoldError(ConflictError):
    """The shares are what they should be already."""

    code = "SHARES_HOLD"


class TimeLockedError(ConflictError):
    """The time lock has not ended."""

    code = "TIME_LOCKED"


class NotLaunchedError(NotFoundError):
    """The token was not launched here, so nobody can hand its creator's role over."""

    code = "NOT_LAUNCHED"


async def view(chain: ChainClient, database: Database, address: str) -> RouterView:
    """A router; raises NoRouterError."""
    live = await routers.fetch_router(chain.rpc, address)
    async with database.look() as look:
        tokens = await queries.tokens_of(look, address)
    state = live.state
    shares = [
        RouterShare(wallet=each.wallet, bps=each.bps, claimable=str(each.claimable(live.income)))
        for each in live.entries
    ]
    return RouterView(
        address=address,
        creator=state.creator,
        index=state.index,
        owner=state.owner,
        pending_owner=state.pending_owner,
        delay_seconds=state.delay_seconds,
        fixed=state.fixed,
        created_at=_moment(state.created_at),
        applied_at=_moment(state.applied_at) if state.applied_at else None,
        income=str(live.income),
        paid=str(state.paid),
        waiting=str(live.income - state.paid),
        shares=sorted(shares, key=lambda share: (-share.bps, share.wallet)),
        proposal=_proposed(live.proposal) if live.proposal else None,
        tokens=tokens,
    )


async def of_wallet(database: Database, wallet: str) -> RouterList:
    """Routers that a wallet created, owns or is paid by; only what is indexed."""
    async with database.look() as look:
        return RouterList(data=[RouterRef.model_validate(row) for row in await queries.routers_of(look, wallet)])


async def create(chain: ChainClient, asked: CreateRouter) -> BuiltRouting:
    """A router without recipients; ask for its shares next."""
    router = pda.fee_router(asked.creator, asked.index)
    terms = RouterTerms(asked.index, asked.delay_seconds, asked.fixed)
    made = fee_router.create_router(asked.creator, asked.creator, terms)
    return await _built(chain, router, asked.creator, "create", [made], done=False)


async def change_shares(chain: ChainClient, router: str, asked: ChangeShares) -> BuiltRouting:
    """The next transaction on the way to these shares; raises NoRouterError, NotOwnerError, SharesHoldError.

    A list that does not fit one transaction is written in pieces: whatever was written
    before, also by somebody who gave up, is continued or thrown away.
    """
    live = await _owned(chain, router, asked.owner)
    wanted = fee_router.ordered([Portion(share.wallet, share.bps) for share in asked.shares])
    if [Portion(each.wallet, each.bps) for each in live.entries if each.bps] == wanted:
        raise SharesHoldError("The router divides its income like this already.")
    written = list(live.proposal.portions) if live.proposal else []
    if live.proposal and (live.proposal.effective_at or wanted[: len(written)] != written):
        if written == wanted:
            raise SharesHoldError("These shares are proposed already: apply them when the time lock has ended.")
        cancel = fee_router.cancel_proposal(router, asked.owner, live.proposal.rent_payer)
        return await _built(chain, router, asked.owner, "cancel", [cancel], done=False)
    return await _next_piece(chain, live, asked.owner, wanted[len(written) :])


async def _next_piece(chain: ChainClient, live: LiveRouter, owner: str, rest: Sequence[Portion]) -> BuiltRouting:
    """Write as many as fit; with the last of them start the time lock, and where there is none, apply them."""
    router = live.key
    written = [fee_router.write_proposal(router, owner, rest[:PIECE])] if rest else []
    if len(rest) > PIECE:
        return await _built(chain, router, owner, "write", written, done=False)
    steps = [*written, fee_router.propose_shares(router, owner)]
    if live.state.applied_at:
        return await _built(chain, router, owner, "propose", steps)
    payer = live.proposal.rent_payer if live.proposal else owner
    return await _built(chain, router, owner, "apply", [*steps, fee_router.apply_shares(router, owner, payer)])


async def apply(chain: ChainClient, router: str, payer: str) -> BuiltRouting:
    """Make the proposed shares hold; raises NothingThereError, TimeLockedError."""
    live = await routers.fetch_router(chain.rpc, router)
    if live.proposal is None or not live.proposal.effective_at:
        raise NothingThereError("No shares are proposed: the router's owner can propose some.")
    if live.proposal.effective_at > time.time():
        when = _moment(live.proposal.effective_at)
        raise TimeLockedError(f"The time lock holds until {when:%Y-%m-%d %H:%M:%S} UTC: try again then.")
    applied = fee_router.apply_shares(router, payer, live.proposal.rent_payer)
    return await _built(chain, router, payer, "apply", [applied])


async def cancel(chain: ChainClient, router: str, owner: str) -> BuiltRouting:
    """Throw what is proposed away; raises NotOwnerError, NothingThereError."""
    live = await _owned(chain, router, owner)
    if live.proposal is None:
        raise NothingThereError("No shares are proposed.")
    cancelled = fee_router.cancel_proposal(router, owner, live.proposal.rent_payer)
    return await _built(chain, router, owner, "cancel", [cancelled])


async def fix(chain: ChainClient, router: str, owner: str) -> BuiltRouting:
    """Fix shares and tokens for good; raises NotOwnerError."""
    await _owned(chain, router, owner)
    return await _built(chain, router, owner, "fix", [fee_router.fix_shares(router, owner)])


async def adopt(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Hand a token to a router: both steps by its creator, or the second by anybody; raises NotLaunchedError."""
    record = await chain.fetch_launch(mint)
    if record is None:
        raise NotLaunchedError("This token was not launched here: its creator's fees cannot be handed over.")
    offer = [launcher.propose_creator(mint, payer, router)] if record.creator == payer else []
    return await _built(chain, router, payer, "adopt", [*offer, fee_router.adopt(router, mint)])


async def collect(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Bring in what curve and pool of a token owe; raises NoCurveError, NothingThereError."""
    curve = await chain.require_curve(mint)
    owes = curve.creator == router and curve.creator_fees
    steps = [fee_router.collect_curve(router, mint)] if owes else []
    steps += await routers.from_pool(chain.rpc, router, payer, mint)
    if not steps:
        raise NothingThereError("Neither curve nor pool of this token owes the router anything.")
    return await _built(chain, router, payer, "collect", steps)


async def claim(chain: ChainClient, router: str, payer: str, recipient: str) -> BuiltRouting:
    """Pay a recipient; raises NoRouterError, NothingThereError."""
    live = await routers.fetch_router(chain.rpc, router)
    entry = live.entry(recipient)
    if entry is None or not entry.claimable(live.income):
        raise NothingThereError("This wallet has nothing to claim from the router now.")
    return await _built(chain, router, payer, "claim", [fee_router.claim(router, recipient)])


async def propose_release(chain: ChainClient, router: str, asked: ProposeRelease) -> BuiltRouting:
    """Start the time lock of a token's way out; raises NotOwnerError."""
    await _owned(chain, router, asked.owner)
    proposed = fee_router.propose_release(router, asked.owner, asked.mint, asked.new_creator)
    return await _built(chain, router, asked.owner, "release", [proposed])


async def release(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Collect what a curve owes and offer its token as the release says; raises NothingThereError, TimeLockedError."""
    found = await routers.fetch_release(chain.rpc, router, mint)
    if found is None:
        raise NothingThereError("No release of this token is proposed.")
    if found.effective_at > time.time():
        when = _moment(found.effective_at)
        raise TimeLockedError(f"The time lock holds until {when:%Y-%m-%d %H:%M:%S} UTC: try again then.")
    curve = await chain.require_curve(mint)
    steps = [fee_router.collect_curve(router, mint)] if curve.creator_fees else []
    return await _built(chain, router, payer, "leave", [*steps, fee_router.release(router, mint, found.rent_payer)])


async def _owned(chain: ChainClient, router: str, owner: str) -> LiveRouter:
    live = await routers.fetch_router(chain.rpc, router)
    if live.state.owner != owner:
        raise NotOwnerError("This router belongs to another wallet.", owner=live.state.owner)
    return live


async def _built(
    chain: ChainClient, router: str, payer: str, step: Step, steps: Steps, *, done: bool = True
) -> BuiltRouting:
    built = await chain.build(payer, steps)
    return BuiltRouting(
        router=router,
        step=step,
        done=done,
        transaction=built.transaction,
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers_needed,
        compute_unit_limit=built.compute_unit_limit,
        network_fee=str(built.network_fee_lamports - built.priority_fee_lamports),
        priority_fee=str(built.priority_fee_lamports),
    )


def _proposed(proposal: ProposalState) -> ProposedShares:
    shares = [SharePortion(wallet=each.wallet, bps=each.bps) for each in proposal.portions]
    return ProposedShares(shares=shares, effective_at=_moment(proposal.effective_at) if proposal.effective_at else None)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
