"""API keys: made, copied once, and revoked on a page of their own."""

import re

import httpx
from playwright.async_api import expect

from tests.web.people import TestWallet


async def test_a_key_is_made_shown_once_and_revoked(meet, origin):
    person = await meet(wallet=TestWallet())
    page = await person.open("/")
    await person.connect("Test Wallet")
    await person.open("/api-keys")
    await expect(page.locator("#keys-none")).to_be_visible()
    await page.get_by_role("button", name="Make a key").click()
    await expect(page.locator("#key-problem")).to_contain_text("what the key is for")
    await page.get_by_label("What it is for").fill("my bot")
    await page.keyboard.press("Enter")
    shown = page.get_by_label("Your new key")
    await expect(shown).to_have_value(re.compile(r"^lp_.{43}$"))
    key = await shown.input_value()
    async with httpx.AsyncClient(base_url=origin.url, headers={"X-API-Key": key}) as program:
        assert (await program.get("/api/v1/tokens")).status_code == 200
        await page.get_by_role("button", name="I have it").click()
        await page.reload()
        row = page.locator("#keys li")
        await expect(row).to_contain_text("last used")
        await expect(row).to_contain_text(key[:11])
        assert key not in await page.content()
        await row.get_by_role("button", name="Revoke my bot").click()
        await expect(row).to_have_count(1)
        await row.get_by_role("button", name="Revoke my bot").click()
        await expect(page.locator("#keys-none")).to_be_visible()
        refused = await program.get("/api/v1/tokens")
        assert refused.json()["error"]["code"] == "API_KEY_REFUSED"


async def test_a_guest_is_asked_to_connect_a_wallet(meet):
    person = await meet()
    page = await person.open("/api-keys")
    await expect(page.locator("#guest")).to_be_visible()
