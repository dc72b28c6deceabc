"""Jupiter's Metis Swap API, version 1: quotes over every venue, and transactions that keep to them.

`GET /quote` (inputMint, outputMint, amount, slippageBps, swapMode) answers with inAmount, outAmount,
otherAmountThreshold, priceImpactPct and routePlan; `POST /swap` takes that answer unchanged with
userPublicKey and gives a base64 transaction and its last block height. A key goes into `x-api-key`.
Refusals are HTTP 400 with `error` and `errorCode`, too many requests 429.
Shapes: openapi-spec/swap/v1 of github.com/jup-ag/docs, commit 1dda348d (August 2026).
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import httpx
import orjson

from launchpad.chain.curve_math import BPS
from launchpad.dex.errors import AggregatorAwayError, AggregatorBusyError, NoRouteError

SwapMode = Literal["ExactIn", "ExactOut"]

_TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 1_000_000
_TOO_MANY, _REFUSED = 429, 400
_NO_ROUTE = frozenset(
    {
        "NO_ROUTES_FOUND",
        "COULD_NOT_FIND_ANY_ROUTE",
        "ROUTE_PLAN_DOES_NOT_CONSUME_ALL_THE_AMOUNT",
        "TOKEN_NOT_TRADABLE",
        "CANNOT_COMPUTE_OTHER_AMOUNT_THRESHOLD",
    }
)
_MOST_PRIORITY = {"priorityLevelWithMaxLamports": {"priorityLevel": "medium", "maxLamports": 1_000_000}}


@dataclass(frozen=True, slots=True)
class Hop:
    """One pool on the way: its address and venue, and what goes through it."""

    pool: str
    label: str
    mint_in: str
    mint_out: str
    amount_in: int
    amount_out: int


@dataclass(frozen=True, slots=True)
class RouteQuote:
    """A route. `worst` is the least that comes out of an exact input, the most that an exact output costs."""

    mint_in: str
    mint_out: str
    mode: SwapMode
    amount_in: int
    amount_out: int
    worst: int
    impact: Decimal
    hops: list[Hop]
    raw: dict[str, Any]

    @property
    def worst_in(self) -> int:
        """The most that may be paid."""
        return self.amount_in if self.mode == "ExactIn" else self.worst

    @property
    def worst_out(self) -> int:
        """The least that may come out."""
        return self.worst if self.mode == "ExactIn" else self.amount_out


@dataclass(frozen=True, slots=True)
class RouteSwap:
    """A transaction of the aggregator's, not looked at yet."""

    transaction: str
    last_valid_block_height: int


class Aggregator:
    """One aggregator. `url` ends before `/quote`; `key` is empty for none."""

    def __init__(self, url: str, key: str = "") -> None:
        self._url = url.rstrip("/")
        headers = {"accept": "application/json"} | ({"x-api-key": key} if key else {})
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def quote(
        self, mint_in: str, mint_out: str, amount: int, slippage_bps: int, mode: SwapMode = "ExactIn"
    ) -> RouteQuote:
        """The best route for exactly `amount` in (or out).

        Raises NoRouteError, AggregatorBusyError, AggregatorAwayError.
        """
        asked = {"inputMint": mint_in, "outputMint": mint_out, "amount": str(amount), "swapMode": mode}
        answer = await self._ask("GET", "quote", params=asked | {"slippageBps": str(slippage_bps)})
        try:
            found = _quote(answer)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise _gibberish() from error
        exact = found.amount_in if mode == "ExactIn" else found.amount_out
        if (found.mint_in, found.mint_out, found.mode, exact) != (mint_in, mint_out, mode, amount):
            raise _gibberish()
        if not _keeps_to(found, slippage_bps):
            raise AggregatorAwayError(
                "The aggregator answers with more slippage than was asked for: trade in the pool."
            )
        return found

    async def swap(self, quote: RouteQuote, wallet: str) -> RouteSwap:
        """A transaction that does what the quote says, for `wallet` to sign once it was inspected.

        Raises NoRouteError, AggregatorBusyError, AggregatorAwayError.
        """
        body = {
            "userPublicKey": wallet,
            "quoteResponse": quote.raw,
            "wrapAndUnwrapSol": True,
            "dynamicComputeUnitLimit": True,
            "prioritizationFeeLamports": _MOST_PRIORITY,
        }
        answer = await self._ask("POST", "swap", content=orjson.dumps(body))
        try:
            return RouteSwap(_text(answer["swapTransaction"]), int(answer["lastValidBlockHeight"]))
        except (KeyError, TypeError, ValueError) as error:
            raise _gibberish() from error

    async def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"content-type": "application/json"} if method == "POST" else {}
        try:
            response = await self._client.request(method, f"{self._url}/{path}", headers=headers, **options)
        except httpx.HTTPError as error:
            message = f"The aggregator does not answer ({type(error).__name__}): try again, or trade in the pool."
            raise AggregatorAwayError(message) from error
        return _answer(response)


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == _TOO_MANY:
        raise _busy(response.headers.get("retry-after", ""))
    try:
        if len(response.content) > _MOST_BYTES:
            raise _gibberish()
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise _gibberish() from error
    if not isinstance(answer, dict):
        raise _gibberish()
    if response.status_code == _REFUSED or "errorCode" in answer:
        raise _refusal(answer)
    if response.status_code != httpx.codes.OK:
        raise AggregatorAwayError(
            f"The aggregator answers HTTP {response.status_code}: try again, or trade in the pool."
        )
    return answer


def _refusal(answer: dict[str, Any]) -> Exception:
    code = str(answer.get("errorCode", ""))
    if code in _NO_ROUTE:
        return NoRouteError(
            "The aggregator knows no route for this: trade in the pool, or another amount.", reason=code
        )
    said = str(answer.get("error", code))[:200]
    return AggregatorAwayError(f"The aggregator refused the request ({said}): trade in the pool.")


def _busy(after: str) -> AggregatorBusyError:
    wait = int(after) * 1000 if after.isdigit() and len(after) < 5 else 1000  # noqa: PLR2004 - hours are no hint
    return AggregatorBusyError("The aggregator takes no more requests now: wait a moment.", retry_after_ms=wait)


def _gibberish() -> AggregatorAwayError:
    return AggregatorAwayError("The aggregator answers in no shape that it documents: trade in the pool.")


def _quote(answer: dict[str, Any]) -> RouteQuote:
    return RouteQuote(
        mint_in=_text(answer["inputMint"]),
        mint_out=_text(answer["outputMint"]),
        mode=answer["swapMode"],
        amount_in=_amount(answer["inAmount"]),
        amount_out=_amount(answer["outAmount"]),
        worst=_amount(answer["otherAmountThreshold"]),
        impact=Decimal(_text(answer["priceImpactPct"])),
        hops=[_hop(step["swapInfo"]) for step in answer["routePlan"]],
        raw=answer,
    )


def _hop(info: dict[str, Any]) -> Hop:
    mints = _text(info["inputMint"]), _text(info["outputMint"])
    amounts = _amount(info["inAmount"]), _amount(info["outAmount"])
    return Hop(_text(info["ammKey"]), str(info.get("label", "")), *mints, *amounts)


def _keeps_to(quote: RouteQuote, slippage_bps: int) -> bool:
    """Whether the worst result is within the slippage; a unit of rounding either way."""
    if quote.mode == "ExactIn":
        return quote.worst + 1 >= quote.amount_out * (BPS - slippage_bps) // BPS
    return quote.worst - 1 <= -(-quote.amount_in * (BPS + slippage_bps) // BPS)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _amount(value: object) -> int:
    text = _text(value)
    if not text.isascii() or not text.isdigit() or int(text) >= 2**64:
        raise ValueError("not an amount")
    return int(text)
