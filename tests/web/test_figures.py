"""Figures, dollars and the king of the hill on the pages, before any script runs."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from launchpad.metrics.follower import Follower
from launchpad.prices import queries as prices
from tests.conftest import make_settings


@pytest.fixture
def price_sol(database):
    """`await price_sol(usd, seconds)`: what SOL cost so many seconds ago, with the figures by it."""

    async def price_sol(usd, seconds=0):
        moment = datetime.now(UTC) - timedelta(seconds=seconds)
        async with database.session() as session:
            await prices.save(session, Decimal(usd), moment, "test")
        url = database.engine.url.render_as_string(hide_password=False)
        follower = Follower(make_settings(database_url=url), database)
        await follower.run()
        await follower.close()

    return price_sol


async def test_dollars_stand_beside_sol(pages, market, price_sol):
    await price_sol("0.5")
    home, token = (await pages.get("/")).text, (await pages.get(f"/token/{market.tokens['MOSS']}")).text
    assert re.search(r'title="1[34],[0-9.,]+ US dollars">\$1[34]\.[0-9]+K<', home)
    assert re.search(r'title="1[34],[0-9.,]+ US dollars">\$1[34]\.[0-9]+K<', token)
    assert 'id="king-title"' not in home


@pytest.mark.parametrize("seconds", [None, 61])
async def test_without_a_fresh_price_dollars_are_hidden(pages, market, price_sol, seconds):
    if seconds:
        await price_sol("0.5", seconds)
    html = (await pages.get("/")).text
    assert "US dollars" not in html
    assert html.count("data-usd=") == html.count('data-kind="amount" hidden></span>') == len(market.tokens)


async def test_the_king_has_a_place_of_its_own(pages, market, price_sol):
    await price_sol("1.2")
    for path in ("/", "/?part=king"):
        html = (await pages.get(path)).text
        king = html[html.index('class="panel king"') :]
        assert "King of the hill" in king
        assert 'title="The last token to be worth $30,000 that still is, and not yet $69,000"' in king
    assert "<table" not in html


async def test_a_tokens_figures_are_told_by_window_with_their_risks(pages, market, price_sol):
    await price_sol("1.2")
    path = f"/token/{market.tokens['ORB']}"
    for html in ((await pages.get(path)).text, (await pages.get(f"{path}?part=figures")).text):
        panel = html[html.index('id="figures"') :]
        for name in ("1m", "5m", "15m", "1h", "6h", "24h"):
            assert f'for="window-{name}"' in panel
        assert 'class="row finding danger" title="WASH_TRADING"' in panel
        assert "Ten largest holders" in panel
        assert 'Worth <span title="' in panel
    assert "<html" not in html
