"""The pages of a token that trades in its pool."""

import re

from tests.web.market import SALE
from tests.web.test_pages import embedded


async def test_a_graduates_page_trades_through_its_pool(pages, market):
    mint = await market.add("Grown Up", "GRWN", trades=2, sold=SALE, status="graduated")
    pool = await market.graduate(mint)
    html = (await pages.get(f"/token/{mint}")).text
    assert 'id="trade-form"' in html
    assert "Through its pool" in html
    assert 'class="trade-bar' in html
    data = embedded(html, "token-data")
    assert (data["venue"], data["liquidity"]) == ("amm", str(170 * 10**9))
    # What was raised stays told when it has gone into the pool.
    [raised] = re.findall('data-live="reserve">(.*?) of ', html)
    assert "85" in raised
    assert f'title="{pool}"' in html
    assert '<span class="who pool">Pool</span>' in html


async def test_a_curve_that_waits_for_its_pool_offers_no_trade(pages, market):
    mint = await market.add("Waiting", "WAIT", trades=2, sold=SALE, status="complete")
    html = (await pages.get(f"/token/{mint}")).text
    assert 'id="trade-form"' not in html
    assert embedded(html, "token-data")["venue"] == "curve"


async def test_a_creators_wallet_adds_the_fees_of_curve_and_pool(pages, market):
    mint = await market.add("Earning", "EARN", trades=3, sold=SALE, status="graduated")
    await market.graduate(mint)
    html = (await pages.get(f"/wallet/{market.creator}")).text
    assert re.search(rf'href="/token/{mint}".*?0\.01', html, re.DOTALL)
