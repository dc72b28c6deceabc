"""What creators and beneficiaries may change after a launch, through the API alone."""

import time

import pytest

from launchpad.chain import keys
from tests.api.conftest import eventually, settled
from tests.api.test_graduation import SALE

STRANGER = keys.address_of(keys.generate())


@pytest.fixture
async def creator(make_wallet):
    """A creator with a token."""
    wallet = await make_wallet(10)
    wallet.mint = (await wallet.launch(first_buy={"amount": str(10**9)}))["mint"]
    return wallet


async def ask(api, path, body, status=200):
    answer = await api.post(f"/api/ownership/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if status == 200 else answer.json()["error"]["code"]


async def do(api, path, body, *signers):
    """Build, sign by all, send, and wait until it is confirmed."""
    built = await ask(api, path, body)
    assert built["signers"] == [signer.address for signer in signers]
    signed = built["transaction"]
    for signer in signers:
        signed = signer.sign(signed)
    body = {"transaction": signed, "last_valid_block_height": built["last_valid_block_height"]}
    answer = await api.post("/api/transactions", json=body)
    assert answer.status_code == 202, answer.text
    assert (await settled(api, answer.json()["signature"]))["status"] != "failed"
    return built


def chain_of(api):
    return api.app.state.services.chain


async def test_a_creator_changes_texts_until_nobody_can(api, creator):
    path = f"tokens/{creator.mint}/metadata"
    change = {"authority": creator.address, "field": "name", "value": "Another Name"}
    await do(api, path, change, creator)
    await do(api, path, change | {"field": "uri", "value": "https://example.org/new.json"}, creator)
    state = await chain_of(api).fetch_mint(creator.mint)
    assert (state.name, state.uri) == ("Another Name", "https://example.org/new.json")
    assert await ask(api, path, change | {"authority": STRANGER}, 403) == "NOT_YOURS"
    assert await ask(api, path, change | {"value": "x" * 33}, 422) == "METADATA_REFUSED"
    assert await ask(api, path, change | {"field": "uri", "value": "ftp://x"}, 422) == "INVALID_LAUNCH"
    handed = {"authority": creator.address, "to": "immutable"}
    await do(api, f"{path}-authority", handed, creator)
    assert await ask(api, path, change, 403) == "NOT_YOURS"
    assert (await chain_of(api).fetch_launch(creator.mint)).update_authority is None
    assert await ask(api, f"tokens/{STRANGER}/metadata", change, 404) == "NOT_LAUNCHED"


async def test_metadata_goes_to_a_wallet_that_signs_too(api, creator, make_wallet):
    editor = await make_wallet(1)
    handed = {"authority": creator.address, "to": editor.address}
    await do(api, f"tokens/{creator.mint}/metadata-authority", handed, creator, editor)
    change = {"authority": editor.address, "field": "symbol", "value": "NEW"}
    await do(api, f"tokens/{creator.mint}/metadata", change, editor)
    assert (await chain_of(api).fetch_mint(creator.mint)).symbol == "NEW"


async def test_a_token_is_offered_and_accepted(api, creator, make_wallet):
    heir = await make_wallet(1)
    path = f"tokens/{creator.mint}"
    assert await ask(api, f"{path}/accept", {"new_creator": heir.address}, 403) == "NOT_YOURS"
    await do(api, f"{path}/offer", {"creator": creator.address, "new_creator": heir.address}, creator)
    await do(api, f"{path}/accept", {"new_creator": heir.address}, heir)
    assert (await chain_of(api).fetch_launch(creator.mint)).creator == heir.address
    assert (await chain_of(api).require_curve(creator.mint)).creator == heir.address
    offer = {"creator": creator.address, "new_creator": STRANGER}
    assert await ask(api, f"{path}/offer", offer, 403) == "NOT_YOURS"


async def test_more_of_a_mintable_supply_after_graduation(api, make_wallet):
    creator = await make_wallet(10)
    options = {"supply_mode": "mintable", "mint_cap": str(10**18 + 500), "curve": SALE}
    mint = (await creator.launch(**options))["mint"]
    body = {"authority": creator.address, "amount": "500", "recipient": STRANGER}
    assert await ask(api, f"tokens/{mint}/mint", body, 422) == "NOT_GRADUATED"
    buy = {"mint": mint, "wallet": creator.address, "side": "buy", "amount": str(5 * 10**9)}
    await creator.send((await api.post("/api/trade/build", json=buy)).json())
    await do(api, f"tokens/{mint}/mint", body, creator)
    assert (await chain_of(api).rpc.get_token_balances(STRANGER))[mint] == 500
    assert await ask(api, f"tokens/{mint}/mint", body | {"amount": "1"}, 422) == "CAP_EXCEEDED"
    assert await ask(api, f"tokens/{mint}/mint", body | {"authority": STRANGER}, 403) == "NOT_YOURS"


async def test_a_teams_share_is_revoked_where_the_launch_said_so(api, make_wallet):
    creator, team = await make_wallet(10), keys.address_of(keys.generate())
    shares = {"public_bps": 7_000, "liquidity_bps": 2_000, "team_bps": 1_000}
    vests = {"beneficiary": team, "duration_seconds": 10**7, "revocable": True}
    mint = (await creator.launch(allocations=shares, team=vests))["mint"]
    supply = (await chain_of(api).fetch_mint(mint)).supply
    path = f"tokens/{mint}/revoke-team"
    assert await ask(api, path, {"creator": STRANGER}, 403) == "NOT_YOURS"
    await do(api, path, {"creator": creator.address}, creator)
    assert (await chain_of(api).fetch_mint(mint)).supply < supply
    assert await ask(api, path, {"creator": creator.address}, 409) == "NOTHING_TO_CHANGE"
    plain = (await creator.launch())["mint"]
    assert await ask(api, f"tokens/{plain}/revoke-team", {"creator": creator.address}, 409) == "NOTHING_TO_CHANGE"


async def test_a_schedule_is_made_handed_on_claimed_and_revoked(api, creator, make_wallet):
    friend, heir = await make_wallet(1), await make_wallet(1)
    terms = {"grantor": creator.address, "mint": creator.mint, "beneficiary": friend.address, "amount": "1000000"}
    started = {"start": int(time.time()) - 500_000, "duration_seconds": 1_000_000, "revocable": True}
    first = (await do(api, "schedules", terms | started, creator))["schedule"]
    second = (await do(api, "schedules", terms | started | {"revocable": False}, creator))["schedule"]
    assert first != second
    await do(api, f"schedules/{first}/offer", {"beneficiary": friend.address, "new_beneficiary": heir.address}, friend)
    assert await ask(api, f"schedules/{first}/accept", {"new_beneficiary": friend.address}, 403) == "NOT_YOURS"
    await do(api, f"schedules/{first}/accept", {"new_beneficiary": heir.address}, heir)
    claim = {"schedule": first, "beneficiary": heir.address}
    await heir.send((await api.post("/api/claims/vesting", json=claim)).json())

    async def has_some():
        return 0 < (await chain_of(api).rpc.get_token_balances(heir.address)).get(creator.mint, 0) < 10**6

    await eventually(has_some)
    await do(api, f"schedules/{first}/revoke", {"grantor": creator.address}, creator)
    again = {"grantor": creator.address}
    assert await ask(api, f"schedules/{first}/revoke", again, 409) == "NOTHING_TO_CHANGE"
    assert await ask(api, f"schedules/{second}/revoke", again, 409) == "NOTHING_TO_CHANGE"
    assert await ask(api, f"schedules/{first}/revoke", {"grantor": STRANGER}, 403) == "NOT_YOURS"
    assert await ask(api, f"schedules/{STRANGER}/revoke", again, 404) == "NO_SCHEDULE"
    much = terms | started | {"amount": str(2**60)}
    assert await ask(api, "schedules", much, 422) == "INSUFFICIENT_TOKENS"
