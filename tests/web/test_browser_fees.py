"""Fee routers by hand: created, paid into, claimed from and edited under their time lock."""

import asyncio
import re

from playwright.async_api import expect

from launchpad.chain import keys
from tests.web.people import SETTLED


async def test_a_router_is_made_shared_and_edited_under_its_time_lock(meet, airdrop):
    person = await meet()
    page = await person.open("/routers")
    await person.connect()
    await person.fund()
    first, second = (keys.address_of(keys.generate()) for _ in range(2))
    await page.fill("#router-shares", f"{first} 62.5\n{second} 30")
    await expect(page.locator("#router-sum")).to_have_text("Now 92.5 %.")
    await page.click("#router-create")
    await expect(page.locator("#router-problem")).to_contain_text("they must make 100 %")
    await expect(page.locator("#router-shares")).to_have_value(f"{first} 62.5\n{second} 30")

    await page.fill("#router-shares", f"{first} 62.5\n{second} 37.5")
    await page.click("#router-create")
    await page.wait_for_url(re.compile("/router/"), timeout=40_000)
    router = page.url.rsplit("/", 1)[1]
    row = page.locator(f'tr[data-wallet="{first}"]')
    await expect(row).to_contain_text("62.5 %")
    await expect(row.get_by_role("button", name="Claim")).to_be_disabled()

    await airdrop(router, 2)
    async with asyncio.timeout(20):
        while (await (await page.request.get(f"{person.origin}/api/fees/routers/{router}")).json())["income"] == "0":
            await asyncio.sleep(0.05)
    await page.reload()
    await expect(row).to_contain_text("1.25")
    await row.get_by_role("button", name="Claim").click()
    await expect(page.locator("#toasts .transaction").first).to_have_attribute("data-state", SETTLED)
    await expect(row.get_by_role("button", name="Claim")).to_be_disabled()

    await expect(page.locator("#router-owner")).to_be_visible()
    await page.fill("#router-shares", f"{second} 100")
    await page.click("#shares-propose")
    await expect(page.locator("#time-lock")).to_have_text(re.compile(r"in (1 d 00:00:00|23:5\d:\d\d)"))
    await expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    await expect(row).to_contain_text("62.5 %")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#time-lock")).to_have_count(0)
