"""What the page tests share: a market of rows to render, and people with real browsers."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, async_playwright, expect

from launchpad.config import get_settings
from launchpad.db import Database
from tests.web.market import SALE, Market
from tests.web.people import DESKTOP, SETTLED, Person, TestWallet

expect.set_options(timeout=20_000)


@pytest.fixture
async def market(database: Database) -> Market:
    """Three tokens: ORB trades, MOSS is untouched, DONE is sold out."""
    market = Market(database)
    await market.add("Moss", "MOSS", age_minutes=5)
    await market.add("Orbital", "ORB", trades=60, description="Round & <round>.", image_uri="ipfs://Qm" + "a" * 44)
    await market.add("Done", "DONE", age_minutes=90, sold=SALE, status="complete")
    return market


@pytest.fixture
def web_environment(database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a web process that has this test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LAUNCHPAD_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


@pytest.fixture
async def pages(web_environment: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages, served in this process."""
    from web.app import create_app  # noqa: PLC0415 - it reads the settings that the environment above makes

    del web_environment
    app = create_app()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


def chromium_path() -> str | None:
    """Debian's Chromium where it is; None lets Playwright use its own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One real Chromium for this worker."""
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        yield browser
        await browser.close()


# What a browser says of requests that a test itself makes fail.
_EXPECTED = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED", "WebSocket connection to")


@pytest.fixture
async def meet(browser: Browser, origin: Any) -> AsyncIterator[Callable[..., Any]]:
    """Call it for a new Person; what their pages complain of fails the test in the end."""
    people: list[Person] = []

    async def make(*, wallet: TestWallet | None = None, **options: Any) -> Person:
        settings = {"viewport": DESKTOP, "color_scheme": "dark", "reduced_motion": "reduce"} | options
        context = await browser.new_context(**settings)
        if wallet:
            await context.expose_binding("testWallet", wallet.answer)
            await context.add_init_script(wallet.script())
        page = await context.new_page()
        person = Person(context, page, origin.url, [])
        page.on("pageerror", lambda error: person.problems.append(str(error)))
        page.on("console", lambda said: person.problems.append(said.text) if said.type == "error" else None)
        people.append(person)
        return person

    yield make
    for person in people:
        # A browser that does not answer goes with the worker: it must not hold up the tests that come.
        with suppress(TimeoutError):
            await asyncio.wait_for(person.context.close(), 30)
    problems = [text for person in people for text in person.problems if not any(part in text for part in _EXPECTED)]
    assert problems == []


@pytest.fixture(scope="session")
async def token(browser: Browser, origin: Any) -> AsyncIterator[str]:
    """The mint of a token that was launched, bought and talked about, for tests that only look."""
    context = await browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    person = Person(context, await context.new_page(), origin.url, [])
    await person.open("/")
    await person.connect()
    await person.fund()
    mint = await person.launch("Night Garden", "NGT", first_buy="0.5")
    for amount in ("0.2", "0.4", "0.1"):
        card = await person.trade("buy", amount)
        await expect(card).to_have_attribute("data-state", SETTLED)
        await card.get_by_label("Hide").click()
    await person.say("Good evening. Read https://example.org/garden first.")
    await expect(person.page.locator(".message[data-id]")).to_have_count(1)
    yield mint
    await context.close()


@pytest.fixture
def airdrop(cluster: Any) -> Callable[[str, int], Any]:
    """Call it with an address and SOL: play money that is there when it returns."""

    async def give(address: str, sol: int) -> None:
        async with httpx.AsyncClient() as client:

            async def call(method: str, *params: Any) -> Any:
                request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
                return (await client.post(cluster.rpc_url, json=request)).json()["result"]

            await call("requestAirdrop", address, sol * 10**9)
            while (await call("getBalance", address, {"commitment": "confirmed"}))["value"] == 0:
                await asyncio.sleep(0.05)

    return give
