"""Routers as they are on chain, with what is indexed of their tokens."""

import time
from collections.abc import Mapping
from typing import Any

from launchpad.chain import routers
from launchpad.chain.accounts import LaunchState, ProposalState, ReleaseState
from launchpad.chain.client import ChainClient
from launchpad.chain.routers import LiveRouter
from launchpad.db import Database
from launchpad.fees import queries
from launchpad.fees.schemas import (
    ProposedShares,
    RouterList,
    RouterRef,
    RouterRelease,
    RouterShare,
    RouterToken,
    RouterView,
    SharePortion,
)
from launchpad.fees.steps import moment


async def view(chain: ChainClient, database: Database, address: str) -> RouterView:
    """A router; raises NoRouterError."""
    live = await routers.fetch_router(chain.rpc, address)
    async with database.look() as look:
        rows = await queries.tokens_of(look, address)
    mints = [row["mint"] for row in rows]
    wrapped = await routers.fetch_wrapped(chain.rpc, address)
    releases = await routers.fetch_releases(chain.rpc, address, mints)
    records = await routers.fetch_records(chain.rpc, mints)
    tokens = [_token(row, address, records.get(row["mint"]), releases.get(row["mint"])) for row in rows]
    known = [token for token in tokens if token.held or token.release]
    return _view(live, known, sum(wrapped.values()))


async def of_wallet(database: Database, wallet: str) -> RouterList:
    """Routers that a wallet created, owns, is offered or is paid by; only what is indexed."""
    async with database.look() as look:
        return RouterList(data=[RouterRef.model_validate(row) for row in await queries.routers_of(look, wallet)])


def _view(live: LiveRouter, tokens: list[RouterToken], wrapped: int) -> RouterView:
    state = live.state
    shares = [
        RouterShare(wallet=each.wallet, bps=each.bps, claimable=str(each.claimable(live.income)))
        for each in live.entries
    ]
    return RouterView(
        address=live.key,
        creator=state.creator,
        index=state.index,
        owner=state.owner,
        pending_owner=state.pending_owner,
        delay_seconds=state.delay_seconds,
        fixed=state.fixed,
        created_at=moment(state.created_at),
        applied_at=moment(state.applied_at) if state.applied_at else None,
        income=str(live.income),
        paid=str(state.paid),
        waiting=str(live.income - state.paid),
        wrapped=str(wrapped),
        shares=sorted(shares, key=lambda share: (-share.bps, share.wallet)),
        proposal=_proposed(live.proposal) if live.proposal else None,
        tokens=tokens,
    )


def _proposed(proposal: ProposalState) -> ProposedShares:
    shares = [SharePortion(wallet=each.wallet, bps=each.bps) for each in proposal.portions]
    return ProposedShares(shares=shares, effective_at=moment(proposal.effective_at) if proposal.effective_at else None)


def _token(
    row: Mapping[str, Any], router: str, record: LaunchState | None, release: ReleaseState | None
) -> RouterToken:
    held = record.creator == router if record else row["creator"] == router
    return RouterToken(
        mint=row["mint"],
        name=row["name"],
        symbol=row["symbol"],
        held=held,
        owed=str(row["owed"] if held else 0),
        release=_release(release) if release else None,
        offered_to=record.pending_creator if record and held else None,
    )


def _release(release: ReleaseState) -> RouterRelease:
    ready = release.effective_at <= time.time()
    at = moment(release.effective_at)
    return RouterRelease(new_creator=release.new_creator, effective_at=at, ready=ready, rent_payer=release.rent_payer)
