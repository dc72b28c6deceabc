"""Jobs repeat, whatever becomes of one turn."""

import asyncio

from launchpad.worker.scheduler import Job, run_jobs, run_once


async def test_a_job_that_fails_is_done_again_and_stops_no_other():
    turns = {"good": 0, "bad": 0}
    enough = asyncio.Event()

    async def good():
        turns["good"] += 1

    async def bad():
        turns["bad"] += 1
        if turns["bad"] > 3 and turns["good"] > 3:
            enough.set()
        raise RuntimeError("again")

    task = asyncio.create_task(run_jobs([Job("good", 0.001, good), Job("bad", 0.001, bad)]))
    await asyncio.wait_for(enough.wait(), 60)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_one_turn_tells_whether_it_succeeded():
    async def work():
        raise KeyError

    assert not await run_once(Job("bad", 1, work))
    assert await run_once(Job("good", 1, lambda: asyncio.sleep(0)))
