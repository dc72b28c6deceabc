"""Vesting schedules as the chain has them, for reports."""

import contextlib
from dataclasses import dataclass
from typing import Any

from launchpad.chain import pda
from launchpad.chain.accounts import ScheduleState, decode_account
from launchpad.chain.addresses import VESTING
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.rpc import COMMITMENT, RpcPool
from launchpad.chain.tokens import data_of, parse_token_account

# A schedule's mint stands behind discriminator, version and bump, and its grantor behind that.
_MINT_AT, _GRANTOR_AT = 10, 42
_MOST = 50


@dataclass(frozen=True, slots=True)
class LockFacts:
    """A vesting schedule and the base units in its escrow."""

    address: str
    escrow: str
    state: ScheduleState
    held: int


async def fetch_locks(rpc: RpcPool, mint: str, token_program: str, *, grantor: str | None = None) -> list[LockFacts]:
    """The schedules of a mint, those of one grantor where he is named; largest first, at most fifty."""
    filters = [_memcmp(_MINT_AT, mint), *([_memcmp(_GRANTOR_AT, grantor)] if grantor else [])]
    config = {"encoding": "base64", "commitment": COMMITMENT, "filters": filters}
    found: list[tuple[str, ScheduleState]] = []
    for entry in await rpc.call("getProgramAccounts", [VESTING, config]):
        with contextlib.suppress(UndecodableError):
            found.append((entry["pubkey"], decode_account(ScheduleState, data_of(entry["account"]))))
    found = sorted(found, key=lambda one: (-one[1].amount, one[0]))[:_MOST]
    escrows = [pda.associated_token(address, mint, token_program) for address, _ in found]
    accounts = await rpc.get_accounts(escrows) if escrows else []
    return [
        LockFacts(address, escrow, state, parse_token_account(data_of(account)).amount if account else 0)
        for (address, state), escrow, account in zip(found, escrows, accounts, strict=True)
    ]


def _memcmp(offset: int, key: str) -> dict[str, Any]:
    return {"memcmp": {"offset": offset, "bytes": key}}
