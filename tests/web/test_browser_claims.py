"""Everything that waits for a wallet is claimed on one page, in one go."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import keys
from launchpad.client import FirstBuy, LaunchpadClient, Lock, sol, units
from tests.web.people import TestWallet

SUPPLY = units("1000000000", 9)


@pytest.fixture
async def creator(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        yield pad


async def test_fees_and_released_tokens_are_claimed_at_once(meet, creator, origin):
    lock = FirstBuy(sol("1"), lock=Lock(cliff_seconds=1, duration_seconds=1))
    launched = await creator.launch("Two Purses", "TWO", "ipfs://two", supply=SUPPLY, first_buy=lock)
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        path = f"/api/v1/portfolio/{creator.address}"
        while not (found := (await client.get(path)).json())["vesting"] or found["vesting"][0]["claimable"] == "0":
            await asyncio.sleep(0.05)
    person = await meet(wallet=TestWallet(keypair=creator.keypair))
    page = await person.open("/claims")
    await person.connect("Test Wallet")
    rows = page.locator("#claims .claim:visible")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Creator fees")
    await page.get_by_role("button", name="Claim all").click()
    await expect(page.locator("#nothing")).to_be_visible()
    assert await creator.token_balance(launched.mint) == launched.first_buy
