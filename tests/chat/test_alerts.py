"""A person hears the alerts of the wallet that is signed in, and of no other."""

import json

from launchpad import live

from .client import Client
from .conftest import ALICE, BOB, MINT


async def test_alerts_reach_their_owner_alone_and_are_caught_up(url, cookie_of, database):
    async def fire(number):
        names = ("value", "threshold", "unit", "window", "trade")
        alert = live.AlertTriggered(
            mint=MINT, owner=ALICE, id=str(number), rule_id="r", rule_type="graduation", symbol="ROOM",
            message="up", happened_at="2026-11-21T00:00:00.000Z", **dict.fromkeys(names),
        )  # fmt: skip
        async with database.session() as session:
            await live.publish(session, alert)

    alice, bob = await cookie_of(ALICE), await cookie_of(BOB)
    async with Client(url, alice) as mine, Client(url, bob) as other, Client(url) as guest:
        joined = await mine.ask("subscribe:alerts", {})
        assert (joined["ok"], joined["channel"]) == (True, f"user:{ALICE}")
        assert (await other.ask("subscribe:alerts", {}))["channel"] == f"user:{BOB}"
        assert (await guest.ask("subscribe:alerts", {}))["error"] == "AUTH_REQUIRED"
        await fire(1)
        await mine.until(lambda _: mine.live("alert.triggered"))
        [told] = mine.live("alert.triggered")
        assert (told["channel"], told["data"]["id"]) == (f"user:{ALICE}", "1")
        assert (await mine.ask("unsubscribe:alerts", {}))["ok"]
        await fire(2)
        missed = (await mine.ask("subscribe:alerts", {"after": told["seq"]}))["events"]
        known = {json.loads(event)["data"]["id"] for event in missed}
        await mine.until(lambda _: known | {each["data"]["id"] for each in mine.live("alert.triggered")} == {"1", "2"})
        assert other.live("alert.triggered") == []
