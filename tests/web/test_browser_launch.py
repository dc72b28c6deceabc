"""The launch form: three fields are enough, the curve is drawn while one types, and what is wrong says so."""

import json
import re

import pytest
from playwright.async_api import expect

from tests.web.people import PHONE, TestWallet, picture

IMAGE = {"name": "p.png", "mimeType": "image/png", "buffer": picture()}


@pytest.fixture
async def creator(meet):
    """Someone with play money in front of the form."""
    person = await meet()
    await person.open("/launch")
    await person.connect()
    await person.fund()
    return person


async def identify(page, name: str, symbol: str) -> None:
    await page.fill("#f-name", name)
    await page.fill("#f-symbol", symbol)
    await page.set_input_files("#f-image", IMAGE)


async def unfold(page, *titles: str) -> None:
    for title in ("More options", *titles):
        await page.locator("summary", has_text=re.compile(f"^\\s*{title}")).click()


async def launched(person, name: str) -> dict:
    """Launch, wait for the token's page, and read the token."""
    await person.page.click("#launch-submit")
    await person.page.wait_for_url("**/token/*", timeout=60_000)
    await expect(person.page.locator("h1")).to_have_text(name)
    mint = person.page.url.rsplit("/", 1)[-1]
    answer = await person.context.request.get(f"{person.origin}/api/v1/tokens/{mint}")
    return json.loads(await answer.text())


async def test_three_fields_make_a_token(creator):
    page = creator.page
    shown = page.locator(".launch-form input:visible, .launch-form textarea:visible, .launch-form select:visible")
    await expect(shown).to_have_count(3)
    await expect(page.locator("#fact-raise")).to_have_text("85 SOL")
    await identify(page, "Newcomer", "NEW")
    await expect(page.locator("#launch-total")).to_have_text(re.compile(r"^0\.0\d+ SOL$"))
    token = await launched(creator, "Newcomer")
    assert token["symbol"] == "NEW"


async def test_the_whole_cost_is_known_before_one_signs(creator):
    page = creator.page
    await identify(page, "Known Cost", "COST")
    await unfold(page, "First buy")
    await page.fill("#f-first_buy", "0.5")
    await expect(page.locator("#cost-buy")).to_have_text("0.5 SOL")
    async with page.expect_response("**/curve-preview") as previewed:
        await page.fill("#f-first_buy", "0.25")
    foretold = (await (await previewed.value).json())["cost"]
    await expect(page.locator("#cost-buy")).to_have_text("0.25 SOL")
    assert await page.locator("#launch-total").inner_text() == await page.locator("#cost-total").inner_text()
    async with page.expect_response("**/deploy-token") as built:
        await page.click("#launch-submit")
    assert (await (await built.value).json())["cost"] == foretold


async def test_a_straight_line_is_drawn_while_one_types_and_launched(creator):
    page = creator.page
    await identify(page, "Line", "LINE")
    await unfold(page, "Curve")
    await page.get_by_role("button", name="Gentle").click()
    await expect(page.locator("#fact-raise")).to_have_text("85 SOL")
    await expect(page.locator("#buyers-words li")).to_have_count(4)
    line = page.locator("#curve-picture .line")
    before = await line.get_attribute("points")
    await page.fill("#f-multiple", "5")
    await expect(line).not_to_have_attribute("points", before)
    await expect(page.locator("#buyers-words")).to_contain_text("5 times")
    await page.select_option("#f-terms", "caps")
    await page.fill("#f-start_market_cap", "30")
    await page.fill("#f-end_market_cap", "120")
    await expect(page.locator("#buyers-words")).to_contain_text("4 times")
    token = await launched(creator, "Line")
    # Nobody chose shares, so the curve sells as much as leaves its pool enough, at 75 SOL for the whole supply.
    assert int(token["sale_supply"]) < 793_100_000 * 10**9
    assert int(token["raise_target"]) == pytest.approx(75 * int(token["sale_supply"]) // 10**9, abs=1000)


async def test_an_exponential_launch_with_a_picture_in_dollars(creator):
    page = creator.page
    await identify(page, "Steady Growth", "GROW")
    await unfold(page, "Curve")
    await page.select_option("#f-shape", "exponential")
    await page.select_option("#f-currency", "USD")
    await page.fill("#f-sol_price_usd", "200")
    await page.fill("#f-raise_amount", "12000")
    await page.fill("#f-multiple", "4")
    await expect(page.locator("#fact-raise")).to_have_text("60 SOL")
    await expect(page.locator("#fact-error")).to_have_text(re.compile("^at most 0.\\d\\d%$"))
    token = await launched(creator, "Steady Growth")
    assert token["curve"]["raise_target"] == str(60 * 10**9)
    await expect(page.locator(".token-title img, .token-head img, h1 img, img.avatar").first).to_be_visible()


async def test_a_long_curve_is_two_transactions_signed_at_once_and_safe_to_retry(meet, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 10)
    person = await meet(wallet=wallet)
    page = await person.open("/launch")
    await person.connect("Test Wallet")
    await identify(page, "Long Road", "ROAD")
    await unfold(page, "Curve", "Description", "Allocations")
    await page.get_by_role("button", name="Project, team").click()
    await page.get_by_role("button", name="Early rise").click()
    await page.fill("#f-multiple", "50")
    # It ends flat, so the pool needs as much as is sold.
    await page.fill("#f-public_bps", "40")
    await page.fill("#f-liquidity_bps", "40")
    await expect(page.locator("#cost-transactions")).to_have_text("of 2 transactions")
    handed_in = []

    async def refuse_the_launch(route) -> None:
        handed_in.append(route.request)
        refused = {"error": {"code": "UNAVAILABLE", "message": "The cluster does not answer: try again."}}
        await (route.continue_() if len(handed_in) == 1 else route.fulfill(status=503, json=refused))

    await page.route("**/api/transactions", refuse_the_launch)
    await page.click("#launch-submit")
    await expect(page.locator("#launch-problem")).to_contain_text("a second try signs the launch alone")
    assert len(handed_in) == 2
    await page.unroute("**/api/transactions")
    await page.fill("#f-description", "The second try")
    await expect(page.locator("#cost-transactions")).to_have_text("")
    async with page.expect_response("**/deploy-token") as built:
        await page.click("#launch-submit")
    assert len((await (await built.value).json())["transactions"]) == 1
    await page.wait_for_url("**/token/*", timeout=60_000)
    await expect(page.locator("h1")).to_have_text("Long Road")


async def test_a_fair_launch_has_a_fee_on_first_buys_and_an_end(creator):
    page = creator.page
    await identify(page, "Fair Play", "FAIR")
    await unfold(page, "Opening rules")
    await page.fill("#f-launch_fee", "60")
    await page.click("#launch-submit")
    await expect(page.locator("#e-launch_fee")).to_have_text("At most 50%.")
    await page.fill("#f-launch_fee", "25")
    await page.fill("#f-launch_fee_seconds", "600")
    await page.fill("#f-sale_days", "3")
    token = await launched(creator, "Fair Play")
    assert token["curve"]["deadline"] is not None
    await expect(page.get_by_text("everybody is paid back")).to_be_visible()
    await page.fill("#trade-amount", "0.5")
    await expect(page.locator("#quote-launch")).to_be_visible()


async def test_a_sale_from_the_first_milestone_to_the_last(creator):
    page = creator.page
    await identify(page, "To The Goal", "GOAL")
    await unfold(page, "Curve")
    preset = page.locator('[data-curve="goals"]')
    await expect(preset).to_contain_text("To $69K")
    await preset.click()
    await expect(preset).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#f-end_market_cap")).to_have_value("69000")
    await page.fill("#f-sol_price_usd", "150")
    token = await launched(creator, "To The Goal")
    assert token["curve"]["shape"] == "exponential"
    supply = int(token["supply"]) / 10 ** token["decimals"]
    first, last = (float(token["curve"][name]) * supply * 150 for name in ("initial_price_sol", "target_price_sol"))
    assert abs(first / 4_000 - 1) < 0.01
    assert abs(last / 69_000 - 1) < 0.01


async def test_one_price_for_all_takes_fewer_decimals(creator):
    page = creator.page
    await identify(page, "Same Price", "SAME")
    await unfold(page, "Curve", "Supply")
    await page.get_by_role("button", name="Same for all").click()
    await expect(page.locator("#f-decimals")).to_have_value("6")
    await expect(page.locator("#fact-raise")).to_have_text("85 SOL")
    await page.select_option("#f-decimals", "9")
    await expect(page.locator("#e-decimals")).to_contain_text("fewer")
    await page.select_option("#f-decimals", "6")
    token = await launched(creator, "Same Price")
    assert token["curve"]["raise_target"] == str(85 * 10**9)


async def test_a_curve_of_ones_own_points_is_drawn_and_launched(creator):
    page = creator.page
    await unfold(page, "Curve")
    await page.select_option("#f-shape", "points")
    caps = page.locator('[data-piece="cap"]')
    await caps.nth(1).fill("300")
    await expect(page.locator("#fact-end-cap")).to_contain_text("30")
    await caps.nth(0).fill("10")
    await expect(page.locator("#e-curve")).to_contain_text("never falls")
    await caps.nth(0).fill("90")
    await expect(page.locator("#e-curve")).to_be_hidden()
    await page.get_by_role("button", name="Add a point").click()
    await expect(page.locator("#curve-problem")).to_contain_text("Point 3 needs a number")
    await page.get_by_label("Remove this point").nth(2).click()
    await identify(page, "Own Curve", "OWN")
    token = await launched(creator, "Own Curve")
    assert int(token["raise_target"]) == (28 + 90 + 90 + 300) * int(token["sale_supply"]) // 10**9 // 4


async def test_what_is_missing_or_wrong_stands_at_its_field_and_what_was_typed_stays(meet):
    person = await meet()
    page = await person.open("/launch")
    await person.connect()
    await page.fill("#f-name", "Halcyon")
    await page.click("#launch-submit")
    await expect(page.locator("#e-symbol")).to_contain_text("Give the token a ticker")
    await page.fill("#f-symbol", "HALC")
    await expect(page.locator("#e-symbol")).to_be_hidden()
    await page.click("#launch-submit")
    await expect(page.locator("#e-image")).to_contain_text("Choose a picture")
    await unfold(page, "Allocations")
    await page.fill("#f-team_bps", "30")
    await expect(page.locator("#e-allocations")).to_contain_text("have to come to 100%")
    await page.get_by_role("button", name="With a team, 10%").click()
    await expect(page.locator("#e-allocations")).to_be_hidden()
    await expect(page.locator("#f-team_beneficiary")).to_be_visible()
    await page.reload()
    await expect(page.locator("#f-name")).to_have_value("Halcyon")
    await expect(page.locator("#f-team_bps")).to_have_value("10")


async def test_a_bad_curve_says_what_to_change_and_opens_where_it_stands(creator):
    page = creator.page
    await identify(page, "Falling", "FALL")
    await unfold(page, "Curve")
    await page.select_option("#f-shape", "linear")
    await page.select_option("#f-terms", "caps")
    await page.fill("#f-end_market_cap", "5")
    await expect(page.locator("#e-end_market_cap")).to_contain_text("never fall")
    await expect(page.locator("#curve-problem")).to_contain_text("never fall")
    await page.fill("#f-end_market_cap", "much")
    await expect(page.locator("#e-end_market_cap")).to_contain_text("Write a number")
    await page.locator("summary", has_text="More options").click()
    await page.click("#launch-submit")
    await expect(page.locator("#e-end_market_cap")).to_be_visible()
    await expect(page.locator("#f-end_market_cap")).to_be_focused()
    await page.fill("#f-end_market_cap", "100")
    await expect(page.locator("#curve-problem")).to_be_hidden()
    await page.select_option("#f-terms", "cap_raise")
    await page.fill("#f-raise_amount", "1")
    await expect(page.locator("#curve-problem")).to_contain_text("no curve of the shape")


async def test_the_form_fits_a_phone(meet):
    person = await meet(viewport=PHONE)
    page = await person.open("/launch")
    await unfold(page, "Curve", "First buy")
    await page.select_option("#f-shape", "points")
    await expect(page.locator("#fact-raise")).not_to_be_empty()
    await expect(page.locator("#curve-picture-near circle").first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
