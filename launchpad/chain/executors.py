"""By which road a signed transaction goes to the cluster: plain RPC, or Jito's block engine.

An executor begins a transaction and carries it on while nobody knows it. Whichever road
it takes, whether it landed is asked of the cluster alone (launchpad.chain.sending).
"""

import contextlib
import time
from dataclasses import dataclass
from typing import Literal, Protocol

import structlog

from launchpad.chain.errors import AlreadyProcessedError, BlockhashExpiredError, RpcError, expired
from launchpad.chain.jito import BlockEngine, BlockEngineAwayError, BlockEngineBusyError, BlockEngineRefusedError
from launchpad.chain.rpc import RpcPool

log = structlog.get_logger(__name__)

# `legacy` is plain RPC, and always there.
ExecutorName = Literal["legacy", "jito"]
# Most slots have a leader who takes bundles, so what did not land by then was outbid; a blockhash lives a minute.
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction on its way: base64 of its wire form, and the last block height that can take it."""

    signature: str
    transaction: str
    last_valid_block_height: int


class Executor(Protocol):
    """One road."""

    async def begin(self, sent: Signed) -> None:
        """Send for the first time; raises the error with which it would fail, and then nothing was sent."""

    async def again(self, sent: Signed) -> None:
        """Carry on with what no node has seen in a block yet."""

    def forget(self, signature: str) -> None:
        """It is settled, or nobody asks any more."""


class RpcExecutor:
    """Hands transactions to a node, which passes them to the leaders in the open."""

    def __init__(self, rpc: RpcPool) -> None:
        self._rpc = rpc

    async def begin(self, sent: Signed) -> None:
        """Send behind a simulation of the node."""
        try:
            await self._rpc.send(sent.transaction, preflight=True)
        except AlreadyProcessedError:
            return
        except BlockhashExpiredError:
            if await _may_still_land(self._rpc, sent):
                await self._rpc.send(sent.transaction)

    async def again(self, sent: Signed) -> None:
        """The same bytes once more: a cluster takes them once."""
        with contextlib.suppress(RpcError):
            await self._rpc.send(sent.transaction)

    def forget(self, signature: str) -> None:
        """Nothing is kept."""


class JitoExecutor:
    """Bids with a bundle of one, and turns to plain RPC when that is refused, lost, or takes too long."""

    def __init__(self, rpc: RpcPool, engine: BlockEngine) -> None:
        self._rpc = rpc
        self._plain = RpcExecutor(rpc)
        self._engine = engine
        self._bids: dict[str, tuple[str, float]] = {}

    async def begin(self, sent: Signed) -> None:
        """Simulate, which shows the transaction to our own node only, then bid."""
        try:
            (await self._rpc.simulate(sent.transaction, verify=True)).require_success()
        except AlreadyProcessedError:
            return
        except BlockhashExpiredError:
            if not await _may_still_land(self._rpc, sent):
                return
        try:
            bundle = await self._engine.send_bundle([sent.transaction])
        except (BlockEngineAwayError, BlockEngineRefusedError) as error:
            log.warning("jito.fell_back", signature=sent.signature, error=error.message)
            await self._plain.begin(sent)
        else:
            self._bids[sent.signature] = (bundle, time.monotonic())

    async def again(self, sent: Signed) -> None:
        """Wait while the bundle is in the auction, bid again where it lost, and in the end send in the open."""
        bid = self._bids.get(sent.signature)
        if bid is not None and await self._is_open(sent, *bid):
            return
        if bid is not None:
            log.info("jito.fell_back", signature=sent.signature, bundle=bid[0])
            self.forget(sent.signature)
        await self._plain.again(sent)

    def forget(self, signature: str) -> None:
        """Drop what is known of its bundle."""
        self._bids.pop(signature, None)

    async def _is_open(self, sent: Signed, bundle: str, begun: float) -> bool:
        """Whether a bundle has landed, or still may."""
        if time.monotonic() - begun > _PATIENCE_SECONDS:
            return False
        try:
            state = (await self._engine.inflight([bundle])).get(bundle, "invalid")
            if state == "failed":
                self._bids[sent.signature] = (await self._engine.send_transaction(sent.transaction), begun)
            # A node learns of a landed bundle a moment later than the engine.
            return state != "invalid" or bundle in await self._engine.landed([bundle])
        except BlockEngineBusyError:
            return True
        except (BlockEngineAwayError, BlockEngineRefusedError):
            return False


async def _may_still_land(rpc: RpcPool, sent: Signed) -> bool:
    """Whether to send what a node calls expired: so says also one that is behind, or has it in an old block.

    Raises BlockhashExpiredError when its time is really over.
    """
    (status,) = await rpc.get_signature_statuses([sent.signature], search_history=True)
    if status is not None:
        return False
    if await rpc.get_block_height() > sent.last_valid_block_height:
        raise expired()
    return True
