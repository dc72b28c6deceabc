"""Periodic jobs: figures, prices, alerts, documents, transfers, transactions, verification, retention, mending."""

from typing import TYPE_CHECKING

from launchpad.config import Settings
from launchpad.worker.scheduler import Job, run_jobs

if TYPE_CHECKING:
    from launchpad.chain.rpc import RpcPool
    from launchpad.db import Database
    from launchpad.outbound import Poster
    from launchpad.worker.documents import DocumentClient


async def run(settings: Settings) -> None:
    """Do the jobs until cancelled. Several workers are harmless: every job may be repeated."""
    # Only this process needs the chain client, which is slow to import.
    from launchpad.chain.rpc import RpcPool  # noqa: PLC0415
    from launchpad.db import Database  # noqa: PLC0415
    from launchpad.outbound import Poster  # noqa: PLC0415
    from launchpad.worker.documents import DocumentClient  # noqa: PLC0415

    database, documents = Database.from_settings(settings), DocumentClient()
    poster = Poster(loopback=settings.alert_loopback)
    try:
        async with RpcPool(settings.rpc_urls) as rpc:
            figures, alerts = _of_figures(settings, database, rpc), _of_alerts(settings, database, poster)
            await run_jobs([*figures, *alerts, *_of_bus(settings), *_of_chain(settings, database, rpc, documents)])
    finally:
        await poster.close()
        await documents.close()
        await database.close()


def _of_figures(settings: Settings, database: "Database", rpc: "RpcPool") -> list[Job]:
    """What is worked out of rows, what SOL costs, and what is forgotten."""
    from launchpad.analytics.market import keep_hour  # noqa: PLC0415 - see run
    from launchpad.fees import totals  # noqa: PLC0415 - see run
    from launchpad.metrics.follower import Follower  # noqa: PLC0415 - see run
    from launchpad.prices.sources import open_source  # noqa: PLC0415 - see run
    from launchpad.store.partitions import keep_partitions  # noqa: PLC0415 - see run
    from launchpad.worker import retention  # noqa: PLC0415 - see run
    from launchpad.worker.prices import PriceJob  # noqa: PLC0415 - see run

    return [
        Job("sol-price", 10.0, PriceJob(database, open_source(settings, rpc)).run),
        Job("metrics", 0.5, Follower(settings, database).run),
        Job("revenue", 2.0, lambda: totals.catch_up(database)),
        Job("market-hours", 60.0, lambda: keep_hour(database)),
        Job("partitions", 900.0, lambda: keep_partitions(settings, database)),
        Job("forget-told", 600.0, lambda: retention.forget_told(database)),
        Job("forget-expired", 600.0, lambda: retention.forget_expired(database)),
    ]


def _of_bus(settings: Settings) -> list[Job]:
    """Whole transactions for the bus, where they are wanted."""
    if not settings.bus_history:
        return []
    from launchpad.bus import open_bus  # noqa: PLC0415 - see run
    from launchpad.indexer.history import HistoryJob  # noqa: PLC0415 - see run

    return [Job("bus-history", 1.0, HistoryJob(settings, open_bus(settings)).run)]


def _of_alerts(settings: Settings, database: "Database", poster: "Poster") -> list[Job]:
    """Rules, and bringing what fired to where it is wanted: each way has a queue and a job of its own."""
    from launchpad.alerts import couriers, service  # noqa: PLC0415 - see run
    from launchpad.alerts.engine import AlertEngine  # noqa: PLC0415 - see run

    return [
        Job("alerts", 0.2, AlertEngine(database).run),
        Job("alert-webhooks", 0.5, couriers.WebhookCourier(database, poster=poster).run),
        Job("alert-push", 0.5, couriers.PushCourier(database, poster=poster, settings=settings).run),
        Job("alert-rooms", 0.5, couriers.RoomCourier(database).run),
        Job("forget-alerts", 600.0, lambda: service.forget_old(database)),
    ]


def _of_chain(settings: Settings, database: "Database", rpc: "RpcPool", documents: "DocumentClient") -> list[Job]:
    """What asks the chain, and the documents that it names."""
    from launchpad.verification.service import Verifier  # noqa: PLC0415 - see run
    from launchpad.worker.foreign import ForeignMintJob  # noqa: PLC0415 - see run
    from launchpad.worker.listed import ListedJob  # noqa: PLC0415 - see run
    from launchpad.worker.metadata import MetadataJob  # noqa: PLC0415 - see run
    from launchpad.worker.reconcile import ReconcileJob  # noqa: PLC0415 - see run
    from launchpad.worker.transactions import SettleJob  # noqa: PLC0415 - see run
    from launchpad.worker.transfers import TransferWatch  # noqa: PLC0415 - see run
    from launchpad.worker.verification import VerifyJob  # noqa: PLC0415 - see run

    transfers = TransferWatch(settings, database, rpc)
    return [
        Job("metadata", 1.0, MetadataJob(settings, database, documents).run),
        Job("listed-metadata", 5.0, ListedJob(database, rpc).run),
        Job("foreign-mints", 5.0, ForeignMintJob(database, rpc).run),
        Job("verification", 5.0, VerifyJob(Verifier(settings, database, rpc, documents)).run),
        Job("transactions", 2.0, SettleJob(database, rpc).run),
        Job("hear-transfers", 1.0, transfers.listen),
        Job("choose-transfers", 5.0, transfers.choose),
        Job("follow-transfers", 1.0, transfers.settle),
        Job("reconcile", 300.0, ReconcileJob(settings, database, rpc).run),
    ]
