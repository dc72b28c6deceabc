"""No answer with a price outlives the event that changed it, in whichever memory it is kept.

Entries are made to last an hour here: whatever is fresh then is so because publishing emptied
both levels, and not because time went by.
"""

import asyncio
from dataclasses import replace

import orjson
import pytest

from launchpad.cache import Cache

# The least that anyone could tell apart.
MOST_GRACE = 0.1


@pytest.fixture
def lasting(monkeypatch):
    """Every policy that was asked for, each for an hour instead."""
    seen, plain = {}, Cache.get

    async def get(cache, key, policy, compute):
        seen[key] = policy
        return await plain(cache, key, replace(policy, ttl=3600.0), compute)

    monkeypatch.setattr(Cache, "get", get)
    return seen


def _paths(mint, mark):
    return [
        f"/api/v1/tokens?search=MKT&mark={mark}",
        f"/api/v1/tokens/{mint}?mark={mark}",
        f"/api/v1/tokens/{mint}/trades?mark={mark}",
        f"/api/v1/tokens/{mint}/chart?mark={mark}",
        f"/api/launchpad/token/{mint}?mark={mark}",
        f"/api/launchpad/projects?search=MKT&mark={mark}",
        f"/api/udf/history?symbol={mint}&resolution=1&to=99999999999&countback=1&mark={mark}",
        f"/api/latest/dex/tokens/{mint}?mark={mark}",
        f"/api/latest/dex/search?q=MKT&mark={mark}",
    ]


async def _texts(client, mint, mark="fresh"):
    return {path: (await client.get(path)).text for path in _paths(mint, mark)}


async def _until(question):
    async with asyncio.timeout(20):
        while not question():
            await asyncio.sleep(0.005)


async def test_no_price_outlives_the_event_that_changed_it(market, open_api, lasting):
    mine = market.client.app.state.services.cache
    async with open_api(market.client.app.state.settings) as other:
        theirs = other.app.state.services.cache
        await _until(lambda: mine._listening and theirs._listening)
        # Asked twice, so that Redis has it too; then by another process, which takes it from there.
        for client in (market.client, market.client, other):
            await _texts(client, market.mint)
        before = await _texts(market.client, market.mint)
        held = {path: mine.peek(path) for path in before}
        told = {name: (mine._generations.get(name, 0), theirs._generations.get(name, 0)) for name in _channels(market)}
        await market.trade("buy", 10**8)
        for name, (first, second) in told.items():
            await _until(lambda name=name, first=first: mine._generations.get(name, 0) > first)
            await _until(lambda name=name, second=second: theirs._generations.get(name, 0) > second)
        await _until(lambda: not any(entry and mine._holds(entry) for entry in held.values()))
        after = await _texts(market.client, market.mint)
        elsewhere = await _texts(other, market.mint)
    price = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"][0]["price_sol"]
    for path, text in after.items():
        assert text != before[path], path
        assert _has(text, price), path
        assert _has(elsewhere[path], price), path


def _has(text, price):
    """Whether an answer tells a price, as text or as the nearest float."""
    return f'"{price}"' in text or orjson.dumps([float(price)]).decode() in text


def _channels(market):
    return ("market", f"token:{market.mint}")


async def test_what_tells_a_price_is_kept_no_longer_than_anyone_can_see(market, lasting):
    await _texts(market.client, market.mint, "kept")
    await market.get("/api/v1/king", mark="kept")
    assert len(lasting) == len(_paths(market.mint, "kept")) + 1
    for key, policy in lasting.items():
        assert policy.channel in _channels(market), key
        assert policy.grace <= MOST_GRACE, key
