"""Sending to many in a real browser: faults by line, one question of the wallet, a result per line."""

import base64
import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect
from solders.pubkey import Pubkey

from launchpad.chain import keys
from launchpad.client import LaunchpadClient, Wanted, sol
from tests.web.people import PHONE


@pytest.fixture
async def rich(meet, origin):
    """Somebody whose practice wallet holds a token, and that token."""
    person = await meet()
    await person.open("/")
    await person.connect()
    await person.fund()
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        launch = await pad.launch("Many Hands", "HAND", "ipfs://hands", supply=10**18)
    person.mint = launch.mint
    return person


async def picture(page, name):
    """A picture for whoever asks for some by SHOTS."""
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def somebody():
    return keys.address_of(keys.generate())


async def test_a_list_is_checked_signed_once_and_followed(rich, origin):
    page, people = rich.page, [somebody() for _ in range(10)]
    await rich.open(f"/bulk?mint={rich.mint}")
    await expect(page.locator("#bulk-mint")).to_have_value(rich.mint)
    await page.fill("#bulk-csv", f"wallet,amount\n{people[0]},1\nnobody,2\n{people[1]},none")
    await page.get_by_role("button", name="Check the list").click()
    await expect(page.locator("#bulk-problem-lines li")).to_have_text(
        [re.compile("^Line 3: 'nobody'"), re.compile("^Line 4: 'none' is no amount")]
    )
    await picture(page, "bulk-faults")
    lines = [f"{each},{place + 1}.5" for place, each in enumerate(people)]
    await page.fill("#bulk-csv", "\n".join(lines))
    await page.get_by_role("button", name="Check the list").click()
    await expect(page.locator("#bulk-problem-lines li").first).to_contain_text("holds 0 of this token")
    await _get_tokens(rich, origin)

    await page.get_by_role("button", name="Check the list").click()
    await expect(page.locator("#bulk-items tr")).to_have_count(10)
    await expect(page.locator("#bulk-facts")).to_contain_text("60 HAND")
    await expect(page.locator("#bulk-facts")).to_contain_text("Deposits for 10 new accounts")
    await picture(page, "bulk-before")
    await page.get_by_role("button", name="Sign 10 lines").click()
    await expect(page.locator("#operation-title")).to_have_text("All done")
    await expect(page.locator('#bulk-items tr[data-state="confirmed"]')).to_have_count(10)
    await expect(page.locator("#bulk-sign")).to_be_hidden()
    await picture(page, "bulk-done")
    await page.reload()
    await expect(page.locator("#bulk-counts")).to_have_text("10 of 10 done")
    await page.emulate_media(color_scheme="light")
    await picture(page, "bulk-done-light")
    await page.set_viewport_size(PHONE)
    await picture(page, "bulk-done-phone")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    await page.get_by_role("button", name="Another list").click()
    await expect(page.locator("#bulk-csv")).to_be_visible()
    await picture(page, "bulk-form-phone")


async def _get_tokens(person, origin):
    """Some of the token, sent by somebody who bought it."""
    settings = origin.settings
    stored = await person.page.evaluate("JSON.parse(localStorage.getItem('launchpad.practice-key')).x")
    who = str(Pubkey(base64.urlsafe_b64decode(stored + "=")))
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        await pad.buy(person.mint, quote_in=sol("1"))
        [result] = await pad.bulk([Wanted("transfer", person.mint, who, tokens="1000")])
        assert result.status == "confirmed"


async def test_only_the_wallet_of_a_list_signs_it(meet, rich, origin):
    page = rich.page
    await _get_tokens(rich, origin)
    await rich.open(f"/bulk?mint={rich.mint}")
    await page.fill("#bulk-csv", f"{somebody()},1\nburn,2")
    await page.get_by_role("button", name="Check the list").click()
    await expect(page.locator("#bulk-items tr")).to_have_count(2)
    other = await meet()
    await other.open(page.url.removeprefix(origin.url))
    await expect(other.page.locator("#bulk-items tr")).to_have_count(2)
    await other.page.get_by_role("button", name="Sign 2 lines").click()
    await expect(other.page.locator("#bulk-notice")).to_have_text("Connect the wallet that this list was checked for.")
    await page.get_by_role("button", name="Sign 2 lines").click()
    await expect(page.locator("#operation-title")).to_have_text("All done")
