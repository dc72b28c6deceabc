"""The indexer: chain events become rows, each in the transaction of its cursor."""

from launchpad.config import Settings


async def run(settings: Settings) -> None:
    """Index the cluster that the settings name until cancelled."""
    # The slices' verbs import launchpad.folding only, but the loop imports the slices.
    from launchpad.chain.addresses import PROGRAMS  # noqa: PLC0415 - the process alone needs the chain client
    from launchpad.chain.foreign import decoder  # noqa: PLC0415 - (the same)
    from launchpad.chain.rpc import RpcPool  # noqa: PLC0415 - (the same)
    from launchpad.indexer.finality import Finality  # noqa: PLC0415 - (the same)
    from launchpad.indexer.graduates import GraduateSource  # noqa: PLC0415 - (the same)
    from launchpad.indexer.loop import Indexer  # noqa: PLC0415 - (the same)
    from launchpad.indexer.rpc_source import RpcSource  # noqa: PLC0415 - (the same)

    followed = decoder.chosen(settings.foreign_program_list)
    foreign, decode = decoder.addresses(followed), decoder.ForeignDecoder.of(followed)
    async with RpcPool(settings.rpc_urls) as rpc:
        source = RpcSource(rpc, settings.ws_urls, PROGRAMS, foreign, decode)
        graduates = GraduateSource(rpc, settings.ws_urls)
        url, programs = settings.require_database(), (*PROGRAMS, *foreign)
        await Indexer(url, source, programs, Finality(rpc, decode), graduates=graduates).run()
