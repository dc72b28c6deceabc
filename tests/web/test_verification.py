"""The report on a token's page, without a script and with one."""

from datetime import UTC, datetime

from playwright.async_api import expect

from launchpad.verification import queries
from launchpad.verification.schemas import Report
from launchpad.verification.wording import found


async def keep(database, mint, *findings):
    report = Report(
        address=mint,
        kind="token",
        name="Orbital",
        ours=True,
        verdict=findings[0].severity,
        findings=list(findings),
        slot=77,
        checked_at=datetime.now(UTC),
        links={},
    )
    row = report.model_dump(include={"address", "kind", "verdict", "slot", "checked_at"})
    async with database.session() as session:
        await queries.keep(session, row | {"report": report.model_dump(mode="json")})


async def test_a_page_tells_of_the_newest_report_without_a_script(pages, market, database):
    mint = market.tokens["ORB"]
    before = (await pages.get(f"/token/{mint}")).text
    assert "have not been compared with the chain yet" in before
    danger = found("danger", "FREEZE_AUTHORITY_HELD", mint, "Somebody can <freeze> it.", freeze_authority="x")
    await keep(database, mint, danger, found("good", "MINT_AUTHORITY_NONE", mint, "Nobody can make more."))
    html = (await pages.get(f"/token/{mint}")).text
    for said in (
        "Somebody can &lt;freeze&gt; it.",
        "Nobody can make more.",
        "in slot 77",
        "Dangerous",
        "1 more finding",
    ):
        assert said in html
    part = (await pages.get(f"/token/{mint}?part=verification")).text
    assert part.lstrip().startswith("<section")
    assert "in slot 77" in part


async def test_a_token_is_checked_again_on_its_page(meet, token):
    person = await meet()
    await person.open(f"/token/{token}")
    panel = person.page.locator("#verification")
    async with person.page.expect_response(lambda answer: "part=verification" in answer.url):
        await panel.get_by_role("button").click()
    await expect(panel).to_contain_text("Read from the chain")
    await expect(panel.get_by_role("button")).to_be_enabled()
    await panel.locator("summary").click()
    await expect(panel.get_by_text("Nobody can freeze what you hold.")).to_be_visible()
    async with person.page.expect_response(lambda answer: "part=verification" in answer.url):
        await panel.get_by_role("button").click()
    await expect(panel.get_by_role("button")).to_be_enabled()
    await expect(panel.get_by_text("Nobody can freeze what you hold.")).to_be_visible()
    await expect(panel.get_by_role("button")).to_have_text("Check again")
