"""Charts in a real browser: intervals, indicators, drawings that stay, marks, and several side by side."""

import re

import pytest
from playwright.async_api import expect

from tests.web.people import PHONE, SETTLED, TestWallet


async def shown(person, mint: str, path: str = "/token/{mint}"):
    page = await person.open(path.format(mint=mint))
    await expect(page.locator("[data-canvas]").first).to_have_attribute("aria-label", re.compile("candles"))
    await expect(page.locator("#chart-state")).to_be_hidden()
    return page


async def draw_by_mouse(page, tool: str, *places: tuple[float, float]) -> None:
    """Press at places of the chart, given as parts of its width and height."""
    await page.get_by_role("toolbar", name="Drawing").get_by_label(tool, exact=True).click()
    box = await page.locator("[data-canvas]").first.bounding_box()
    assert box is not None
    for right, down in places:
        await page.mouse.move(box["x"] + box["width"] * right, box["y"] + box["height"] * down)
        await page.mouse.down()
        await page.mouse.up()


async def test_every_interval_of_the_store_is_there_and_the_choice_is_kept(meet, token):
    person = await meet()
    page = await shown(person, token)
    names = await page.locator("[data-intervals] option").all_inner_texts()
    assert names == ["1s", "5s", "15s", "30s", "1m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "1w", "1M"]
    await page.locator("[data-intervals]").select_option("1M")
    await expect(page.locator("#chart")).to_have_attribute("data-candles", "1")
    await page.get_by_role("button", name="1h", exact=True).click()
    await expect(page.locator("[data-intervals]")).to_have_value("1h")
    await page.reload()
    await expect(page.get_by_role("button", name="1h", exact=True)).to_have_attribute("aria-pressed", "true")


async def test_indicators_are_added_changed_kept_and_removed(meet, token):
    person = await meet()
    page = await shown(person, token)
    await page.get_by_role("button", name="Indicators").click()
    for kind in ("ema", "rsi", "macd", "vwap", "profile"):
        await page.locator(f'[data-add="{kind}"]').click()
    await page.get_by_label("Length").first.fill("3")
    await page.keyboard.press("Escape")
    titles = ["EMA 3", "RSI 14", "MACD 12 26 9", "VWAP"]
    studies = page.locator("[data-study]")
    await expect(studies).to_have_count(4)
    assert [await study.get_attribute("data-study") for study in await studies.all()] == titles
    await expect(studies.last).to_contain_text(re.compile(r"VWAP0\.0"))
    # The candles, RSI and MACD: each has a pane of its own.
    rows = page.locator("[data-canvas] table tr:has(td canvas)")
    panes = await rows.count()
    await page.reload()
    await expect(page.locator("[data-study]")).to_have_count(4)
    await page.get_by_role("button", name="Indicators").click()
    await page.get_by_label("Remove Relative strength index").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-study]")).to_have_count(3)
    await expect(rows).not_to_have_count(panes)


async def test_a_live_trade_moves_candles_indicators_and_marks(meet, token):
    person = await meet()
    page = await shown(person, token)
    await person.connect()
    await person.fund()
    await page.get_by_role("button", name="Indicators").click()
    await page.locator('[data-add="vwap"]').click()
    await page.keyboard.press("Escape")
    chart = page.locator("#chart")
    before = await chart.get_attribute("data-close")
    card = await person.trade("buy", "0.2")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(chart).not_to_have_attribute("data-close", before or "")
    await expect(page.locator("[data-legend]")).to_contain_text("You bought for 0.19")
    close = await chart.get_attribute("data-close")
    marks = await chart.get_attribute("data-marks")
    await page.reload()
    await expect(chart).to_have_attribute("data-close", close or "")
    await expect(chart).to_have_attribute("data-marks", marks or "")


async def test_the_axis_shows_market_cap_and_logarithms(meet, token):
    person = await meet()
    page = await shown(person, token)
    first = page.locator("[data-legend] span[title]").first
    price = await first.get_attribute("title")
    await page.get_by_role("button", name="Axis and marks").click()
    await page.get_by_label("Market cap").check()
    await page.get_by_label("Logarithmic").check()
    await page.keyboard.press("Escape")
    await expect(first).to_have_text(re.compile(r"^\d[\d.,]*[KM]?$"))
    assert await first.get_attribute("title") != price
    await page.get_by_role("button", name="Axis and marks").click()
    await page.get_by_label("US dollars").check()
    await page.keyboard.press("Escape")
    await expect(first).to_have_attribute("title", re.compile("USD$"))


async def test_a_drawing_outlives_a_reload_and_goes_with_the_account(meet, token):
    person = await meet()
    page = await shown(person, token)
    chart = page.locator("#chart")
    await page.get_by_role("button", name="Draw", exact=True).click()
    await draw_by_mouse(page, "Horizontal line", (0.4, 0.4))
    await draw_by_mouse(page, "Trend line", (0.2, 0.7), (0.5, 0.5))
    await draw_by_mouse(page, "Fibonacci retracement", (0.3, 0.2), (0.6, 0.6))
    await expect(chart).to_have_attribute("data-drawings", "3")
    await page.reload()
    await expect(chart).to_have_attribute("data-drawings", "3")
    kept = page.expect_response(lambda answer: "/drawings/" in answer.url and answer.request.method == "PUT")
    async with kept:
        await person.connect()
    await expect(chart).to_have_attribute("data-drawings", "3")
    # On another device: nothing in the browser but the session.
    forget = (
        "for (const name of Object.keys(localStorage)) if (name.includes('drawings')) localStorage.removeItem(name)"
    )
    await page.evaluate(forget)
    await page.reload()
    await expect(chart).to_have_attribute("data-drawings", "3")


async def test_a_drawing_is_chosen_moved_taken_back_and_deleted(meet, token):
    person = await meet()
    page = await shown(person, token)
    chart = page.locator("#chart")
    await page.get_by_role("button", name="Draw", exact=True).click()
    await draw_by_mouse(page, "Horizontal line", (0.4, 0.3))
    drawn = "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((k) => k.includes('drawings')))).drawings"
    [first] = await page.evaluate(drawn)
    box = await page.locator("[data-canvas]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.3
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 60, steps=4)
    await page.mouse.up()
    [moved] = await page.evaluate(drawn)
    assert float(moved["points"][0]["price"]) < float(first["points"][0]["price"])
    await page.get_by_role("button", name="Undo").click()
    assert await page.evaluate(drawn) == [first]
    # The same by keys: choose, move, delete, take back.
    await page.get_by_label("Choose a drawing").select_option(index=1)
    await expect(chart).to_have_attribute("data-chosen", first["id"])
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate(drawn) != [first]
    await page.keyboard.press("Delete")
    await expect(chart).to_have_attribute("data-drawings", "0")
    await page.keyboard.press("Control+z")
    await expect(chart).to_have_attribute("data-drawings", "1")


async def test_keys_and_fingers_draw_too(meet, token):
    person = await meet(viewport=PHONE, has_touch=True)
    page = await shown(person, token)
    chart = page.locator("#chart")
    await page.get_by_role("button", name="Draw", exact=True).click()
    await page.get_by_role("toolbar", name="Drawing").get_by_label("Rectangle").click()
    for key in ("ArrowUp", "Enter", "Shift+ArrowDown", "Shift+ArrowLeft", "Enter"):
        await page.keyboard.press(key)
    await expect(chart).to_have_attribute("data-drawings", "1")
    await page.get_by_role("toolbar", name="Drawing").get_by_label("Note").tap()
    await page.locator("[data-canvas]").tap(position={"x": 120, "y": 120})
    await page.get_by_role("textbox", name="Note").fill("Here it turned")
    await page.get_by_role("button", name="Put it on the chart").click()
    await expect(page.locator("[data-drawn] option").last).to_have_text("2 Note: Here it turned")


@pytest.mark.parametrize("count", [2, 4])
async def test_the_address_says_which_charts_stand_side_by_side(meet, token, count):
    person = await meet()
    cells = "&".join(f"c={token}.{interval}.{study}" for interval, study in (("1m", "sma-5"), ("5m", "rsi-7.vwap")))
    page = await person.open(f"/charts?layout={count}&{cells}&step=crosshair")
    charts = page.locator(".chart-cell:visible")
    await expect(charts).to_have_count(count)
    for place, (interval, studies) in enumerate((("1m", ["MA 5"]), ("5m", ["RSI 7", "VWAP"]))):
        await expect(charts.nth(place).locator("[data-state]")).to_be_hidden()
        await expect(charts.nth(place).locator("[data-intervals]")).to_have_value(interval)
        found = charts.nth(place).locator("[data-study]")
        await expect(found).to_have_count(len(studies))
    await expect(page.get_by_role("button", name="Crosshair in step")).to_have_attribute("aria-pressed", "true")
    if count > 2:
        await expect(charts.nth(2)).to_contain_text("Choose a token")
        await charts.nth(2).get_by_label("Show another token here").fill("night")
        await charts.nth(2).get_by_role("link", name="Night Garden").click()
        await expect(charts.nth(2).locator("[data-state]")).to_be_hidden()
        await expect(page).to_have_url(re.compile(f"c=.*c=.*c={token}.15m"))
    # The address follows, and the next visit begins where this one ended.
    await charts.nth(0).locator("[data-intervals]").select_option("1h")
    await expect(page).to_have_url(re.compile(f"c={token}.1h.sma-5"))
    await person.open("/charts")
    await expect(page).to_have_url(re.compile(f"c={token}.1h.sma-5"))


async def test_no_chart_is_loaded_where_none_is(meet, token):
    del token
    person = await meet()
    page = await person.open("/")
    await expect(page.locator("#rows tr").first).to_be_visible()
    loaded = await page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    assert [name for name in loaded if "/chart/" in name or "lightweight" in name] == []


async def test_two_devices_put_their_drawings_together(meet, token):
    wallet = TestWallet()
    at_home, on_the_road = await meet(wallet=wallet), await meet(wallet=wallet)
    for person in (at_home, on_the_road):
        page = await shown(person, token)
        await person.connect("Test Wallet")
        await page.get_by_role("button", name="Draw", exact=True).click()
    for person, height in ((at_home, 0.3), (on_the_road, 0.6)):
        # The second device has not seen what the first one drew.
        async with person.page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            await draw_by_mouse(person.page, "Horizontal line", (0.4, height))
    await expect(on_the_road.page.locator("#chart")).to_have_attribute("data-drawings", "2")
    await at_home.page.reload()
    await expect(at_home.page.locator("#chart")).to_have_attribute("data-drawings", "2")


async def test_charts_side_by_side_follow_trades_and_keep_step(meet, token):
    reader, trader = await meet(), await meet()
    page = await reader.open(f"/charts?layout=2&c={token}.1s&c={token}.5s&step=crosshair&step=time")
    first, second = page.locator("[data-chart]").first, page.locator("[data-chart]").last
    for chart in (first, second):
        await expect(chart).to_have_attribute("data-candles", re.compile(r"\d"))
    await expect(page.locator(".network")).to_have_attribute("data-live", "live")
    before = await first.get_attribute("data-close")
    await trader.open(f"/token/{token}")
    await trader.connect()
    await trader.fund()
    card = await trader.trade("buy", "0.3")
    await expect(card).to_have_attribute("data-state", SETTLED)
    for chart in (first, second):
        await expect(chart).not_to_have_attribute("data-close", before or "")
    close = await first.get_attribute("data-close")
    await expect(second).to_have_attribute("data-close", close or "")
    # What one does with one of them, the other does too.
    await first.hover(position={"x": 200, "y": 100})
    span = await second.get_attribute("data-span")
    await page.mouse.wheel(0, 300)
    await expect(second).not_to_have_attribute("data-span", span or "")
    box = await first.bounding_box()
    assert box is not None
    pointed = re.compile(r"^\d+$")
    for part in range(40, 95, 2):
        await page.mouse.move(box["x"] + box["width"] * part / 100, box["y"] + 100)
        if pointed.match(await first.get_attribute("data-pointed") or ""):
            break
    await expect(second).to_have_attribute("data-pointed", pointed)
