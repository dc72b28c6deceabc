"""What the chain says about an operation: each of its transactions carries a memo that names its items."""

import re
from dataclasses import dataclass
from typing import Any

from launchpad.chain.bulk.items import indices_in
from launchpad.chain.errors import RpcError
from launchpad.chain.rpc import RpcPool

_PAGE = 1_000
# Listings of signatures show each memo behind its length.
_LENGTH = re.compile(r"^\[\d+\] ")
# Clocks of the cluster and of this machine may differ by so much.
_SLACK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Landed:
    """A transaction of the operation that is in a block. `error` is a TransactionError as JSON where it failed."""

    signature: str
    items: list[int]
    slot: int
    error: Any = None


async def landed(rpc: RpcPool, payer: str, mark: str, since: float) -> list[Landed]:
    """All transactions of an operation that `payer` paid for, newest first; `since` is when it began, Unix seconds.

    Anybody can write the same memo; only what the payer himself paid for, and so signed, counts.
    """
    found: list[Landed] = []
    before: str | None = None
    while rows := await rpc.get_signatures_for_address(payer, before=before, limit=_PAGE):
        found += [one for row in rows if (one := _of_operation(row, mark))]
        before, oldest = rows[-1]["signature"], rows[-1].get("blockTime") or 0
        if len(rows) < _PAGE or oldest < since - _SLACK_SECONDS:
            break
    payers = await _payers(rpc, [one.signature for one in found])
    return [one for one in found if payers.get(one.signature) == payer]


def _of_operation(row: dict[str, Any], mark: str) -> Landed | None:
    for part in (row.get("memo") or "").split("; "):
        indices = indices_in(_LENGTH.sub("", part), mark)
        if indices is not None:
            return Landed(row["signature"], indices, row["slot"], row["err"])
    return None


async def _payers(rpc: RpcPool, signatures: list[str]) -> dict[str, str]:
    config = {"encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    answers = await rpc.batch([("getTransaction", [signature, config]) for signature in signatures])
    return {
        signature: answer["transaction"]["message"]["accountKeys"][0]
        for signature, answer in zip(signatures, answers, strict=True)
        if answer and not isinstance(answer, RpcError)
    }
