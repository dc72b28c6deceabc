"""Watchlists keep order, names and quotas, and take in what a browser kept."""

import pytest

from launchpad.chain import keys
from launchpad.tables.accounts import Account
from launchpad.tokens.errors import TokenNotFoundError
from launchpad.watchlists import service
from launchpad.watchlists.errors import WatchlistNameError, WatchlistNotFoundError, WatchlistQuotaError
from launchpad.watchlists.schemas import MAX_LISTS, MAX_TOKENS, LocalList, WatchlistChange
from tests.screener import rows
from tests.screener.rows import mint_of


@pytest.fixture
async def owner(database, database_url):
    """An account, in a market of 120 tokens."""
    await rows.fill(database_url, 120)
    address = keys.address_of(keys.generate())
    async with database.session() as session:
        session.add(Account(address=address))
    return address


@pytest.fixture
def act(database, owner):
    """`await act(verb, ...)`: do it for the account, in a transaction of its own."""

    async def acted(verb, *arguments):
        async with database.session() as session:
            return await verb(session, owner, *arguments)

    return acted


def local(name, numbers):
    return LocalList(name=name, mints=[mint_of(number) for number in numbers])


async def test_lists_have_names_places_and_tokens_in_order(act):
    first, second = await act(service.create_watchlist, "First"), await act(service.create_watchlist, " Second ")
    for number in (1, 2, 3, 2):
        await act(service.add_token, first.id, mint_of(number))
    await act(service.order_tokens, first.id, [mint_of(1), mint_of(99), mint_of(3)])
    await act(service.change_watchlist, second.id, WatchlistChange(name="Other", place=0))
    lists = (await act(service.list_watchlists)).data
    assert [each.name for each in lists] == ["Other", "First"]
    assert lists[1].mints == [mint_of(1), mint_of(3), mint_of(2)]
    await act(service.remove_token, first.id, mint_of(1))
    await act(service.delete_watchlist, second.id)
    lists = (await act(service.list_watchlists)).data
    assert [(each.name, each.mints) for each in lists] == [("First", [mint_of(3), mint_of(2)])]


async def test_names_are_taken_once_and_tokens_have_to_exist(act):
    made = await act(service.create_watchlist, "Mine")
    other = await act(service.create_watchlist, "Other")
    with pytest.raises(WatchlistNameError):
        await act(service.create_watchlist, "Mine ")
    with pytest.raises(WatchlistNameError):
        await act(service.change_watchlist, other.id, WatchlistChange(name="Mine"))
    with pytest.raises(TokenNotFoundError):
        await act(service.add_token, made.id, keys.address_of(keys.generate()))


async def test_nobody_touches_the_lists_of_others(act, database):
    made = await act(service.create_watchlist, "Mine")
    async with database.session() as session:
        session.add(Account(address=mint_of(1)))
    async with database.session() as session:
        with pytest.raises(WatchlistNotFoundError):
            await service.add_token(session, mint_of(1), made.id, mint_of(2))
    with pytest.raises(WatchlistNotFoundError):
        await act(service.delete_watchlist, "nonsense")


async def test_lists_and_their_tokens_have_a_quota(act):
    made = (await act(service.merge, [local("Full", range(1, MAX_TOKENS + 1))])).data[0]
    with pytest.raises(WatchlistQuotaError):
        await act(service.add_token, made.id, mint_of(110))
    again = await act(service.add_token, made.id, mint_of(1))
    assert len(again.mints) == MAX_TOKENS
    for number in range(MAX_LISTS - 1):
        await act(service.create_watchlist, f"List {number}")
    with pytest.raises(WatchlistQuotaError):
        await act(service.create_watchlist, "One more")


async def test_what_a_browser_kept_joins_by_name_each_token_once(act):
    made = await act(service.create_watchlist, "Watchlist")
    for number in (2, 1):
        await act(service.add_token, made.id, mint_of(number))
    stranger = keys.address_of(keys.generate())
    kept = [local("Watchlist", [2, 3]), local("New", [5]), LocalList(name="Odd", mints=[stranger])]
    joined = (await act(service.merge, kept)).data
    assert [(each.name, each.mints) for each in joined] == [
        ("Watchlist", [mint_of(1), mint_of(2), mint_of(3)]),
        ("New", [mint_of(5)]),
        ("Odd", []),
    ]
    assert (await act(service.merge, kept)).data == joined


async def test_merging_beyond_the_quota_leaves_out_and_does_not_fail(act):
    names = [f"List {number}" for number in range(MAX_LISTS)]
    await act(service.merge, [local(name, [1]) for name in names])
    joined = (await act(service.merge, [local("Beyond", [2]), local("List 0", range(1, 101))])).data
    assert [each.name for each in joined] == names
    assert len(joined[0].mints) == MAX_TOKENS
