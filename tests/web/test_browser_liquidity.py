"""Liquidity of a graduate, added and taken out by somebody with a browser."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import keys
from launchpad.chain.curve_math import Segment
from launchpad.client import LaunchpadClient, sol
from tests.web.people import SETTLED, TestWallet

# A whole sale for two SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)


@pytest.fixture
async def owner(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(6))
        yield pad


@pytest.fixture
async def graduate(origin, owner):
    """The mint of a graduate, all of whose sale the owner bought."""
    launched = await owner.launch("Deep Water", "DEEP", "ipfs://deep", supply=10**18, segments=SEGMENTS)
    trade = await owner.buy(launched.mint, quote_in=sol("4"), slippage_bps=5000)
    assert trade.pool
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        while (await client.get(f"/api/v1/tokens/{launched.mint}")).json().get("venue") != "amm":
            await asyncio.sleep(0.05)
    return launched.mint


async def test_liquidity_is_added_and_taken_out_again(meet, owner, graduate):
    person = await meet(wallet=TestWallet(keypair=owner.keypair))
    page = await person.open(f"/liquidity/{graduate}")
    await person.connect("Test Wallet")
    position = page.locator('[data-position="shares"]')
    await expect(position).to_have_text("0")
    await page.fill("#give-quote", "0.5")
    # The other side follows by the pool's ratio, and the rest by both.
    await expect(page.locator("#give-base")).to_have_value(re.compile(r"\d{5}"))
    await expect(page.locator('[data-change="second"]')).to_have_text("0.5 SOL")
    await page.click("#liquidity-submit")
    card = page.locator("#toasts .transaction").first
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(position).not_to_have_text("0")
    await expect(page.locator('[data-position="quote"]')).to_have_text(re.compile(r"^0\.(49|5)"))

    await page.get_by_role("button", name="Take out", exact=True).click()
    await page.get_by_role("button", name="100%").click()
    await expect(page.locator('[data-change="part"]')).to_have_text("0%")
    await page.click("#liquidity-submit")
    await expect(position).to_have_text("0")
    await expect(page.locator("#liquidity-submit")).to_have_text("You have no shares to take out")
