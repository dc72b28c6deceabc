"""Simulated people launch, trade and talk through the product's own doors."""

from random import Random

import httpx
import pytest

from launchpad.demo.market import Market
from launchpad.demo.people import gather_people
from launchpad.demo.visitor import RefusedError, Visitor


@pytest.fixture
async def market(origin, tmp_path):
    market = Market(origin.settings, gather_people(tmp_path)[:3], Random(7))
    await market.open()
    yield market
    await market.close()


async def _seen(origin, path, wanted):
    """The answer at `path` once `wanted` says it is there."""
    import asyncio  # noqa: PLC0415 - only here

    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        while True:
            answer = await client.get(path)
            if answer.is_success and wanted(answer.json()):
                return answer.json()
            await asyncio.sleep(0.05)


async def test_a_launch_a_trade_and_a_line_are_seen_by_everybody(market, origin):
    mint = await market.launch(set())
    token = await _seen(origin, f"/api/v1/tokens/{mint}", lambda token: token["description"])
    assert "simulated" in token["description"]
    await _seen(origin, "/api/v1/tokens?sort=launched_at", lambda page: page["data"][0]["mint"] == mint)
    while not await market.trade():
        pass
    trades = await _seen(origin, f"/api/v1/tokens/{mint}/trades", lambda page: page["data"])
    assert trades["data"][0]["trader"] in {visitor.person.address for visitor in market.visitors}
    await market.talk()
    lines = await _seen(origin, f"/api/v1/rooms/{mint}/messages", lambda page: page.get("messages") or page.get("data"))
    assert "simulated" in str(lines)


async def test_what_the_product_refuses_is_told_in_its_words(origin, tmp_path):
    async with Visitor(gather_people(tmp_path)[0], origin.settings, 0) as visitor:
        with pytest.raises(RefusedError) as refused:
            await visitor.get("/api/v1/tokens/11111111111111111111111111111111")
    assert refused.value.details["refusal"] == "TOKEN_NOT_FOUND"


def test_the_demo_trades_and_talks_by_itself(make_origin, launch_process, wait_until):
    origin = make_origin()
    demo = launch_process("demo", settings=origin.settings)

    def lively():
        with httpx.Client(base_url=origin.url) as client:
            tokens = client.get("/api/v1/tokens").json()["data"]
            rooms = [client.get(f"/api/v1/rooms/{token['mint']}/messages").json()["data"] for token in tokens]
        return sum(token["trades_total"] for token in tokens) >= 3 and any(rooms)

    wait_until(lively, child=demo, seconds=90)
    assert demo.stop() == 0
