"""Sliding windows: exact at their edges, shared by all, and safe when Redis is away."""

import asyncio

import pytest
from redis.asyncio import Redis

from launchpad.clients import client_address, limit_key, parse_networks
from launchpad.errors import UnavailableError
from launchpad.limits import Limit, Limiter, LocalWindows, Rule

SLOW = 3600.0


@pytest.fixture
async def nowhere():
    client = Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=0.2)
    yield client
    await client.aclose()


async def test_a_quota_is_granted_and_no_more(redis):
    limiter, rule = Limiter(redis), Rule(Limit("t", 3, SLOW), "a")
    decisions = [await limiter.ask([rule]) for _ in range(4)]
    assert [d.allowed for d in decisions] == [True, True, True, False]
    assert [d.remaining for d in decisions] == [2, 1, 0, 0]
    assert 0 < decisions[-1].retry_after_ms <= 2 * SLOW * 1000


async def test_keys_and_limits_are_counted_apart(redis):
    limiter = Limiter(redis)
    first, second = Limit("t", 1, SLOW), Limit("u", 1, SLOW)
    for rule in (Rule(first, "a"), Rule(first, "b"), Rule(second, "a")):
        assert (await limiter.ask([rule])).allowed


async def test_a_refused_request_counts_against_nothing(redis):
    limiter = Limiter(redis)
    tight, loose = Rule(Limit("tight", 1, SLOW), "a"), Rule(Limit("loose", 2, SLOW), "a")
    assert (await limiter.ask([loose, tight])).allowed
    refused = await limiter.ask([loose, tight])
    assert not refused.allowed
    assert refused.limit.name == "tight"
    assert (await limiter.ask([loose])).allowed


async def test_the_tightest_rule_is_told(redis):
    limiter = Limiter(redis)
    decision = await limiter.ask([Rule(Limit("wide", 100, SLOW), "a"), Rule(Limit("narrow", 5, SLOW), "a")])
    assert (decision.limit.name, decision.remaining) == ("narrow", 4)


async def test_going_beyond_shuts_the_key_out_for_a_while(redis):
    limiter, rule = Limiter(redis), Rule(Limit("burst", 2, 0.2, block_seconds=60), "a")
    for _ in range(2):
        await limiter.ask([rule])
    refused = await limiter.ask([rule])
    assert refused.retry_after_ms == 60_000
    # Two windows later the count is forgotten, the block is not.
    await asyncio.sleep(0.45)
    still = await limiter.ask([rule])
    assert not still.allowed
    assert 0 < still.retry_after_ms < 60_000


async def test_the_wait_that_is_told_is_long_enough(redis):
    limiter, rule = Limiter(redis), Rule(Limit("t", 5, 0.3), "a")
    for _ in range(5):
        await limiter.ask([rule])
    refused = await limiter.ask([rule])
    assert not refused.allowed
    await asyncio.sleep(refused.retry_after_ms / 1000 + 0.01)
    assert (await limiter.ask([rule])).allowed


async def test_many_at_once_get_no_more_than_the_quota(redis):
    limiter, rule = Limiter(redis), Rule(Limit("t", 10, SLOW), "a")
    decisions = await asyncio.gather(*(limiter.ask([rule]) for _ in range(50)))
    assert sum(d.allowed for d in decisions) == 10


async def test_without_redis_reads_go_on_within_the_process(nowhere):
    limiter, rule = Limiter(nowhere), Rule(Limit("read", 2, SLOW), "a")
    decisions = [await limiter.ask([rule]) for _ in range(3)]
    assert [d.allowed for d in decisions] == [True, True, False]


async def test_without_redis_what_guards_accounts_refuses(nowhere):
    with pytest.raises(UnavailableError):
        await Limiter(nowhere).ask([Rule(Limit("auth", 2, SLOW, fails_closed=True), "a")])


def test_local_windows_forget_old_counts(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("launchpad.limits.time.monotonic", lambda: now)
    windows, rule = LocalWindows(), Rule(Limit("t", 2, 10), "a")
    assert windows.ask([rule]).allowed
    assert windows.ask([rule]).allowed
    assert not windows.ask([rule]).allowed
    now += 10
    assert not windows.ask([rule]).allowed
    now += 5
    assert windows.ask([rule]).allowed
    now += 30
    assert windows.ask([rule]).remaining == 1


def test_local_windows_keep_a_bounded_number_of_keys(monkeypatch):
    monkeypatch.setattr("launchpad.limits._MAX_LOCAL_KEYS", 3)
    windows = LocalWindows()
    for key in "abcdef":
        windows.ask([Rule(Limit("t", 2, 10), key)])
    assert len(windows._windows) == 3


async def test_headers_say_where_one_stands(redis):
    limiter, rule = Limiter(redis), Rule(Limit("read", 1, 60), "a")
    allowed = dict((await limiter.ask([rule])).headers())
    assert allowed[b"ratelimit-policy"] == b'"read";q=1;w=60'
    assert allowed[b"x-ratelimit-remaining"] == b"0"
    assert b"retry-after" not in allowed
    refused = dict((await limiter.ask([rule])).headers())
    assert int(refused[b"retry-after"]) >= 1
    assert refused[b"ratelimit"].startswith(b'"read";r=0;t=')


TRUSTED = parse_networks("10.0.0.0/8, 192.0.2.1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("unknown", "1.2.3.4", "unknown"),
        ("192.0.2.1", "garbage", "garbage"),
    ],
)
def test_only_listed_proxies_are_believed(peer, forwarded, client):
    assert client_address(peer, forwarded, TRUSTED) == client


def test_hosts_are_counted_by_what_they_cannot_change():
    assert limit_key("1.2.3.4") == "1.2.3.4"
    assert limit_key("2001:db8::1") == limit_key("2001:db8::ffff") == "2001:db8::/64"
    assert limit_key("::ffff:1.2.3.4") == "1.2.3.4"
    assert limit_key("nonsense") == "unknown"
