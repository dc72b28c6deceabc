"""Decoding in worker processes: the same transactions, back-pressure, and life after a worker's death."""

import asyncio
import os
import signal
import time

import psutil
import pytest

from launchpad.bench._market import Market
from launchpad.chain.foreign.decoder import known_programs
from launchpad.chain.geyser.answers import answer_of, update_of
from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.indexer import stage as staging
from launchpad.indexer.stage import DecodeStage, Job, Streamed
from tests.chain.foreign import venues
from tests.chain.foreign.answers import address
from tests.indexer.geyser import completed


@pytest.fixture(scope="module")
def jobs():
    market = Market(tokens=2, traders=3, per_second=20, start=int(time.time()) - 600)
    ours = [*market.launches(), *market.trades(100)]
    foreign = [venues.pump(address(), address()) for _ in range(20)]
    raws = [update_of(completed(one), place).SerializeToString() for place, one in enumerate([*ours, *foreign])]
    return [Job(place, Streamed(raw, 1_700_000_000)) for place, raw in enumerate(raws)]


@pytest.fixture
async def make():
    stages = []

    def make(workers):
        stages.append(DecodeStage(workers, known_programs()))
        return stages[-1]

    yield make
    for one in stages:
        one.close()


async def test_workers_decode_as_this_process_does(make, jobs):
    inline, workers = await make(0).decode(jobs), await make(1).decode(jobs)
    assert workers == inline
    assert [one.index for one in workers] == [job.place for job in jobs]
    assert sum(len(one.foreign) for one in workers) == 20


async def test_few_transactions_stay_here(make, jobs, monkeypatch):
    stage = make(1)
    monkeypatch.setattr(stage, "_send", None)
    assert len(await stage.decode(jobs[:10])) == 10


async def test_what_cannot_be_decoded_is_left_out(make, jobs):
    nothing = wire.SubscribeUpdateTransaction()
    nothing.transaction.transaction.signatures.append(b"x")
    nothing.transaction.transaction.message.instructions.add(program_id_index=9)
    nothing.transaction.meta.post_token_balances.add(account_index=9)
    broken = [*jobs, Job(0, Streamed(nothing.SerializeToString(), 0))]
    assert await make(1).decode(broken) == await make(0).decode(jobs)


async def test_answers_of_a_node_are_decoded_here(make, jobs, monkeypatch):
    stage = make(1)
    monkeypatch.setattr(stage, "_send", None)
    updates = [wire.SubscribeUpdateTransaction.FromString(job.transaction.raw) for job in jobs]
    answers = [Job(job.place, answer_of(one, 1_700_000_000)) for job, one in zip(jobs, updates, strict=True)]
    assert await stage.decode(answers) == await make(0).decode(jobs)


async def test_a_worker_that_dies_costs_nothing(make, jobs):
    stage = make(1)
    expected = await stage.decode(jobs)
    before = {child.pid for child in psutil.Process().children()}
    [worker] = stage._pool._processes
    assert worker in before
    os.kill(worker, signal.SIGKILL)
    assert await stage.decode(jobs) == expected
    assert await stage.decode(jobs) == expected


async def test_only_so_many_batches_are_on_their_way(make, jobs, monkeypatch):
    stage, under_way, most = make(1), 0, 0
    go = asyncio.Event()

    async def send(batch):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await go.wait()
        under_way -= 1
        return batch

    monkeypatch.setattr(stage, "_send", send)
    waiting = [asyncio.create_task(stage.decode(jobs)) for _ in range(6)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert stage.waiting == 6 * len(jobs)
    assert most == staging.BATCHES_PER_WORKER
    go.set()
    await asyncio.gather(*waiting)
    assert (stage.waiting, most) == (0, staging.BATCHES_PER_WORKER)
