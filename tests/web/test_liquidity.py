"""The page of a graduate's pool, as the server renders it."""

import re

import pytest
from sqlalchemy import update

from launchpad.tables.pools import Pool
from tests.web.market import SALE, new_address
from tests.web.test_pages import embedded


async def test_a_pool_is_told_without_a_script(pages, market):
    mint = await market.add("Grown Up", "GRWN", trades=2, sold=SALE, status="graduated")
    pool = await market.graduate(mint)
    html = (await pages.get(f"/liquidity/{mint}")).text
    assert f'title="{pool}: copy"' in html
    assert "206.9M" in html
    assert re.search(r'data-pool="liquidity"><span title="170 SOL">', html)
    # A hundred thousand shares: each is 2,069 tokens and 850,000 lamports.
    assert '<span title="2,069 GRWN">' in html
    assert '<span title="0.00085 SOL">' in html
    assert f'href="/liquidity/{mint}"' in (await pages.get(f"/token/{mint}")).text


async def test_a_token_without_a_pool_says_when_it_gets_one(pages, market):
    html = (await pages.get(f"/liquidity/{market.tokens['ORB']}")).text
    assert "It gets one when its curve is sold out" in html
    assert 'id="liquidity-form"' not in html


@pytest.mark.parametrize("nothing", [lambda: "nonsense", new_address], ids=["no address", "an address"])
async def test_there_is_no_page_for_what_is_no_token(pages, market, nothing):
    mint = nothing()
    assert (await pages.get(f"/liquidity/{mint}")).status_code == 404


async def test_a_pool_at_raydium_is_told_and_leads_there(pages, market):
    mint = await market.add("Gone West", "WEST", trades=2, sold=SALE, status="graduated")
    pool = await market.graduate(mint)
    async with market.database.session() as session:
        await session.execute(update(Pool).where(Pool.address == pool).values(venue="raydium"))
    html = (await pages.get(f"/liquidity/{mint}")).text
    assert "This pool is at Raydium" in html
    assert f'pool_id={pool}"' in html
    assert 'data-pool="liquidity"><span title="170 SOL">' in html
    assert 'id="liquidity-form"' not in html
    assert "js/liquidity/page.js" not in html
    told = (await pages.get(f"/token/{mint}")).text
    assert "Through its pool on Raydium" in told
    assert "Raydium&#39;s fee" in told
    assert embedded(told, "token-data")["venue"] == "raydium"
