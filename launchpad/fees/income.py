"""What comes into a router, and what it pays: anybody may ask for all of it."""

from launchpad.chain import routers
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import fee_router
from launchpad.chain.routers import Steps
from launchpad.fees.schemas import BuiltRouting
from launchpad.fees.steps import NothingThereError, built

# Unwraps that fit one transaction; whoever sent more accounts is unwrapped by another.
_MOST = 8


async def owed_by(chain: ChainClient, router: str, payer: str, mint: str) -> Steps:
    """What brings in all that curve and pool of a token owe a router; raises NoCurveError."""
    curve = await chain.require_curve(mint)
    owes = curve.creator == router and curve.creator_fees
    on_curve = [fee_router.collect_curve(router, mint)] if owes else []
    return [*on_curve, *await routers.from_pool(chain.rpc, router, payer, mint)]


async def collect(chain: ChainClient, router: str, payer: str, mint: str) -> BuiltRouting:
    """Bring in what curve and pool of a token owe; raises NoCurveError, NothingThereError."""
    steps = await owed_by(chain, router, payer, mint)
    if not steps:
        raise NothingThereError("Neither curve nor pool of this token owes the router anything.")
    return await built(chain, router, payer, "collect", steps)


async def unwrap(chain: ChainClient, router: str, payer: str) -> BuiltRouting:
    """Turn wrapped SOL that somebody sent to a router into income; raises NoRouterError, NothingThereError."""
    await routers.fetch_router(chain.rpc, router)
    wrapped = await routers.fetch_wrapped(chain.rpc, router)
    if not wrapped:
        raise NothingThereError("No wrapped SOL lies with this router.")
    steps = [fee_router.unwrap(router, account) for account in list(wrapped)[:_MOST]]
    return await built(chain, router, payer, "unwrap", steps)


async def claim(chain: ChainClient, router: str, payer: str, recipient: str) -> BuiltRouting:
    """Pay a recipient; raises NoRouterError, NothingThereError."""
    live = await routers.fetch_router(chain.rpc, router)
    entry = live.entry(recipient)
    if entry is None or not entry.claimable(live.income):
        raise NothingThereError("This wallet has nothing to claim from the router now.")
    return await built(chain, router, payer, "claim", [fee_router.claim(router, recipient)])
