"""Wallets and transactions: nothing is said to have happened before it has, and nothing is lost."""

import re
from dataclasses import replace

from playwright.async_api import expect

from tests.web.people import SETTLED, TestWallet


async def test_a_refused_signature_is_cancelled_and_nothing_is_sent(meet, token, cluster, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 5)
    person = await meet(wallet=wallet)
    await person.open(f"/token/{token}")
    await person.connect("Test Wallet")
    wallet.refuses = True
    card = await person.trade("buy", "0.1")
    await expect(card).to_have_attribute("data-state", "cancelled")
    await expect(card).to_contain_text("You declined in your wallet. Nothing was sent.")
    await expect(person.page.locator("#trade-amount")).to_have_value("0.1")
    wallet.refuses = False
    await expect(person.page.locator("#trade-submit")).to_be_enabled()
    await person.page.click("#trade-submit")
    await expect(person.page.locator("#toasts .transaction").first).to_have_attribute("data-state", SETTLED)


async def test_a_price_that_ran_away_fails_with_the_programs_reason(meet, token, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 5)
    slow, quick = await meet(wallet=wallet), await meet()
    await quick.open(f"/token/{token}")
    await quick.connect()
    await quick.fund()
    await slow.open(f"/token/{token}")
    await slow.connect("Test Wallet")

    async def overtake():
        card = await quick.trade("buy", "6")
        await quick.page.click("#trade-submit")  # a large impact is asked about twice
        await expect(card).to_have_attribute("data-state", SETTLED)

    wallet.before_signing = overtake
    card = await slow.trade("buy", "0.2")
    await expect(card).to_have_attribute("data-state", "failed", timeout=40_000)
    await expect(card).to_contain_text(re.compile("slippage|price", re.IGNORECASE))
    wallet.before_signing = None
    await card.get_by_role("button", name="Quote again").click()
    await expect(slow.page.locator("#trade-amount")).to_have_value("0.2")
    await expect(slow.page.locator('[data-quote="least"]')).to_contain_text("NGT")


async def test_a_large_impact_is_warned_of_and_asked_about_twice(meet, token):
    person = await meet()
    await person.open(f"/token/{token}")
    await person.connect()
    await person.fund()
    await person.page.fill("#trade-amount", "8")
    await expect(person.page.locator('[data-quote="impact"]')).to_have_class(re.compile("danger"))
    await expect(person.page.locator("#trade-submit")).to_be_enabled()
    await person.page.click("#trade-submit")
    await expect(person.page.locator("#trade-notice")).to_contain_text("press once more if you mean it")
    await expect(person.page.locator("#trade-submit")).to_have_text("Yes, buy at this price")
    await expect(person.page.locator("#toasts .transaction")).to_have_count(0)


async def test_what_cannot_be_traded_is_said_at_the_field(meet, token):
    person = await meet()
    await person.open(f"/token/{token}")
    await person.page.fill("#trade-amount", "1,234")
    await expect(person.page.locator("#amount-problem")).to_contain_text("a point before them")
    await person.connect()
    await person.page.fill("#trade-amount", "1")
    await expect(person.page.locator("#amount-problem")).to_contain_text("you have 0 SOL")
    await expect(person.page.locator("#trade-submit")).to_be_disabled()
    await person.page.click(".side-choice.sell")
    await person.page.fill("#trade-amount", "1000")
    await expect(person.page.locator("#amount-problem")).to_contain_text("You have 0 NGT")


async def test_an_empty_wallet_is_told_so_and_funded_beside_the_trade(meet, token):
    person = await meet()
    page = await person.open(f"/token/{token}")
    submit = page.locator("#trade-submit")
    await person.connect()
    await expect(page.locator("#trade-balance")).to_have_text("You have 0 SOL")
    await expect(submit).to_have_text("No SOL to pay with")
    await expect(page.locator("#trade-funds")).to_contain_text("Play money is free")
    await page.fill("#trade-amount", "0.2")
    await expect(submit).to_have_text("Not enough SOL")
    await page.locator("#trade-funds").get_by_role("button", name="Get 10 SOL").click()
    await expect(submit).to_be_enabled()
    await expect(submit).to_have_text("Buy NGT")
    await expect(page.locator("#trade-funds")).to_be_hidden()
    await expect(page.locator("#trade-amount")).to_have_value("0.2")
    await submit.click()
    await expect(page.locator("#toasts .transaction").first).to_have_attribute("data-state", SETTLED)


async def test_the_panel_says_why_its_button_does_nothing(meet, token):
    person = await meet()
    page = await person.open(f"/token/{token}")
    submit = page.locator("#trade-submit")
    await expect(submit).to_have_text("Connect a wallet to buy")
    await person.connect()
    await page.click(".side-choice.sell")
    await expect(submit).to_have_text("No NGT to sell")
    await page.fill("#trade-amount", "1000")
    await expect(submit).to_have_text("Not enough NGT")
    await person.fund()
    await page.click(".side-choice.buy")
    await expect(submit).to_have_text("Enter an amount")
    await expect(submit).to_be_disabled()


async def test_a_transaction_that_could_not_be_paid_offers_play_money_and_goes_on(meet, token):
    person = await meet()
    page = await person.open(f"/token/{token}")
    await page.route("**/api/v1/portfolio/**", lambda route: route.abort())
    await person.connect()
    card = await person.trade("buy", "0.1")
    await expect(card).to_have_attribute("data-state", "failed")
    await page.unroute("**/api/v1/portfolio/**")
    await card.get_by_role("button", name="Get 10 SOL").click()
    await expect(page.locator("#trade-balance")).to_have_text("You have 10 SOL")
    await card.get_by_role("button", name="Quote again").click()
    await expect(page.locator("#trade-submit")).to_be_enabled()


async def test_slippage_and_units_are_chosen_and_kept(meet, token):
    person = await meet()
    page = await person.open(f"/token/{token}")
    await page.get_by_title("Change slippage").click()
    await page.fill("#slippage-own", "99")
    await expect(page.locator("#slippage-problem")).to_be_visible()
    await page.fill("#slippage-own", "2.5")
    await expect(page.locator("#slippage-now")).to_have_text("2.5%")
    await page.keyboard.press("Escape")
    await page.reload()
    await expect(page.locator("#slippage-now")).to_have_text("2.5%")
    await page.click("#trade-unit")
    await page.fill("#trade-amount", "1000000")
    await expect(page.locator("#amount-label")).to_have_text("You get")
    await expect(page.locator('[data-quote="most"]')).to_contain_text("SOL")


async def test_the_list_of_transactions_survives_a_reload(meet, token, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 5)
    person = await meet(wallet=wallet)
    page = await person.open(f"/token/{token}")
    await person.connect("Test Wallet")
    card = await person.trade("buy", "0.1")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await page.reload()
    await page.click("#transactions-button")
    listed = page.locator("#transactions-list .transaction")
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("NGT for 0.1 SOL")
    await expect(listed).to_have_attribute("data-state", "finalized", timeout=60_000)


async def test_leaving_before_signing_is_told_as_what_it_is(meet, token, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 5)
    person = await meet(wallet=wallet)
    page = await person.open(f"/token/{token}")
    await person.connect("Test Wallet")

    async def leave():
        await page.evaluate("() => { window.stop(); }")
        raise RuntimeError("the wallet never answers")

    wallet.before_signing = leave
    card = await person.trade("buy", "0.1")
    await expect(card).to_have_attribute("data-state", "failed")
    await expect(card).to_contain_text("The wallet says")


async def test_a_wallet_can_trade_without_signing_in_but_not_talk(meet, token, airdrop):
    wallet = TestWallet()
    await airdrop(wallet.address, 5)
    person = await meet(wallet=wallet)
    page = await person.open(f"/token/{token}")
    await page.click("#wallet-button")
    await page.get_by_role("button", name="Test Wallet").click()
    await page.get_by_role("button", name="Not now").click()
    card = await person.trade("buy", "0.1")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await person.say("May I?")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator("#message")).to_have_value("May I?")
    await page.press("#message", "Enter")
    await expect(page.locator(".message.own[data-id]", has_text="May I?")).to_be_visible()


async def test_a_refused_sign_in_leaves_the_dialog_with_the_reason(meet):
    wallet = TestWallet()
    person = await meet(wallet=wallet)
    page = await person.open("/")
    await page.click("#wallet-button")
    await page.get_by_role("button", name="Test Wallet").click()
    wallet.refuses = True
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#wallet-problem")).to_contain_text("You declined")
    wallet.refuses = False
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("dialog")).to_have_count(0)


async def test_a_wallet_that_can_sign_in_is_asked_to_once(meet):
    wallet = TestWallet(signs_in=True)
    person = await meet(wallet=wallet)
    page = await person.open("/")
    await person.connect("Test Wallet")
    await page.goto(f"{person.origin}/portfolio")
    await expect(page.locator("h1")).to_have_text("Portfolio")
    await expect(page.locator("#wallet-page")).to_have_attribute("data-wallet", wallet.address)


async def test_a_name_can_be_chosen_and_is_shown(meet):
    person = await meet()
    page = await person.open("/")
    await person.connect()
    await page.click("#wallet-button")
    await page.get_by_label("Name shown in rooms").fill("Mira")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#wallet-button")).to_have_text("Mira")


async def test_the_wallet_is_remembered_and_can_be_let_go(meet):
    person = await meet()
    page = await person.open("/")
    await person.connect()
    short = await page.locator("#wallet-button").inner_text()
    await page.reload()
    await expect(page.locator("#wallet-button")).to_have_text(short)
    await page.click("#wallet-button")
    await page.get_by_role("button", name="Disconnect").click()
    await expect(page.locator("#wallet-button")).to_have_text("Connect")
    await page.reload()
    await expect(page.locator("#wallet-button")).to_have_text("Connect")


async def test_a_tab_from_before_the_sign_in_goes_on_without_being_loaded_again(meet):
    person = await meet()
    page = await person.open("/launch")
    tab = replace(person, page=await person.context.new_page())
    await tab.open("/")
    await tab.connect()
    await page.get_by_text("More options").click()
    await page.locator("details[data-fold=curve] > summary").click()
    async with page.expect_response(lambda answer: answer.ok and "curve-preview" in answer.url):
        await page.locator("#f-shape").select_option("linear")
    await expect(page.locator("body")).not_to_contain_text("The page is out of date")
