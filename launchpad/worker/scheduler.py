"""Jobs that repeat: each in a task of its own, none able to end another."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from launchpad.backoff import end_if_asked

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done every `seconds`, counted from its end; failures are logged and tried again."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]


async def run_jobs(jobs: Sequence[Job]) -> None:
    """Do every job, at once and then again and again, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for job in jobs:
            tasks.create_task(_repeat(job), name=job.name)


async def _repeat(job: Job) -> None:
    while True:
        end_if_asked()
        await run_once(job)
        await asyncio.sleep(job.seconds)


async def run_once(job: Job) -> bool:
    """Do a job now; whether it succeeded."""
    began = time.monotonic()
    try:
        await job.work()
    except Exception:  # whatever it was, the next turn tries again
        log.exception("worker.job_failed", job=job.name, again_in=job.seconds)
        return False
    log.debug("worker.job_done", job=job.name, seconds=round(time.monotonic() - began, 3))
    return True
