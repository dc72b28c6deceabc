"""Analytics in a real browser: circles and boxes that tell themselves, live sections, both themes, a phone."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.web.people import DESKTOP, PHONE, SETTLED
from tests.web.test_browser_manners import TARGETS, serious_violations

SCREENS = Path(__file__).parents[2] / "build/screens"


async def test_circles_of_holders_tell_themselves_to_pointer_and_keyboard(meet, token):
    person = await meet()
    page = await person.open(f"/token/{token}/analytics")
    circles = page.locator("#bubbles a")
    await expect(circles).not_to_have_count(0)
    await page.get_by_label("Curve, pools and locks too").check()
    await expect(page.locator("#bubbles .role-curve")).to_have_count(1)
    tip = page.locator("#bubble-tip")
    await circles.nth(1).hover()
    await expect(tip).to_contain_text("of the supply")
    told = await tip.inner_text()
    await circles.first.focus()
    await expect(tip).not_to_have_text(told)
    await page.keyboard.press("End")
    await expect(circles.last).to_be_focused()
    await page.keyboard.press("Home")
    await expect(circles.first).to_be_focused()
    await page.get_by_label("Curve, pools and locks too").uncheck()
    await expect(page.locator("#bubbles .role-curve")).to_have_count(0)


async def test_a_trade_moves_the_analytics_of_its_token(meet, token):
    reader, trader = await meet(), await meet()
    page = await reader.open(f"/token/{token}/analytics")
    await expect(page.locator(".network")).to_have_attribute("data-live", "live")
    before = await page.locator("#analytics-summary").inner_text()
    await trader.open(f"/token/{token}")
    await trader.connect()
    await trader.fund()
    card = await trader.trade("buy", "1.5")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(page.locator("#analytics-summary")).not_to_have_text(before)
    await expect(page.locator("#traders")).to_contain_text(await trader.page.locator("#wallet-button").inner_text())


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_serious_in_analytics(meet, token, theme):
    for viewport in (DESKTOP, PHONE):
        person = await meet(
            color_scheme=theme, viewport=viewport, has_touch=viewport is PHONE, is_mobile=viewport is PHONE
        )
        page = await person.open(f"/token/{token}/analytics")
        await expect(page.locator("#bubbles a")).not_to_have_count(0)
        await looked_at(page, "analytics", theme, viewport)


async def looked_at(page, name, theme, viewport):
    """What every page is asked, and a picture of it for people to look at."""
    assert await serious_violations(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if viewport is PHONE:
        assert await page.evaluate(TARGETS) == []
    SCREENS.mkdir(parents=True, exist_ok=True)
    device = "phone" if viewport is PHONE else "desktop"
    await page.screenshot(path=SCREENS / f"{name}-{theme}-{device}.png", full_page=True)


async def test_analytics_can_be_read_without_a_script(meet, token):
    person = await meet(java_script_enabled=False)
    page = await person.open(f"/token/{token}")
    await page.get_by_role("link", name="Analytics").click()
    await expect(page.locator("h1")).to_contain_text("Night Garden")
    await page.locator("#largest summary").click()
    await expect(page.locator("#largest tbody tr").first).to_be_visible()
    await expect(page.locator("#bubble-tip")).to_be_hidden()
    await page.get_by_role("link", name="7 d").click()
    await expect(page).to_have_url(re.compile("span=7d"))
    await expect(page.locator(".plot.columns").first).to_be_visible()


async def test_boxes_of_the_market_tell_themselves_to_pointer_and_keyboard(meet, token):
    person = await meet()
    page = await person.open("/market")
    boxes = page.locator(".treemap a")
    await expect(boxes).not_to_have_count(0)
    await expect(page.locator(f'.treemap a[href="/token/{token}"]')).to_have_count(1)
    tip = page.locator(".treemap-tip")
    await boxes.first.hover()
    await expect(tip).to_contain_text(re.compile(r"%: .+ SOL$"))
    await boxes.first.focus()
    await page.keyboard.press("End")
    await expect(boxes.last).to_be_focused()
    areas = await boxes.locator("rect").evaluate_all(
        "(all) => all.map((rect) => rect.width.baseVal.value * rect.height.baseVal.value)"
    )
    # Sides are drawn as single floats.
    assert all(larger >= smaller * 0.99 for larger, smaller in pairwise(areas))
    await page.get_by_role("link", name="Volume 24 h").click()
    await expect(page).to_have_url(re.compile("size=volume_24h"))


async def test_a_trade_moves_the_market(meet, token):
    reader, trader = await meet(), await meet()
    page = await reader.open("/market")
    await expect(page.locator(".network")).to_have_attribute("data-live", "live")
    before = await page.locator("#market-totals").inner_text()
    await trader.open(f"/token/{token}")
    await trader.connect()
    await trader.fund()
    card = await trader.trade("buy", "0.7")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(page.locator("#market-totals")).not_to_have_text(before)


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_serious_in_the_market(meet, token, theme):
    for viewport in (DESKTOP, PHONE):
        person = await meet(
            color_scheme=theme, viewport=viewport, has_touch=viewport is PHONE, is_mobile=viewport is PHONE
        )
        page = await person.open("/market")
        await expect(page.locator(".treemap a")).not_to_have_count(0)
        await looked_at(page, "market", theme, viewport)
