"""Batch launches as they are now on the cluster, and transactions of their depositors."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeVar

from solders.pubkey import Pubkey

from launchpad.chain import pda
from launchpad.chain.accounts import CurveState, decode_account
from launchpad.chain.addresses import BONDING_CURVE
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions import batch
from launchpad.chain.instructions.curve import Market
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sale_accounts import BatchState, DepositState
from launchpad.chain.tokens import data_of
from launchpad.errors import NotFoundError

T = TypeVar("T")

# Where a batch's account keeps them: behind discriminator, version and bump the mint, the status, the window's end.
_MINT: Final = 10
_STATUS: Final = _MINT + 32
_OPEN: Final = b"\0"
_TAG: Final = sha256(b"account:Batch").digest()[:8]


class NoBatchError(NotFoundError):
    """The token is not sold by a batch launch on this cluster."""

    code = "NO_BATCH"


@dataclass(frozen=True, slots=True)
class LiveBatch:
    """A batch with its curve, and the deposit of the wallet that was asked for."""

    state: BatchState
    curve: CurveState
    deposit: DepositState | None


async def fetch_batch(chain: ChainClient, mint: str, wallet: str | None = None) -> LiveBatch:
    """A batch as it is now; NoBatchError where the token has none."""
    keys = [pda.batch(mint), pda.curve(mint), pda.deposit(mint, wallet or mint)]
    found, curve, deposit = await chain.rpc.get_accounts(keys)
    state, sale = _state(BatchState, found), _state(CurveState, curve)
    if state is None or sale is None:
        raise NoBatchError(f"{mint} is not sold by a batch launch on this cluster: check the address.")
    return LiveBatch(state, sale, _state(DepositState, deposit))


async def due_batches(rpc: RpcPool, now: float) -> list[str]:
    """Mints of batches whose window is over and that nobody has settled yet, from the chain itself."""
    config = {
        "encoding": "base64",
        "commitment": "confirmed",
        "dataSlice": {"offset": _MINT, "length": 32 + 1 + 8},
        "filters": [_memcmp(0, _TAG), _memcmp(_STATUS, _OPEN)],
    }
    entries: Sequence[dict[str, Any]] = await rpc.call("getProgramAccounts", [BONDING_CURVE, config])
    rows = [data_of(entry["account"]) for entry in entries]
    return [str(Pubkey(row[:32])) for row in rows if struct.unpack_from("<q", row, 33)[0] <= now]


async def build_deposit(chain: ChainClient, mint: str, wallet: str, amount: int) -> BuiltTransaction:
    """Put lamports into a batch."""
    return await chain.build(wallet, [batch.deposit(mint, wallet, amount)])


async def build_withdrawal(
    chain: ChainClient, mint: str, wallet: str, amount: int, *, settle: bool = False
) -> BuiltTransaction:
    """Take lamports back; with `settle` end the window of a batch that failed first."""
    first = [batch.settle_batch(mint)] if settle else []
    return await chain.build(wallet, [*first, batch.withdraw_deposit(mint, wallet, amount)])


async def build_settlement(chain: ChainClient, mint: str, payer: str) -> BuiltTransaction:
    """End the deposit window; anybody may."""
    return await chain.build(payer, [batch.settle_batch(mint)])


async def build_claim(
    chain: ChainClient, live: LiveBatch, wallet: str, payer: str | None = None, *, settle: bool = False
) -> BuiltTransaction:
    """Give a depositor his part; with `settle` end the window first."""
    mint, payer = live.state.mint, payer or wallet
    first = [batch.settle_batch(mint)] if settle else []
    claim = batch.claim_batch(Market(mint, live.curve.token_program), wallet, payer)
    return await chain.build(payer, [*first, claim])


def _memcmp(offset: int, content: bytes) -> dict[str, Any]:
    return {"memcmp": {"offset": offset, "bytes": base64.b64encode(content).decode(), "encoding": "base64"}}


def _state(kind: type[T], account: dict[str, object] | None) -> T | None:
    if account is None or account["owner"] != BONDING_CURVE:
        return None
    return decode_account(kind, data_of(account))
