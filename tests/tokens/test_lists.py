"""Lists of tokens go through every token once, in either direction, whatever a cursor's value looks like."""

from decimal import Decimal
from typing import get_args

import pytest

from launchpad import paging
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import TokenSort
from tests.conftest import make_settings
from tests.screener import rows


@pytest.fixture
def tokens(database, database_url):
    """`await tokens(limit, cursor, page, **filter)`: the numbers on one page of the list, and its meta."""
    settings = make_settings(database_url=database_url)

    async def tokens(limit, cursor=None, page=None, **which):
        async with database.look() as look:
            found = await catalog.token_rows(look, settings, TokenFilter(**which), limit, cursor, page)
        return [int(row["symbol"][1:]) for row in found.data], found.meta

    return tokens


@pytest.mark.parametrize("descending", [True, False])
async def test_every_sort_pages_through_every_token_once(database_url, tokens, descending):
    await rows.fill(database_url, 23)
    for sort in get_args(TokenSort):
        seen, cursor = [], None
        while True:
            page, meta = await tokens(10, cursor, sort=sort, descending=descending)
            seen += page
            if meta.next is None:
                break
            cursor = meta.next
        assert sorted(seen) == list(range(1, 24)), sort


async def test_pages_by_number_follow_one_another(database_url, tokens):
    await rows.fill(database_url, 12)
    assert (await tokens(5, page=1))[0] == [12, 11, 10, 9, 8]
    last, meta = await tokens(5, page=3)
    assert (last, meta.total, meta.has_more) == ([2, 1], 12, False)


@pytest.mark.parametrize(
    ("place", "expected"), [("2.5", [2, 1]), ("3", [3, 2, 1]), ("99999999999999999999", [5, 4, 3, 2, 1])]
)
async def test_a_cursor_may_name_a_place_between_whole_figures(database_url, tokens, place, expected):
    await rows.fill(database_url, 5)
    assert (await tokens(10, paging.encode((Decimal(place), "z")), sort="holders"))[0] == expected
