"""What a token's page says of its locks, its opening and its graduation."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.curve_math import LaunchFee
from launchpad.chain.sale_terms import Allowlist, GraduationTerms, HoldersTier, OpeningRules, Payout, SaleTerms
from launchpad.tables.sales import GraduationRelease
from launchpad.tables.tokens import Curve
from tests.web.market import SALE, SUPPLY, new_address

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


RULES = OpeningRules(
    window_seconds=7200,
    wallet_cap_bps=200,
    one_buy_per_slot=True,
    allowlist=Allowlist(bytes(range(32)), 600),
    holders=HoldersTier(new_address(), 5 * 10**9, 3600),
)


async def test_the_rules_of_an_opening_are_told_with_the_stage_that_it_is_in(pages, market):
    mint = await market.add("Fair Start", "FAIR", age_minutes=30)
    await market.promise(mint, SaleTerms(launch_fee=LaunchFee(500, 600), opening=RULES))
    panel = section((await pages.get(f"/token/{mint}")).text, "rules")
    assert "In force" in panel
    # Two per cent of 793.1 million; the fee is gone after ten minutes.
    assert "15.86M FAIR" in panel
    assert 'data-fee="500" data-seconds="600" data-half-life="0">0%</span>' in panel
    assert "one in a slot" in panel
    stages = panel.split("<li ")[1:]
    assert [("aria-current" in stage, stage.split("<span>")[1].split("<")[0]) for stage in stages] == [
        (False, "The creator&#39;s list"),
        (True, "Holders"),
        (False, "Everybody"),
    ]


async def test_rules_that_are_over_say_so(pages, market):
    mint = await market.add("Old Rules", "OLDR", age_minutes=300)
    await market.promise(mint, SaleTerms(opening=OpeningRules(window_seconds=60, wallet_cap_bps=100)))
    panel = section((await pages.get(f"/token/{mint}")).text, "rules")
    assert ">Over</span>" in panel
    assert "not bound by them" in panel


async def test_a_sale_without_rules_has_no_panel_of_them(pages, market):
    assert section((await pages.get(f"/token/{market.tokens['ORB']}")).text, "rules") == ""


async def test_the_usual_graduation_is_promised(pages, market):
    panel = section((await pages.get(f"/token/{market.tokens['MOSS']}")).text, "progress")
    assert "All of the raise, 85 SOL, goes into its pool here" in panel
    assert "cannot be taken out" in panel
    assert '<span title="85.005359057 SOL">85 SOL</span></span> <span class="soft">until it graduates' in panel


async def test_a_teams_part_of_the_raise_is_promised_with_its_time(pages, market):
    mint = await market.add("Team Raise", "TEAM")
    payout = Payout(new_address(), new_address(), 7_500, 30 * 86_400, 180 * 86_400)
    terms = GraduationTerms("raydium", 7_000, 15_552_000, payout)
    await market.promise(mint, SaleTerms(graduation=terms))
    panel = section((await pages.get(f"/token/{mint}")).text, "progress")
    assert "70% of the raise, 59.5 SOL, goes into a pool at Raydium" in panel
    assert "locked for 180 d; then they are the creator&#39;s" in panel
    assert "25.5 SOL is paid out, 75% of it to the team and 25% of it to the treasury" in panel
    assert "step by step over 180 d after 30 d of waiting" in panel


async def test_a_graduate_tells_what_its_graduation_did(pages, market):
    mint = await market.add("Moved On", "MOVE", sold=SALE, status="graduated")
    pool, now = new_address(), datetime.now(UTC)
    until = now + 400 * DAY
    done = {"graduated_at": now, "pool_address": pool, "graduated_into": "raydium", "burned": 3 * 10**9}
    async with market.database.session() as session:
        await session.execute(
            update(Curve).where(Curve.mint == mint).values(locked_until=until, team_payout=10**10, **done)
        )
    panel = section((await pages.get(f"/token/{mint}")).text, "graduation").split("</dl>")[0]
    assert "a pool at Raydium" in panel
    assert f'title="{pool}: copy"' in panel
    assert "3 MOVE" in panel
    assert f"locked until {until.day} {until:%b %Y}" in panel
    assert 'Waits for the team</dt><dd><span title="10 SOL">' in panel
    assert "treasury" not in panel


async def test_what_a_graduate_released_is_told_with_its_transactions_and_dates(pages, market):
    mint = await market.add("Paid Out", "PAID", sold=SALE, status="graduated")
    now = datetime.now(UTC).replace(microsecond=0)
    done = {"graduated_at": now, "graduated_into": "amm", "graduation_signature": "graduation", "graduation_slot": 9}
    lamports = {"team_payout": 0, "treasury_payout": 2 * 10**9}
    until = now + 200 * DAY
    team, shares = new_address(), new_address()
    released = {"mint": mint, "released_at": now, "slot": 10}
    paid = released | {"schedule": team, "kind": "team", "amount": 3 * 10**9, "asset": WRAPPED_SOL}
    held = released | {"schedule": shares, "kind": "liquidity", "amount": 5 * 10**9, "asset": new_address()}
    async with market.database.session() as session:
        changed = update(Curve).where(Curve.mint == mint).values(locked_until=until, **done, **lamports)
        await session.execute(changed)
        for row in (paid | {"signature": "paying"}, held | {"signature": "locking", "until": until}):
            await session.execute(insert(GraduationRelease), row)
    times = {"starts_at": now, "cliff_at": now + 10 * DAY, "ends_at": now + 100 * DAY}
    await market.lock(WRAPPED_SOL, schedule=team, amount=3 * 10**9, **times)
    whole = {"starts_at": now, "cliff_at": until, "ends_at": until}
    await market.lock(held["asset"], schedule=shares, amount=5 * 10**9, **whole)
    html = (await pages.get(f"/token/{mint}")).text
    facts = section(html, "graduation").split("</dl>")[0]
    for name in ("graduation", "paying", "locking"):
        assert f'title="Transaction {name}"' in facts
    assert 'For the team</dt><dd><span title="3 SOL">' in facts
    assert 'Waits for the treasury</dt><dd><span title="2 SOL">' in facts
    calendar = section(html, "unlocks")
    assert "SOL of the raise released over time" in calendar
    assert "Raise for the team, at the cliff" in calendar
    assert "Shares of the pool, then its owner may take that liquidity out" in calendar
    assert '5 shares">' in calendar
    assert f"{until.day} {until:%b %Y}" in calendar
    body = (await pages.get(f"/token/{mint}")).text
    assert "Locked until" in section(body, "unlocks")
