"""The embedded cluster: transactions per second from sending to confirmation, and reads per second."""

import asyncio
import time
from typing import Any, Self

import orjson

from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import folder, running
from launchpad.chain import keys
from launchpad.chain.assemble import signed_transfer
from launchpad.config import Settings
from launchpad.processes import free_ports

_TRANSFERS = 2_000
_READS = 3_000
_IN_FLIGHT = 32
_STATUS_BATCH = 250

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def run() -> Measures:
    """Send transfers as fast as they are taken, wait until all are confirmed; then read balances."""
    with folder() as home:
        settings = Settings(launchpad_home=home, rpc_port=free_ports(2), rpc_url="", rpc_ws_url="", engine="embedded")
        url = settings.rpc_urls[0]
        with running(settings, ["localnet"], f"{url}/health"):
            async with _Rpc("127.0.0.1", settings.rpc_port) as rpc:
                return await _measure(rpc)


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
    """A JSON-RPC client over a few kept connections, lighter than what it measures; remembers how long calls took."""

    def __init__(self, host: str, port: int) -> None:
        self._head = f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: "
        self._address = (host, port)
        self._idle: asyncio.LifoQueue[_Streams] = asyncio.LifoQueue()
        self.seconds: list[float] = []

    async def __aenter__(self) -> Self:
        for _ in range(_IN_FLIGHT):
            self._idle.put_nowait(await asyncio.open_connection(*self._address))
        return self

    async def __aexit__(self, *_: object) -> None:
        while not self._idle.empty():
            self._idle.get_nowait()[1].close()

    async def call(self, method: str, *params: Any) -> Any:
        """The result of one call."""
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        streams = await self._idle.get()
        started = time.perf_counter()
        answer = await self._exchange(*streams, body)
        self.seconds.append(time.perf_counter() - started)
        self._idle.put_nowait(streams)
        return orjson.loads(answer)["result"]

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> bytes:
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        return await reader.readexactly(int(length))

    async def many(self, method: str, calls: list[tuple[Any, ...]]) -> list[Any]:
        """The results of many calls, as many in flight as there are connections."""
        return list(await asyncio.gather(*(self.call(method, *params) for params in calls)))
