"""The embedded cluster as a Geyser: over real gRPC, in front of the product's own client and indexer source."""

import asyncio
import json
from contextlib import aclosing

import grpc
import pytest

from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS
from launchpad.chain.client import ChainClient
from launchpad.chain.geyser.client import GeyserAwayError, GeyserClient
from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.indexer.geyser_source import GeyserSource
from launchpad.indexer.stage import DecodeStage
from launchpad.localnet.bank import STATUS_LIFETIME
from launchpad.localnet.errors import PortInUseError
from launchpad.localnet.geyser import Geyser, Subscriber, serve_geyser, stop_geyser
from launchpad.localnet.node import Node
from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.startup import open_cluster
from launchpad.processes import free_port
from tests.indexer.trading import SOL, Trader


@pytest.fixture(scope="module")
def streaming(make_cluster):
    """A cluster with short slots and a Geyser, and the Geyser's address."""
    port = free_port()
    return make_cluster("--slot-ms", "100", "--geyser-port", str(port)), f"http://127.0.0.1:{port}"


async def take(client, from_slot, enough):
    """Updates until one is enough."""
    got = []
    async with asyncio.timeout(60), aclosing(client.updates(from_slot)) as updates:
        async for update in updates:
            got.append(update)
            if enough(update):
                return got
    return got


async def test_a_trade_comes_with_its_block_and_decodes_as_the_node_answers_it(streaming):
    cluster, url = streaming
    source = GeyserSource(GeyserClient(url, "", PROGRAMS.values()), DecodeStage())
    async with ChainClient(cluster.settings()) as chain:
        trader = await Trader.funded(chain)
        start = await chain.rpc.get_slot("confirmed")
        mint = await trader.launch()
        signature = await trader.buy(mint, SOL)
        found, slots = {}, []
        async with asyncio.timeout(60), aclosing(source.stream(start)) as chunks:
            async for chunk in chunks:
                found |= {one.signature: one for one in chunk.transactions}
                slots += chunk.slots
                if signature in found:
                    break
        answer = await chain.rpc.get_transaction(signature)
    assert [event.name for event in found[signature].events] == ["Traded"]
    assert (found[signature].slot, found[signature].block_time) == (answer["slot"], answer["blockTime"])
    assert [one.first for one in slots] == list(range(start, found[signature].slot + 1))


async def test_only_what_the_filter_names_is_sent(streaming):
    cluster, url = streaming
    async with ChainClient(cluster.settings()) as chain:
        # What other tests did on this cluster lies behind.
        start = await chain.rpc.get_slot("confirmed") + 1
        await Trader.funded(chain)
        end = await chain.rpc.get_slot("confirmed")
    ours = await take(GeyserClient(url, "", [BONDING_CURVE]), start, lambda one: one.block_meta.slot >= end)
    every = await take(GeyserClient(url, "", []), start, lambda one: one.block_meta.slot >= end)
    assert not [one for one in ours if one.HasField("transaction")]
    assert [one for one in every if one.HasField("transaction")]


async def test_slots_are_told_at_every_step(streaming):
    _, url = streaming
    seen = set()
    await take(GeyserClient(url, "", []), None, lambda one: seen.add(one.slot.status) or len(seen) >= 3)
    assert {wire.SLOT_PROCESSED, wire.SLOT_CONFIRMED, wire.SLOT_FINALIZED} <= seen


async def test_what_is_too_long_ago_is_refused(tmp_path):
    options = LocalnetOptions(ledger=tmp_path, programs={})
    cluster = open_cluster(options)
    cluster.store.start()
    try:
        for _ in range(STATUS_LIFETIME + 5):
            await cluster.produce_slot()
        server, port = await serve_geyser(Geyser(Node(cluster, options)), "127.0.0.1", 0)
        client = GeyserClient(f"http://127.0.0.1:{port}", "", [])
        with pytest.raises(GeyserAwayError, match="not available") as refusal:
            await take(client, 1, lambda _: True)
        assert refusal.value.refused
        got = await take(client, 10, lambda one: one.block_meta.slot == STATUS_LIFETIME)
        assert [one.block_meta.slot for one in got] == list(range(10, STATUS_LIFETIME + 1))
        await stop_geyser(server)
    finally:
        await cluster.store.close()


async def test_the_other_methods_answer(streaming):
    _, url = streaming
    async with grpc.aio.insecure_channel(url.removeprefix("http://")) as channel:

        async def call(name, request, answer):
            method = channel.unary_unary(
                f"/geyser.Geyser/{name}",
                request_serializer=lambda one: one.SerializeToString(),
                response_deserializer=answer.FromString,
            )
            return await method(request)

        assert (await call("Ping", wire.PingRequest(count=4), wire.PongResponse)).count == 5
        slots = [
            (await call("GetSlot", wire.GetSlotRequest(commitment=level), wire.GetSlotResponse)).slot
            for level in (wire.FINALIZED, wire.CONFIRMED, wire.PROCESSED)
        ]
        assert slots == sorted(slots)
        version = await call("GetVersion", wire.GetVersionRequest(), wire.GetVersionResponse)
        assert json.loads(version.version)["package"] == "launchpad-localnet"


async def test_who_has_no_token_is_refused_and_a_taken_port_is_told():
    server, port = await serve_geyser(Geyser(None), "127.0.0.1", 0, token="right")
    try:
        with pytest.raises(GeyserAwayError, match="UNAUTHENTICATED"):
            await take(GeyserClient(f"http://127.0.0.1:{port}", "wrong", []), None, lambda _: True)
        with pytest.raises(PortInUseError):
            await serve_geyser(Geyser(None), "127.0.0.1", port)
    finally:
        await stop_geyser(server)


def test_a_reader_who_is_too_slow_loses_the_stream(monkeypatch):
    monkeypatch.setattr("launchpad.localnet.geyser.UNREAD", 2)
    subscriber = Subscriber(wire.SubscribeRequest())
    for _ in range(3):
        subscriber.send(wire.SubscribeUpdate())
    assert subscriber.lost
