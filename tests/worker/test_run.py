"""The worker as a whole, on a real cluster."""

import asyncio
from contextlib import suppress

from sqlalchemy import insert, text

from launchpad import worker
from launchpad.media.links import cid_of
from launchpad.tables.media import MediaObject


async def test_the_worker_does_its_jobs_until_it_is_stopped(settings, database, launch):
    body = b'{"description": "Told by the worker."}'
    values = {"cid": cid_of(body), "content_type": "application/json", "size": len(body), "body": body}
    async with database.session() as session:
        await session.execute(insert(MediaObject).values(**values))
    await launch(f"ipfs://{cid_of(body)}")
    task = asyncio.create_task(worker.run(settings))
    async with asyncio.timeout(60):
        while True:
            async with database.read() as session:
                if await session.scalar(text("SELECT description FROM tokens")) == "Told by the worker.":
                    break
            await asyncio.sleep(0.05)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
