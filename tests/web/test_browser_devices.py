"""Devices: everywhere one is signed in, and signing out from afar."""

from playwright.async_api import expect

from tests.web.people import TestWallet


async def signed_in(meet, wallet):
    person = await meet(wallet=wallet)
    await person.open("/")
    await person.connect("Test Wallet")
    await person.open("/portfolio")
    return person


async def test_one_device_signs_another_out(meet):
    wallet = TestWallet()
    here, there = await signed_in(meet, wallet), await signed_in(meet, wallet)
    await here.page.reload()
    rows = here.page.locator("#devices-list li")
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text="This device")).to_have_count(1)
    await expect(rows.first).to_contain_text("Chrome")
    await rows.get_by_role("button", name="Sign out").click()
    await expect(rows).to_have_count(1)
    await expect(here.page.locator("#devices-others")).to_be_hidden()
    await there.page.reload()
    await expect(there.page.locator("#guest")).to_be_visible()
    await here.page.reload()
    await expect(rows).to_have_count(1)


async def test_all_other_devices_are_signed_out_at_once(meet):
    wallet = TestWallet()
    others = [await signed_in(meet, wallet), await signed_in(meet, wallet)]
    here = await signed_in(meet, wallet)
    await here.page.get_by_role("button", name="Sign out everywhere else").click()
    await expect(here.page.locator("#devices-list li")).to_have_count(1)
    for other in others:
        await other.page.reload()
        await expect(other.page.locator("#guest")).to_be_visible()


async def test_the_wallet_dialog_leads_to_the_devices_and_others_wallets_show_none(meet):
    wallet = TestWallet()
    person = await signed_in(meet, wallet)
    page = await person.open("/")
    await page.click("#wallet-button")
    await page.get_by_role("link", name="Devices").click()
    await expect(page.locator("#devices")).to_be_in_viewport()
    await person.open(f"/wallet/{TestWallet().address}")
    await expect(page.locator("#devices")).to_have_count(0)


async def test_a_failure_to_sign_out_is_said_and_changes_nothing(meet):
    wallet = TestWallet()
    await signed_in(meet, wallet)
    here = await signed_in(meet, wallet)
    await here.page.route("**/api/auth/sessions/*", lambda route: route.abort())
    await here.page.locator("#devices-list").get_by_role("button", name="Sign out").click()
    await expect(here.page.locator("#devices-problem")).to_contain_text("cannot be reached")
    await expect(here.page.locator("#devices-list li")).to_have_count(2)
