"""Following pools at Raydium in front of a node with a script: silent, cut off, away, or talking nonsense."""

import asyncio
import itertools
from contextlib import aclosing

import pytest

from launchpad.chain.errors import RpcUnavailableError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.indexer import graduates, pool_listener
from launchpad.indexer.graduates import GraduateSource
from launchpad.indexer.rpc_source import UnusableAnswerError
from launchpad.indexer.source import Cursor
from tests.chain.venues.test_raydium_swaps import KEYS, NOW, POOL, RAYDIUM_CP_SWAP, run, swap, told
from tests.indexer.node import ScriptedNode

OTHER = KEYS[4]


@pytest.fixture
async def node():
    node = ScriptedNode()
    await node.start()
    yield node
    await node.stop()


@pytest.fixture
async def rpc(node):
    async with RpcPool([node.rpc_url]) as rpc:
        yield rpc


@pytest.fixture
def source(node, rpc, monkeypatch):
    monkeypatch.setattr(graduates, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(graduates, "SWEEP_SECONDS_DEAF", 0.05)
    return GraduateSource(rpc, [node.ws_url])


_NUMBERS = itertools.count(1)


def answers(count, slot):
    """So many swaps in the pool, one a slot."""
    return [_answer(slot + place) for place in range(count)]


def _answer(slot):
    signature = f"swap {next(_NUMBERS)}"
    message = {"accountKeys": KEYS, "header": {"numRequiredSignatures": 1}, "instructions": [swap()]}
    meta = {"err": None, "logMessages": run(RAYDIUM_CP_SWAP, told()), "innerInstructions": [], "fee": 5_000}
    transaction = {"signatures": [signature], "message": message}
    return {"slot": slot, "blockTime": NOW, "meta": meta, "transaction": transaction, "version": 0}


async def first(source, count, cursors):
    """The first `count` swaps that the source brings, and the last cursor by pool."""
    found, at = {}, {}
    async with asyncio.timeout(30), aclosing(source.stream(cursors)) as chunks:
        async for chunk in chunks:
            for one in chunk.transactions:
                assert [type(event.data) for event in one.events] == [RaydiumSwapped]
                found[one.signature] = one
            at |= {one.program: one for one in chunk.cursors}
            if len(found) >= count and at:
                return found, at
    raise AssertionError("The source ended.")


async def test_what_happened_since_the_cursor_comes_and_the_cursor_follows(node, source):
    await node.produce(answers(7, slot=100))
    found, at = await first(source, 7, [Cursor(POOL, None, 99)])
    assert {one.slot for one in found.values()} == set(range(100, 107))
    assert (at[POOL].slot, at[POOL].signature in found) == (106, True)


async def test_pools_that_are_told_of_later_are_followed_too(node, source):
    await node.produce(answers(3, slot=100))
    collecting = asyncio.create_task(first(source, 3, []))
    await asyncio.sleep(0)
    source.watch(Cursor(POOL, None, 99))
    source.watch(Cursor(POOL, None, 99))
    found, _ = await collecting
    assert len(found) == 3


async def test_a_silent_or_lost_websocket_loses_nothing(node, source):
    node.silent = True
    await node.produce(answers(2, slot=100))
    collecting = asyncio.create_task(first(source, 8, [Cursor(POOL, None, 99)]))
    for turn in range(3):
        await node.hang_up()
        await node.produce(answers(2, slot=110 + 10 * turn))
    found, _ = await collecting
    assert len(found) == 8


async def test_long_histories_are_listed_page_by_page(node, source, monkeypatch):
    monkeypatch.setattr(graduates, "PAGE", 3)
    await node.produce(answers(11, slot=100))
    found, _ = await first(source, 11, [Cursor(POOL, None, 99)])
    assert len(found) == 11


async def test_a_node_that_is_away_is_asked_again(node, rpc, source, monkeypatch):
    asked, batch = [], rpc.batch

    async def away_at_first(requests):
        asked.append(requests)
        if len(asked) <= 2:
            raise RpcUnavailableError("Nobody answers.")
        return await batch(requests)

    monkeypatch.setattr(rpc, "batch", away_at_first)
    await node.produce(answers(2, slot=100))
    found, _ = await first(source, 2, [Cursor(POOL, None, 99)])
    assert len(found) == 2


async def test_what_is_no_answer_ends_the_stream_by_name(node, source, monkeypatch):
    monkeypatch.setattr(node, "_getSignaturesForAddress", lambda *_: [{"nonsense": 1}])
    with pytest.raises(UnusableAnswerError):
        await first(source, 1, [Cursor(POOL, None, 99)])


async def test_the_youngest_pools_are_listened_to_and_refusals_are_told(monkeypatch, capsys):
    monkeypatch.setattr(pool_listener, "MOST", 1)
    sent, heard = [], []

    class Socket:
        async def send(self, frame):
            sent.append(frame)

    listener = pool_listener.PoolListener([], heard.append, lambda: None)
    await listener.run()
    listener.follow(POOL)
    await listener.subscribe()
    assert (sent, listener.connected) == ([], False)
    listener._socket = Socket()
    listener.follow(OTHER)
    await listener.subscribe()
    await listener.subscribe()
    assert [OTHER in frame for frame in sent] == [True]
    listener._notice({"error": {"message": "too many"}})
    for err in (None, {"failed": 1}):
        value = {"signature": "s", "err": err, "logs": []}
        listener._notice({"params": {"result": {"context": {"slot": 5}, "value": value}}})
    assert [(one.signature, one.slot) for one in heard] == [("s", 5)]
    assert "subscription_refused" in capsys.readouterr().out
