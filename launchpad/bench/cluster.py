"""The embedded cluster: transactions per second from sending to confirmation, and reads per second."""

import asyncio
import time
from typing import Any

import httpx

from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import folder, running
from launchpad.chain import keys
from launchpad.chain.transfers import signed_transfer
from launchpad.config import Settings
from launchpad.processes import free_ports

_TRANSFERS = 2_000
_READS = 3_000
_IN_FLIGHT = 32
_STATUS_BATCH = 250


async def run() -> Measures:
    """Send transfers as fast as they are taken, wait until all are confirmed; then read balances."""
    with folder() as home:
        settings = Settings(launchpad_home=home, rpc_port=free_ports(2), rpc_url="", rpc_ws_url="", engine="embedded")
        url = settings.rpc_urls[0]
        with running(settings, ["localnet"], f"{url}/health"):
            async with httpx.AsyncClient(base_url=url, timeout=60) as http:
                return await _measure(_Rpc(http))


async def _measure(rpc: "_Rpc") -> Measures:
    payer = keys.generate()
    await _fund(rpc, keys.address_of(payer))
    blockhash = (await rpc.call("getLatestBlockhash"))["value"]["blockhash"]
    recipient = keys.address_of(keys.generate())
    # Amounts differ so that no two transactions are the same.
    batch = [signed_transfer(payer, recipient, 1_000_000 + n, blockhash) for n in range(_TRANSFERS)]
    started = time.perf_counter()
    signatures = await rpc.many(
        "sendTransaction", [(tx, {"encoding": "base64", "skipPreflight": True}) for tx in batch]
    )
    accepted = time.perf_counter() - started
    await _all_confirmed(rpc, signatures)
    confirmed = time.perf_counter() - started
    rpc.seconds.clear()
    started = time.perf_counter()
    await rpc.many("getBalance", [(recipient,)] * _READS)
    reads = time.perf_counter() - started
    return {
        "transactions accepted": Measure(_TRANSFERS / accepted, "tx/s"),
        "transactions confirmed": Measure(_TRANSFERS / confirmed, "tx/s"),
        "balance reads": Measure(_READS / reads, "reads/s"),
        "balance read p95": Measure(1000 * percentile(rpc.seconds, 0.95), "ms", places=1),
    }


async def _fund(rpc: "_Rpc", address: str) -> None:
    signature = await rpc.call("requestAirdrop", address, 1_000 * 10**9)
    await _all_confirmed(rpc, [signature])


async def _all_confirmed(rpc: "_Rpc", signatures: list[str]) -> None:
    """Wait until every signature is confirmed."""
    waiting = signatures
    while waiting:
        page, rest = waiting[:_STATUS_BATCH], waiting[_STATUS_BATCH:]
        statuses = (await rpc.call("getSignatureStatuses", page))["value"]
        late = [s for s, status in zip(page, statuses, strict=True) if not _is_confirmed(status)]
        waiting = rest + late
        if late:
            await asyncio.sleep(0.02)


def _is_confirmed(status: dict[str, Any] | None) -> bool:
    return status is not None and status["confirmationStatus"] in {"confirmed", "finalized"}


class _Rpc:
    """A JSON-RPC client that remembers how long each call took."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._slots = asyncio.Semaphore(_IN_FLIGHT)
        self.seconds: list[float] = []

    async def call(self, method: str, *params: Any) -> Any:
        """The result of one call."""
        async with self._slots:
            started = time.perf_counter()
            answer = await self._http.post("/", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
            self.seconds.append(time.perf_counter() - started)
        return answer.json()["result"]

    async def many(self, method: str, calls: list[tuple[Any, ...]]) -> list[Any]:
        """The results of many calls, a limited number of them in flight."""
        return list(await asyncio.gather(*(self.call(method, *params) for params in calls)))
