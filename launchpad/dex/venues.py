"""Which venues are on this cluster, and why the others are not."""

from dataclasses import dataclass

from launchpad.chain.addresses import AMM
from launchpad.chain.client import ChainClient
from launchpad.chain.venues.openbook import OPENBOOK
from launchpad.chain.venues.orca import WHIRLPOOLS
from launchpad.chain.venues.pump import PUMP
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP
from launchpad.config import Settings
from launchpad.dex.errors import NotOnThisNetworkError
from launchpad.dex.schemas import VenueName, VenueView


@dataclass(frozen=True, slots=True)
class _Venue:
    title: str
    program: str | None
    offers: tuple[str, ...]


VENUES: dict[VenueName, _Venue] = {
    "amm": _Venue("Launchpad pools", AMM, ("pool", "swap", "liquidity")),
    "raydium_cpmm": _Venue("Raydium CP-swap", RAYDIUM_CP_SWAP, ("pool", "swap", "liquidity")),
    "orca": _Venue("Orca Whirlpools", WHIRLPOOLS, ("pool", "liquidity")),
    "openbook": _Venue("OpenBook v2", OPENBOOK, ("order book",)),
    "pump": _Venue("Pump.fun", PUMP, ("coin",)),
    "jupiter": _Venue("Jupiter", None, ("route", "swap")),
}
_AGGREGATOR_OFF = "No aggregator is set for this cluster: JUPITER_URL names one."


async def list_venues(chain: ChainClient, settings: Settings) -> list[VenueView]:
    """Every venue, asked of the cluster just now."""
    programs = {name: venue.program for name, venue in VENUES.items() if venue.program}
    accounts = await chain.rpc.get_accounts(list(programs.values()))
    missing = {
        name: f"There is no program at {program} on this cluster."
        for (name, program), account in zip(programs.items(), accounts, strict=True)
        if account is None or not account["executable"]
    }
    if not settings.aggregator_url:
        missing["jupiter"] = _AGGREGATOR_OFF
    return [_view(name, venue, missing.get(name)) for name, venue in VENUES.items()]


async def require_venue(chain: ChainClient, name: VenueName) -> None:
    """NotOnThisNetworkError unless the venue's program is on this cluster."""
    venue = VENUES[name]
    account = await chain.rpc.get_account(venue.program) if venue.program else None
    if account is None or not account["executable"]:
        message = f"{venue.title} is not on this network: GET /api/dex/venues tells which venues are."
        raise NotOnThisNetworkError(message, venue=name, program=venue.program)


def no_aggregator() -> NotOnThisNetworkError:
    """The error of a cluster without an aggregator."""
    message = f"Jupiter is not on this network. {_AGGREGATOR_OFF} Trades go to the pools themselves."
    return NotOnThisNetworkError(message, venue="jupiter")


def _view(name: VenueName, venue: _Venue, why_not: str | None) -> VenueView:
    return VenueView(
        name=name,
        title=venue.title,
        available=why_not is None,
        program=venue.program,
        why_not=why_not,
        offers=list(venue.offers),
    )
