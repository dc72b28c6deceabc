"""The list of a wallet's claims: what is indexed, and what only the cluster knows."""

from dataclasses import replace

from launchpad.amounts import SOL_DECIMALS
from launchpad.chain.claimable import Claimable, fetch_claimable
from launchpad.chain.client import ChainClient
from launchpad.claims.offers import OFFERS, Kind
from launchpad.claims.schemas import ClaimBesides, ClaimList, WaitingClaim
from launchpad.claims.waiting import Waiting, waiting_for
from launchpad.db import Database
from launchpad.errors import UnavailableError
from launchpad.fees.queries import routers_of


async def claims_of(chain: ChainClient, database: Database, wallet: str) -> ClaimList:
    """Everything that a wallet can claim now, money first; what is indexed alone while the cluster is away."""
    async with database.read() as session, database.look() as look:
        indexed = await waiting_for(session, look, wallet)
        routers = [row["address"] for row in await routers_of(look, wallet)]
    mints = [item.subject for item in indexed if item.kind == "position"]
    try:
        found = await fetch_claimable(chain.rpc, wallet, mints, routers)
    except UnavailableError:
        found = None
    every = _together(indexed, found, wallet) if found else [item for item in indexed if item.amount is not None]
    return ClaimList(
        wallet=wallet,
        lamports=str(sum(item.amount or 0 for item in every if item.unit == "SOL")),
        complete=found is not None,
        data=[_told(item, wallet) for item in every],
    )


def _together(indexed: list[Waiting], found: Claimable, wallet: str) -> list[Waiting]:
    fees = [item for item in indexed if item.kind == "creator_fees"]
    rest = [item for item in indexed if item.kind not in ("creator_fees", "position")]
    positions = [
        replace(item, amount=found.positions[item.subject])
        for item in indexed
        if item.kind == "position" and item.subject in found.positions
    ]
    referred = [_sol("referrer", wallet, "Referred trades", found.referrer)] if found.referrer else []
    shares = [
        _sol("router", router, f"Router {router[:4]}…{router[-4:]}", lamports)
        for router, lamports in found.shares.items()
    ]
    return [*fees, *referred, *shares, *rest, *positions]


def _sol(kind: Kind, subject: str, name: str, lamports: int) -> Waiting:
    return Waiting(kind, subject, None, name, "SOL", SOL_DECIMALS, lamports)


def _told(item: Waiting, wallet: str) -> WaitingClaim:
    path, body = OFFERS[item.kind].asked(item.subject, wallet)
    more = item.besides
    return WaitingClaim(
        kind=item.kind,
        subject=item.subject,
        mint=item.mint,
        name=item.name,
        amount=str(item.amount),
        unit=item.unit,
        decimals=item.decimals,
        besides=ClaimBesides(amount=str(more.amount), unit=more.unit, decimals=more.decimals) if more else None,
        path=path,
        body=body,
    )
