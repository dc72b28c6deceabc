"""The screener and the watchlist as the server renders them."""

import json
import re

import pytest

from tests.screener import rows
from tests.screener.rows import mint_of


@pytest.fixture
async def filled(database_url):
    await rows.fill(database_url, 130)


def symbols(html):
    return re.findall(r'<span class="strong">(T\d+)</span>', html)


async def test_the_first_hundred_come_with_the_page_and_lead_to_more(pages, filled):
    answer = await pages.get("/screener")
    assert answer.status_code == 200
    assert symbols(answer.text) == [f"T{number}" for number in range(130, 30, -1)]
    more = re.search(r'id="more" href="([^"]+)"', answer.text)[1].replace("&amp;", "&")
    assert symbols((await pages.get(more)).text) == [f"T{number}" for number in range(30, 0, -1)]


async def test_the_address_says_everything(pages, filled):
    asked = "/screener?tab=graduated&filter=holders+%3C+100&sort=age&order=asc&window=1h&columns=volume,age"
    html = (await pages.get(asked)).text
    assert symbols(html) == ["T90", "T80", "T70", "T60", "T50", "T40", "T30", "T20", "T10"]
    assert re.findall(r'<th [^>]*data-key="(\w+)"', html) == ["volume", "age"]
    assert "Volume 1h" in html
    assert 'value="holders &lt; 100"' in html
    assert 'aria-sort="ascending"' in html


async def test_a_filter_that_cannot_be_read_keeps_its_text_and_says_why(pages, filled):
    answer = await pages.get("/screener?filter=volum+%3E+%3Cb%3E")
    assert answer.status_code == 422
    assert "There is no field called volum" in answer.text
    assert 'value="volum &gt; &lt;b&gt;"' in answer.text
    assert symbols(answer.text) == []


async def test_what_is_not_understood_is_as_usual(pages, filled):
    html = (await pages.get("/screener?tab=x&sort=x&order=x&window=x&columns=x")).text
    assert len(symbols(html)) == 100


async def test_the_head_of_the_market_comes_along_for_what_follows(pages, filled):
    html = (await pages.get("/screener")).text
    facts = json.loads(re.search(r'id="screener-facts">(.*?)</script>', html, re.DOTALL)[1])
    assert facts["head"] == 0
    assert facts["usual"][0] == "price"


async def test_views_that_are_gone_are_not_found(pages, filled):
    assert (await pages.get("/screener?view=nonsense")).status_code == 404


async def test_a_guests_watchlist_is_an_empty_table_that_scripts_fill(pages, filled):
    answer = await pages.get("/watchlist")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert symbols(answer.text) == []
    assert "Kept in this browser" in answer.text


async def test_tokens_can_be_watched_wherever_they_are_listed(pages, filled):
    for path in ("/", "/search?q=T130", f"/token/{mint_of(130)}"):
        assert f'data-star="{mint_of(130)}"' in (await pages.get(path)).text or path == "/"
    assert "data-star" in (await pages.get("/")).text
