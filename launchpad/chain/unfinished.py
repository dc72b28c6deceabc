"""Curves with something left to do, from the chain itself: no database is asked, so a keeper needs none."""

import base64
import struct
from collections.abc import Sequence
from typing import Any, Final

from solders.pubkey import Pubkey

from launchpad.chain.addresses import BONDING_CURVE
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of

# Where a curve's account keeps them: behind discriminator, version and bump the first of five keys, the
# mint; then decimals, status and the numbers of the ledger.
_MINT: Final = 10
_STATUS: Final = _MINT + 5 * 32 + 1
_STATUS_NUMBER: Final = {"trading": 0, "complete": 1, "graduated": 2}
_DEADLINE: Final = _STATUS + 1 + 6 * 2 + 11 * 8
_PAYOUTS: Final = _DEADLINE + 2 * 8
_LP_MINT: Final = _PAYOUTS + 2 * 8 + 32 + 32 + 8
_TAG: Final = bytes([191, 180, 249, 66, 180, 71, 51, 182])


async def complete_curves(rpc: RpcPool) -> list[str]:
    """Mints whose curve is sold out and has no pool yet."""
    return [mint for mint, _ in await _curves(rpc, "complete", _MINT, 32)]


async def overdue_sales(rpc: RpcPool, now: float) -> list[str]:
    """Mints whose sale missed its goal in time, and that nobody has ended yet."""
    found = await _curves(rpc, "trading", _MINT, _DEADLINE + 8 - _MINT)
    deadlines = [(mint, struct.unpack_from("<q", data, _DEADLINE - _MINT)[0]) for mint, data in found]
    return [mint for mint, deadline in deadlines if 0 < deadline <= now]


async def unfinished_graduates(rpc: RpcPool) -> list[str]:
    """Mints that graduated and whose payouts wait, or whose shares may wait to be locked."""
    found = await _curves(rpc, "graduated", _MINT, _LP_MINT + 32 - _MINT)
    return [mint for mint, data in found if any(data[_PAYOUTS - _MINT :][:16]) or any(data[_LP_MINT - _MINT :][:32])]


async def _curves(rpc: RpcPool, status: str, start: int, length: int) -> list[tuple[str, bytes]]:
    """The mint, and a stretch of the account, of each curve of a status."""
    config = {
        "encoding": "base64",
        "commitment": "confirmed",
        "dataSlice": {"offset": start, "length": length},
        "filters": [_memcmp(0, _TAG), _memcmp(_STATUS, bytes([_STATUS_NUMBER[status]]))],
    }
    entries: Sequence[dict[str, Any]] = await rpc.call("getProgramAccounts", [BONDING_CURVE, config])
    rows = [data_of(entry["account"]) for entry in entries]
    return [(str(Pubkey(row[:32])), row) for row in rows]


def _memcmp(offset: int, content: bytes) -> dict[str, Any]:
    return {"memcmp": {"offset": offset, "bytes": base64.b64encode(content).decode(), "encoding": "base64"}}
