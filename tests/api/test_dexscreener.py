"""The adapter's four answers over HTTP, key by key and type by type, of a market that was really traded."""

import pytest

from launchpad.chain import keys
from launchpad.chain.addresses import WRAPPED_SOL
from tests.dexscreener.validator import validate

AT = "/api/dexscreener"
NOBODY = keys.address_of(keys.generate())


@pytest.fixture
async def latest(market, eventually):
    """The latest block, once all trades of the market are final."""

    async def all_final():
        answer = await market.client.get(f"{AT}/latest-block")
        trades = await market.get(f"/api/v1/tokens/{market.mint}/trades")
        newest = max(trade["slot"] for trade in trades["data"])
        return answer.json() if answer.status_code == 200 and answer.json()["block"]["blockNumber"] >= newest else None

    return await eventually(all_final, 60)


def shape(value):
    """The keys and types of a JSON value."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__


BLOCK = {"blockNumber": "int", "blockTimestamp": "int"}


async def test_the_latest_block_has_its_keys(latest):
    assert shape(latest) == {"block": BLOCK}


async def test_an_asset_has_its_keys(market):
    answer = await market.get(f"{AT}/asset", id=market.mint)
    told = shape(answer)["asset"]
    assert told == dict.fromkeys(("id", "name", "symbol", "totalSupply", "circulatingSupply"), "str")
    assert (answer["asset"]["name"], answer["asset"]["symbol"]) == ("Market Token", "MKT")
    assert answer["asset"]["totalSupply"] == "1000000000"


@pytest.mark.usefixtures("latest")
async def test_a_pair_has_its_keys(market):
    curve = (await market.get(f"/api/v1/tokens/{market.mint}"))["curve"]["address"]
    answer = await market.get(f"{AT}/pair", id=curve)
    texts = ("id", "dexKey", "asset0Id", "asset1Id", "createdAtTxnId", "creator")
    numbers = ("createdAtBlockNumber", "createdAtBlockTimestamp", "feeBps")
    assert shape(answer) == {"pair": dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "int")}
    assert answer["pair"]["asset1Id"] == WRAPPED_SOL
    assert answer["pair"]["creator"] == market.creator.address


async def test_events_have_their_keys(market, latest):
    trades = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"]
    events = []
    for block in sorted({trade["slot"] for trade in trades} | {latest["block"]["blockNumber"]}):
        page = await market.get(f"{AT}/events", fromBlock=block, toBlock=block)
        assert list(page) == ["events"]
        events += page["events"]
    validate(events)
    assert events[-1]["block"] == latest["block"]
    assert {event["maker"] for event in events} >= {market.trader.address, market.creator.address}
    assert all(keys.is_on_curve(event["maker"]) for event in events)
    buy = next(event for event in events if "asset1In" in event)
    texts = ("eventType", "txnId", "maker", "pairId", "asset1In", "asset0Out", "priceNative")
    told = dict.fromkeys(texts, "str") | dict.fromkeys(("txnIndex", "eventIndex"), "int")
    assert shape(buy) == told | {"block": BLOCK, "reserves": {"asset0": "str", "asset1": "str"}}


@pytest.mark.parametrize("kind", ["asset", "pair"])
@pytest.mark.parametrize("identity", [NOBODY, NOBODY.lower(), "x", "", "\x00"])
async def test_what_is_unknown_is_a_404_in_json(market, kind, identity):
    answer = await market.get(f"{AT}/{kind}", 404, id=identity)
    assert answer["error"]["code"] == f"{kind.upper()}_NOT_FOUND"


async def test_blocks_that_are_not_final_yet_and_ranges_that_are_too_long_are_refused(market, latest):
    last = latest["block"]["blockNumber"]
    far = last + 10**6
    refused = await market.get(f"{AT}/events", 409, fromBlock=far, toBlock=far)
    assert refused["error"]["code"] == "NOT_READY"
    assert refused["error"]["as_of_slot"] >= last
    too_long = await market.get(f"{AT}/events", 422, fromBlock=0, toBlock=100)
    assert too_long["error"]["field"] == "toBlock"
