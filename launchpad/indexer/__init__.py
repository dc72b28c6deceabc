"""The indexer: chain events become rows, each in the transaction of its cursor."""

import gc

from launchpad.config import Settings


async def run(settings: Settings) -> None:
    """Index the cluster that the settings name until cancelled."""
    # The slices' verbs import launchpad.folding only, but this process imports the slices and the chain client.
    from launchpad.indexer.running import run_indexer  # noqa: PLC0415

    spare_collections()
    await run_indexer(settings)


def spare_collections() -> None:
    """Look for cycles rarely: thousands of rows a moment would have all of them looked at again and again."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
