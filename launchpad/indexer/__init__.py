"""The indexer: chain events become rows, each in the transaction of its cursor."""

from launchpad.config import Settings


async def run(settings: Settings) -> None:
    """Index the cluster that the settings name until cancelled."""
    # The slices' verbs import launchpad.folding only, but this process imports the slices and the chain client.
    from launchpad.indexer.running import run_indexer  # noqa: PLC0415

    await run_indexer(settings)
