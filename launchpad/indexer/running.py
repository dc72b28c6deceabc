"""The indexer's process: its parts as the settings want them."""

from collections.abc import Mapping
from pathlib import Path

from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.foreign import decoder
from launchpad.chain.geyser.client import GeyserClient
from launchpad.chain.rpc import RpcPool
from launchpad.config import Settings, split_list
from launchpad.indexer import metrics
from launchpad.indexer.backfill import Backfill
from launchpad.indexer.finality import Finality
from launchpad.indexer.geyser_source import GeyserSource
from launchpad.indexer.graduates import GraduateSource
from launchpad.indexer.loop import Indexer
from launchpad.indexer.multiplexer import Delivered, Member, Multiplexer
from launchpad.indexer.recorded import RecordedMember
from launchpad.indexer.rpc_source import RpcSource
from launchpad.indexer.stage import DecodeStage, default_workers


async def run_indexer(settings: Settings) -> None:
    """Index until cancelled."""
    followed = decoder.chosen(settings.foreign_program_list)
    foreign = decoder.addresses(followed)
    workers = default_workers() if settings.decode_workers < 0 else settings.decode_workers
    stage = DecodeStage(workers, followed)
    try:
        async with RpcPool(settings.rpc_urls) as rpc:
            delivered = Delivered()
            backbone = RpcSource(rpc, settings.ws_urls, PROGRAMS, foreign, stage, delivered)
            addresses: dict[str, str] = {**dict(PROGRAMS.items()), **foreign}
            source = Multiplexer(backbone, members(settings, addresses, stage), delivered)
            indexer = Indexer(
                settings.require_database(),
                source,
                tuple(addresses),
                Finality(rpc, stage),
                graduates=GraduateSource(rpc, settings.ws_urls),
                backfill=Backfill(rpc, addresses.values(), stage),
            )
            if settings.indexer_metrics_port:
                figures = metrics.Figures(indexer, source, stage)
                metrics.serve(figures, settings.host, settings.indexer_metrics_port)
            await indexer.run()
    finally:
        stage.close()


def members(settings: Settings, addresses: Mapping[str, str], stage: DecodeStage) -> list[Member]:
    """The sources beside RPC; ConfigError where the settings do not fit together."""
    geysers = [GeyserClient(url, token, list(addresses.values())) for url, token in settings.geysers]
    files = [RecordedMember(Path(path)) for path in split_list(settings.recorded_files)]
    return [*(GeyserSource(client, stage) for client in geysers), *files]
