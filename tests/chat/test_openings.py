"""What a follower is given first, and that nothing falls between it and what comes after."""

import asyncio
import time
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from chat import openings
from launchpad.bench._market import Market
from launchpad.db import connect_directly
from launchpad.indexer.fold import fold
from launchpad.markets import snapshots
from launchpad.tables.live import OutboxEntry, OutboxRow
from tests.figures import work_out
from tests.indexer.conftest import decoded

from .client import Client


@pytest.fixture
async def chain(database_url):
    """`await chain(transactions)`: index them as the indexer would."""
    connection = await connect_directly(database_url)

    async def index(answers):
        async with connection.transaction():
            await fold(connection, decoded(answers))

    yield index
    await connection.close()


@pytest.fixture
def market():
    return Market(tokens=3, traders=4, per_second=5, start=int(time.time()) - 900)


def named(client, event):
    return [data for name, data in client.events if name == event]


async def brought_to(client, channel, seq):
    """Wait until the client has heard `channel` up to `seq`; its envelopes."""

    def heard(_):
        told = [data for name, data in client.events if name == "live" and data["channel"] == channel]
        return told if told and told[-1]["seq"] >= seq else None

    return await client.until(heard)


async def test_a_follower_gets_the_token_as_lists_show_it_and_its_minutes(url, chain, market, database, chat_settings):
    await chain([*market.launches(), *market.trades(60)])
    mint = market.tokens[0].mint
    async with Client(url) as one:
        ack = await one.ask("subscribe:token", {"mint": mint})
        assert [name for name, _ in one.events][:2] == ["token:snapshot", "token:history"]
        async with database.look() as look:
            snapshot, history = await snapshots.token_state(look, chat_settings, mint, 0)
        [first], [past] = named(one, "token:snapshot"), named(one, "token:history")
        assert first["channel"] == past["channel"] == f"token:{mint}"
        assert first["head"] == past["head"] <= ack["head"]
        assert first["token"] == snapshot.model_dump(mode="json")["token"]
        assert past["points"] == [point.model_dump() for point in history.points]
        assert past["points"][-1]["price"] == first["token"]["price"]


async def test_the_state_and_what_follows_make_the_state_of_later(url, chain, market, database, chat_settings):
    await chain([*market.launches(), *market.trades(20)])
    mint = market.tokens[0].mint
    async with Client(url) as one:
        ack = asyncio.create_task(one.ask("subscribe:token", {"mint": mint}))
        for _ in range(30):
            await chain(list(market.trades(2)))
        await ack
        async with asyncio.timeout(60), database.read() as session:
            while await session.scalar(select(func.count()).select_from(OutboxEntry)):
                await asyncio.sleep(0.01)
        async with database.read() as session:
            told_in_all = select(func.count()).where(OutboxRow.channel == f"token:{mint}")
            end = await session.scalar(told_in_all)
        async with database.look() as look:
            last, _ = await snapshots.token_state(look, chat_settings, mint, end)
        [first] = named(one, "token:snapshot")
        told = [event for event in await brought_to(one, f"token:{mint}", end) if event["seq"] > first["head"]]
        assert [event["seq"] for event in told] == list(range(first["head"] + 1, end + 1))
        newest = [event["data"] for event in told if event["type"] == "trade"][-1]
        assert (Decimal(newest["price"]), newest["sold"]) == (Decimal(last.token.price), last.token.sold)


async def test_the_market_is_ranked_by_volume_and_by_value(url, chain, market, database):
    await chain([*market.launches(), *market.trades(80)])
    await work_out(database)
    async with Client(url) as one:
        await one.ask("subscribe:market")
        [state] = named(one, "market:snapshot")
        volumes = [int(token["volume_24h"]) for token in state["topByVolume"]]
        values = [Decimal(token["market_cap_sol"]) for token in state["topByMcap"]]
        assert len(volumes) == len(values) == len(market.tokens)
        assert volumes == sorted(volumes, reverse=True)
        assert values == sorted(values, reverse=True)


async def test_a_state_goes_to_the_socket_that_asked_alone(url, chain, market):
    await chain([*market.launches()])
    mint = market.tokens[0].mint
    async with Client(url) as early, Client(url) as late:
        await early.ask("subscribe:token", {"mint": mint})
        await late.ask("subscribe:token", {"mint": mint})
        await early.ask("presence", {"mint": mint})
        assert len(named(early, "token:snapshot")) == len(named(late, "token:snapshot")) == 1


async def test_the_state_is_made_once_for_all_who_come_together(start_server, publisher, chain, market, monkeypatch):
    await chain([*market.launches()])
    made = []

    async def counted(session, settings, head):
        made.append(head)
        return await original(session, settings, head)

    original = snapshots.market_state
    monkeypatch.setattr(snapshots, "market_state", counted)
    monkeypatch.setattr(openings, "GRACE_SECONDS", 60)
    address, _ = await start_server()
    async with Client(address) as one, Client(address) as two, Client(address) as three:
        await asyncio.gather(*(client.ask("subscribe:market") for client in (one, two)))
        await three.ask("subscribe:market")
        assert len(made) == 1
        assert all(named(client, "market:snapshot") for client in (one, two, three))


async def test_a_state_that_fell_behind_is_followed_by_what_it_lacks(
    start_server, publisher, chain, market, monkeypatch
):
    monkeypatch.setattr(openings, "GRACE_SECONDS", 60)
    monkeypatch.setattr(openings, "PAGE", 3)
    await chain([*market.launches()])
    address, _ = await start_server()
    async with Client(address) as early, Client(address) as late:
        first = (await early.ask("subscribe:market"))["head"]
        await chain(list(market.trades(10)))
        await brought_to(early, "market", first + 10 if first else 13)
        ack = await late.ask("subscribe:market")
        assert named(late, "market:snapshot")[0]["head"] == named(early, "market:snapshot")[0]["head"]
        numbers = [data["seq"] for name, data in late.events if name == "live"]
        assert numbers == list(range(named(late, "market:snapshot")[0]["head"] + 1, ack["head"] + 1))


async def test_only_the_newest_openings_are_kept(start_server, publisher, chain, market, monkeypatch):
    monkeypatch.setattr(openings, "MAX_KEPT", 1)
    await chain([*market.launches()])
    address, app = await start_server()
    async with Client(address) as one:
        for token in market.tokens:
            await one.ask("subscribe:token", {"mint": token.mint})
        assert list(app.chat.openings._kept) == [f"token:{market.tokens[-1].mint}"]


async def test_subscribing_again_begins_anew(url, chain, market):
    await chain([*market.launches(), *market.trades(5)])
    mint = market.tokens[0].mint
    async with Client(url) as one:
        for _ in range(2):
            assert (await one.ask("subscribe:token", {"mint": mint}))["ok"]
        assert len(named(one, "token:snapshot")) == 2


async def test_a_token_that_nobody_knows_has_no_state_yet(url):
    async with Client(url) as one:
        assert (await one.ask("subscribe:token", {"mint": "Unknown1111111111111111111111111111111111111"}))[
            "ok"
        ] is True
        assert named(one, "token:snapshot")[0]["token"] is None
        assert named(one, "token:history")[0]["points"] == []


async def test_tokens_are_found_by_name(url, chain, market):
    await chain([*market.launches()])
    async with Client(url) as one, Client(url) as other:
        assert await one.ask("search:tokens", {"query": " token 1 "}) == {"ok": True, "count": 1}
        [found] = named(one, "search:results")
        assert (found["query"], [token["name"] for token in found["tokens"]]) == ("token 1", ["Token 1"])
        assert await one.ask("search:tokens", {"query": "nothing like it"}) == {"ok": True, "count": 0}
        for query in ("", " \u0000 ", "x" * 65):
            assert (await one.ask("search:tokens", {"query": query}))["ok"] is False
        assert named(other, "search:results") == []
