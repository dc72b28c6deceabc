"""People with real browsers, in front of the running product."""

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import BrowserContext, Locator, Page, expect
from playwright.async_api import TimeoutError as TookTooLong

from launchpad.accounts.siws import SignInInput, message_text
from launchpad.chain import keys

# A confirmed transaction is finalized a moment later.
SETTLED = re.compile("confirmed|finalized")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

WALLET_SCRIPT = Path(__file__).with_name("wallet.js").read_text(encoding="utf-8")


@dataclass
class TestWallet:
    """The owner of an extension wallet: approves, refuses, or takes time, as the test wants."""

    __test__ = False

    keypair: Any = field(default_factory=keys.generate)
    refuses: bool = False
    signs_in: bool = False
    before_signing: Callable[[], Any] | None = None

    @property
    def address(self) -> str:
        return keys.address_of(self.keypair)

    async def answer(self, _source: Any, kind: str, payload: str) -> str | None:
        if self.refuses:
            return None
        if kind == "signIn":
            text = message_text(SignInInput.model_validate_json(payload), self.address).encode()
            signature = keys.sign_message(self.keypair, text)
            return json.dumps({"message": _base64(text), "signature": _base64(signature)})
        if kind == "message":
            return _base64(keys.sign_message(self.keypair, base64.b64decode(payload)))
        if self.before_signing:
            await self.before_signing()
        return keys.sign_transaction(payload, self.keypair)

    def script(self) -> str:
        public = _base64(bytes(self.keypair.pubkey()))
        script = WALLET_SCRIPT.replace("ADDRESS", self.address).replace("PUBLIC_KEY", public)
        return script.replace("SIGNS_IN", str(self.signs_in).lower())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Person:
    """Someone with a browser of their own."""

    context: BrowserContext
    page: Page
    origin: str
    problems: list[str]

    async def open(self, path: str) -> Page:
        await self.page.goto(self.origin + path)
        return self.page

    async def connect(self, wallet: str = "Practice wallet") -> None:
        """Connect by the dialog; the practice wallet signs in by itself, others are asked to."""
        await self.page.click("#wallet-button")
        await self.page.get_by_role("button", name=wallet).click()
        if wallet != "Practice wallet":
            await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.page.locator("dialog")).to_have_count(0)

    async def fund(self) -> None:
        """Get 10 SOL of play money by the button for it."""
        await self.page.click("#wallet-button")
        await self.page.get_by_role("dialog").get_by_role("button", name="Get 10 SOL").click()
        await expect(self.page.locator(".balance-line")).to_have_text("10 SOL")
        await self.page.keyboard.press("Escape")

    async def launch(self, name: str, symbol: str, first_buy: str = "") -> str:
        """Launch by the form; returns the mint once its page is shown."""
        page = await self.open("/launch")
        await page.fill("#f-name", name)
        await page.fill("#f-symbol", symbol)
        await page.set_input_files("#f-image", {"name": "p.png", "mimeType": "image/png", "buffer": picture()})
        if first_buy:
            await page.get_by_text("More options").click()
            await page.get_by_text("First buy").first.click()
            await page.fill("#f-first_buy", first_buy)
        await page.click("#launch-submit")
        await page.wait_for_url("**/token/*", timeout=60_000)
        return page.url.rsplit("/", 1)[-1]

    async def trade(self, side: str, amount: str) -> Locator:
        """Trade by the panel; returns the card of the transaction."""
        await self.page.click(f".side-choice.{side}")
        await self.page.fill("#trade-amount", amount)
        await expect(self.page.locator('[data-quote="least"]')).to_contain_text(re.compile(r"\d"))
        await expect(self.page.locator("#trade-submit")).to_be_enabled()
        await self.page.click("#trade-submit")
        return self.page.locator("#toasts .transaction").first

    async def say(self, text: str) -> None:
        """Say something in the room."""
        await self.page.fill("#message", text)
        await self.page.press("#message", "Enter")


async def press_tool(message: Locator, label: str) -> None:
    """Press one of the tools that a message shows under the mouse; a room that scrolls meanwhile takes it away."""
    for _ in range(10):
        await message.hover()
        try:
            return await message.get_by_label(label, exact=True).click(timeout=3_000)
        except TookTooLong:
            continue
    raise AssertionError(f"{label} never stayed under the mouse.")


def picture() -> bytes:
    """A small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (96, 96), (90, 80, 220)).save(buffer, "PNG")
    return buffer.getvalue()
