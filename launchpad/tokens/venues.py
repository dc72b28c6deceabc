"""Where a sale can graduate to on this cluster, and what each place costs."""

from launchpad.chain.client import ChainClient
from launchpad.chain.graduating import fetch_costs
from launchpad.chain.sale_terms import MIN_RAYDIUM_RAISE, GraduationTerms
from launchpad.chain.venues.raydium.offering import fetch_offer
from launchpad.tokens.launch_schemas import VenueView


async def listed(chain: ChainClient) -> list[VenueView]:
    """Every venue, the usual one first; asks the chain which of them take pools."""
    own, offer = await fetch_costs(chain, GraduationTerms()), await fetch_offer(chain.rpc)
    return [
        VenueView(
            venue="amm",
            title="The launchpad's own pool",
            summary="Trading goes on here. The creator earns a part of every trade's fee.",
            available=True,
            reason=None,
            fee=str(own.fee),
            rent=str(own.rent),
            minimum_raise="0",
        ),
        VenueView(
            venue="raydium",
            title="Raydium",
            summary="A constant-product pool at Raydium, which more routers know. The creator earns no fees there.",
            available=offer.fee is not None,
            reason=offer.missing,
            fee=None if offer.fee is None else str(offer.fee),
            rent=str(offer.rent),
            minimum_raise=str(MIN_RAYDIUM_RAISE),
        ),
    ]
