"""Does what is left to do, again and again, until asked to end."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from launchpad.backoff import end_if_asked
from launchpad.chain import batches, graduating, unfinished
from launchpad.chain.addresses import BONDING_CURVE
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.keys import Keypair, address_of, sign_transaction
from launchpad.errors import LaunchpadError
from launchpad.indexer.listener import Found, Listener

log = structlog.get_logger(__name__)

# Without a word from the cluster: how often sold-out curves, and everything else, are looked for.
_SCAN_SECONDS = 1.0
_SWEEP_SECONDS = 30.0
# Trades come in crowds; one look serves them all.
_CALM_SECONDS = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 120.0


@dataclass
class _Patience:
    """When a piece of work that failed is tried again: the pause doubles."""

    pauses: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allows(self, work: str) -> bool:
        return time.monotonic() >= self.pauses.get(work, (0.0, 0.0))[0]

    def failed(self, work: str) -> float:
        pause = min(self.pauses.get(work, (0.0, _FIRST_PAUSE / 2))[1] * 2, _LONGEST_PAUSE)
        self.pauses[work] = (time.monotonic() + pause, pause)
        return pause

    def worked(self, work: str) -> None:
        self.pauses.pop(work, None)


class Keeper:
    """One wallet that keeps sales moving. Any number of keepers do no harm: each looks before it sends."""

    def __init__(self, chain: ChainClient, wallet: Keypair, ws_urls: list[str]) -> None:
        self.chain = chain
        self.wallet = wallet
        self.address = address_of(wallet)
        self._news = asyncio.Event()
        self._listener = Listener(ws_urls, {"bonding_curve": BONDING_CURVE}, self._heard, self._news.set)
        self._patience = _Patience()

    async def run(self) -> None:
        """Listen and work until cancelled."""
        log.info("keeper.started", wallet=self.address)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listener.run(), name="keeper-listener")
            tasks.create_task(self._repeat(self.graduate_all, self._wait_for_news), name="keeper-graduations")
            settling = self._repeat(self.settle_all, lambda: asyncio.sleep(_SCAN_SECONDS))
            tasks.create_task(settling, name="keeper-settlements")
            tasks.create_task(self._repeat(self.sweep, lambda: asyncio.sleep(_SWEEP_SECONDS)), name="keeper-sweeps")

    async def graduate_all(self) -> None:
        """Open the pool of every curve that is sold out, and do what follows."""
        for mint in await unfinished.complete_curves(self.chain.rpc):
            if await self._try("graduate", mint, self._graduate):
                await self._try("follow_up", mint, self._follow_up)

    async def settle_all(self) -> None:
        """End the deposit window of every batch launch that is due."""
        for mint in await batches.due_batches(self.chain.rpc, time.time()):
            await self._try("settle", mint, self._settle)

    async def sweep(self) -> None:
        """Release payouts, lock shares and end sales that others left as they were."""
        for mint in await unfinished.unfinished_graduates(self.chain.rpc):
            await self._try("follow_up", mint, self._follow_up)
        for mint in await unfinished.overdue_sales(self.chain.rpc, time.time()):
            await self._try("expire", mint, self._expire)

    async def _graduate(self, mint: str) -> None:
        with contextlib.suppress(graduating.NotSoldOutError):  # another keeper was faster
            await self._send("graduate", mint, await graduating.build_graduate(self.chain, mint, self.address))

    async def _settle(self, mint: str) -> None:
        await self._send("settle", mint, await batches.build_settlement(self.chain, mint, self.address))

    async def _follow_up(self, mint: str) -> None:
        for built in await graduating.build_follow_ups(self.chain, mint, self.address):
            await self._send("follow_up", mint, built)

    async def _expire(self, mint: str) -> None:
        await self._send("expire", mint, await self.chain.build_expire(mint, self.address))

    async def _send(self, what: str, mint: str, built: BuiltTransaction) -> None:
        signed = sign_transaction(built.transaction, self.wallet)
        signature = await self.chain.submit(signed, built.last_valid_block_height)
        await self.chain.confirm(signature, built.last_valid_block_height)
        log.info("keeper.done", what=what, mint=mint, signature=signature)

    async def _try(self, what: str, mint: str, work: Callable[[str], Awaitable[None]]) -> bool:
        """Do one piece of work unless it failed a moment ago; whether it is done."""
        name = f"{what} {mint}"
        if not self._patience.allows(name):
            return False
        try:
            await work(mint)
        except LaunchpadError as error:
            pause = self._patience.failed(name)
            log.warning("keeper.failed", what=what, mint=mint, error=error.message, code=error.code, retry_in=pause)
            return False
        self._patience.worked(name)
        return True

    async def _repeat(self, work: Callable[[], Awaitable[None]], pause: Callable[[], Awaitable[None]]) -> None:
        while True:
            end_if_asked()
            try:
                await work()
            except LaunchpadError as error:
                log.warning("keeper.cluster_away", error=error.message, retry_in=_SCAN_SECONDS)
                await asyncio.sleep(_SCAN_SECONDS)
            await pause()

    def _heard(self, found: Found) -> None:
        del found
        self._news.set()

    async def _wait_for_news(self) -> None:
        await asyncio.sleep(_CALM_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SCAN_SECONDS):
                await self._news.wait()
        self._news.clear()
