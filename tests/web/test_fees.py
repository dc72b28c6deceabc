"""The pages of revenue and of fee routers as the server renders them."""

import re
from html import unescape

import pytest

# The same in every worker: it names a test.
WALLET = "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"


async def test_revenue_tells_every_lamport_with_its_transaction(pages, market):
    html = (await pages.get("/revenue")).text
    assert f'href="/token/{market.tokens["ORB"]}"' in html
    for kind in ("protocol", "creator", "referrer", "router", "lp", "launch", "keeper", "venue"):
        assert f'data-kind="{kind}"' in html
    assert 'title="Transaction ' in html


async def test_revenue_is_filtered_by_token_and_kind_and_goes_on(pages, market):
    orb = market.tokens["ORB"]
    first = (await pages.get(f"/revenue?mint={orb}&kind=creator")).text
    assert "Protocol</td>\n          <td><span" not in first
    assert 'value="creator" selected' in first
    assert "after=" in first
    older = re.search(r'href="(/revenue[^"]*after=[^"]*)"', first)[1]
    second = await pages.get(unescape(older))
    assert second.status_code == 200
    assert "Transaction " in second.text
    moss = (await pages.get(f"/revenue?mint={market.tokens['MOSS']}")).text
    assert "No fees of this kind yet" in moss


async def test_a_wrong_address_is_kept_and_explained(pages):
    for path, field in (("/revenue?mint=nonsense", "mint"), ("/routers?wallet=nonsense", "wallet")):
        answer = await pages.get(path)
        assert answer.status_code == 422
        assert f'name="{field}" value="nonsense"' in answer.text
        assert 'aria-invalid="true"' in answer.text


async def test_routers_of_a_wallet_are_listed_or_said_to_be_none(pages):
    assert "This wallet neither owns a router" in (await pages.get(f"/routers?wallet={WALLET}")).text
    assert "Create a router" in (await pages.get("/routers")).text


@pytest.mark.parametrize(("address", "status"), [(WALLET, 200), ("nonsense", 404)])
async def test_a_router_has_a_page_of_its_own(pages, address, status):
    answer = await pages.get(f"/router/{address}")
    assert answer.status_code == status
    if status == 200:
        assert f'href="/api/fees/routers/{address}"' in answer.text


async def test_revenue_and_routers_are_linked_from_every_page(pages):
    html = (await pages.get("/")).text
    assert 'href="/revenue"' in html
    assert 'href="/routers"' in html
