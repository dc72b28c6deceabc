"""JSON-RPC to one or several nodes: keep-alive, health, failover, back-off.

Every method here can be repeated without harm except an airdrop: reads change
nothing, and a cluster takes a signed transaction once however often it arrives.
So a request goes to the best node that works, then to the next, then, after a
growing pause, round again, until it is answered or its attempts are used up.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx
import orjson

from launchpad.chain.addresses import TOKEN_PROGRAMS
from launchpad.chain.errors import RpcError, RpcUnavailableError, transaction_error
from launchpad.chain.tokens import HOLDER_SLICE, accounts_of_mint, data_of, parse_holder, parse_token_account
from launchpad.redaction import redact

COMMITMENT = "confirmed"

SIMULATION_FAILED = -32002
_TRY_ELSEWHERE = frozenset({-32005, -32014, -32016, -32603})
_BUSY = frozenset({429, 500, 502, 503, 504})
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Blockhash:
    """A recent blockhash and the last block height at which it can still be used."""

    blockhash: str
    last_valid_block_height: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a transaction would do now. `error` is a TransactionError as JSON, or None."""

    error: Any
    logs: list[str]
    units: int

    def require_success(self) -> Self:
        """Itself, or the error that people can act on."""
        if self.error is not None:
            raise transaction_error(self.error, self.logs)
        return self


@dataclass(frozen=True, slots=True)
class NodeHealth:
    """How one node is doing, by its host; `slot` is None when it does not answer, `problem` says why."""

    node: str
    slot: int | None
    milliseconds: int
    problem: str = ""


@dataclass(slots=True)
class _Node:
    url: str
    failures: int = 0
    rest_until: float = 0.0
    problem: str = ""

    def failed(self, problem: str) -> None:
        self.failures += 1
        self.problem = problem
        pause = min(_FIRST_PAUSE * 2 ** (self.failures - 1), _LONGEST_PAUSE)
        self.rest_until = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries

    def worked(self) -> None:
        self.failures, self.rest_until, self.problem = 0, 0.0, ""


class _NodeError(Exception):
    """This node cannot answer now; another may."""


class RpcPool:
    """The nodes of one cluster, best first. Usable as an async context manager."""

    def __init__(self, urls: Sequence[str], *, timeout: float = 15.0, attempts: int = 6) -> None:
        self._nodes = [_Node(url) for url in urls]
        self._attempts = attempts
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=3.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
            headers={"content-type": "application/json"},
            # Nodes are named outright; a proxy of the environment is for other things.
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def call(self, method: str, params: Sequence[Any] = (), *, repeatable: bool = True) -> Any:
        """The result of one method.

        Raises RpcError when a node refuses the request, RpcUnavailableError when none
        answers. `repeatable=False` asks one node once.
        """
        answer = (await self._request([(method, params)], repeatable=repeatable, single=True))[0]
        if isinstance(answer, RpcError):
            raise answer
        return answer

    async def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """One answer per request, in order: its result, or the RpcError that it got."""
        return await self._request(requests, repeatable=True, single=False) if requests else []

    async def get_transaction(self, signature: str, commitment: str = COMMITMENT) -> dict[str, Any] | None:
        """The transaction in encoding `json`, None when the node does not have it (yet)."""
        config = {"encoding": "json", "commitment": commitment, "maxSupportedTransactionVersion": 0}
        answer: dict[str, Any] | None = await self.call("getTransaction", [signature, config])
        return answer

    async def get_signatures_for_address(
        self,
        address: str,
        *,
        before: str | None = None,
        until: str | None = None,
        limit: int = 1000,
        commitment: str = COMMITMENT,
    ) -> list[dict[str, Any]]:
        """Signatures that mention an address, newest first, failures included."""
        config = {"limit": limit, "commitment": commitment, "before": before, "until": until}
        given = {name: value for name, value in config.items() if value is not None}
        answer: list[dict[str, Any]] = await self.call("getSignaturesForAddress", [address, given])
        return answer

    async def get_signature_statuses(
        self, signatures: Sequence[str], *, search_history: bool = False
    ) -> list[dict[str, Any] | None]:
        """A status per signature (at most 256), None for one that the node does not know."""
        config = {"searchTransactionHistory": search_history}
        answer: list[dict[str, Any] | None] = (await self.call("getSignatureStatuses", [list(signatures), config]))[
            "value"
        ]
        return answer

    async def get_slot(self, commitment: str = COMMITMENT) -> int:
        """The newest slot of a commitment."""
        return int(await self.call("getSlot", [{"commitment": commitment}]))

    async def get_block_height(self, commitment: str = COMMITMENT) -> int:
        """The number of blocks so far, which is what blockhashes expire by."""
        return int(await self.call("getBlockHeight", [{"commitment": commitment}]))

    async def get_genesis_hash(self) -> str:
        """The hash that tells one chain from another."""
        return str(await self.call("getGenesisHash"))

    async def get_block_time(self, slot: int) -> int | None:
        """Unix seconds of a block."""
        answer: int | None = await self.call("getBlockTime", [slot])
        return answer

    async def latest_blockhash(self, commitment: str = COMMITMENT) -> Blockhash:
        """A blockhash to build a transaction on."""
        value = (await self.call("getLatestBlockhash", [{"commitment": commitment}]))["value"]
        return Blockhash(value["blockhash"], value["lastValidBlockHeight"])

    async def get_balance(self, address: str, commitment: str = COMMITMENT) -> int:
        """Lamports of an account; 0 where there is none."""
        return int((await self.call("getBalance", [address, {"commitment": commitment}]))["value"])

    async def get_rent(self, size: int) -> int:
        """Lamports that keep an account of `size` bytes alive."""
        return int(await self.call("getMinimumBalanceForRentExemption", [size]))

    async def get_account(
        self, address: str, *, encoding: str = "base64", commitment: str = COMMITMENT
    ) -> dict[str, Any] | None:
        """An account as the node has it, None where there is none."""
        answer: dict[str, Any] | None = (
            await self.call("getAccountInfo", [address, {"encoding": encoding, "commitment": commitment}])
        )["value"]
        return answer

    async def get_accounts(
        self, addresses: Sequence[str], *, commitment: str = COMMITMENT
    ) -> list[dict[str, Any] | None]:
        """Up to 100 accounts in one request, of one moment, in base64."""
        config = {"encoding": "base64", "commitment": commitment}
        answer: list[dict[str, Any] | None] = (await self.call("getMultipleAccounts", [list(addresses), config]))[
            "value"
        ]
        return answer

    async def get_token_balances(self, owner: str, commitment: str = COMMITMENT) -> dict[str, int]:
        """Base units per mint that a wallet holds, over both token programs."""
        config = {"encoding": "base64", "commitment": commitment}
        requests = [("getTokenAccountsByOwner", [owner, {"programId": program}, config]) for program in TOKEN_PROGRAMS]
        balances: dict[str, int] = {}
        for answer in await self.batch(requests):
            if isinstance(answer, RpcError):
                raise answer
            for entry in answer["value"]:
                held = parse_token_account(data_of(entry["account"]))
                balances[held.mint] = balances.get(held.mint, 0) + held.amount
        return balances

    async def get_token_accounts_by_mint(self, mint: str, commitment: str = COMMITMENT) -> list[tuple[str, str, int]]:
        """(owner, account, base units) of every token account of a mint, empty ones too."""
        account = await self.get_account(mint, commitment=commitment)
        if account is None:
            return []
        config = {
            "encoding": "base64",
            "commitment": commitment,
            "filters": accounts_of_mint(mint),
            "dataSlice": HOLDER_SLICE,
        }
        entries = await self.call("getProgramAccounts", [account["owner"], config])
        holders = [(entry["pubkey"], parse_holder(data_of(entry["account"]))) for entry in entries]
        return [(owner, address, amount) for address, (owner, amount) in holders]

    async def get_recent_prioritization_fees(self, accounts: Sequence[str]) -> list[int]:
        """Micro-lamports per compute unit that got into recent blocks which wrote these accounts."""
        entries = await self.call("getRecentPrioritizationFees", [list(accounts)[:128]])
        return [entry["prioritizationFee"] for entry in entries]

    async def simulate(
        self, transaction: str, *, verify: bool = False, replace_blockhash: bool = True, commitment: str = COMMITMENT
    ) -> Simulation:
        """What a transaction would do; does not raise when it would fail."""
        config = {
            "encoding": "base64",
            "commitment": commitment,
            "sigVerify": verify,
            "replaceRecentBlockhash": replace_blockhash and not verify,
        }
        value = (await self.call("simulateTransaction", [transaction, config]))["value"]
        return Simulation(value["err"], value["logs"] or [], value.get("unitsConsumed") or 0)

    async def send(self, transaction: str, *, preflight: bool = False, commitment: str = COMMITMENT) -> str:
        """Hand a signed transaction to the cluster; its signature.

        Sending the same bytes again is harmless. With `preflight` a transaction that
        would fail raises the TransactionFailedError behind it instead.
        """
        config = {"encoding": "base64", "skipPreflight": not preflight, "preflightCommitment": commitment}
        try:
            return str(await self.call("sendTransaction", [transaction, {**config, "maxRetries": 0}]))
        except RpcError as error:
            if error.number == SIMULATION_FAILED and isinstance(error.data, dict):
                raise transaction_error(error.data.get("err"), error.data.get("logs")) from error
            raise

    async def request_airdrop(self, address: str, lamports: int) -> str:
        """Play money on a local or test cluster; the signature of the transfer. Never repeated."""
        config = {"commitment": COMMITMENT}
        return str(await self.call("requestAirdrop", [address, lamports, config], repeatable=False))

    async def health(self) -> list[NodeHealth]:
        """Every node asked at once."""
        return list(await asyncio.gather(*(self._probe(node) for node in self._nodes)))

    async def _probe(self, node: _Node) -> NodeHealth:
        begun = time.monotonic()
        try:
            (slot,) = await self._ask(node, [("getSlot", [{"commitment": COMMITMENT}])], single=True)
        except _NodeError as error:
            return NodeHealth(redact(node.url), None, _since(begun), str(error))
        if isinstance(slot, RpcError):
            return NodeHealth(redact(node.url), None, _since(begun), slot.message)
        return NodeHealth(redact(node.url), slot, _since(begun))

    async def _request(
        self, requests: Sequence[tuple[str, Sequence[Any]]], *, repeatable: bool, single: bool
    ) -> list[Any]:
        for attempt in range(self._attempts if repeatable else 1):
            node = await self._pick(wait=attempt > 0)
            try:
                answers = await self._ask(node, requests, single=single)
            except _NodeError as error:
                node.failed(str(error))
                continue
            node.worked()
            return answers
        problems = "; ".join(f"{redact(node.url)}: {node.problem}" for node in self._nodes if node.problem)
        raise RpcUnavailableError(f"No node of the cluster answers ({problems}). Check RPC_URL, or try again shortly.")

    async def _pick(self, *, wait: bool) -> _Node:
        """The best node that is not resting; when all rest, the one that rests shortest, after that."""
        now = time.monotonic()
        for node in self._nodes:
            if node.rest_until <= now:
                return node
        node = min(self._nodes, key=lambda one: one.rest_until)
        if wait:
            await asyncio.sleep(max(node.rest_until - now, 0))
        return node

    async def _ask(self, node: _Node, requests: Sequence[tuple[str, Sequence[Any]]], *, single: bool) -> list[Any]:
        bodies = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            for number, (method, params) in enumerate(requests)
        ]
        try:
            response = await self._client.post(node.url, content=orjson.dumps(bodies[0] if single else bodies))
        except httpx.HTTPError as error:
            raise _NodeError(redact(f"{type(error).__name__} {error}".strip())) from error
        if response.status_code != httpx.codes.OK:
            raise _NodeError(f"HTTP {response.status_code}")
        return _answers(response.content, len(bodies), single=single)


def _answers(content: bytes, count: int, *, single: bool) -> list[Any]:
    try:
        parsed = orjson.loads(content)
        entries = [parsed] if single else sorted(parsed, key=lambda entry: entry["id"])
        if len(entries) != count:
            raise _NodeError("answered too few requests")
        return [_answer(entry) for entry in entries]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise _NodeError("answered what is no JSON-RPC") from error


def _answer(entry: dict[str, Any]) -> Any:
    if "error" not in entry:
        return entry["result"]
    error = entry["error"]
    if error["code"] in _TRY_ELSEWHERE:
        raise _NodeError(redact(error["message"]))
    return RpcError(redact(error["message"]), error["code"], error.get("data"))


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
