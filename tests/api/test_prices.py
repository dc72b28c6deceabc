"""What SOL costs, and who is king by it, through the API."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from launchpad.prices import queries


async def test_the_price_of_sol_is_told_with_its_source_and_age(api, database):
    nothing = (await api.get("/api/prices/sol")).json()
    assert nothing == {"price_usd": None, "last_usd": None, "as_of": None, "source": None, "stale": True}
    async with database.session() as session:
        await queries.save(session, Decimal("151.25"), datetime.now(UTC) - timedelta(seconds=90), "test")
    stale = (await api.get("/api/prices/sol?fresh=1")).json()
    assert (stale["price_usd"], stale["last_usd"], stale["source"], stale["stale"]) == (None, "151.25", "test", True)


async def test_nobody_is_king_of_an_empty_hill(api):
    answer = (await api.get("/api/v1/king")).json()
    assert answer == {"king": None, "reached_at": None, "from_usd": 30_000, "to_usd": 69_000}


async def test_a_token_has_its_figures_and_lists_go_by_its_score(market):
    token = await market.get(f"/api/v1/tokens/{market.mint}")
    assert set(token["metrics"]) == {"1m", "5m", "15m", "1h", "6h", "24h"}
    day = token["metrics"]["24h"]
    assert day["trades"] == day["buys"] + day["sells"] >= 4
    assert "LITTLE_LIQUIDITY" in {risk["code"] for risk in token["risk"]}
    assert token["holders_distribution"]["holders"] >= 1
    listed = await market.get("/api/v1/tokens", sort="score", limit=2)
    scores = [Decimal(row["score"]) for row in listed["data"]]
    assert scores == sorted(scores, reverse=True)
