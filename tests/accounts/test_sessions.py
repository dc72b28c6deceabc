"""Sessions that Redis remembers: quick to find, and over everywhere once they are ended."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis
from sqlalchemy import delete, update

from launchpad.accounts import memory, queries, service
from launchpad.accounts.credentials import hash_of, new_secret
from launchpad.accounts.devices import UNKNOWN, device_name
from launchpad.accounts.schemas import SignedIn
from launchpad.recall import LIFETIME_SECONDS
from launchpad.tables.accounts import Session

ADDRESS = "A1ice111111111111111111111111111111111111111"
NOW = datetime.now(UTC)


@pytest.fixture
async def away():
    """Redis at an address where nobody answers."""
    client = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    yield client
    await client.aclose()


@pytest.fixture
def open_session(database):
    async def open_session(address=ADDRESS, life=timedelta(days=1)):
        secret = new_secret()
        async with database.session() as session:
            await queries.touch_account(session, address)
            await queries.add_session(session, hash_of(secret), address, "test", NOW, NOW + life)
        return secret

    return open_session


async def test_a_remembered_session_is_found_without_postgres(database, redis, open_session):
    secret = await open_session()
    who = await service.session_of(database, secret, redis)
    async with database.session() as session:
        await session.execute(delete(Session))
    assert await service.session_of(database, secret, redis) == who
    assert await service.session_of(database, secret) is None
    assert 0 < await redis.ttl(f"session:{who.session_hash}") <= LIFETIME_SECONDS


async def test_what_never_was_a_session_is_not_remembered(database, redis):
    assert await service.session_of(database, "x" * 43, redis) is None
    assert await redis.exists(f"session:{hash_of('x' * 43)}") == 0


@pytest.mark.parametrize("how", ["revoke", "revoke others", "sign out"])
async def test_an_end_holds_for_every_process_at_once(database, redis, open_session, redis_url, how):
    mine, other = await open_session(), await open_session()
    me = await service.session_of(database, mine, redis)
    async with Redis.from_url(redis_url) as elsewhere:
        assert await service.session_of(database, other, elsewhere)
        if how == "revoke":
            await service.revoke_session(database, redis, me, hash_of(other))
        elif how == "revoke others":
            await service.revoke_other_sessions(database, redis, me)
        else:
            await service.sign_out(database, redis, other)
        assert await service.session_of(database, other, elsewhere) is None
        assert await service.session_of(database, mine, elsewhere) == me


async def test_a_lookup_that_began_before_the_end_does_not_bring_it_back(redis):
    who = SignedIn(ADDRESS, None, "f" * 64, NOW + timedelta(days=1))
    await memory.SESSIONS.mark_ended(redis, who.session_hash)
    await memory.remember(redis, who)
    assert await memory.recall(redis, who.session_hash, NOW) == (True, None)


async def test_a_stranger_can_end_nothing(database, redis, open_session):
    mine = await open_session()
    stranger = await service.session_of(database, await open_session("B" * 32), redis)
    with pytest.raises(service.SessionNotFoundError):
        await service.revoke_session(database, redis, stranger, hash_of(mine))
    assert await service.session_of(database, mine, redis)


async def test_without_redis_postgres_answers(database, away, open_session):
    mine, other = await open_session(), await open_session()
    me = await service.session_of(database, mine, away)
    assert me.address == ADDRESS
    await service.revoke_session(database, away, me, hash_of(other))
    assert await service.session_of(database, other, away) is None
    assert await service.rename(database, away, me, "Ada") == "Ada"


async def test_a_session_does_not_outlive_its_day_in_memory(redis):
    who = SignedIn(ADDRESS, None, "e" * 64, NOW + timedelta(seconds=5))
    await memory.remember(redis, who)
    assert (await memory.recall(redis, who.session_hash, NOW)).who == who
    assert await memory.recall(redis, who.session_hash, NOW + timedelta(seconds=6)) == (True, None)


async def test_a_new_name_is_seen_on_every_device(database, redis, open_session):
    mine, other = await open_session(), await open_session()
    me, _ = [await service.session_of(database, secret, redis) for secret in (mine, other)]
    await service.rename(database, redis, me, "Ada")
    assert (await service.session_of(database, other, redis)).display_name == "Ada"


async def test_a_use_is_noted_once_a_minute(database, redis, open_session):
    secret = await open_session()
    async with database.session() as session:
        await session.execute(update(Session).values(last_seen_at=NOW - timedelta(minutes=5)))
    me = await service.session_of(database, secret, redis)
    [listed] = await service.list_sessions(database, me)
    assert listed.last_seen_at > NOW - timedelta(minutes=1)


WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.4 Safari/605.1.15", "Safari on macOS"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {WEBKIT} CriOS/123.0 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/124.0 Safari/537.36 Edg/124.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/24.0 Chrome/117.0",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
        ("Mozilla/5.0 Chrome/120", "Chrome"),
        ("python-httpx/0.27.0", "python-httpx"),
        ("", UNKNOWN),
        ("<script>/1", UNKNOWN),
    ],
)
def test_a_device_has_a_name_that_people_know(user_agent, name):
    assert device_name(user_agent) == name
