"""A batch launch in a real browser: deposit, take back, deposit again, settle, claim; and read without scripts."""

import re

import pytest
from playwright.async_api import expect

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import BatchTerms, SaleTerms
from tests.indexer.trading import Trader
from tests.web.people import PHONE, TestWallet

SOL = 10**9
WINDOW = 25


@pytest.fixture
async def creator(cluster):
    async with ChainClient(cluster.settings()) as chain:
        yield await Trader.funded(chain)


async def launch(creator, seconds):
    params = LaunchParams(
        *(creator.address, "Tidal Pool", "TIDAL", "https://example.org/t.json", 10**18),
        sale=SaleTerms(batch=BatchTerms(seconds, seconds, SOL)),
    )
    mint, built = await creator.chain.build_launch(params)
    for each in built:
        await creator.send(each)
    return mint


async def shown(person, path):
    """The page, once the token is indexed."""
    while (await person.context.request.get(person.origin + path)).status != 200:
        await person.page.wait_for_timeout(50)
    return await person.open(path)


async def test_a_deposit_becomes_tokens_at_everybodys_price(meet, creator, airdrop):
    wallet = TestWallet(keypair=keys.generate())
    await airdrop(wallet.address, 5)
    mint = await launch(creator, WINDOW)
    person = await meet(wallet=wallet)
    page = await shown(person, f"/token/{mint}")
    await page.locator("#trade").get_by_role("link", name="Deposit").click()
    await expect(page).to_have_url(re.compile(f"/batch/{mint}"))
    await person.connect("Test Wallet")
    await expect(page.locator("#mine-state")).to_have_text("You have not deposited yet.")
    await page.fill("#deposit-amount", "2")
    await expect(page.locator('[data-quote="base"]')).to_contain_text("TIDAL")
    await page.click("#deposit-submit")
    await expect(page.locator("#mine-state")).to_have_text("You deposited 2 SOL.")
    await expect(page.locator("#deposits")).to_contain_text("2 SOL")
    await page.click("#batch-withdraw")
    await expect(page.locator("#mine-state")).to_have_text("You have not deposited yet.")
    await page.fill("#deposit-amount", "3")
    await page.click("#deposit-submit")
    await expect(page.locator("#mine-state")).to_have_text("You deposited 3 SOL.")
    settle = page.locator("#batch-settle")
    await expect(settle).to_be_visible(timeout=60_000)
    await settle.click()
    await page.click("#batch-claim", timeout=30_000)
    await expect(page.locator("#mine-state")).to_contain_text("and claimed")
    await expect(page.locator("#batch-live")).to_contain_text("Price that everybody paid")
    page = await person.open("/portfolio")
    await expect(page.locator(f'.positions tr[data-mint="{mint}"]')).to_contain_text("Tidal Pool")
    page = await person.open(f"/token/{mint}")
    await expect(page.locator("#trades")).to_contain_text("Batch")


async def test_the_page_reads_on_a_phone_and_a_token_without_a_batch_leads_to_its_own(meet, creator):
    batch, plain = await launch(creator, 600), await creator.launch()
    person = await meet(viewport=PHONE)
    page = await shown(person, f"/token/{batch}")
    await page.locator(".trade-bar").get_by_role("link", name="Deposit").click()
    await expect(page.locator("#batch-live")).to_contain_text("Takes deposits")
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
    page = await shown(person, f"/batch/{plain}")
    await expect(page).to_have_url(re.compile(f"/token/{plain}"))
