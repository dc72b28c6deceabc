"""What creators change in a real browser: texts, hand-over, the team's share, locks."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from launchpad.chain import keys
from launchpad.chain.launcher_events import Allocations
from launchpad.client import FirstBuy, LaunchpadClient, TeamVesting, sol
from tests.web.people import PHONE, SETTLED, TestWallet


def somebody():
    return keys.address_of(keys.generate())


@pytest.fixture
async def pad(origin):
    """A creator's own client; its token has a revocable team share."""
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        launch = await pad.launch(
            "Managed",
            "MNGD",
            "ipfs://managed",
            supply=10**18,
            allocations=Allocations(7_000, 2_000, 1_000, 0, 0),
            team=TeamVesting(somebody(), 0, 10**7, revocable=True),
            first_buy=FirstBuy(sol("0.5")),
        )
        pad.mint = launch.mint
        yield pad


async def send(page, change, title):
    """Send a form, and wait until its transaction is confirmed."""
    await page.locator(f'form[data-change="{change}"] button[type="submit"]').click()
    card = page.locator("#toasts .transaction", has_text=title).first
    await expect(card).to_have_attribute("data-state", SETTLED)


async def test_a_creator_manages_a_token(meet, origin, pad):
    person = await meet(wallet=TestWallet(keypair=pad.keypair))
    page, friend = person.page, somebody()
    await person.open(f"/token/{pad.mint}")
    await expect(page.locator("h1")).to_have_text("Managed")
    await page.get_by_role("link", name="Manage", exact=True).click()
    await person.connect("Test Wallet")
    await page.fill("#m-value", "Better Managed")
    await send(page, "metadata", "Change MNGD")
    assert (await pad.chain.fetch_mint(pad.mint)).name == "Better Managed"

    await page.locator('form[data-change="revoke-team"] button').click()
    await expect(page.locator('form[data-change="revoke-team"] .problem')).to_contain_text("Tick the box")
    await page.locator('form[data-change="revoke-team"] input').check()
    supply = (await pad.chain.fetch_mint(pad.mint)).supply
    await send(page, "revoke-team", "Revoke the team's")
    assert (await pad.chain.fetch_mint(pad.mint)).supply < supply

    await page.fill("#m-beneficiary", friend)
    await page.fill("#m-locked", "1000")
    await send(page, "schedules", "Lock MNGD")
    await page.fill("#m-heir", friend)
    await send(page, "offer", "Offer MNGD")
    assert (await pad.chain.fetch_launch(pad.mint)).pending_creator == friend
    await page.locator('form[data-change="accept"] button').click()
    await expect(page.locator('form[data-change="accept"] .problem')).to_contain_text("This wallet cannot change it")
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / "manage.png", full_page=True)
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(PHONE)
        await page.screenshot(path=Path(folder) / "manage-phone.png", full_page=True)
    await page.set_viewport_size(PHONE)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
