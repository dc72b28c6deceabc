"""Jito's block engine: bundles that validators take in an auction, out of sight until they land.

JSON-RPC over HTTP under `/api/v1`: `sendBundle`, `getTipAccounts`, `getBundleStatuses` and
`getInflightBundleStatuses` at `/bundles`, `sendTransaction` at `/transactions`. A bundle must
pay a tip of at least 1000 lamports to one of eight accounts; without an own allowance an
address may ask about once a second. Shapes: docs.jito.wtf, "Low Latency Transaction Send".

LaunchpadError
    BlockEngineAwayError       the engine does not answer (503)
        BlockEngineBusyError   too many requests, ours or everybody's
    BlockEngineRefusedError    it understood the request and said no; `number` is the JSON-RPC code
    ExecutorUnavailableError   this cluster has no block engine
    TipRefusedError            a tip that cannot or must not be paid
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import httpx
import orjson
import structlog

from launchpad.errors import InvalidInputError, LaunchpadError, UnavailableError

log = structlog.get_logger(__name__)

BundleState = Literal["invalid", "pending", "failed", "landed"]

MIN_TIP_LAMPORTS = 1_000
# What a quiet market takes; who competes says more.
DEFAULT_TIP_LAMPORTS = 10_000
MAX_BUNDLE = 5
MAX_STATUSES = 5

# As documented; asked for again whenever the engine answers.
TIP_ACCOUNTS = (
    "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5",
    "HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe",
    "Cw8CFyM9FkoMi7K7Crf6HNQqf4uEMzpKw6QNghXLvLkY",
    "ADaUMid9yfUytqMBgopwjb2DTLSokTSzL1zt6iGPaS49",
    "DfXygSm4jCyNCybVYYK6DwvWqjKee8pbDmJGcLWNDXjh",
    "ADuUkR4vqLUMWXxW9gh6D6L8pMSawimctcNZ5pGwDcEt",
    "DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL",
    "3AVi9Tg9Uo68tJfuvoKvqKNWKkC5wPdSSdeBnizKZ6jT",
)

_TIP_ACCOUNTS_SECONDS = 600.0
_TIMEOUT_SECONDS = 3.0
_TOO_MANY = 429
_CONGESTED = -32097
_SERVER_ERRORS = 500
_STATES: dict[str, BundleState] = {"Invalid": "invalid", "Pending": "pending", "Failed": "failed", "Landed": "landed"}


class BlockEngineAwayError(UnavailableError):
    """The block engine does not answer, or not in its own language."""

    code: ClassVar[str] = "BLOCK_ENGINE_UNAVAILABLE"


class BlockEngineBusyError(BlockEngineAwayError):
    """The block engine takes no more requests at the moment."""

    code: ClassVar[str] = "BLOCK_ENGINE_BUSY"


class BlockEngineRefusedError(LaunchpadError):
    """The block engine refused a bundle, such as one without a tip."""

    code = "BLOCK_ENGINE_REFUSED"
    status = 502

    def __init__(self, message: str, number: int) -> None:
        super().__init__(f"The block engine refused the bundle: {message}", rpc_error=number)
        self.number = number


class ExecutorUnavailableError(InvalidInputError):
    """There is no block engine for this cluster."""

    code = "EXECUTOR_UNAVAILABLE"


class TipRefusedError(InvalidInputError):
    """A tip without an executor that takes one, below what is considered, or above our own limit."""

    code = "TIP_REFUSED"


@dataclass(frozen=True, slots=True)
class LandedBundle:
    """A bundle that is in the chain: its transactions' signatures, and how sure that is."""

    bundle_id: str
    transactions: list[str]
    slot: int
    confirmation_status: str


class BlockEngine:
    """One block engine. `url` has no path; `auth` is the uuid of an allowance, empty for none."""

    def __init__(self, url: str, auth: str = "") -> None:
        self._url = url.rstrip("/")
        headers = {"content-type": "application/json"} | ({"x-jito-auth": auth} if auth else {})
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers, trust_env=False)
        self._tip_accounts: tuple[float, list[str]] | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def send_bundle(self, transactions: Sequence[str]) -> str:
        """Bid with one to five signed transactions, all or none of which land; the bundle's id.

        The id is a receipt, no promise. Raises BlockEngineAwayError, BlockEngineRefusedError.
        """
        return str(await self._call("bundles", "sendBundle", [list(transactions), {"encoding": "base64"}]))

    async def send_transaction(self, transaction: str) -> str:
        """Bid with one signed transaction, which goes as a bundle only and never in the open; the bundle's id."""
        params = [transaction, {"encoding": "base64"}]
        response = await self._post("transactions?bundleOnly=true", "sendTransaction", params)
        _answer(response)
        return str(response.headers.get("x-bundle-id", ""))

    async def inflight(self, bundle_ids: Sequence[str]) -> dict[str, BundleState]:
        """Where bundles of the last five minutes stand, at most five; `invalid` is one that the engine has not."""
        answer = await self._call("bundles", "getInflightBundleStatuses", [list(bundle_ids)[:MAX_STATUSES]])
        return {entry["bundle_id"]: _STATES[entry["status"]] for entry in _values(answer)}

    async def landed(self, bundle_ids: Sequence[str]) -> dict[str, LandedBundle]:
        """Those of at most five bundles that are in the chain."""
        answer = await self._call("bundles", "getBundleStatuses", [list(bundle_ids)[:MAX_STATUSES]])
        return {
            entry["bundle_id"]: LandedBundle(
                entry["bundle_id"], entry["transactions"], entry["slot"], entry["confirmation_status"]
            )
            for entry in _values(answer)
        }

    async def tip_account(self) -> str:
        """One of the accounts that take tips, by chance so that bids do not queue for one lock."""
        return secrets.choice(await self.tip_accounts())

    async def tip_accounts(self) -> list[str]:
        """The accounts that take tips, at most ten minutes old; the documented ones while the engine is away."""
        if self._tip_accounts and time.monotonic() - self._tip_accounts[0] < _TIP_ACCOUNTS_SECONDS:
            return self._tip_accounts[1]
        try:
            accounts = [str(account) for account in await self._call("bundles", "getTipAccounts", [])]
        except (BlockEngineAwayError, BlockEngineRefusedError) as error:
            log.warning("jito.tip_accounts_unknown", error=error.message)
            return list(TIP_ACCOUNTS)
        if not accounts:
            return list(TIP_ACCOUNTS)
        self._tip_accounts = (time.monotonic(), accounts)
        return accounts

    async def _call(self, path: str, method: str, params: list[Any]) -> Any:
        return _answer(await self._post(path, method, params))

    async def _post(self, path: str, method: str, params: list[Any]) -> httpx.Response:
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        try:
            return await self._client.post(f"{self._url}/api/v1/{path}", content=body)
        except httpx.HTTPError as error:
            message = f"The block engine does not answer ({type(error).__name__}). Check JITO_BLOCK_ENGINE_URL."
            raise BlockEngineAwayError(message) from error


def _answer(response: httpx.Response) -> Any:
    """The result of a JSON-RPC answer; refusals come as HTTP 400 as well as 200."""
    if response.status_code == _TOO_MANY:
        raise _busy()
    try:
        parsed = orjson.loads(response.content)
        error = parsed.get("error")
        if error is None and response.status_code == httpx.codes.OK:
            return parsed["result"]
        number, message = int(error["code"]), str(error["message"])
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as failure:
        raise BlockEngineAwayError(f"The block engine answers HTTP {response.status_code} without reason.") from failure
    if number == _CONGESTED:
        raise _busy()
    if response.status_code >= _SERVER_ERRORS:
        raise BlockEngineAwayError(f"The block engine fails: {message}.")
    raise BlockEngineRefusedError(message, number)


def _busy() -> BlockEngineBusyError:
    message = "The block engine takes no more requests now. Wait a second, or name an allowance in JITO_AUTH_UUID."
    return BlockEngineBusyError(message, retry_after_ms=1000)


def _values(answer: Any) -> list[dict[str, Any]]:
    """The entries of an answer, none where the engine knows nothing of what was asked."""
    return [entry for entry in (answer or {}).get("value") or [] if entry]


def checked_tip(asked: int | None, most: int) -> int:
    """The tip to pay: what was asked for, or a modest one; TipRefusedError outside of the limits."""
    tip = min(DEFAULT_TIP_LAMPORTS, most) if asked is None else asked
    if tip < MIN_TIP_LAMPORTS:
        message = f"A tip below {MIN_TIP_LAMPORTS} lamports is not considered: give more, or use executor legacy."
        raise TipRefusedError(message, field="tip_lamports", least=str(MIN_TIP_LAMPORTS))
    if tip > most:
        message = f"A tip of more than {most} lamports is not taken here (JITO_MAX_TIP_LAMPORTS): give less."
        raise TipRefusedError(message, field="tip_lamports", most=str(most))
    return tip
