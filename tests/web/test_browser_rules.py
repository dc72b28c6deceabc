"""Rules of an opening, from the cards of the launch form to the page of the token."""

import re

import pytest
from playwright.async_api import expect

from tests.web.market import new_address
from tests.web.people import picture


@pytest.fixture
async def creator(meet):
    person = await meet()
    await person.open("/launch")
    await person.connect()
    await person.fund()
    page = person.page
    await page.set_input_files("#f-image", {"name": "p.png", "mimeType": "image/png", "buffer": picture()})
    return person


async def test_a_fair_opening_is_one_press_and_stands_on_the_tokens_page(creator):
    page = creator.page
    await page.fill("#f-name", "Even Start")
    await page.fill("#f-symbol", "EVEN")
    await expect(page.get_by_role("button", name="Open", exact=False).first).to_have_attribute("aria-pressed", "true")
    fair = page.locator(".preset", has_text="A minute in which")
    await fair.click()
    await expect(fair).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#buyers-words")).to_contain_text("pays 5 % more")
    await page.click("#launch-submit")
    await page.wait_for_url("**/token/*", timeout=60_000)
    rules = page.locator("#rules")
    await expect(rules).to_contain_text("In force")
    await expect(rules).to_contain_text("one in a slot")
    await expect(rules.locator("[data-until]").first).to_have_text(re.compile(r"\d s more|1 min"))


async def test_a_pasted_list_is_counted_and_its_bad_lines_are_named(creator):
    page = creator.page
    await page.get_by_text("More options").click()
    await page.locator('[data-fold="fair"] > summary').click()
    known = [new_address(), new_address()]
    await page.fill("#f-allowlist", "\n".join([*known, "nonsense", known[0]]))
    told = page.locator("#h-allowlist")
    await expect(told).to_have_text("2 wallets, 1 named twice, 1 not read (3: nonsense).")
    await expect(page.locator("#e-allowlist")).to_contain_text("Mend or remove")
    await page.fill("#f-allowlist", "\n".join(known))
    await expect(told).to_have_text("2 wallets.")
    await expect(page.locator("#buyers-words")).to_contain_text("only wallets on the creator's list buy")
    # Who is spared nothing is told as much.
    await page.get_by_text("Your own first buy keeps to all this too").click()
    await expect(page.locator("#buyers-words")).to_contain_text("binds the creator's buy")
    await page.fill("#f-holders_mint", new_address())
    await expect(page.locator("#e-holders_mint")).to_have_text("No token from here has this mint.")


async def test_a_team_raise_is_one_press_and_promised_on_the_tokens_page(creator):
    page = creator.page
    await page.fill("#f-name", "Long Haul")
    await page.fill("#f-symbol", "HAUL")
    raise_ = page.locator(".preset", has_text="30 % vests for the team")
    await raise_.click()
    await expect(raise_).to_have_attribute("aria-pressed", "true")
    await page.get_by_text("More options").click()
    fold = page.locator('[data-fold="ending"]')
    await expect(fold.locator("summary")).to_contain_text("70% liquidity, locked for good; the rest vests")
    await fold.locator("summary").click()
    await page.fill("#f-pool_lock_days", "30")
    await expect(page.locator("#e-pool_lock_days")).to_have_text("At least 180 days, or empty for good.")
    await page.fill("#f-pool_lock_days", "365")
    await expect(page.locator("#e-pool_lock_days")).to_be_hidden()
    await page.click("#launch-submit")
    await page.wait_for_url("**/token/*", timeout=60_000)
    await expect(page.locator("main")).to_contain_text("70% of the raise")


async def test_a_venue_that_is_not_on_the_cluster_cannot_be_chosen_and_says_why(creator):
    page = creator.page
    await page.get_by_text("More options").click()
    await page.locator('[data-fold="ending"] > summary').click()
    await expect(page.locator("#h-venue")).to_contain_text("Raydium is not on this cluster.")
    await expect(page.locator('#f-venue option[value="raydium"]')).to_be_disabled()


async def test_a_batch_is_one_press_and_takes_deposits_at_once(creator):
    page = creator.page
    await page.fill("#f-name", "All Aboard")
    await page.fill("#f-symbol", "ABRD")
    await page.locator(".preset", has_text="Everybody deposits for an hour").click()
    await page.get_by_text("More options").click()
    fold = page.locator('[data-fold="batch"]')
    await expect(fold.locator("summary")).to_contain_text("1 h of deposits, at least 5 SOL")
    await page.click("#launch-submit")
    await page.wait_for_url("**/token/*", timeout=60_000)
    await expect(page.get_by_role("link", name="Deposit", exact=True)).to_be_visible()
