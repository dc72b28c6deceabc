"""Manners: keyboard, phone, screen readers, bad connections, no script, and not too much of it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.web.people import DESKTOP, PHONE, SETTLED

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENS = ROOT / "build/screens"
PAGES = {
    "home": "/",
    "token": "/token/{mint}",
    "charts": "/charts?layout=2&c={mint}.1m.sma-2.rsi-2&c={mint}.5m",
    "projects": "/projects",
    "launch": "/launch",
    "portfolio": "/portfolio",
    "wallet": "/wallet/{creator}",
    "search": "/search?q=night",
    "missing": "/nowhere",
    "offline": "/offline",
}
SCRIPT_BUDGET = 150 * 1024


async def creator_of(person, mint: str) -> str:
    answer = await person.context.request.get(f"{person.origin}/api/v1/tokens/{mint}")
    return (await answer.json())["creator"]


async def opened(person, name: str, mint: str):
    path = PAGES[name].format(mint=mint, creator=await creator_of(person, mint))
    page = await person.open(path)
    if name == "token":
        await expect(page.locator("#chart-state")).to_be_hidden()
    if name == "charts":
        await expect(page.locator(".chart-cell [data-state]:visible")).to_have_count(0)
    return page


async def serious_violations(page, element: str = "document") -> list[tuple[str, list[str]]]:
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate(f"axe.run({element}, {{resultTypes: ['violations']}})")
    return [
        (found["id"], [node["html"] for node in found["nodes"]])
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_serious(meet, token, theme):
    person = await meet(color_scheme=theme)
    found = {name: await serious_violations(await opened(person, name, token)) for name in PAGES}
    assert {name: violations for name, violations in found.items() if violations} == {}


async def test_axe_finds_nothing_serious_in_dialogs(meet, token):
    person = await meet()
    page = await opened(person, "token", token)
    for opener in ("#wallet-button", "#transactions-button"):
        await page.click(opener)
        assert await serious_violations(page, "document.querySelector('dialog')") == []
        await page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [360, 768, 960, 1280])
async def test_no_page_scrolls_sideways(meet, token, width):
    person = await meet(viewport={"width": width, "height": 800})
    wide = []
    for name in PAGES:
        page = await opened(person, name, token)
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert wide == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (1920, 1080), (1024, 768)])
async def test_chart_trade_and_room_are_in_view_together(meet, token, width, height):
    person = await meet(viewport={"width": width, "height": height})
    page = await opened(person, "token", token)
    await person.connect()
    await page.fill("#trade-amount", "0.5")
    await expect(page.locator("#trade-submit")).to_have_text("Not enough SOL")
    for place in ("#chart", "#trade-submit", "#trade-funds button", "#message", "#composer button[type=submit]"):
        await expect(page.locator(place)).to_be_in_viewport(ratio=1)
    messages = await page.locator("#messages").bounding_box()
    assert messages is not None
    assert messages["height"] >= 60


async def test_on_a_phone_the_room_fills_the_view_and_the_composer_is_in_reach(meet, token):
    person = await meet(viewport=PHONE, has_touch=True)
    page = await opened(person, "token", token)
    await page.get_by_role("button", name="Room").click()
    # However much stands above it.
    await page.evaluate(
        "document.querySelector('.token-marks').append(...'abcdefgh'.split('').map((letter) => {"
        " const mark = document.createElement('li'); mark.textContent = letter.repeat(20); return mark; }))"
    )
    for place in ("#message", "#composer button[type=submit]", ".trade-bar"):
        await expect(page.locator(place)).to_be_in_viewport(ratio=1)
    messages = await page.locator("#messages").bounding_box()
    assert messages is not None
    assert messages["height"] >= 200


# Width and height of what can be pressed; what is small on the page reaches beyond its edges by ::after.
TARGETS = """() => [...document.querySelectorAll("button, input, select, textarea, summary, .button, .tab, .nav a")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => !element.closest(".visually-hidden, .skip"))
  .map((element) => {
    const box = element.getBoundingClientRect();
    const more = getComputedStyle(element, "::after");
    const reach = more.content !== "none" && more.position === "absolute" ? parseFloat(more.height) : 0;
    return [element.outerHTML.slice(0, 120), box.width, Math.max(box.height, reach)];
  })
  .filter(([, width, height]) => width > 0 && height > 0 && height < 44)"""


async def test_on_a_phone_everything_is_large_enough_for_a_finger(meet, token):
    person = await meet(viewport=PHONE, has_touch=True, is_mobile=True)
    # The form that launches has folds of its own and tests of its own.
    small = {name: await (await opened(person, name, token)).evaluate(TARGETS) for name in PAGES if name != "launch"}
    assert {name: found for name, found in small.items() if found} == {}


async def test_a_time_says_ago_until_it_is_a_date(meet, token):
    person = await meet()
    page = await opened(person, "token", token)
    launched = page.locator(".token-title time")
    await expect(launched).to_have_text(re.compile(r"^\d+ (s|min|h) ago$"))
    await launched.evaluate("(element) => element.setAttribute('datetime', '2026-01-02T03:04:05Z')")
    await expect(launched).to_have_text(re.compile("^2 Jan"))


async def test_on_a_phone_the_page_has_tabs_and_trades_in_a_sheet(meet, token):
    person = await meet(viewport=PHONE, has_touch=True)
    page = await opened(person, "token", token)
    await expect(page.locator("#trade")).not_to_be_in_viewport()
    await expect(page.locator("#room")).to_be_hidden()
    await page.get_by_role("button", name="Room").click()
    await expect(page.locator("#room")).to_be_visible()
    await expect(page.locator("#chart")).to_be_hidden()
    await page.get_by_role("button", name="Sell", exact=True).last.click()
    await expect(page.locator("#trade-amount")).to_be_in_viewport()
    await expect(page.locator("#trade-amount")).to_be_focused()
    await expect(page.locator("#amount-label")).to_have_text("You sell")
    # What lies behind cannot be reached until the sheet is put away; then one is where one was.
    await expect(page.locator(".token-head")).to_have_js_property("inert", True)
    await page.keyboard.press("Escape")
    await expect(page.locator("#trade")).not_to_be_in_viewport()
    await expect(page.locator(".token-head")).to_have_js_property("inert", False)
    await expect(page.locator('.trade-bar [data-trade="sell"]')).to_be_focused()


async def test_the_first_tabs_lead_past_the_header_to_trading_and_the_room(meet, token):
    person = await meet()
    page = await opened(person, "token", token)
    for name in ("content", "trading", "room"):
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_contain_text(name)
        await expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator(".side-choice.buy")).to_be_focused()


async def test_keys_search_trade_and_list_themselves(meet, token):
    person = await meet()
    page = await opened(person, "token", token)
    await page.keyboard.press("s")
    await expect(page.locator("#trade-amount")).to_be_focused()
    await expect(page.locator("#amount-label")).to_have_text("You sell")
    await page.locator("#trade-amount").blur()
    await page.keyboard.press("b")
    await expect(page.locator("#amount-label")).to_have_text("You pay")
    await page.locator("#trade-amount").blur()
    await page.keyboard.press("?")
    await expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await page.keyboard.press("/")
    await page.keyboard.type("night")
    await expect(page.get_by_role("option").first).to_contain_text("Night Garden")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/token/{token}")


async def test_offline_is_told_and_everything_missed_comes_once(meet, token):
    reader, writer = await meet(), await meet()
    await reader.open(f"/token/{token}")
    await writer.open(f"/token/{token}")
    await writer.connect()
    await writer.fund()
    await expect(reader.page.locator(".network")).to_have_attribute("data-live", "live")
    await expect(reader.page.locator("#messages li").first).to_be_visible()

    await reader.context.set_offline(True)
    await expect(reader.page.locator("#offline-bar")).to_be_visible()
    for number in (1, 2, 3):
        await writer.say(f"While you were away {number}")
        said = writer.page.locator(".message[data-id]", has_text=f"While you were away {number}")
        await expect(said).to_have_count(1)
    card = await writer.trade("buy", "0.123")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(reader.page.locator(".message", has_text="While you were away")).to_have_count(0)

    await reader.context.set_offline(False)
    await expect(reader.page.locator("#offline-bar")).to_be_hidden()
    away = reader.page.locator(".message[data-id] .message-body", has_text="While you were away")
    await expect(away).to_have_text([f"While you were away {number}" for number in (1, 2, 3)])
    newest = await writer.page.locator("#trades tr").first.get_attribute("data-trade")
    await expect(reader.page.locator(f'#trades tr[data-trade="{newest}"]')).to_have_count(1)


async def test_a_page_that_cannot_be_loaded_says_that_one_is_offline(meet):
    person = await meet()
    page = await person.open("/")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.wait_for_function("() => caches.match('/offline').then(Boolean)")
    await person.context.set_offline(True)
    await page.goto(f"{person.origin}/projects")
    await expect(page.locator("h1")).to_have_text("You are offline")


async def test_everything_can_be_read_without_a_script(meet, token):
    person = await meet(java_script_enabled=False)
    page = await person.open("/")
    await page.get_by_role("link", name="Night Garden").click()
    await expect(page.locator("h1")).to_have_text("Night Garden")
    await expect(page.locator("#trades tr").first).to_be_visible()
    await expect(page.locator("#messages")).to_contain_text("Good evening.")
    await expect(page.locator("svg.candles")).to_be_visible()
    await expect(page.locator("#holders li").first).to_be_visible()
    await expect(page.get_by_text("Trading needs JavaScript")).to_be_visible()
    await expect(page.locator("#trade-form")).to_be_hidden()
    await page.fill("input[name=q]", "night")
    await page.keyboard.press("Enter")
    await expect(page.locator(".market")).to_contain_text("Night Garden")
    del token


async def test_scripts_before_the_chart_stay_within_their_budget(meet, token):
    person = await meet()
    page = await opened(person, "token", token)
    sizes = await page.evaluate(
        "performance.getEntriesByType('resource').filter(({name}) => name.endsWith('.js'))"
        ".map(({name, transferSize}) => [name, transferSize])"
    )
    assert len(sizes) > 10
    assert sum(size for name, size in sizes if "lightweight-charts" not in name) < SCRIPT_BUDGET, sizes


async def test_nothing_moves_while_the_page_comes_to_life(meet, token):
    person = await meet()
    await person.context.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " if (!entry.hadRecentInput) window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page = await opened(person, "token", token)
    assert await page.evaluate("window.shift") < 0.02


async def test_the_theme_is_switched_and_kept(meet):
    person = await meet(color_scheme="dark")
    page = await person.open("/")
    dark = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    await page.click("#theme-button")
    light = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert light != dark
    await page.reload()
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == light


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_every_page_is_pictured_for_people_to_look_at(meet, token, theme, device, viewport):
    SCREENS.mkdir(parents=True, exist_ok=True)
    person = await meet(color_scheme=theme, viewport=viewport)
    for name in PAGES:
        page = await opened(person, name, token)
        path = SCREENS / f"{name}-{theme}-{device}.png"
        await page.screenshot(path=path)
        assert path.stat().st_size > 0
