import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from launchpad.accounts.service import sign_out

from .client import Client
from .conftest import ALICE, BOB, MINT


def saying(body: str, **fields) -> dict:
    return {"mint": MINT, "body": body, "client_id": str(uuid4()), **fields}


@pytest.fixture
async def alice(cookie_of) -> str:
    return await cookie_of(ALICE)


@pytest.fixture
async def bob(cookie_of) -> str:
    return await cookie_of(BOB)


async def test_two_people_talk_and_each_sees_the_other(url, alice, bob):
    async with Client(url, alice) as one, Client(url, bob) as two:
        for client in (one, two):
            assert (await client.ask("room:join", {"mint": MINT}))["ok"]
        sent = await one.ask("message:send", saying("gm"))
        await two.ask("message:send", saying("gm back", reply_to=sent["id"]))
        for client in (one, two):
            heard = await client.until(
                lambda _, c=client: len(c.live("message.posted")) == 2 and c.live("message.posted")
            )
            assert [(e["seq"], e["data"]["body"]) for e in heard] == [(1, "gm"), (2, "gm back")]
        assert sent["seq"] == 1


async def test_readers_hear_but_may_not_speak(url, alice):
    async with Client(url) as reader, Client(url, alice) as one:
        await reader.ask("room:join", {"mint": MINT})
        refused = await reader.ask("message:send", saying("hi"))
        assert (refused["ok"], refused["error"]) == (False, "AUTH_REQUIRED")
        await one.ask("message:send", saying("hello readers"))
        await reader.until(lambda _: reader.live("message.posted"))


async def test_after_a_dropped_connection_nothing_is_lost_or_doubled(url, alice, bob):
    seen: list[int] = []
    async with Client(url, alice) as speaker:
        listener = await Client(url, bob).__aenter__()
        await listener.ask("room:join", {"mint": MINT})
        for n in range(30):
            await speaker.ask("message:send", saying(f"message {n}"))
            if n % 10 == 4:
                await listener.drop()
                seen += [e["seq"] for e in listener.live("message.posted")]
                listener = await Client(url, bob).__aenter__()
                ack = await listener.ask("room:join", {"mint": MINT, "after": seen[-1] if seen else 0})
                missed = [int(e.split('"seq":')[1].split(",")[0]) for e in ack["events"]]
                seen += missed
                listener.events = [e for e in listener.events if e[0] != "live" or e[1]["seq"] > seen[-1]]
        await listener.until(lambda _: (listener.live("message.posted") or [{"seq": 0}])[-1]["seq"] == 30)
        seen += [e["seq"] for e in listener.live("message.posted")]
        await listener.__aexit__()
    assert seen == list(range(1, 31))


async def test_a_repeated_send_is_one_message(url, alice):
    async with Client(url, alice) as one:
        message = saying("once")
        first, second = await one.ask("message:send", message), await one.ask("message:send", message)
        assert (first["id"], first["seq"]) == (second["id"], second["seq"])


async def test_messages_are_edited_deleted_and_reacted_to(url, alice, bob):
    async with Client(url, alice) as one, Client(url, bob) as two:
        await two.ask("room:join", {"mint": MINT})
        sent = await one.ask("message:send", saying("tpyo"))
        assert (await one.ask("message:edit", {"id": sent["id"], "body": "typo"}))["message"]["body"] == "typo"
        assert (await two.ask("message:edit", {"id": sent["id"], "body": "x"}))["error"] == "NOT_YOUR_MESSAGE"
        assert (await two.ask("message:react", {"id": sent["id"], "emoji": "🔥"}))["count"] == 1
        assert (await one.ask("message:delete", {"id": sent["id"]}))["ok"]
        await two.until(lambda _: two.live("message.deleted"))
        kinds = [data["type"] for name, data in two.events if name == "live"]
        assert kinds == ["message.posted", "message.edited", "reaction.changed", "message.deleted"]
        history = await two.ask("message:history", {"mint": MINT})
        assert [(m["body"], m["deleted"]) for m in history["messages"]] == [("", True)]


async def test_leaving_a_room_ends_its_events(url, alice, bob):
    async with Client(url, alice) as one, Client(url, bob) as two:
        await two.ask("room:join", {"mint": MINT})
        await one.ask("message:send", saying("heard"))
        await two.until(lambda _: two.live("message.posted"))
        await two.ask("room:leave", {"mint": MINT})
        await one.ask("message:send", saying("not heard"))
        await one.ask("room:join", {"mint": MINT, "after": 0})
        assert len(two.live("message.posted")) == 1


async def test_several_processes_share_rooms_typing_and_presence(start_server, publisher, room, alice, bob):
    (first, _), (second, _) = await start_server(), await start_server()
    async with Client(first, alice) as one, Client(second, bob) as two:
        await one.ask("room:join", {"mint": MINT})
        assert (await two.ask("room:join", {"mint": MINT}))["count"] == 2
        await one.until(lambda events: ("presence", {"mint": MINT, "count": 2}) in events)
        await one.ask("message:send", saying("across"))
        await two.until(lambda _: two.live("message.posted"))
        # The manager's own subscription settles in the background, so ask until it is heard.
        for _ in range(100):
            await one.ask("typing", {"mint": MINT})
            if ("typing", {"mint": MINT, "author": ALICE}) in two.events:
                break
            await asyncio.sleep(0.05)
        assert ("typing", {"mint": MINT, "author": ALICE}) in two.events
        assert not [e for e in one.events if e[0] == "typing"]
    async with Client(first) as three:
        assert (await three.ask("presence", {"mint": MINT}))["count"] == 0


@pytest.mark.parametrize(
    ("event", "data", "error"),
    [
        ("room:join", {"mint": "short"}, "INVALID"),
        ("room:join", {"mint": "E1sewhere1111111111111111111111111111111111"}, "ROOM_NOT_FOUND"),
        ("room:join", None, "INVALID"),
        ("room:join", ["not", "an", "object"], "INVALID"),
        ("message:send", {"mint": MINT, "body": "  ", "client_id": str(uuid4())}, "INVALID"),
        ("message:send", {"mint": MINT, "body": "hi", "client_id": "no uuid"}, "INVALID"),
        ("message:react", {"id": str(uuid4()), "emoji": "🚀"}, "MESSAGE_NOT_FOUND"),
        ("message:react", {"id": str(uuid4()), "emoji": "<b>"}, "INVALID"),
        ("message:delete", {"id": str(uuid4())}, "MESSAGE_NOT_FOUND"),
    ],
)
async def test_bad_input_is_answered_and_the_socket_lives_on(url, alice, event, data, error):
    async with Client(url, alice) as one:
        refused = await one.ask(event, data)
        assert (refused["ok"], refused["error"]) == (False, error)
        assert refused["message"]
        assert (await one.ask("room:join", {"mint": MINT}))["ok"]


async def test_a_stale_cookie_makes_a_reader(url):
    async with Client(url, "sid=forged") as one, Client(url, 'sid="broken; =') as two:
        for client in (one, two):
            assert (await client.ask("message:send", saying("x")))["error"] == "AUTH_REQUIRED"


async def test_who_signs_out_elsewhere_is_a_reader_from_then_on(url, alice, database, chat_settings):
    async with Client(url, alice) as one:
        assert (await one.ask("message:send", saying("still me")))["ok"]
        async with Redis.from_url(chat_settings.redis_url) as redis:
            await sign_out(database, redis, alice.removeprefix("sid="))
        refused = await one.ask("message:send", saying("no longer me"))
        assert (refused["error"], refused["message"]) == (
            "AUTH_REQUIRED",
            "Your session has ended: sign in with your wallet again.",
        )
        assert (await one.ask("room:join", {"mint": MINT}))["ok"]


async def test_a_flood_of_events_is_slowed_down(url):
    async with Client(url) as one:
        answers = await asyncio.gather(*(one.ask("presence", {"mint": MINT}) for _ in range(80)))
        refused = [a for a in answers if not a["ok"]]
        assert refused
        assert all(a["error"] == "RATE_LIMITED" and a["retry_after_ms"] > 0 for a in refused)


async def test_who_writes_too_fast_is_told_when_to_go_on(start_server, room, alice):
    url, _ = await start_server(rate_limits=True)
    async with Client(url, alice) as one:
        answers = [await one.ask("message:send", saying(f"{n}")) for n in range(20)]
        refused = next(a for a in answers if not a["ok"])
        assert (refused["error"], refused["retry_after_ms"] > 0) == ("RATE_LIMITED", True)


async def test_an_address_may_not_hold_more_than_its_share_of_sockets(start_server, room):
    url, _ = await start_server(sockets_per_address=2)
    async with Client(url), Client(url):
        with pytest.raises(ConnectionRefusedError, match="Too many"):
            await Client(url).__aenter__()
    async with Client(url):
        pass


async def test_a_foreign_page_is_refused(url):
    with pytest.raises(Exception, match=r"400|403|rejected"):
        await Client(url, origin="https://evil.example").__aenter__()
