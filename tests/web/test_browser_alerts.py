"""Somebody sets an alert on a token's page, and sees it fire."""

from playwright.async_api import expect

from tests.web.people import SETTLED, TestWallet


async def test_an_alert_is_set_on_the_token_page_and_fires(meet, token):
    watcher = await meet(wallet=TestWallet())
    page = await watcher.open(f"/token/{token}")
    await watcher.connect("Test Wallet")
    await page.get_by_role("button", name="Alert", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Threshold")).not_to_have_value("")
    await expect(dialog).to_contain_text("Now ")
    await dialog.get_by_label("Tell me when").select_option("whale_trade")
    await dialog.get_by_label("Unit").select_option("sol")
    await dialog.get_by_label("Threshold").fill("0.05")
    await dialog.get_by_role("button", name="Set alert").click()
    await expect(page.get_by_text("The alert is set.")).to_be_visible()

    buyer = await meet()
    await buyer.open(f"/token/{token}")
    await buyer.connect()
    await buyer.fund()
    card = await buyer.trade("buy", "0.2")
    await expect(card).to_have_attribute("data-state", SETTLED)
    await expect(page.locator("#alerts-link .badge")).to_have_text("1")

    page = await watcher.open("/alerts")
    await expect(page.locator("#triggered li")).to_have_count(1)
    await expect(page.locator("#triggered")).to_contain_text("bought NGT for")
    await expect(page.locator("#rules")).to_contain_text("Off")
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.locator("#alerts-link .badge")).to_be_hidden()
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_role("button", name="Switch off")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.locator("#rules")).to_contain_text("No alerts yet")


async def test_a_webhook_is_made_on_the_page_and_its_secret_shown_once(meet):
    person = await meet(wallet=TestWallet())
    page = await person.open("/alerts")
    await expect(page.get_by_role("button", name="Connect a wallet")).to_be_visible()
    await person.connect("Test Wallet")
    page = await person.open("/alerts")
    await page.get_by_label("Address that alerts are posted to").fill("https://127.0.0.1/inside")
    await page.get_by_role("button", name="Add").click()
    await expect(page.locator("#webhook-problem")).to_contain_text("not its number")
    await expect(page.locator("#webhooks")).to_contain_text("No webhooks")
