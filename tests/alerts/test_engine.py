"""Rules fire once for each thing that they wait for, whatever happens in between."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from launchpad.alerts import firing, service
from launchpad.alerts.engine import AlertEngine
from launchpad.alerts.schemas import ChangeAlert
from launchpad.amounts import price_in_sol
from launchpad.metrics.follower import Follower
from tests.telling import number

from .conftest import OTHER, OWNER

SERIES = """SELECT t.*, k.decimals, k.creator FROM trades t JOIN tokens k ON k.mint = t.mint
  WHERE t.mint = $1 AND t.counted ORDER BY t.position"""


async def series(connection, mint):
    """Every trade of a token, prices as SOL per token."""
    rows = [dict(row) for row in await connection.fetch(SERIES, mint)]
    for row in rows:
        row["sol_price"] = price_in_sol(row["price"], row["decimals"])
    return rows


@pytest.fixture
async def mint(connection, trades, tell, engine):
    """A token on its curve, with fifty trades of the market behind it."""
    await tell(trades[:50])
    await engine.run()
    return await connection.fetchval(
        "SELECT mint FROM curves WHERE status = 'trading' ORDER BY trade_count DESC, mint LIMIT 1"
    )


async def middle_price(connection, mint, trades, tell):
    """A price that later trades cross several times: it is looked for in a world that is rolled back."""
    transaction = connection.transaction()
    await transaction.start()
    from launchpad.indexer.fold import fold  # noqa: PLC0415 - here alone

    await fold(connection, list(trades), 0)
    prices = sorted(row["sol_price"] for row in (await series(connection, mint))[-40:])
    await transaction.rollback()
    return prices[len(prices) // 2].quantize(Decimal("1e-18"))


def crossings(before, rows, threshold, *, above):
    """By the slow way: after which trades a price is beyond the threshold that was not before."""
    found, last = [], before
    for row in rows:
        price = row["sol_price"]
        beyond = price >= threshold if above else price <= threshold
        was = last >= threshold if above else last <= threshold
        if beyond and not was:
            found.append(row["signature"])
        last = price
    return found


@pytest.mark.parametrize("kind", ["price_above", "price_below"])
async def test_a_price_rule_fires_on_each_crossing_and_not_on_each_trade_beyond(
    kind, mint, trades, tell, engine, add_rule, alerts_of, connection
):
    threshold = await middle_price(connection, mint, trades[50:], tell)
    known = await series(connection, mint)
    await add_rule(type=kind, mint=mint, threshold=f"{threshold:f}", unit="sol", repeats=True)
    for start in range(50, 400, 35):
        await tell(trades[start : start + 35])
        await engine.run()
    later = (await series(connection, mint))[len(known) :]
    wanted = crossings(known[-1]["sol_price"], later, threshold, above=kind == "price_above")
    assert [alert.trade["signature"] for alert in await alerts_of()] == wanted
    assert 1 <= len(wanted) < len(later)


async def test_a_whale_is_told_with_its_trade_and_others_are_not(
    mint, trades, tell, engine, add_rule, alerts_of, connection
):
    await add_rule(type="whale_trade", mint=mint, threshold="0.02", unit="sol", repeats=True)
    await add_rule(owner=OTHER, type="whale_trade", mint=mint, threshold="1000000", unit="sol", repeats=True)
    known = len(await series(connection, mint))
    await tell(trades[50:])
    assert await engine.run()
    wanted = [row for row in (await series(connection, mint))[known:] if row["quote_amount"] >= 2 * 10**7]
    found = await alerts_of()
    assert [alert.trade["signature"] for alert in found] == [row["signature"] for row in wanted]
    assert [Decimal(alert.value) for alert in found] == [Decimal(row["quote_amount"]).scaleb(-9) for row in wanted]
    assert found[0].type == "whale_trade"
    assert found[0].user_id == OWNER
    assert "for " in found[0].message
    assert len(wanted) < len(await series(connection, mint)) - known
    assert await alerts_of(OTHER) == []


async def test_dollars_need_a_fresh_price_of_sol(mint, trades, tell, engine, add_rule, alerts_of, price_sol):
    await add_rule(type="whale_trade", mint=mint, threshold="0.1", unit="usd", repeats=True)
    await price_sol(Decimal(150), datetime.now(UTC) - timedelta(minutes=5))
    await tell(trades[50:200])
    assert await engine.run() == 0
    await price_sol(Decimal(150), datetime.now(UTC))
    await tell(trades[200:])
    assert await engine.run()
    assert " for $" in (await alerts_of())[0].message


async def test_a_price_in_dollars_moves_with_sol_too(mint, tell, engine, add_rule, alerts_of, price_sol, connection):
    await price_sol(Decimal(100), datetime.now(UTC) - timedelta(seconds=1))
    price = (await series(connection, mint))[-1]["sol_price"]
    await add_rule(type="price_above", mint=mint, threshold=f"{price * 110:.18f}", unit="usd")
    await tell()
    assert await engine.run() == 0
    await price_sol(Decimal(120), datetime.now(UTC))
    assert await engine.run() == 1
    [alert] = await alerts_of()
    assert alert.trade is None
    assert Decimal(alert.value) == pytest.approx(price * 120)


async def test_the_other_kinds_of_trades_are_told(mint, trades, tell, engine, add_rule, alerts_of, connection):
    creator = await connection.fetchval("SELECT creator FROM tokens WHERE mint = $1", mint)
    await add_rule(type="new_holder", creator=creator, repeats=True)
    await add_rule(owner=OTHER, type="creator_sells", mints=[mint], repeats=True)
    known = len(await series(connection, mint))
    held = {row["owner"] for row in await connection.fetch("SELECT owner FROM holders WHERE mint = $1", mint)}
    await tell(trades[50:])
    await engine.run()
    rows = (await series(connection, mint))[known:]
    firsts = {row["trader"] for row in rows if row["side"] == "buy"} - held
    told = [alert for alert in await alerts_of() if alert.mint == mint]
    assert firsts <= {alert.trade["trader"] for alert in told}
    assert {alert.trade["side"] for alert in told} <= {"buy"}
    sold = [row["signature"] for row in rows if row["trader"] == row["creator"] and row["side"] == "sell"]
    assert [alert.trade["signature"] for alert in await alerts_of(OTHER)] == sold


async def test_graduation_is_told_once(trades, market, tell, engine, add_rule, alerts_of, connection, database):
    mints = [row["mint"] for row in await connection.fetch("SELECT mint FROM tokens")]
    await add_rule(type="graduation", mints=mints)
    graduated = {
        "mint": mints[0],
        "pool": "P",
        "venue": "amm",
        "base_amount": "1",
        "quote_amount": "1",
        "burned": "0",
        "graduated_at": "2026-01-01T00:00:00.000Z",
        "signature": "s",
    }
    from launchpad import live  # noqa: PLC0415 - here alone

    for _ in range(2):
        async with database.session() as session:
            await live.publish(session, live.TokenGraduated(**graduated))
        await tell()
        await engine.run()
    [alert] = await alerts_of()
    assert (alert.mint, alert.type) == (mints[0], "graduation")


async def test_a_trade_above_the_usual_is_a_spike(
    mint, trades, tell, engine, add_rule, alerts_of, connection, alert_settings, database
):
    follower = Follower(alert_settings, database)
    await tell(trades[50:300])
    await follower.run()
    await follower.close()
    await engine.run()
    usual = await connection.fetchrow(
        "SELECT volume_24h, buys_24h + sells_24h AS trades FROM token_metrics WHERE mint = $1", mint
    )
    await add_rule(type="volume_spike", mint=mint, multiplier="2", repeats=True)
    known = len(await series(connection, mint))
    await tell(trades[300:])
    await engine.run()
    average = Decimal(usual["volume_24h"]) / usual["trades"]
    wanted = [
        row["signature"] for row in (await series(connection, mint))[known:] if row["quote_amount"] >= 2 * average
    ]
    assert [alert.trade["signature"] for alert in await alerts_of()] == wanted
    assert wanted


async def test_moves_of_price_and_liquidity_are_told_by_the_stored_figures(
    mint, trades, tell, engine, add_rule, alerts_of, connection, alert_settings, database
):
    follower = Follower(alert_settings, database)
    await follower.run()
    await add_rule(type="liquidity_change", mint=mint, threshold="5", repeats=True)
    await add_rule(type="price_change", mint=mint, threshold="5", window="24h", repeats=True)
    await connection.execute("UPDATE token_metrics SET change_bps_24h = 100")
    engine._figures_at = None
    await engine.run()
    assert await alerts_of() == []
    await connection.execute(
        "UPDATE token_metrics SET change_bps_24h = -700, liquidity = liquidity * 2, updated_at = now() WHERE mint = $1",
        mint,
    )
    for _ in range(2):
        engine._figures_at = None
        await engine.run()
    await follower.close()
    found = {alert.type: alert for alert in await alerts_of()}
    assert len(await alerts_of()) == 2
    assert Decimal(found["price_change"].value) == Decimal(-7)
    assert found["price_change"].window == "24h"
    assert Decimal(found["liquidity_change"].value) == Decimal(100)


async def test_a_rule_fires_once_unless_it_repeats_and_then_rests(
    mint, trades, tell, engine, add_rule, alerts_of, database
):
    once = await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol")
    rests = await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol", repeats=True, cooldown=600)
    await tell(trades[50:200])
    await engine.run()
    await tell(trades[200:])
    await engine.run()
    assert sorted(alert.rule_id for alert in await alerts_of()) == sorted([once.id, rests.id])
    async with database.read() as session:
        rules = {rule.id: rule for rule in (await service.list_rules(session, OWNER)).data}
    assert (rules[once.id].status, rules[once.id].fired) == ("off", 1)
    assert (rules[rests.id].status, rules[rests.id].fired) == ("active", 1)


async def test_a_rule_that_is_over_or_removed_or_switched_off_is_silent(
    mint, trades, tell, engine, add_rule, alerts_of, database
):
    rules = [await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol") for _ in range(3)]
    await tell()
    await engine.run()
    async with database.session() as session:
        await service.remove_rule(session, OWNER, rules[0].id)
        await service.change_rule(session, OWNER, rules[1].id, ChangeAlert(enabled=False))
        past = {"id": rules[2].id}
        await session.execute(
            text("UPDATE alert_rules SET expires_at = now(), changed_at = clock_timestamp() WHERE id = :id"), past
        )
    await tell(trades[50:])
    assert await engine.run() == 0
    assert len(engine.book) == 0
    assert await alerts_of() == []


async def test_a_crash_before_the_commit_loses_nothing_and_repeats_nothing(
    mint, trades, tell, engine, add_rule, alerts_of, database, monkeypatch, connection
):
    await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol", repeats=True)
    known = len(await series(connection, mint))
    await tell(trades[50:200])
    with monkeypatch.context() as broken:
        broken.setattr(firing.store, "note_fired", _die)
        with pytest.raises(ConnectionResetError):
            await engine.run()
    assert await alerts_of() == []
    await engine.run()
    # Another process takes over, and the first one comes back after it.
    other = AlertEngine(database)
    await tell(trades[200:300])
    await other.run()
    await tell(trades[300:])
    await engine.run()
    await other.run()
    wanted = [row["signature"] for row in (await series(connection, mint))[known:]]
    assert [alert.trade["signature"] for alert in await alerts_of()] == wanted


async def _die(*_, **__):
    raise ConnectionResetError


async def test_a_position_that_falls_back_repeats_nothing(mint, trades, tell, engine, add_rule, alerts_of, connection):
    await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol", repeats=True)
    before = await connection.fetchrow("SELECT * FROM alert_positions")
    await tell(trades[50:])
    await engine.run()
    fired = await alerts_of()
    await connection.execute(
        "UPDATE alert_positions SET published_at = $1, outbox_id = $2", before["published_at"], before["outbox_id"]
    )
    await engine.run()
    assert await alerts_of() == fired
    assert len(fired) > 10


async def test_two_who_evaluate_at_once_raise_each_alert_once(
    mint, trades, tell, engine, add_rule, alerts_of, database, connection
):
    await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol", repeats=True)
    known = len(await series(connection, mint))
    engines = [engine, AlertEngine(database), AlertEngine(database)]
    for start in range(50, 400, 50):
        await tell(trades[start : start + 50])
        await asyncio.gather(*(each.run() for each in engines))
    await engine.run()
    assert len(await alerts_of()) == len(await series(connection, mint)) - known


async def test_the_owner_alone_is_told_live(mint, trades, tell, engine, add_rule, connection):
    await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol")
    await tell(trades[50:])
    await engine.run()
    await number(connection)
    rows = await connection.fetch("SELECT channel, type FROM outbox WHERE type = 'alert.triggered'")
    assert [tuple(row) for row in rows] == [(f"user:{OWNER}", "alert.triggered")]


async def test_a_new_token_of_a_creator_is_followed_from_its_first_trade(
    market, tell, engine, add_rule, alerts_of, connection, trades
):
    creator = "Creator1111111111111111111111111111111111111"
    await add_rule(type="whale_trade", creator=creator, threshold="0.000001", unit="sol")
    await engine.run()
    mint = await connection.fetchval("SELECT mint FROM tokens ORDER BY mint LIMIT 1")
    await connection.execute("UPDATE tokens SET creator = $1, launched_at = now() WHERE mint = $2", creator, mint)
    await tell(trades)
    await engine.run()
    assert [alert.mint for alert in await alerts_of()] == [mint]
