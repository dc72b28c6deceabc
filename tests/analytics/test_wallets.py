"""A wallet is what its trades make it, counted by hand over all tokens."""

from collections import defaultdict

import pytest

from launchpad.analytics import wallets
from launchpad.chain import keys
from tests.analytics.test_token import by_hand
from tests.conftest import make_settings


@pytest.fixture
def settings(database_url):
    return make_settings(database_url=database_url)


async def test_what_a_wallet_made_is_what_its_trades_come_to(traded, database, rows, settings):
    prices = {row["mint"]: row["price"] for row in await rows("SELECT mint, price FROM curves")}
    for wallet in traded._traders[:6]:
        own = defaultdict(list)
        for trade in await rows("SELECT * FROM trades WHERE trader = $1 ORDER BY position", wallet):
            own[trade["mint"]].append(trade)
        held = await rows("SELECT mint, balance FROM holders WHERE owner = $1", wallet)
        results = {mint: by_hand(trades) for mint, trades in own.items()}
        async with database.read() as session, database.look() as look:
            found = await wallets.view(session, look, settings, wallet)
            made = await wallets.pnl(session, settings, wallet, "24h", 200)
        assert found.totals == made.totals
        assert int(found.totals.realized_pnl) == sum(realized for _, _, realized in results.values())
        assert int(found.totals.value) == sum(int(prices[row["mint"]] * row["balance"]) for row in held)
        assert found.totals.won == sum(realized > 0 for _, _, realized in results.values())
        assert found.totals.lost == sum(realized < 0 for _, _, realized in results.values())
        assert found.trades == sum(map(len, own.values()))
        assert found.tokens_traded == len(own)
        every = [trade["traded_at"] for trades in own.values() for trade in trades]
        assert (found.first_seen, found.last_trade_at) == (min(every), max(every))
        assert {position.mint: int(position.realized_pnl) for position in made.data} == {
            mint: realized for mint, (_, _, realized) in results.items()
        }
        assert made.history[-1].realized_pnl == found.totals.realized_pnl


async def test_labels_say_what_was_sniped_and_what_is_held(traded, database, rows):
    tokens = await rows("SELECT t.*, c.address FROM tokens t JOIN curves c USING (mint)")
    sniped = set()
    for token in tokens:
        early = await rows(
            """SELECT trader, slot FROM trades WHERE mint = $1 AND counted AND side = 'buy'
               ORDER BY position LIMIT 300""",
            token["mint"],
        )
        sniped |= {(row["trader"], token["mint"]) for row in early if row["slot"] <= token["slot"] + 10}
    large = {
        (row["owner"], row["mint"])
        for row in await rows("SELECT h.* FROM holders h JOIN tokens t USING (mint) WHERE balance * 100 >= supply")
    }
    found = {"sniper": set(), "large_holder": set(), "creator": set(), "bundler": set()}
    people = {*traded._traders, *(token["creator"] for token in tokens)}
    async with database.look() as look:
        for wallet in people:
            for label in (await wallets.facts(look, wallet)).labels:
                found[label.kind].add((wallet, label.mint))
    assert found["sniper"] == sniped
    assert found["large_holder"] == {pair for pair in large if pair[0] in people}
    assert found["creator"] == {(token["creator"], token["mint"]) for token in tokens}
    assert sniped


async def test_a_creator_is_seen_from_the_launch_on(traded, database, rows):
    (token,) = await rows("SELECT * FROM tokens WHERE mint = $1", traded.tokens[1].mint)
    async with database.look() as look:
        found = await wallets.facts(look, token["creator"])
    assert (found.first_seen, found.launched, found.trades, found.last_trade_at) == (token["launched_at"], 1, 0, None)


async def test_a_wallet_that_was_never_seen_is_told_as_nothing(database, settings):
    nobody = keys.address_of(keys.generate())
    async with database.read() as session, database.look() as look:
        found = await wallets.view(session, look, settings, nobody)
    assert (found.first_seen, found.trades, found.labels, found.totals.positions) == (None, 0, [], 0)
