"""Raydium as the place where a sale's pool opens, from the launch form to the token's page."""

import pytest
from playwright.async_api import expect

from tests.web.people import picture


@pytest.fixture(scope="module")
def origin(make_origin, raydium_cluster):
    """The product on a cluster that has Raydium."""
    at = raydium_cluster
    return make_origin(launchpad_home=at.home, rpc_url=at.rpc_url, rpc_ws_url=at.ws_url)


async def test_raydium_is_chosen_with_its_cost_and_promised_on_the_tokens_page(meet):
    person = await meet()
    await person.open("/launch")
    await person.connect()
    await person.fund()
    page = person.page
    await page.set_input_files("#f-image", {"name": "p.png", "mimeType": "image/png", "buffer": picture()})
    await page.fill("#f-name", "Far Shore")
    await page.fill("#f-symbol", "FAR")
    await page.get_by_text("More options").click()
    fold = page.locator('[data-fold="ending"]')
    await fold.locator("summary").click()
    await expect(page.locator('#f-venue option[value="raydium"]')).to_be_enabled()
    await page.select_option("#f-venue", "raydium")
    await expect(page.locator("#h-venue")).to_contain_text("It takes 0.1901 SOL of the raise, which is at least 3 SOL.")
    await expect(fold.locator("summary")).to_contain_text("At Raydium: All liquidity, locked for good")
    await expect(page.locator("#fact-opening")).to_contain_text("0.2001")
    await expect(page.locator("#buyers-words")).to_contain_text("The pool opens at Raydium")
    await page.click("#launch-submit")
    await page.wait_for_url("**/token/*", timeout=60_000)
    await expect(page.locator("main")).to_contain_text("goes into a pool at Raydium")
