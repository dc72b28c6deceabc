"""SOL balances, read from the cluster."""

import asyncio

import structlog

from launchpad.chain.client import ChainClient
from launchpad.errors import LaunchpadError

_LOG = structlog.get_logger(__name__)
_PATIENCE_SECONDS = 2.0


async def sol_balance(chain: ChainClient, wallet: str) -> int | None:
    """Lamports of `wallet`; None when the cluster does not answer within two seconds."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await chain.rpc.get_balance(wallet)
    except (LaunchpadError, TimeoutError) as error:
        _LOG.info("portfolio.balance_unknown", wallet=wallet, error=str(error))
        return None
