"""Many transfers, burns and launches through the API alone: every item with its result, and nothing twice."""

import asyncio

import pytest

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from tests.api.conftest import eventually

SOL = 10**9


def somebody():
    return keys.address_of(keys.generate())


@pytest.fixture
async def rich(make_wallet):
    """A creator who holds some of his token."""
    wallet = await make_wallet(10)
    wallet.mint = (await wallet.launch(first_buy={"amount": str(SOL)}))["mint"]
    return wallet


async def told(api, path, body, status=200):
    answer = await api.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def begin(api, wallet, items):
    body = {"payer": wallet.address, "items": [{"mint": wallet.mint} | item for item in items]}
    return await told(api, "/api/batch-operations", body, 201)


async def build(api, operation, **body):
    return await told(api, f"/api/batch-operations/{operation['id']}/build", body)


async def hand_in(api, wallet, operation):
    signed = [wallet.sign(each["transaction"]) for each in operation["transactions"] if each["transaction"]]
    path = f"/api/batch-operations/{operation['id']}/submit"
    return await told(api, path, {"transactions": signed}, 202)


async def finished(api, operation):
    async def ask():
        found = (await api.get(f"/api/batch-operations/{operation['id']}")).json()
        return found if not found["counts"]["sent"] else None

    return await eventually(ask)


async def balance(api, address, mint):
    return (await api.app.state.services.chain.rpc.get_token_balances(address)).get(mint, 0)


async def test_a_distribution_is_checked_built_signed_and_followed(api, rich):
    people = [somebody() for _ in range(12)]
    items = [{"recipient": each, "tokens": "2.5"} for each in people] + [{"action": "burn", "amount": "7"}]
    operation = await begin(api, rich, items)
    assert operation["counts"] == {"planned": 13, "sent": 0, "confirmed": 0, "failed": 0}
    assert (operation["tokens"][0]["symbol"], operation["tokens"][0]["tokens"]) == ("EXM", "30.000000007")
    assert (operation["cost"]["accounts"], operation["cost"]["transactions"]) == (12, 2)
    built = await build(api, operation)
    assert [each["status"] for each in built["transactions"]] == ["built"] * 2
    assert sorted(index for each in built["transactions"] for index in each["items"]) == list(range(13))
    sent = await hand_in(api, rich, built)
    assert sent["counts"]["planned"] == 0
    done = await finished(api, operation)
    assert done["counts"]["confirmed"] == 13
    assert all(item["signature"] for item in done["items"])
    assert [await balance(api, each, rich.mint) for each in people] == [2_500_000_000] * 12
    refused = await told(api, f"/api/batch-operations/{operation['id']}/build", {}, 409)
    assert refused["error"]["code"] == "BULK_NOTHING_LEFT"


async def test_what_may_still_land_is_handed_out_as_it_is(api, rich):
    operation = await begin(api, rich, [{"recipient": somebody(), "amount": "5"}])
    first, second = await asyncio.gather(build(api, operation), build(api, operation))
    third = await build(api, operation)
    wires = [[each["transaction"] for each in found["transactions"]] for found in (first, second, third)]
    assert len({tuple(each) for each in wires}) == 1
    assert len(wires[0]) == 1


async def test_what_was_sent_elsewhere_is_known_by_its_memo(api, rich):
    friend = somebody()
    operation = await begin(api, rich, [{"recipient": friend, "amount": "5"}])
    built = await build(api, operation)
    chain: ChainClient = api.app.state.services.chain
    [transaction] = built["transactions"]
    signature = await chain.rpc.send(rich.sign(transaction["transaction"]))
    await chain.confirm(signature, transaction["last_valid_block_height"])
    done = (await api.get(f"/api/batch-operations/{operation['id']}")).json()
    assert (done["items"][0]["status"], done["items"][0]["signature"]) == ("confirmed", signature)
    assert await balance(api, friend, rich.mint) == 5


async def test_an_item_that_fails_is_told_and_tried_again_alone(api, rich):
    held, friend = await balance(api, rich.address, rich.mint), somebody()
    operation = await begin(api, rich, [{"recipient": friend, "amount": str(held)}])
    built = await build(api, operation)
    # Meanwhile a part of it goes to somebody else.
    other = await begin(api, rich, [{"recipient": somebody(), "amount": "1000"}])
    await hand_in(api, rich, await build(api, other))
    await finished(api, other)
    failed = await hand_in(api, rich, built)
    item = (await finished(api, failed))["items"][0]
    assert (item["status"], item["error"]["code"]) == ("failed", "INSUFFICIENT_TOKENS")
    short = await told(api, f"/api/batch-operations/{operation['id']}/build", {"items": [0]}, 422)
    assert short["error"]["items"][0]["code"] == "INSUFFICIENT_TOKENS"
    assert await balance(api, friend, rich.mint) == 0


async def test_expired_items_are_built_anew(api, rich, monkeypatch):
    friend = somebody()
    operation = await begin(api, rich, [{"recipient": friend, "amount": "5"}])
    old = await build(api, operation)
    rpc = api.app.state.services.chain.rpc
    monkeypatch.setattr(rpc, "get_block_height", _far_away)
    late = (await api.get(f"/api/batch-operations/{operation['id']}")).json()
    monkeypatch.undo()
    assert (late["items"][0]["status"], late["items"][0]["error"]["code"]) == ("failed", "TX_EXPIRED")

    async def has_other_blockhash():
        used = keys.describe_transaction(old["transactions"][0]["transaction"]).blockhash
        return (await rpc.latest_blockhash()).blockhash != used

    await eventually(has_other_blockhash)
    new = await build(api, operation)
    assert [each["status"] for each in new["transactions"]] == ["expired", "built"]
    assert new["items"][0]["transaction"] == 1
    assert old["transactions"][0]["transaction"] != new["transactions"][1]["transaction"]
    await hand_in(api, rich, new)
    assert (await finished(api, operation))["counts"]["confirmed"] == 1
    assert await balance(api, friend, rich.mint) == 5


async def _far_away(_commitment="confirmed"):
    return 2**62


async def test_lists_are_taken_as_they_are_and_lines_at_fault_are_named(api, rich):
    friend = somebody()
    body = {"payer": rich.address, "mint": rich.mint, "csv": f"wallet,amount\n{friend},1.5\nburn,2\n"}
    operation = await told(api, "/api/batch-operations", body, 201)
    assert [item["amount"] for item in operation["items"]] == ["1500000000", "2000000000"]
    for line, code in ((f"{rich.mint},1", "RECIPIENT_IS_TOKEN"), ("nobody,1", "INVALID_ADDRESS")):
        refused = await told(api, "/api/batch-operations", body | {"csv": f"{friend},1\n\n{line}"}, 422)
        assert refused["error"]["code"] == "BULK_REFUSED"
        assert [(each["line"], each["code"]) for each in refused["error"]["items"]] == [(3, code)]
    both = await told(api, "/api/batch-operations", body | {"items": []}, 422)
    assert both["error"]["field"] == "items"
    neither = await told(api, "/api/batch-operations", {"payer": rich.address}, 422)
    assert neither["error"]["code"] == "INVALID_INPUT"


async def test_only_transactions_of_the_operation_are_sent(api, rich):
    one = await build(api, await begin(api, rich, [{"recipient": somebody(), "amount": "5"}]))
    two = await build(api, await begin(api, rich, [{"recipient": somebody(), "amount": "5"}]))
    path = f"/api/batch-operations/{one['id']}/submit"
    foreign = rich.sign(two["transactions"][0]["transaction"])
    assert (await told(api, path, {"transactions": [foreign]}, 422))["error"]["code"] == "FOREIGN_TRANSACTION"
    unsigned = one["transactions"][0]["transaction"]
    assert (await told(api, path, {"transactions": [unsigned]}, 422))["error"]["code"] == "BAD_SIGNATURE"
    missing = "/api/batch-operations/00000000-0000-0000-0000-000000000000"
    assert (await api.get(missing)).json()["error"]["code"] == "BULK_NOT_FOUND"


async def test_many_launches_are_built_each_on_its_own(api, make_wallet):
    creator = await make_wallet(10)
    plain = {"creator": creator.address, "symbol": "MANY", "uri": "ipfs://" + "b" + "a" * 58, "supply": str(10**18)}
    ruled = {"rules": {"wallet_cap_bps": 123, "window_seconds": 77}}
    launches = [
        plain | {"name": "First"},
        plain | {"name": "x" * 60},
        plain | {"name": "Third"} | ruled,
        plain | {"name": "Fourth"} | ruled,
    ]
    found = await told(api, "/api/batch-operations/launches", {"launches": launches})
    assert (found["built"], found["failed"]) == (2, 2)
    codes = [each["error"] and each["error"]["code"] for each in found["launches"]]
    assert codes == [None, "METADATA_REFUSED", None, "TERMS_PENDING"]
    for each in (found["launches"][0], found["launches"][2]):
        for transaction in each["launch"]["transactions"]:
            sent = await creator.send(each["launch"], transaction)
            assert sent["status"] in ("confirmed", "finalized")
    again = await told(api, "/api/batch-operations/launches", {"launches": launches[3:]})
    assert again["built"] == 1
