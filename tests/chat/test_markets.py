from launchpad import live

from .client import Client
from .conftest import MINT

OTHER = "0ther11111111111111111111111111111111111111".replace("0", "Q")


def completed(mint: str = MINT) -> live.CurveCompleted:
    return live.CurveCompleted(mint=mint, quote_reserve="1", completed_at="2026-01-01T00:00:00Z")


async def tell(database, *events: live.LiveEvent) -> None:
    async with database.session() as session:
        await live.publish(session, *events)


async def test_a_token_follower_hears_that_token_and_a_market_follower_hears_all(url, database):
    async with Client(url) as one, Client(url) as market:
        ack = await one.ask("subscribe:token", {"mint": MINT})
        assert ack == {"ok": True, "head": 0, "events": [], "more": False, "resync": False}
        await market.ask("subscribe:market")
        await tell(database, completed(OTHER), completed(MINT))
        await market.until(lambda _: len(market.live("curve.completed")) == 2)
        [heard] = await one.until(lambda _: one.live("curve.completed"))
        assert (heard["channel"], heard["seq"], heard["data"]["mint"]) == (f"token:{MINT}", 1, MINT)


async def test_a_late_follower_gets_what_was_missed(url, database):
    async with Client(url) as early, Client(url) as late:
        await early.ask("subscribe:token", {"mint": MINT})
        await tell(database, *(completed() for _ in range(5)))
        await early.until(lambda _: len(early.live("curve.completed")) == 5)
        ack = await late.ask("subscribe:token", {"mint": MINT, "after": 3})
        assert (ack["head"], len(ack["events"]), ack["more"]) == (5, 2, False)


async def test_who_can_be_told_what_he_missed_gets_no_snapshot(url, database):
    async with Client(url) as early, Client(url) as late:
        await early.ask("subscribe:token", {"mint": MINT})
        await tell(database, completed())
        await early.until(lambda _: early.live("curve.completed"))
        ack = await late.ask("subscribe:token", {"mint": MINT, "after": 0})
        assert (ack["head"], len(ack["events"]), ack["resync"]) == (1, 1, False)
        assert late.events == []


async def test_a_position_of_another_history_is_answered_with_the_state(url, database):
    async with Client(url) as early, Client(url) as late:
        await early.ask("subscribe:market", {})
        await tell(database, completed())
        await early.until(lambda _: early.live("curve.completed"))
        ack = await late.ask("subscribe:market", {"after": 99})
        assert ack == {"ok": True, "head": 1, "events": [], "more": False, "resync": True}
        await tell(database, completed())
        heard = await late.until(lambda _: (told := late.live("curve.completed")) and told[-1]["seq"] == 2 and told)
        name, state = late.events[0]
        assert name == "market:snapshot"
        assert [event["seq"] for event in heard] == list(range(state["head"] + 1, 3))


async def test_unsubscribing_ends_the_events(url, database):
    async with Client(url) as one, Client(url) as other:
        for client in (one, other):
            await client.ask("subscribe:token", {"mint": MINT})
            await client.ask("subscribe:market", {})
        await one.ask("unsubscribe:token", {"mint": MINT})
        await one.ask("unsubscribe:market", {})
        await tell(database, completed())
        await other.until(lambda _: len(other.live("curve.completed")) == 2)
        await one.ask("presence", {"mint": MINT})
        assert one.live("curve.completed") == []


async def test_nobody_searches_faster_than_people_type(url):
    async with Client(url) as hasty:
        acks = [await hasty.ask("search:tokens", {"query": "dog"}) for _ in range(8)]
        assert acks[0]["ok"]
        assert any(ack.get("error") == "RATE_LIMITED" and ack["retry_after_ms"] > 0 for ack in acks)


async def test_a_bare_text_is_the_mint_or_what_is_searched_for(url, database):
    async with Client(url) as plain:
        ack = await plain.ask("subscribe:token", MINT)
        assert (ack["ok"], ack["head"]) == (True, 0)
        assert [name for name, _ in plain.events] == ["token:snapshot", "token:history"]
        await tell(database, completed())
        await plain.until(lambda _: plain.live("curve.completed"))
        assert (await plain.ask("unsubscribe:token", MINT))["ok"]
        assert (await plain.ask("search:tokens", "ROOM"))["ok"]
        assert (await plain.ask("subscribe:token", "nonsense"))["error"] == "INVALID"
        assert (await plain.ask("subscribe:market", "nonsense"))["error"] == "INVALID"
