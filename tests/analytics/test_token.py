"""A token's analytics agree with what is counted by hand, trade by trade, outside of the database."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from launchpad.analytics import activity, depth, holders, leaderboard
from launchpad.chain import keys
from launchpad.tokens.errors import TokenNotFoundError
from tests.metrics.recount import gini_bps

TRADES = """SELECT *, extract(epoch FROM traded_at)::bigint AS time FROM trades WHERE mint = $1 AND counted
  ORDER BY position"""


async def facts(rows, mint):
    (token,) = await rows(
        "SELECT t.*, c.address, c.opened_at, c.price FROM tokens t JOIN curves c USING (mint) WHERE mint = $1", mint
    )
    pools = {row["address"] for row in await rows("SELECT address FROM pools WHERE mint = $1", mint)}
    held = await rows("SELECT * FROM holders WHERE mint = $1 ORDER BY balance DESC, owner DESC", mint)
    return token, pools, held, await rows(TRADES, mint)


async def test_shares_gini_and_the_lorenz_curve_are_those_of_the_balances(traded, database, rows):
    for one in traded.tokens:
        token, pools, held, _ = await facts(rows, one.mint)
        people = [
            int(row["balance"]) for row in held if row["balance"] and row["owner"] not in pools | {token["address"]}
        ]
        async with database.look() as look:
            found = await holders.distribution(look, one.mint)
        assert (found.holders, found.held) == (len(people), str(sum(people)))
        for count in (1, 10, 50):
            assert getattr(found, f"top_{count}_bps") == sum(people[:count]) * 10_000 // int(token["supply"])
        assert found.gini_bps == gini_bps(people)
        rising = people[::-1]
        for point in found.lorenz:
            wallets = -(-point.wallets_bps * len(people) // 10_000)
            assert point.held_bps == sum(rising[:wallets]) * 10_000 // sum(people)
        assert (found.lorenz[0].held_bps, found.lorenz[-1].held_bps) == (0, 10_000)


async def test_every_holder_has_the_role_that_its_first_trades_give_it(traded, database, rows):
    first = {
        row["owner"]: row["first"]
        for row in await rows("SELECT owner, min(first_trade_at) AS first FROM holders GROUP BY owner")
    }
    seen = set()
    for one in traded.tokens:
        token, pools, held, trades = await facts(rows, one.mint)
        buys = [trade for trade in trades if trade["side"] == "buy"][:300]
        snipers = {
            trade["trader"]
            for trade in buys
            if trade["slot"] <= token["slot"] + 10
            or (
                token["opened_at"] > token["launched_at"]
                and trade["traded_at"] <= token["opened_at"] + timedelta(seconds=4)
            )
        }

        def role(row, token=token, pools=pools, snipers=snipers):
            owner = row["owner"]
            fixed = {token["creator"]: "creator", token["address"]: "curve"} | dict.fromkeys(pools, "pool")
            if owner in fixed:
                return fixed[owner]
            if owner in snipers:
                return "sniper"
            fresh = row["first_trade_at"] and first[owner] >= row["first_trade_at"] - timedelta(minutes=10)
            return "fresh" if fresh else "other"

        async with database.look() as look:
            found = (await holders.distribution(look, one.mint)).largest
        expected = [(row["owner"], role(row), str(int(row["balance"]))) for row in held if row["balance"]][:100]
        assert [(holder.owner, holder.role, holder.balance) for holder in found] == expected
        seen |= {holder.role for holder in found}
    assert seen >= {"curve", "pool", "sniper"}


async def test_activity_counts_what_happened_in_each_bucket(traded, database, rows):
    for one in traded.tokens:
        *_, trades = await facts(rows, one.mint)
        async with database.look() as look:
            found = await activity.activity(look, one.mint, "1h")
        assert (len(found.data), found.step, found.counted_from) == (60, 60, found.data[0].time)
        buckets = defaultdict(list)
        for trade in trades:
            buckets[trade["time"] // 60 * 60].append(trade)
        for point in found.data:
            inside = buckets.pop(point.time, [])
            for side, many, who, volume in (
                ("buy", point.buys, point.buyers, point.buy_volume),
                ("sell", point.sells, point.sellers, point.sell_volume),
            ):
                own = [trade for trade in inside if trade["side"] == side]
                assert (many, who) == (len(own), len({trade["trader"] for trade in own}))
                assert volume == str(sum(trade["quote_amount"] for trade in own))
            assert (point.volume, point.trades) == (str(sum(t["quote_amount"] for t in inside)), len(inside))
            if inside:
                last = inside[-1]
                in_curve = last["venue"] == "curve"
                assert point.liquidity == str(last["quote_reserve"] if in_curve else 2 * int(last["virtual_quote"]))
        assert not buckets
        for name, side in (("buyers", "buy"), ("sellers", "sell")):
            assert getattr(found, name) == len({trade["trader"] for trade in trades if trade["side"] == side})


async def test_beyond_the_trades_that_are_read_only_candles_tell(traded, database, rows):
    mint = traded.tokens[1].mint
    *_, trades = await facts(rows, mint)
    async with database.look() as look:
        found = await activity.activity(look, mint, "1h", most=len(trades) // 2)
        whole = await activity.activity(look, mint, "1h")
    assert [(point.time, point.volume, point.trades) for point in found.data] == [
        (point.time, point.volume, point.trades) for point in whole.data
    ]
    for point, full in zip(found.data, whole.data, strict=True):
        assert point.buyers == (full.buyers if point.time >= found.counted_from else None)
    assert trades[0]["time"] < found.counted_from < trades[-1]["time"]


def by_hand(trades):
    """Cost and realised profit of a wallet's trades by average cost, with fees."""
    held = cost = realized = 0
    for trade in trades:
        fees = sum(trade[f"{kind}_fee"] for kind in ("protocol", "creator", "referrer", "launch", "liquidity"))
        base = int(trade["base_amount"])
        if trade["side"] == "buy":
            held, cost = held + base, cost + trade["quote_amount"] + fees
        else:
            part = min(base, held)
            gone = -(-cost * part // held) if held else 0
            held, cost, realized = held - part, cost - gone, realized + trade["quote_amount"] - fees - gone
    return held, cost, realized


async def test_traders_made_what_their_trades_come_to(traded, database, rows):
    for one in traded.tokens:
        token, _, held, trades = await facts(rows, one.mint)
        own = defaultdict(list)
        for trade in trades:
            own[trade["trader"]].append(trade)
        balances = {row["owner"]: int(row["balance"]) for row in held}
        async with database.look() as look:
            found = await leaderboard.traders(look, one.mint, "profit", 100)
        assert {row.wallet for row in found.data} == set(own)
        for row in found.data:
            known, cost, realized = by_hand(own[row.wallet])
            balance = balances[row.wallet]
            left = cost if balance >= known else -(-cost * balance // known)
            value = int(token["price"] * balance)
            assert (row.realized_pnl, row.unrealized_pnl) == (str(realized), str(value - left))
            assert (row.balance, row.value, row.exact) == (str(balance), str(value), True)
            assert row.bought == str(sum(int(t["base_amount"]) for t in own[row.wallet] if t["side"] == "buy"))
        results = [int(row.realized_pnl) + int(row.unrealized_pnl) for row in found.data]
        assert results == sorted(results, reverse=True)


async def test_traders_come_in_the_order_asked_for(traded, database):
    orders = {
        "loss": lambda row: int(row.realized_pnl) + int(row.unrealized_pnl),
        "bought": lambda row: -int(row.spent),
        "sold": lambda row: -int(row.received),
        "held": lambda row: -int(row.balance),
    }
    async with database.look() as look:
        for order, key in orders.items():
            every = (await leaderboard.traders(look, traded.tokens[0].mint, order, 100)).data
            few = (await leaderboard.traders(look, traded.tokens[0].mint, order, 3)).data
            assert [key(row) for row in every] == sorted(key(row) for row in every), order
            assert few == every[:3]


async def test_who_trades_too_often_is_told_by_one_average(traded, database):
    mint = traded.tokens[0].mint
    async with database.look() as look:
        exact = {row.wallet: row for row in (await leaderboard.traders(look, mint, "bought", 100)).data}
        rough = (await leaderboard.traders(look, mint, "bought", 100, most=3)).data
    assert {row.exact for row in rough} == {True, False}
    for row in rough:
        if row.exact:
            assert row == exact[row.wallet]
            continue
        spent, bought, sold = int(row.spent), int(row.bought), int(row.sold)
        cost = -(-spent * min(sold, bought) // bought)
        assert int(row.realized_pnl) == int(row.received) - cost


async def test_buys_along_the_curve_bring_what_constant_products_say(traded, database, rows):
    for one in traded.tokens[1:]:
        (curve,) = await rows("SELECT * FROM curves WHERE mint = $1", one.mint)
        async with database.look() as look:
            found = await depth.depth(look, one.mint)
        assert (found.venue, found.trading, found.fee_bps) == ("curve", True, 80)
        base, quote = Decimal(curve["virtual_base"]), Decimal(curve["virtual_quote"])
        for asked, step in zip((1, 5, 10, 25, 50), found.steps, strict=True):
            amount = Decimal(step.lamports) * 10_000 / 10_080
            got = base - base * quote / (quote + amount)
            assert Decimal(step.base_amount) == pytest.approx(got, rel=Decimal("1e-8"))
            assert Decimal(step.lamports) == pytest.approx(asked * 10**9, rel=Decimal("1e-6"))
            price = (quote + amount) ** 2 / (base * quote)
            assert Decimal(step.price_after_sol) == pytest.approx(price, rel=Decimal("1e-6"))
            change = int((price * base / quote - 1) * 10_000)
            assert abs(step.price_change_bps - change) <= 1
        assert found.to_graduation.completes
        assert int(found.to_graduation.base_amount) == int(curve["sale_supply"]) - int(curve["sold"])
        left = curve["raise_target"] - curve["quote_reserve"]
        assert int(found.to_graduation.lamports) == pytest.approx(left * 1.008, rel=1e-6)
        assert found.points[-1].price_sol == found.to_graduation.price_after_sol
        prices = [Decimal(point.price_sol) for point in found.points]
        assert prices == sorted(prices)


async def test_after_graduation_depth_is_that_of_the_pool(traded, database, rows):
    mint = traded.tokens[0].mint
    (pool,) = await rows("SELECT * FROM pools WHERE mint = $1", mint)
    async with database.look() as look:
        found = await depth.depth(look, mint)
    assert (found.venue, found.trading, found.to_graduation) == ("amm", True, None)
    assert found.liquidity == str(2 * pool["quote_reserve"])
    assert found.fee_bps > 0
    base, quote = Decimal(pool["base_reserve"]), Decimal(pool["quote_reserve"])
    for step in found.steps:
        amount = Decimal(step.lamports) * 10_000 / (10_000 + found.fee_bps)
        assert Decimal(step.base_amount) == pytest.approx(base * amount / (quote + amount), rel=Decimal("1e-8"))
        assert not step.completes


async def test_a_curve_with_little_left_is_bought_out_by_a_large_buy(traded, database, connection):
    mint = traded.tokens[1].mint
    await connection.execute("UPDATE curves SET sold = sale_supply - 10 ^ 15 WHERE mint = $1", mint)
    async with database.look() as look:
        found = await depth.depth(look, mint)
    assert found.steps[-1].completes
    assert found.steps[-1].lamports == found.to_graduation.lamports
    assert found.steps[-1].base_amount == str(10**15)


async def test_what_does_not_trade_has_no_depth(traded, database, connection):
    changes = ("status = 'complete'", "opened_at = now() + interval '1 hour'", "deadline = now()")
    for token, change in zip(traded.tokens[1:], changes, strict=True):
        await connection.execute(f"UPDATE curves SET {change} WHERE mint = $1", token.mint)  # noqa: S608 - fixed text
        async with database.look() as look:
            found = await depth.depth(look, token.mint)
        assert (found.trading, found.steps, found.points) == (False, [], []), change


async def test_a_launch_fee_makes_buys_bring_less(traded, database, connection):
    mint = traded.tokens[1].mint
    async with database.look() as look:
        before = await depth.depth(look, mint)
    sale = '{"launch_fee": {"start_bps": 2000, "seconds": 600, "half_life": 0}}'
    await connection.execute("INSERT INTO sale_terms (address, sale) VALUES ('terms', $1::text::jsonb)", sale)
    await connection.execute("UPDATE curves SET terms = 'terms', opened_at = now() WHERE mint = $1", mint)
    async with database.look() as look:
        after = await depth.depth(look, mint)
    assert 80 + 1900 < after.fee_bps <= 80 + 2000
    assert int(after.steps[0].base_amount) < int(before.steps[0].base_amount)


async def test_risks_come_with_what_they_are_judged_by(traded, database, rows):
    mint = traded.tokens[1].mint
    (figures,) = await rows("SELECT * FROM token_metrics WHERE mint = $1", mint)
    async with database.look() as look:
        found = await holders.risk_report(look, mint)
    assert "LITTLE_LIQUIDITY" in {risk.code for risk in found.risk}
    assert found.sniper_bps == figures["sniper_bps"] > 0
    assert found.as_of == figures["updated_at"]


async def test_an_unknown_token_is_not_found(database):
    nobody = keys.address_of(keys.generate())
    async with database.look() as look:
        for asked in (
            holders.distribution(look, nobody),
            holders.risk_report(look, nobody),
            activity.activity(look, nobody, "24h"),
            depth.depth(look, nobody),
            leaderboard.traders(look, nobody, "profit", 10),
        ):
            with pytest.raises(TokenNotFoundError):
                await asked
