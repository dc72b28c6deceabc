"""The aggregator's HTTP interface: its documented shapes, its errors, and answers that make no sense."""

from decimal import Decimal

import pytest

from launchpad.chain import keys
from launchpad.dex.aggregator import Aggregator
from launchpad.dex.errors import AggregatorAwayError, AggregatorBusyError, NoRouteError
from launchpad.dex.routing import Trade, choose
from launchpad.processes import free_port
from tests.dex import standin
from tests.dex.standin import quote_body

SOL_MINT = "So11111111111111111111111111111111111111112"
MINT = keys.address_of(keys.generate())
WALLET = keys.address_of(keys.generate())


@pytest.fixture
def ask():
    """`await ask(answer)`: a quote of an aggregator that gives this answer; more options go to the quote."""

    async def asking(answer, *, amount=10**8, slippage_bps=100, mode="ExactIn", headers=""):
        async def quote(params):
            return answer(params) if callable(answer) else answer

        async with standin.Aggregator(quote, more_headers=headers) as server:
            client = Aggregator(server.url, "secret")
            try:
                return await client.quote(SOL_MINT, MINT, amount, slippage_bps, mode)
            finally:
                await client.close()
                asking.asked = server.asked

    return asking


async def test_a_quote_is_asked_for_and_read_as_documented(ask):
    quote = await ask(lambda params: (200, quote_body(params, 5_000)))
    assert (quote.amount_in, quote.amount_out, quote.worst) == (10**8, 5_000, 4_950)
    assert (quote.worst_in, quote.worst_out, quote.impact) == (10**8, 4_950, Decimal("0.0001"))
    assert [(hop.label, hop.amount_out) for hop in quote.hops] == [("Raydium CP", 5_000)]
    ((path, headers, _),) = ask.asked
    assert path == "GET /swap/v1/quote"
    assert headers["x-api-key"] == "secret"


async def test_an_exact_output_limits_what_is_paid(ask):
    quote = await ask(lambda params: (200, quote_body(params, 7_000)), mode="ExactOut")
    assert (quote.amount_in, quote.amount_out, quote.worst_in, quote.worst_out) == (7_000, 10**8, 7_070, 10**8)


async def test_a_swap_sends_the_quote_back_unchanged():
    async def quote(params):
        return 200, quote_body(params, 5_000, somethingNew={"a": [1]})

    async def swap(_):
        return 200, {"swapTransaction": "AQAB", "lastValidBlockHeight": 77, "prioritizationFeeLamports": 5}

    async with standin.Aggregator(quote, swap) as server:
        client = Aggregator(server.url)
        found = await client.quote(SOL_MINT, MINT, 10**8, 100)
        built = await client.swap(found, WALLET)
        await client.close()
    assert (built.transaction, built.last_valid_block_height) == ("AQAB", 77)
    _, headers, body = server.asked[1]
    assert body["quoteResponse"]["somethingNew"] == {"a": [1]}
    assert (body["userPublicKey"], body["wrapAndUnwrapSol"]) == (WALLET, True)
    assert "x-api-key" not in headers


@pytest.mark.parametrize("answer", [{}, {"swapTransaction": 5, "lastValidBlockHeight": 1}, {"swapTransaction": "A"}])
async def test_a_swap_that_is_none_is_refused(answer):
    async def quote(params):
        return 200, quote_body(params, 5_000)

    async def swap(_):
        return 200, answer

    async with standin.Aggregator(quote, swap) as server:
        client = Aggregator(server.url)
        found = await client.quote(SOL_MINT, MINT, 10**8, 100)
        with pytest.raises(AggregatorAwayError, match="no shape"):
            await client.swap(found, WALLET)
        await client.close()


@pytest.mark.parametrize("code", ["NO_ROUTES_FOUND", "COULD_NOT_FIND_ANY_ROUTE", "TOKEN_NOT_TRADABLE"])
async def test_no_route_is_told_as_such(ask, code):
    with pytest.raises(NoRouteError, match="no route"):
        await ask((400, {"error": "No routes found", "errorCode": code}))


async def test_other_refusals_repeat_what_was_said(ask):
    with pytest.raises(AggregatorAwayError, match="cannot parse slippage"):
        await ask((400, {"error": "cannot parse slippage"}))


@pytest.mark.parametrize(
    ("headers", "wait"), [("retry-after: 7\r\n", 7_000), ("", 1_000), ("retry-after: soon\r\n", 1_000)]
)
async def test_too_many_requests_say_when_to_come_back(ask, headers, wait):
    with pytest.raises(AggregatorBusyError) as caught:
        await ask((429, {"message": "Too many requests"}), headers=headers)
    assert caught.value.details["retry_after_ms"] == wait


@pytest.mark.parametrize("answer", [(500, {}), (503, {"message": "down"}), (401, {"message": "Unauthorized"})])
async def test_a_failing_aggregator_is_away(ask, answer):
    with pytest.raises(AggregatorAwayError, match=f"HTTP {answer[0]}"):
        await ask(answer)


@pytest.mark.parametrize(
    "changes",
    [
        {"outAmount": "-5"},
        {"outAmount": "1.5"},
        {"outAmount": 5_000},
        {"outAmount": str(2**64)},
        {"inAmount": "99"},
        {"outputMint": SOL_MINT},
        {"swapMode": "ExactOut"},
        {"otherAmountThreshold": None},
        {"priceImpactPct": "much"},
        {"routePlan": [{}]},
        {"routePlan": None},
    ],
    ids=str,
)
async def test_an_answer_to_something_else_is_not_believed(ask, changes):
    with pytest.raises(AggregatorAwayError, match="no shape"):
        await ask(lambda params: (200, quote_body(params, 5_000) | changes))


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"null", b'"text"', b"x" * 1_100_000], ids=["html", "list", "null", "text", "huge"]
)
async def test_what_is_no_object_is_not_believed(ask, body):
    with pytest.raises(AggregatorAwayError, match="no shape"):
        await ask((200, body))


@pytest.mark.parametrize(("mode", "worst"), [("ExactIn", "4000"), ("ExactOut", "6000")])
async def test_more_slippage_than_was_asked_for_is_refused(ask, mode, worst):
    with pytest.raises(AggregatorAwayError, match="slippage"):
        await ask(lambda params: (200, quote_body(params, 5_000) | {"otherAmountThreshold": worst}), mode=mode)


async def test_an_aggregator_that_is_not_there_is_away():
    client = Aggregator(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(AggregatorAwayError, match="does not answer"):
        await client.quote(SOL_MINT, MINT, 1, 1)
    await client.close()


# Which way


@pytest.mark.parametrize(
    ("graduated", "offered", "in_pool", "way"),
    [
        (False, 200, 100, "curve"),
        (True, None, 100, "swap_only_amm"),
        (True, None, None, "swap_only_amm"),
        (True, 101, 100, "aggregator"),
        (True, 100, 100, "swap_only_amm"),
        (True, 99, 100, "swap_only_amm"),
        (True, 1, None, "aggregator"),
    ],
)
async def test_the_better_way_is_taken_and_the_pool_wins_a_tie(ask, graduated, offered, in_pool, way):
    offer = offered and await ask(lambda params: (200, quote_body(params, offered)))
    trade = Trade(MINT, "buy", "in", 10**8, 100)
    assert choose(trade, graduated=graduated, offer=offer, pool_amount=in_pool) == way


async def test_of_an_exact_output_the_cheaper_way_is_taken(ask):
    offer = await ask(lambda params: (200, quote_body(params, 90)), mode="ExactOut")
    trade = Trade(MINT, "sell", "out", 10**8, 100)
    assert choose(trade, graduated=True, offer=offer, pool_amount=91) == "aggregator"
    assert choose(trade, graduated=True, offer=offer, pool_amount=90) == "swap_only_amm"
