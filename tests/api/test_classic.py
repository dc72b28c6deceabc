"""A token of the classic standard through the API alone: chosen, priced, traded, graduated, reported, changed."""

import asyncio
from contextlib import ExitStack

import pytest

from launchpad.chain import keys
from launchpad.chain.addresses import TOKEN
from launchpad.chain.instructions import metaplex as instructions
from tests import metaplex
from tests.api.conftest import Wallet, eventually
from tests.api.life import Life
from tests.api.test_ownership import ask, do

SEGMENT = {
    "base_reserve": str(1_073_000_000 * 10**9),
    "quote_reserve": "2118000000",
    "base_for_sale": str(793_100_000 * 10**9),
}
SALE = {"kind": "segments", "segments": [SEGMENT]}
SUPPLY = str(10**18)


@pytest.fixture(scope="module", autouse=True)
def first_forms():
    with pytest.MonkeyPatch.context() as patch:
        metaplex.use_first_forms(patch)
        for name in ("update_texts", "hand_over"):
            today = getattr(instructions, name)
            patch.setattr(instructions, name, lambda *given, today=today: metaplex.first_form(today(*given)))
        yield


@pytest.fixture(scope="module")
async def client(make_cluster, make_database, make_redis, launch_process, open_api):
    if not metaplex.PROGRAM.exists():
        pytest.skip(metaplex.MISSING)
    cluster = make_cluster("--slot-ms", "150", *metaplex.cluster_words())
    settings = cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
    with ExitStack() as ending:
        for name in ("indexer", "outbox", "worker"):
            ending.callback(launch_process(name, settings=settings).stop)
        async with open_api(settings) as opened:
            yield opened


@pytest.fixture(scope="module")
async def life(client):
    creator, trader = await asyncio.gather(Wallet(client).fund(), Wallet(client).fund(20))
    built = await creator.launch(name="Old School", symbol="OLD", curve=SALE, standard="spl")
    assert len(built["transactions"]) == 1
    found = Life(client, creator, trader, built["mint"])
    await found.live()
    return found


async def test_the_standards_are_offered_with_why_one_would_choose_which(client):
    usual, classic = (await client.get("/api/launchpad/standards")).json()
    assert (usual["standard"], usual["available"]) == ("token-2022", True)
    assert (classic["standard"], classic["available"], classic["reason"]) == ("spl", True, None)
    assert "0.015 SOL" in classic["summary"]


async def test_a_preview_counts_what_the_metadata_costs(client):
    costs = [
        (await client.post("/api/launchpad/curve-preview", json={"supply": SUPPLY, "standard": kind})).json()["cost"]
        for kind in ("token-2022", "spl")
    ]
    assert int(costs[1]["deposits"]) - int(costs[0]["deposits"]) > 10_000_000
    assert [each["transactions"] for each in costs] == [1, 1]


async def test_the_token_is_indexed_as_what_it_is(life):
    token = await life.get(f"/api/v1/tokens/{life.mint}")
    assert (token["token_program"], token["name"]) == (TOKEN, "Old School")
    assert token["update_authority"] == life.creator.address
    assert token["status"] == "graduated"
    holders = (await life.get(f"/api/v1/tokens/{life.mint}/holders"))["data"]
    assert life.trader.address in [each["owner"] for each in holders]
    portfolio = await life.get(f"/api/v1/portfolio/{life.trader.address}")
    assert life.mint in [each["mint"] for each in portfolio["data"]]


async def test_the_report_says_who_can_change_the_metadata(life, client):
    report = (await client.post("/api/verify/contract", json={"address": life.mint})).json()
    found = {each["code"]: each for each in report["findings"]}
    assert found["METADATA_CHANGEABLE"]["facts"]["update_authority"] == life.creator.address
    assert "METADATA_CHANGEABLE_ON_RECORD" not in found
    assert report["verdict"] != "danger"


async def test_its_authority_changes_and_hands_over_the_metadata(client):
    creator = await Wallet(client).fund()
    mint = (await creator.launch(name="Changing", symbol="CHG", standard="spl"))["mint"]
    path, heir = f"tokens/{mint}/metadata", keys.address_of(keys.generate())
    change = {"authority": creator.address, "field": "name", "value": "Changed"}
    await do(client, path, change, creator)
    await eventually(lambda: has(client, mint, name="Changed"), 30)
    assert await ask(client, path, change | {"authority": heir}, 403) == "NOT_YOURS"
    assert await ask(client, path, change | {"metadata_hash": "0" * 64}, 409) == "NOTHING_TO_CHANGE"
    assert await ask(client, path, change | {"value": "x" * 33}, 422) == "METADATA_REFUSED"
    await do(client, f"{path}-authority", {"authority": creator.address, "to": heir}, creator)
    await eventually(lambda: has(client, mint, update_authority=heir), 30)
    assert await ask(client, path, change, 403) == "NOT_YOURS"


async def has(client, mint, **wanted):
    token = (await client.get(f"/api/v1/tokens/{mint}")).json()
    return {name: token.get(name) for name in wanted} == wanted


async def test_more_of_a_mintable_supply_and_the_end_of_a_team_are_its_token_programs(client):
    creator, team = await Wallet(client).fund(20), await Wallet(client).fund()
    shares = {"public_bps": 7_000, "liquidity_bps": 2_000, "team_bps": 1_000}
    vesting = {"beneficiary": team.address, "duration_seconds": 10_000, "revocable": True}
    sale = {"supply_mode": "mintable", "mint_cap": str(2 * 10**18), "allocations": shares, "team": vesting}
    mint = (await creator.launch(standard="spl", **sale))["mint"]
    await do(client, f"tokens/{mint}/revoke-team", {"creator": creator.address}, creator)
    chain = client.app.state.services.chain
    assert (await chain.fetch_mint(mint)).supply < 10**18
    minted = {"authority": creator.address, "amount": "5"}
    assert await ask(client, f"tokens/{mint}/mint", minted, 422) == "NOT_GRADUATED"
