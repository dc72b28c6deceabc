"""What a token's page says of its locks, its opening and its graduation."""

from datetime import UTC, datetime, timedelta

from tests.web.market import SUPPLY, new_address

DAY = timedelta(days=1)


def section(html: str, name: str) -> str:
    found = html.split(f'id="{name}"', 1)
    return found[1].split("</section>", 1)[0] if len(found) > 1 else ""


async def test_the_calendar_lists_the_cliff_the_steps_and_the_end(pages, market):
    mint = market.tokens["ORB"]
    start = datetime.now(UTC).replace(microsecond=0) - 10 * DAY
    await market.lock(mint, amount=SUPPLY // 10, starts_at=start, cliff_at=start + 100 * DAY, ends_at=start + 200 * DAY)
    panel = section((await pages.get(f"/token/{mint}")).text, "unlocks")
    # Half of a tenth of the supply at the cliff, all of it at the end.
    assert "50M</span>" in panel
    assert "at the cliff, then every day" in panel
    assert "100M</span>" in panel
    assert "all of it released" in panel
    assert f"{start + 100 * DAY:%Y}" in panel


async def test_the_calendar_names_the_first_buy_of_the_creator(pages, market):
    bought = await market.add("Bought", "BGHT", first_buy_lock=new_address())
    await market.lock(bought)
    assert "Grant" in section((await pages.get(f"/token/{bought}")).text, "unlocks")
    own = new_address()
    mine = await market.add("Mine", "MINE", first_buy_lock=own)
    await market.lock(mine, schedule=own)
    assert "First buy" in section((await pages.get(f"/token/{mine}")).text, "unlocks")


async def test_tokens_without_locks_have_no_calendar(pages, market):
    assert section((await pages.get(f"/token/{market.tokens['MOSS']}")).text, "unlocks") == ""


async def test_a_calendar_that_is_over_says_so(pages, market):
    mint, now = market.tokens["ORB"], datetime.now(UTC)
    await market.lock(mint, starts_at=now - 9 * DAY, cliff_at=now - 8 * DAY, ends_at=now - DAY)
    assert "Everything that was locked is released." in section((await pages.get(f"/token/{mint}")).text, "unlocks")
