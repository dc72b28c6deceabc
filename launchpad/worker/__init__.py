"""Periodic jobs: metadata documents, transfers, reconciliation, sent transactions, verification, revenue, retention."""

from launchpad.config import Settings
from launchpad.worker.scheduler import Job, run_jobs


async def run(settings: Settings) -> None:
    """Do the jobs until cancelled. Several workers are harmless: every job may be repeated."""
    # Only this process needs the chain client, which is slow to import.
    from launchpad.chain.rpc import RpcPool  # noqa: PLC0415
    from launchpad.db import Database  # noqa: PLC0415
    from launchpad.fees import totals  # noqa: PLC0415
    from launchpad.verification.service import Verifier  # noqa: PLC0415
    from launchpad.worker import retention  # noqa: PLC0415
    from launchpad.worker.documents import DocumentClient  # noqa: PLC0415
    from launchpad.worker.foreign import ForeignMintJob  # noqa: PLC0415
    from launchpad.worker.metadata import MetadataJob  # noqa: PLC0415
    from launchpad.worker.reconcile import ReconcileJob  # noqa: PLC0415
    from launchpad.worker.transactions import SettleJob  # noqa: PLC0415
    from launchpad.worker.transfers import TransferWatch  # noqa: PLC0415
    from launchpad.worker.verification import VerifyJob  # noqa: PLC0415

    database, documents = Database.from_settings(settings), DocumentClient()
    try:
        async with RpcPool(settings.rpc_urls) as rpc:
            transfers = TransferWatch(settings, database, rpc)
            jobs = (
                Job("metadata", 1.0, MetadataJob(settings, database, documents).run),
                Job("foreign-mints", 5.0, ForeignMintJob(database, rpc).run),
                Job("verification", 5.0, VerifyJob(Verifier(settings, database, rpc, documents)).run),
                Job("transactions", 2.0, SettleJob(database, rpc).run),
                Job("hear-transfers", 1.0, transfers.listen),
                Job("choose-transfers", 5.0, transfers.choose),
                Job("follow-transfers", 1.0, transfers.settle),
                Job("revenue", 2.0, lambda: totals.catch_up(database)),
                Job("reconcile", 300.0, ReconcileJob(settings, database, rpc).run),
                Job("forget-told", 600.0, lambda: retention.forget_told(database)),
                Job("forget-expired", 600.0, lambda: retention.forget_expired(database)),
            )
            await run_jobs(jobs)
    finally:
        await documents.close()
        await database.close()
