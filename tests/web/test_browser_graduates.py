"""A token sells out, graduates, and is traded on, while two browsers look on and nothing is loaded anew."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import graduating, keys
from launchpad.chain.curve_math import Segment
from launchpad.client import LaunchpadClient, sol
from tests.web.people import SETTLED

# A whole sale for two SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)


@pytest.fixture
async def creator(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        yield pad


async def graduate(pad, mint):
    """What any keeper may do."""
    built = await graduating.build_graduate(pad.chain, mint, pad.address)
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)


async def is_indexed(origin, mint):
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        while (await client.get(f"/api/v1/tokens/{mint}")).status_code != httpx.codes.OK:
            await asyncio.sleep(0.05)


async def test_the_panel_goes_with_the_curve_and_comes_back_with_the_pool(meet, creator, origin):
    launch = await creator.launch("Grown Up", "GRWN", "ipfs://grown", supply=10**18, segments=SEGMENTS)
    await is_indexed(origin, launch.mint)
    alice, bob = await meet(), await meet()
    for person in (alice, bob):
        await person.open(f"/token/{launch.mint}")
        await expect(person.page.locator(".network")).to_have_attribute("data-live", "live")
    await alice.connect()
    await alice.fund()
    await expect(alice.page.locator("#quote-route")).to_have_text("On its curve")
    card = await alice.trade("buy", "0.05")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await creator.buy(launch.mint, quote_in=sol("4"), slippage_bps=5_000, graduate=False)
    for person in (alice, bob):
        await expect(person.page.locator("#trade-form")).to_have_count(0)
    price = await bob.page.locator('[data-live="price"]').text_content()

    await graduate(creator, launch.mint)
    for person in (alice, bob):
        await expect(person.page.locator("#trade-form")).to_have_count(1)
    await expect(bob.page.locator('[data-live="price"]')).to_have_text(price)
    raised = bob.page.locator('[data-live="reserve"]')
    await expect(raised).to_have_text("2")

    card = await alice.trade("buy", "0.1")
    await expect(alice.page.locator("#quote-route")).to_have_text(re.compile("^Through its pool, 0.55% of fees"))
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(bob.page.locator("#trades tr")).to_have_count(3)
    await expect(bob.page.locator('[data-live="price"]')).not_to_have_text(price)
    card = await alice.trade("sell", "10000000")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(bob.page.locator("#trades tr")).to_have_count(4)
    await expect(bob.page.locator("#holders")).to_contain_text("Pool")

    await alice.open("/portfolio")
    row = alice.page.locator(f'.positions tr[data-mint="{launch.mint}"]')
    await expect(row).to_contain_text("Grown Up")
    await expect(alice.page.locator("#wallet-trades tr")).to_have_count(3)


async def test_the_last_buyer_is_told_of_the_pool_and_trades_in_it_at_once(meet, creator, origin):
    launch = await creator.launch("All At Once", "ONCE", "ipfs://once", supply=10**18, segments=SEGMENTS)
    await is_indexed(origin, launch.mint)
    alice = await meet()
    await alice.open(f"/token/{launch.mint}")
    await expect(alice.page.locator(".network")).to_have_attribute("data-live", "live")
    await alice.connect()
    await alice.fund()
    card = await alice.trade("buy", "5")
    # So much moves the price a lot, and one is asked twice.
    await alice.page.get_by_role("button", name="Yes, buy at this price").click()
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(alice.page.locator("#quote-route")).to_have_text(re.compile("^Through its pool"))
    card = await alice.trade("sell", "10000000")
    await expect(card).to_have_attribute("data-state", SETTLED)


async def test_words_of_the_last_buy(meet, creator, origin):
    launch = await creator.launch("In Words", "WORD", "ipfs://words", supply=10**18, segments=SEGMENTS)
    await is_indexed(origin, launch.mint)
    alice = await meet()
    await alice.open(f"/token/{launch.mint}")
    await alice.page.fill("#trade-amount", "5")
    await expect(alice.page.locator("#trade-notice")).to_have_text(
        "This takes the last of the sale. You are charged only for what is left. "
        "The same transaction opens the token's pool, and repays what that costs. You get 0.01 SOL for it."
    )
