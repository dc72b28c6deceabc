"""The screener in a real browser: ten thousand rows, keys, addresses, live changes that move nothing, stars."""

import re
from decimal import Decimal

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from launchpad import live
from launchpad.db import Database
from launchpad.processes import free_port, responds
from tests.conftest import Origin, wait_for
from tests.screener import rows
from tests.screener.rows import mint_of
from tests.web.people import PHONE

TOKENS = 10_000
FIGURES = text(
    "UPDATE token_metrics SET price_sol = :price, volume_24h = volume_24h + CAST(:lamports AS bigint) "
    "WHERE mint = :mint"
)


@pytest.fixture(scope="module")
async def origin(make_database, make_redis, cluster, launch_process):
    """The product over ten thousand tokens whose figures nobody works out anew."""
    url = make_database()
    await rows.fill(url, TOKENS)
    values = {"database_url": url, "redis_url": make_redis(), "rate_limits": False}
    settings = cluster.settings(**values, port=free_port())
    processes = {name: launch_process(name, settings=settings) for name in ("serve", "outbox")}
    wait_for(lambda: responds(f"{settings.origin}/api/health"), child=processes["serve"], seconds=240)
    yield Origin(settings.origin, settings, processes)
    for process in processes.values():
        process.stop()


@pytest.fixture
async def trade(origin):
    """`await trade(n, price=..., lamports=...)`: the market hears of a trade of token n."""
    database = Database.from_settings(origin.settings)

    async def told(number, *, price, lamports):
        data = dict.fromkeys(("protocol_fee", "creator_fee", "referrer_fee", "launch_fee", "liquidity_fee"), "0")
        event = live.TradeExecuted(
            mint=mint_of(number),
            signature=f"trade-{number}-{price}",
            instruction=0,
            inner=0,
            position="1",
            slot=1,
            side="buy",
            trader=mint_of(1),
            base_amount="1",
            quote_amount=str(lamports),
            venue="curve",
            pool=None,
            price=price,
            price_before=price,
            sold="1",
            quote_reserve="1",
            liquidity="5000000000",
            trader_balance=None,
            traded_at="2026-01-01T00:00:00Z",
            **data,
        )
        async with database.session() as session:
            await session.execute(FIGURES, {"mint": mint_of(number), "price": Decimal(price), "lamports": lamports})
            await live.publish(session, event)

    yield told
    await database.close()


async def loaded(person, path="/screener"):
    """The page, once every row is known to it."""
    page = await person.open(path)
    await expect(page.locator("#scroll")).to_have_class(re.compile("virtual"))
    return page


def symbols(page):
    return page.locator("#rows .token-column .strong")


async def test_ten_thousand_rows_scroll_with_a_screenful_of_them_in_the_page(meet):
    page = await loaded(await meet())
    await expect(page.locator("#count")).to_have_text("10K tokens")
    await expect(symbols(page).first).to_have_text("T10000")
    table = page.locator("#table")
    assert await table.get_attribute("aria-rowcount") == "10001"
    for part, seen in ((0.5, "T5000"), (1, "T1")):
        await page.evaluate(
            f"const box = document.querySelector('#scroll'); box.scrollTop = box.scrollHeight * {part};"
        )
        await expect(page.locator("#rows .token-column .strong", has_text=re.compile(f"^{seen}$"))).to_be_visible()
        assert await page.locator("#rows tr").count() < 60
    assert await page.evaluate("() => document.querySelector('#scroll').scrollHeight") > TOKENS * 44


async def test_the_keyboard_moves_opens_watches_and_filters(meet):
    page = await loaded(await meet())
    await page.keyboard.press("t")
    for key, row in (("ArrowDown", 0), ("ArrowDown", 1), ("End", TOKENS - 1), ("ArrowUp", TOKENS - 2), ("Home", 0)):
        await page.keyboard.press(key)
        await expect(page.locator(f"#row-{row}")).to_have_class(re.compile("selected"))
        await expect(page.locator(f"#row-{row}")).to_be_in_viewport()
    assert await page.locator("#scroll").get_attribute("aria-activedescendant") == "row-0"
    await page.keyboard.press("w")
    await expect(page.locator("#row-0 .star")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("f")
    await expect(page.locator("#filter")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.keyboard.press("t")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/token/{mint_of(10_000)}")


async def test_a_filter_works_as_it_is_typed_and_stands_in_the_address(meet):
    person = await meet()
    page = await loaded(person)
    await page.fill("#filter", "holders <= 5 and volume_24h > 2")
    await expect(page.locator("#count")).to_have_text("3 tokens")
    await expect(symbols(page)).to_have_text(["T5", "T4", "T3"])
    assert "filter=holders" in page.url
    await page.locator('#heads th[data-key="age"] a').click()
    await expect(symbols(page)).to_have_text(["T3", "T4", "T5"])
    assert "sort=age" in page.url
    shared = page.url
    await page.go_back()
    await expect(symbols(page)).to_have_text(["T5", "T4", "T3"])
    other = await loaded(await meet(), shared.removeprefix(person.origin))
    await expect(symbols(other)).to_have_text(["T3", "T4", "T5"])
    await expect(other.locator("#filter")).to_have_value("holders <= 5 and volume_24h > 2")


async def test_what_cannot_be_read_is_marked_where_it_stands_and_the_rows_stay(meet):
    page = await loaded(await meet())
    await page.fill("#filter", "holders > 5 and volum > 3")
    problem = page.locator("#filter-problem")
    await expect(problem).to_contain_text("There is no field called volum")
    await expect(page.locator("#filter-place mark")).to_have_text("volum")
    await expect(page.locator("#filter")).to_have_attribute("aria-invalid", "true")
    await expect(symbols(page).first).to_have_text("T10000")
    await page.fill("#filter", "holders > 9999")
    await expect(problem).to_be_hidden()
    await expect(symbols(page)).to_have_text(["T10000"])


async def test_the_box_offers_what_may_come_next(meet):
    page = await loaded(await meet())
    await page.click("#filter")
    await page.keyboard.type("hol")
    await expect(page.locator("#suggestions .offer").first).to_contain_text("holders")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#filter")).to_have_value("holders ")
    await expect(page.locator("#suggestions .offer").first).to_contain_text(">")
    await page.keyboard.type("> 5 and status = gr")
    await expect(page.locator("#suggestions .offer")).to_contain_text(["graduated"])


async def test_a_trade_changes_its_row_in_place_and_the_order_waits_for_the_reader(meet, trade):
    page = await loaded(await meet())
    await expect(page.locator(".network")).to_have_attribute("data-live", "live")
    row = page.locator(f'tr[data-mint="{mint_of(9_995)}"]')
    before = [await symbols(page).nth(place).inner_text() for place in range(10)]
    await page.keyboard.press("t")
    await page.keyboard.press("ArrowDown")
    await trade(9_995, price="20", lamports=50 * 10**9)
    await expect(row.locator('[data-cell="price"]')).to_have_text("20.00")
    await expect(row.locator('[data-cell="volume"]')).to_have_text("10.04K")
    moved = page.locator("#moved")
    await expect(moved).to_have_text("1 moved")
    assert [await symbols(page).nth(place).inner_text() for place in range(10)] == before
    await moved.click()
    await expect(symbols(page).first).to_have_text("T9995")
    await expect(moved).to_be_hidden()


async def test_presets_windows_and_columns_are_chosen_without_a_reload(meet):
    page = await loaded(await meet())
    await page.locator('[data-preset="graduated"]').click()
    await expect(page.locator("#count")).to_have_text("1,000 tokens")
    await page.locator('[data-window="1h"]').click()
    await expect(page.locator('#heads th[data-key="volume"]')).to_have_text("Volume 1h")
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label("Ranking").check()
    await expect(page.locator('#heads th[data-key="score"]')).to_be_visible()
    assert re.search("tab=graduated.*window=1h.*columns=", page.url)


async def test_views_are_kept_with_the_account_and_shared_by_their_link(meet):
    person = await meet()
    page = await loaded(person, "/screener?filter=holders+%3C+4&sort=age")
    await person.connect()
    await page.get_by_role("button", name="Views").click()
    await page.fill("#view-name", "Small ones")
    await page.get_by_role("button", name="Keep").click()
    view = page.locator("#views li", has_text="Small ones")
    await expect(view).to_be_visible()
    link = await view.locator("[data-copy]").get_attribute("data-copy")
    other = await loaded(await meet(), link.removeprefix(person.origin))
    await expect(symbols(other)).to_have_text(["T1", "T2", "T3"])


async def test_a_phone_shows_a_name_with_its_worth_and_scrolls_nothing_sideways(meet):
    page = await loaded(await meet(viewport=PHONE, has_touch=True, is_mobile=True))
    await expect(page.locator('#row-0 [data-cell="market_cap"]')).to_be_visible()
    await expect(page.locator('#row-0 [data-cell="holders"]')).to_be_hidden()
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


async def test_without_scripts_rows_sorts_and_filters_are_links_and_a_form(meet):
    page = await (await meet(java_script_enabled=False)).open("/screener?filter=holders+%3C+150")
    assert await page.locator("#rows tr").count() == 100
    await page.get_by_role("link", name="Show more").click()
    assert await page.locator("#rows tr").count() == 49
    await page.fill("#filter", "holders = 7")
    await page.get_by_role("button", name="Filter").click()
    await expect(symbols(page)).to_have_text(["T7"])


async def test_what_a_guest_watches_joins_the_account_at_sign_in(meet):
    person = await meet()
    page = await loaded(person, "/screener?filter=holders+%3C+4&sort=age")
    star = page.locator(f'[data-star="{mint_of(2)}"]')
    await star.click()
    await expect(star).to_have_attribute("aria-pressed", "true")
    page = await loaded(person, "/watchlist")
    await expect(symbols(page)).to_have_text(["T2"])
    async with page.expect_response("**/api/v1/watchlists/merge"):
        await person.connect()
    await expect(symbols(page)).to_have_text(["T2"])
    await page.wait_for_function("() => localStorage.getItem('launchpad.watchlists') === null")
    page = await loaded(person, "/watchlist")
    await expect(page.locator("#lists [data-list]")).to_have_text(["Watchlist"])
    await expect(symbols(page)).to_have_text(["T2"])
