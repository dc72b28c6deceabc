"""The road that a person takes: launch, trade, talk, and someone else sees it all live."""

import re
from contextlib import suppress

from playwright.async_api import expect

from tests.web.people import SETTLED, TestWallet, press_tool


async def has_seen_the_first_buy(reader) -> None:
    page = reader.page
    await expect(page.locator("#trades tr")).to_have_count(1)
    await expect(page.locator("#trades .side")).to_have_text("Buy")
    await expect(page.locator("#chart")).to_have_attribute("data-candles", "1")
    await expect(page.locator("#messages .system")).to_contain_text("bought")
    await expect(page.locator("#holders")).to_contain_text("Creator")


async def test_from_launch_to_portfolio_while_a_second_browser_watches(meet):
    alice, bob = await meet(), await meet()
    await alice.open("/")
    await alice.connect()
    await alice.fund()
    mint = await alice.launch("Copper Kettle", "KETL")
    await expect(alice.page.locator("h1")).to_have_text("Copper Kettle")

    await bob.open(f"/token/{mint}")
    await expect(bob.page.locator("#chart-state")).to_contain_text("Nobody has traded")
    await expect(bob.page.locator(".network")).to_have_attribute("data-live", "live")

    # A buy: the buyer's browser says what the chain says, the other one sees it happen.
    card = await alice.trade("buy", "0.5")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(card).to_contain_text("KETL for 0.5 SOL")
    await has_seen_the_first_buy(bob)
    price = await bob.page.locator('[data-live="price"]').inner_text()

    # A message, and an answer out of the other browser.
    await alice.say("The kettle is on.")
    said = bob.page.locator(".message[data-id]")
    await expect(said).to_have_count(1)
    await expect(said).to_contain_text("The kettle is on.")
    await expect(said.locator(".who")).to_contain_text(["Creator"])
    await bob.connect()
    await press_tool(said, "Reply")
    await bob.say("Two cups, please.")
    answer = alice.page.locator(".message[data-id]").nth(1)
    await expect(answer).to_contain_text("Two cups, please.")
    await expect(answer.locator(".quoted")).to_contain_text("The kettle is on.")

    # A sell, down to the portfolio.
    card = await alice.trade("sell", "5000000")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(bob.page.locator("#trades tr")).to_have_count(2)
    await expect(bob.page.locator('[data-live="price"]')).not_to_have_text(price)
    await alice.open("/portfolio")
    row = alice.page.locator(f'.positions tr[data-mint="{mint}"]')
    await expect(row).to_contain_text("Copper Kettle")
    await expect(alice.page.locator("#wallet-trades tr")).to_have_count(2)
    await expect(alice.page.locator("#sol-balance")).to_contain_text("SOL")

    # The creator's fees wait to be claimed.
    await alice.page.get_by_role("button", name="Claim").first.click()
    await expect(alice.page.locator('[data-claim="fees"]')).to_be_disabled()


async def test_reactions_edits_and_deletions_reach_the_other_browser(meet, token):
    alice, bob = await meet(), await meet()
    for person in (alice, bob):
        await person.open(f"/token/{token}")
        await person.connect()
    await alice.say("Frst words")
    line = alice.page.locator(".message.own[data-id]", has_text="Frst words")
    await expect(line).to_be_visible()
    seen = bob.page.locator(f'[id="{await line.get_attribute("id")}"]')
    own = alice.page.locator(f'[id="{await line.get_attribute("id")}"]')

    await press_tool(seen, "React")
    await bob.page.locator("#palette").get_by_label("🚀").click()
    await expect(own.locator(".reaction")).to_contain_text("1")
    await expect(seen.locator(".reaction")).to_have_attribute("aria-pressed", "true")
    await seen.locator(".reaction").click()
    await expect(own.locator(".reaction")).to_have_count(0)

    await press_tool(own, "Edit")
    await own.get_by_label("Edit the message").fill("First words")
    await own.get_by_label("Edit the message").press("Enter")
    await expect(seen).to_contain_text("First words")
    await expect(seen).to_contain_text("edited")

    await press_tool(own, "Delete")
    await expect(seen).to_contain_text("Message deleted")


async def test_text_of_others_never_becomes_markup(meet, token):
    alice, bob = await meet(), await meet()
    for person in (alice, bob):
        await person.open(f"/token/{token}")
        await person.connect()
    await alice.say('<img src=x onerror="document.title=1"> <b>bold</b>')
    line = bob.page.locator(".message[data-id]", has_text="<b>bold</b>")
    await expect(line).to_be_visible()
    await expect(line.locator("img, b")).to_have_count(0)


async def test_someone_who_writes_is_seen_writing_and_people_are_counted(meet, token):
    alice, bob = await meet(), await meet()
    await bob.open(f"/token/{token}")
    await alice.open(f"/token/{token}")
    await alice.connect()
    await expect(bob.page.locator("#presence")).to_have_text(re.compile(r"^[2-9]$"))
    await write_until(alice.page, expect(bob.page.locator("#typing")).to_contain_text)


async def write_until(page, sees):
    """Write on until somebody sees it: the first letters may come before the socket has signed in."""
    for _ in range(10):
        await page.type("#message", "h")
        with suppress(AssertionError):
            return await sees("is writing", timeout=2500)
    return await sees("is writing")


async def test_new_tokens_wait_until_one_wants_to_see_them(meet, token):
    del token
    reader, maker = await meet(), await meet()
    await reader.open("/")
    await expect(reader.page.locator(".network")).to_have_attribute("data-live", "live")
    count = await reader.page.locator("#rows tr").count()
    await maker.open("/")
    await maker.connect()
    await maker.fund()
    mint = await maker.launch("Quiet Fox", "QFOX", first_buy="0.1")
    fresh = reader.page.locator("#fresh")
    await expect(fresh).to_have_text(re.compile(r"\d new"))
    assert await reader.page.locator("#rows tr").count() == count
    await fresh.click()
    row = reader.page.locator(f'tr[data-mint="{mint}"]')
    await expect(row).to_be_visible()
    before = await row.locator('[data-cell="price"]').inner_text()
    card = await maker.trade("buy", "1")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(row.locator('[data-cell="price"]')).not_to_have_text(before)


async def test_the_last_buy_opens_the_pool_before_everyones_eyes(meet, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 100)
    whale, reader = await meet(wallet=wallet), await meet()
    await whale.open("/")
    await whale.connect("Test Wallet")
    mint = await whale.launch("Full House", "FULL")
    await reader.open(f"/token/{mint}")
    await reader.page.fill("#message", "half a thought")
    await whale.page.fill("#trade-amount", "95")
    await expect(whale.page.locator("#trade-notice")).to_contain_text("takes the last of the sale")
    await whale.page.click("#trade-submit")
    await whale.page.click("#trade-submit")  # so large an impact is asked about twice
    for person in (whale, reader):
        await expect(person.page.locator("#trade")).to_contain_text("Through its pool")
        await expect(person.page.locator("#progress")).to_contain_text("Graduated")
    await expect(reader.page.locator("#message")).to_have_value("half a thought")
