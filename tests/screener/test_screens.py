"""Screens find the tokens that their expressions mean, in the order asked for, once each."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from launchpad import paging
from launchpad.metrics.queries import UnknownFigureError
from launchpad.paging import InvalidCursorError
from launchpad.screener import service
from launchpad.screener.errors import ExpressionError, UnknownColumnError
from launchpad.screener.fields import COLUMNS, FIELDS, SORTABLE
from launchpad.screener.presets import PRESETS
from launchpad.screener.queries import stored_form
from launchpad.screener.service import Ask, DollarsUnknownError
from tests.screener.rows import mint_of

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/screener.json").read_text(encoding="utf-8"))


@pytest.fixture
def ask(database, screener_settings):
    """`await ask(filter=..., ...)`: what a screen finds."""

    async def asked(**changes):
        async with database.look() as look:
            return await service.screen(look, screener_settings, Ask(**changes))

    return asked


def numbers(found):
    return [int(row["symbol"][1:]) for row in found.objects()]


async def test_expressions_find_what_they_mean(fill, price_sol, ask):
    await fill(20)
    await price_sol(datetime.now(UTC))
    wrong = []
    for expression, expected in VECTORS["matching"]:
        found = sorted(numbers(await ask(filter=expression)))
        if found != sorted(expected):
            wrong.append((expression, found))
    assert wrong == []


@pytest.mark.parametrize("descending", [True, False])
async def test_every_sort_pages_through_every_token_once(fill, ask, descending):
    await fill(23)
    for sort in SORTABLE:
        seen, cursor = [], None
        while True:
            page = await ask(sort=sort, descending=descending, limit=10, cursor=cursor, columns=("symbol",))
            seen += numbers(page)
            cursor = page.meta.next
            assert page.meta.total == 23
            if cursor is None:
                break
        assert sorted(seen) == list(range(1, 24)), sort


async def test_sorting_is_by_the_figure(fill, ask):
    await fill(12)
    assert numbers(await ask(sort="volume_24h", limit=3)) == [12, 11, 10]
    assert numbers(await ask(sort="change_1h", descending=False, limit=3)) == [1, 2, 3]
    assert numbers(await ask(sort="launched_at", limit=2)) == [1, 2]


async def test_every_column_comes_in_both_forms(fill, ask):
    await fill(10)
    found = await ask(columns=COLUMNS[:40], limit=1, search="Token 10")
    rest = await ask(columns=COLUMNS[40:], limit=1, search="T10")
    row = found.objects()[0] | rest.objects()[0]
    assert set(row) == set(COLUMNS)
    assert row["volume_24h"] == "10000000000"
    assert row["price"] == "0.01"
    assert (row["change_1h"], row["progress"], row["holders"]) == (500, 10_000, 10)
    compact = orjson.loads(found.compact())
    plain = orjson.loads(found.json())
    assert [dict(zip(compact["columns"], compact["data"][0], strict=True))] == plain["data"]
    assert compact["meta"] == {"next": None, "limit": 1, "hasMore": False, "page": None, "total": 1}


async def test_presets_are_expressions_with_an_order(fill, ask):
    await fill(40)
    assert set(numbers(await ask(preset="graduating"))) == {5, 15, 25, 35}
    assert numbers(await ask(preset="graduated")) == [40, 30, 20, 10]
    assert numbers(await ask(preset="new", limit=2)) == [1, 2]
    assert numbers(await ask(preset="trending", limit=2)) == [40, 39]
    assert numbers(await ask(preset="graduated", filter="holders < 25")) == [20, 10]
    assert all(preset.sort in SORTABLE for preset in PRESETS.values())


async def test_a_few_tokens_by_mint_and_by_search(fill, ask):
    await fill(20)
    assert sorted(numbers(await ask(mints=(mint_of(3), mint_of(20), "nobody")))) == [3, 20]
    assert numbers(await ask(mints=())) == []
    assert numbers(await ask(search="token 20")) == [20]
    assert numbers(await ask(search=mint_of(4))) == [4]


async def test_dollars_need_a_price_that_is_fresh(fill, price_sol, ask):
    await fill(3)
    with pytest.raises(DollarsUnknownError):
        await ask(filter="volume_24h > $150")
    await price_sol(datetime.now(UTC) - timedelta(minutes=5))
    with pytest.raises(DollarsUnknownError):
        await ask(filter="volume_24h > $150")
    assert (await ask(filter="volume_24h > 1")).sol_usd is None
    await price_sol(datetime.now(UTC))
    assert numbers(await ask(filter="volume_24h > $150")) == [3, 2]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("holders > 2.5", [3, 4, 5]),
        ("holders >= 2.5", [3, 4, 5]),
        ("holders < 2.5", [1, 2]),
        ("holders <= 2.5", [1, 2]),
        ("holders = 2.5", []),
        ("holders != 2.5", [1, 2, 3, 4, 5]),
        ("holders = 2", [2]),
        ("holders != 2", [1, 3, 4, 5]),
        ("not holders = 2.5", [1, 2, 3, 4, 5]),
        ("change_1h <= -2", [1, 2, 3]),
        ("change_1h < -2.005", [1, 2]),
        ("holders < 99999999999999999999", [1, 2, 3, 4, 5]),
        ("holders > 99999999999999999999", []),
        ("holders != 99999999999999999999", [1, 2, 3, 4, 5]),
        ("holders >= -99999999999999999999", [1, 2, 3, 4, 5]),
        ("holders = -99999999999999999999", []),
        ("age < 9999999d", [1, 2, 3, 4, 5]),
        ("age > 9999999d", []),
        ("idle >= 1h", []),
        ("age != 1h", [1, 2, 3, 4, 5]),
    ],
)
async def test_whole_figures_are_compared_with_any_number(fill, ask, expression, expected):
    await fill(5)
    assert sorted(numbers(await ask(filter=expression))) == expected


async def test_a_cursor_may_name_a_place_between_whole_figures(fill, ask):
    await fill(5)
    for place, expected in (("2.5", [2, 1]), ("99999999999999999999", [5, 4, 3, 2, 1]), ("3", [3, 2, 1])):
        cursor = paging.encode((Decimal(place), "z"))
        assert numbers(await ask(sort="holders", cursor=cursor)) == expected


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"filter": "holders >"}, ExpressionError),
        ({"sort": "age"}, UnknownFigureError),
        ({"sort": "m.mint"}, UnknownFigureError),
        ({"columns": ("holders", "nonsense")}, UnknownColumnError),
        ({"cursor": "nonsense"}, InvalidCursorError),
    ],
)
async def test_what_cannot_be_asked_is_refused(ask, changes, error):
    with pytest.raises(error):
        await ask(**changes)


async def test_texts_are_bound_never_written_into_statements(fill, ask):
    await fill(5)
    for text in ("'; DROP TABLE tokens; --", "%", "_", "\\", ":v0"):
        assert numbers(await ask(filter=f'name ~ "{text}"')) == []


def test_pictures_of_our_store_are_recognised():

    form = re.compile(stored_form("http://127.0.0.1:8000"))
    cid = "bafkrei" + "a" * 52
    for uri in (f"ipfs://{cid}", f"http://127.0.0.1:8000/ipfs/{cid}", f"/ipfs/{cid}", f"ipfs://ipfs/{cid}"):
        assert form.match(uri)[1] == cid
    assert form.match(f"https://elsewhere/ipfs/{cid}") is None


def test_fields_are_told_with_what_they_take():
    told = service.fields()
    names = {field.name: field for field in told.fields}
    assert set(names) == set(FIELDS)
    assert names["launched_at"].operators == []
    assert "graduated" in names["status"].choices
    assert [preset.name for preset in told.presets] == ["all", "trending", "new", "graduating", "graduated"]
