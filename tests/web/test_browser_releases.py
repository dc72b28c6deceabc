"""A graduate pays out and locks what its curve had kept, while a browser looks on and nothing is loaded anew."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import graduating, keys
from launchpad.chain.curve_math import Segment
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms
from launchpad.client import LaunchpadClient, sol

# A whole sale for two SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)
YEAR = 365 * 86_400


@pytest.fixture
async def creator(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(8))
        yield pad


async def send(pad, built):
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)
    return signature


@pytest.fixture
async def graduate(origin, creator):
    """A graduate whose raise is for a team in part, and whose pool's shares are locked for its creator."""
    team, treasury = (keys.address_of(keys.generate()) for _ in range(2))
    payout = Payout(team, treasury, 6_000, 30 * 86_400, YEAR)
    terms = GraduationTerms(liquidity_bps=7_000, liquidity_lock_seconds=YEAR, payout=payout)
    more = {"supply": 10**18, "segments": SEGMENTS, "sale": SaleTerms(graduation=terms)}
    launch = await creator.launch("Paid Out", "PAID", "ipfs://paid", **more)
    await creator.buy(launch.mint, quote_in=sol("4"), slippage_bps=5_000, graduate=False)
    await send(creator, await graduating.build_graduate(creator.chain, launch.mint, creator.address))
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        while (await _status(client, launch.mint)) != "graduated":
            await asyncio.sleep(0.05)
    return launch.mint


async def _status(client, mint):
    answer = await client.get(f"/api/v1/tokens/{mint}")
    return answer.json().get("status")


async def test_what_a_graduate_releases_appears_with_its_transactions(meet, creator, graduate):
    person = await meet()
    await person.open(f"/token/{graduate}")
    await expect(person.page.locator(".network")).to_have_attribute("data-live", "live")
    facts, calendar = person.page.locator("#graduation"), person.page.locator("#unlocks")
    await expect(facts).to_contain_text("Waits for the team")
    await expect(facts).to_contain_text("Waits for the treasury")
    await expect(calendar).to_have_count(0)
    sent = [
        await send(creator, built)
        for built in await graduating.build_follow_ups(creator.chain, graduate, creator.address)
    ]
    await expect(facts).to_contain_text("For the team")
    await expect(facts).to_contain_text("For the treasury")
    await expect(facts).not_to_contain_text("Waits")
    for signature in sent:
        await expect(facts.locator(f'a[title="Transaction {signature}"]')).to_have_count(1)
    await expect(calendar).to_contain_text("Raise for the team, at the cliff, then every day")
    await expect(calendar).to_contain_text("Shares of the pool, then its owner may take that liquidity out")
