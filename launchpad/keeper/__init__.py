"""The keeper: opens pools of sold-out curves, releases payouts, locks shares, ends overdue sales."""

from launchpad.config import Settings


async def run(settings: Settings) -> None:
    """Keep sales moving until cancelled."""
    # Only this process needs the chain client, which is slow to import.
    from launchpad.chain.client import ChainClient  # noqa: PLC0415
    from launchpad.keeper.service import Keeper  # noqa: PLC0415
    from launchpad.keeper.wallet import load_wallet  # noqa: PLC0415

    wallet = load_wallet(settings)
    async with ChainClient(settings) as chain:
        await Keeper(chain, wallet, settings.ws_urls).run()
