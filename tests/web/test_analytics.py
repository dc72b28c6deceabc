"""Analytics of a token, of the market and of a wallet, before any script runs."""

import asyncio
import json
import re
from html import unescape

import pytest

from launchpad.analytics.market import keep_hour
from launchpad.chain import keys
from tests.web.market import SUPPLY, new_address
from web.memo import Memo
from web.plots import Column, columns, lorenz, ribbon, road


async def test_a_tokens_analytics_are_told_without_a_script(pages, market):
    mint = market.tokens["ORB"]
    await market.give(mint, new_address(), SUPPLY // 50)
    answer = await pages.get(f"/token/{mint}/analytics")
    html = answer.text
    assert answer.status_code == 200
    assert f'href="/token/{mint}"' in html
    for title in ("Holders", "Distribution", "Trading over time", "Depth along the curve", "Traders", "Risk factors"):
        assert re.search(rf"<h2[^>]*>{title}</h2>", html), title
    assert html.count('<tr><td class="num-left">') == 6  # five sizes and graduation
    assert "graduates it" in html
    assert f'href="/wallet/{market.trader}"' in html
    assert 'class="plot lorenz"' in html
    assert 'title="WASH_TRADING"' in html


async def test_the_token_page_leads_to_its_analytics(pages, market):
    mint = market.tokens["ORB"]
    assert f'href="/token/{mint}/analytics"' in (await pages.get(f"/token/{mint}")).text


async def test_a_token_that_nobody_traded_says_so(pages, market):
    html = (await pages.get(f"/token/{market.tokens['MOSS']}/analytics")).text
    for words in ("Nobody has traded it yet.", "Nobody traded it in this time.", "Nobody holds any yet."):
        assert words in html


async def test_a_sold_out_curve_has_no_depth_and_a_pool_has_its_own(pages, market):
    done = market.tokens["DONE"]
    assert "there is no depth to show" in (await pages.get(f"/token/{done}/analytics")).text
    orbital = market.tokens["ORB"]
    await market.graduate(orbital)
    html = (await pages.get(f"/token/{orbital}/analytics")).text
    assert "Depth of the pool" in html
    assert html.count('<tr><td class="num-left">') == 5


@pytest.mark.parametrize("span", ["1h", "7d", "30d", "1y", "nonsense"])
async def test_a_span_and_an_order_are_chosen_by_links(pages, market, span):
    path = f"/token/{market.tokens['ORB']}/analytics?span={span}&order=held"
    html = (await pages.get(path)).text
    chosen = re.findall(r'<a class="tab" href="([^"]+)" aria-current="true">', html)
    expected = "24h" if span == "nonsense" else span
    assert [f"span={expected}" in href and "order=held" in href for href in chosen] == [True, True]


async def test_what_moves_is_told_alone_for_scripts(pages, market):
    html = (await pages.get(f"/token/{market.tokens['ORB']}/analytics?part=moving")).text
    for section in ("analytics-summary", "activity", "depth", "traders", "risks"):
        assert f'id="{section}"' in html
    assert "<html" not in html


async def test_unknown_tokens_have_no_analytics(pages, market):
    for address in (keys.address_of(keys.generate()), "nonsense"):
        assert (await pages.get(f"/token/{address}/analytics")).status_code == 404


def test_columns_share_one_scale_and_tell_themselves():
    drawn = columns([Column(30, 10, "first"), Column(0, 0, "second"), Column(0, 0, "third <b>", 60)], height=140)
    assert re.findall(r"<title>([^/]*)</title>", drawn) == ["first", "second", "third &lt;b&gt;"]
    heights = {name: int(tall) for name, tall in re.findall(r'class="(up|down|plain)"[^>]*height="(\d+)"', drawn)}
    assert heights == {"up": 60, "down": 20, "plain": 120}
    assert "<rect" not in columns([])


def test_lines_begin_and_end_where_their_values_do():
    assert 'points="0,240 240,0"' in lorenz([(0, 0), (10_000, 10_000)])
    assert 'points="0,100 600,0"' in road([(0, 1), (10, 2)], height=200).replace("0,200 0,100", "0,100")
    assert road([(0, 1)]) == ribbon([None, None]) == ""
    assert 'points="0,60 300,60 600,4"' in ribbon([0, None, 50], height=60)
    assert 'points="300,4 600,4"' in ribbon([None, 50, None], height=60)
    assert 'points="300,4 600,4"' in ribbon([None, None, 50], height=60)


async def test_a_memo_works_once_for_all_who_wait_and_keeps_no_failure():
    memo, calls = Memo(), []

    async def work():
        calls.append(1)
        await asyncio.sleep(0)
        if len(calls) == 1:
            raise ValueError
        return len(calls)

    both = await asyncio.gather(memo.get("k", 60, work), memo.get("k", 60, work), return_exceptions=True)
    assert [type(one) for one in both] == [ValueError, ValueError]
    assert await asyncio.gather(memo.get("k", 60, work), memo.get("k", 60, work)) == [2, 2]
    assert await memo.get("k", -1, work) == 3


async def test_the_market_as_a_whole_is_told_without_a_script(pages, market):
    answer = await pages.get("/market")
    html = answer.text
    assert answer.status_code == 200
    for title in ("Map", "Top gainers", "Top losers", "New", "About to graduate", "Over time"):
        assert re.search(rf"<h2[^>]*>{title}</h2>", html), title
    for name in ("Volume", "Trades", "Traders", "Launches", "Graduations"):
        assert f"<dt>{name}, 24 h</dt>" in html
    for mint in market.tokens.values():
        assert f'<tr><td><a class="link" href="/token/{mint}">' in html
    assert html.count('aria-current="true"') == 2


@pytest.mark.parametrize("size", ["volume_24h", "liquidity", "nonsense"])
async def test_the_map_is_drawn_by_what_is_asked_for(pages, market, size):
    html = (await pages.get(f"/market?size={size}&colour=1h")).text
    tiles = json.loads(unescape(re.search(r'data-tiles="([^"]*)"', html)[1]))
    sizes = [int(tile["size"]) for tile in tiles]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0
    assert '<th scope="col" class="num">Change 1 h</th>' in html
    expected = {"volume_24h": 1, "liquidity": 1, "nonsense": 3}
    assert len(tiles) == expected[size]


async def test_the_parts_of_the_market_that_move_are_told_alone(pages, market, database):
    await keep_hour(database)
    html = (await pages.get("/market?part=moving")).text
    assert "<html" not in html
    assert "It is written down from now on." not in html
    for section in ("market-totals", "market-king", "market-map", "market-lists", "market-time"):
        assert f'id="{section}"' in html


async def test_an_empty_market_has_a_page(pages):
    html = (await pages.get("/market")).text
    for words in ("Nothing has a size to draw yet.", "No fees yet.", "Nobody has launched a token yet."):
        assert words in html


async def test_a_wallets_page_says_what_it_is_to_tokens(pages, market):
    html = (await pages.get(f"/wallet/{market.trader}")).text
    about = html[html.index('id="wallet-facts"') :]
    for words in ("First seen", "Last trade", "Tokens traded", "Won, lost", "Holds much of"):
        assert words in about
    creator = (await pages.get(f"/wallet/{market.creator}")).text
    about = creator[creator.index('id="wallet-facts"') :]
    assert "Creator of" in about
    assert "Sniper in" not in about
