"""Fee routers by hand: created, paid into, claimed from and edited under their time lock."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import keys, pda
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.router_events import Portion
from launchpad.client import FirstBuy, LaunchpadClient, sol, units
from launchpad.fees import handover
from tests.web.people import SETTLED, TestWallet


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


@pytest.fixture
async def creator(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        yield pad


async def sent(pad, built):
    signed = keys.sign_transaction(built.transaction, pad.keypair)
    signature = await pad.chain.submit(signed, built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)


async def routed(pad):
    """A token that was bought, and a router that was just made its creator."""
    first = FirstBuy(sol("1"))
    launched = await pad.launch("Let Go", "LGO", "ipfs://lgo", supply=units("1000000000", 9), first_buy=first)
    me, router = pad.address, pda.fee_router(pad.address, 0)
    steps = [
        fee_router.create_router(me, me, RouterTerms(0, 3_600)),
        fee_router.write_proposal(router, me, [Portion(me, 10_000)]),
        fee_router.propose_shares(router, me),
        fee_router.apply_shares(router, me, me),
    ]
    await sent(pad, await pad.chain.build(me, steps))
    await sent(pad, await handover.adopt(pad.chain, router, me, launched.mint))
    return launched.mint, router


async def indexed(origin, router):
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        while not (await client.get(f"/api/fees/routers/{router}")).json()["tokens"]:
            await asyncio.sleep(0.05)


async def test_a_token_is_to_leave_and_the_router_goes_to_another_owner(meet, creator, origin, airdrop):
    mint, router = await routed(creator)
    await indexed(origin, router)
    heir = keys.generate()
    person = await meet(wallet=TestWallet(keypair=creator.keypair))
    page = await person.open(f"/router/{router}")
    token = page.locator(f'li[data-mint="{mint}"]')
    await expect(token).to_contain_text("Let Go")
    await expect(page.locator("#release-panel")).to_be_hidden()
    await person.connect("Test Wallet")
    await token.get_by_role("button", name="Collect").click()
    await expect(page.locator("#toasts .transaction").first).to_have_attribute("data-state", SETTLED)

    await page.fill("#release-address", "nobody")
    await page.click("#release-submit")
    await expect(page.locator("#release-problem")).to_contain_text("no Solana address")
    await page.fill("#release-address", keys.address_of(heir))
    await page.click("#release-submit")
    await expect(token).to_contain_text(re.compile(r"in (01:00:00|00:59:\d\d)"))
    await expect(token).to_contain_text("Anybody may carry it out")
    await expect(token.get_by_role("button", name="Offer it")).to_be_disabled()
    await expect(page.locator("#release-panel")).to_be_hidden()
    await token.get_by_role("button", name="Cancel").click()
    await expect(token).not_to_contain_text("It can be offered")
    await expect(page.locator("#release-panel")).to_be_visible()

    await page.fill("#heir-address", keys.address_of(heir))
    await page.click("#heir-submit")
    await expect(page.locator("#router-body")).to_contain_text("Offered to")
    await expect(page.locator("#heir-withdraw")).to_be_visible()
    await airdrop(keys.address_of(heir), 1)
    other = await meet(wallet=TestWallet(keypair=heir))
    theirs = await other.open(f"/router/{router}")
    await other.connect("Test Wallet")
    await theirs.get_by_role("button", name="Become its owner").click()
    await expect(theirs.locator("#router-owner")).to_be_visible()
    await expect(theirs.locator("#router-body")).not_to_contain_text("Offered to")
    await page.reload()
    await expect(page.locator("#router-body")).to_contain_text("Recipients")
    await expect(page.locator("#router-owner")).to_be_hidden()

    await page.goto(f"{origin.url}/token/{mint}")
    await page.click("#fee-table summary")
    fees = page.locator("#fee-table li")
    await expect(fees.first).to_contain_text("0.5%")
    await expect(fees.first).to_contain_text("never above 2%")
    await expect(page.locator(f'#fee-table a[href="/router/{router}"]').first).to_be_visible()
