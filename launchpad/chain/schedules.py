"""Addresses of vesting schedules: of one wallet and token there can be many, told apart by a number."""

from launchpad.chain import pda
from launchpad.chain.client import ChainClient
from launchpad.chain.tokens import data_of
from launchpad.errors import ConflictError

_AT_ONCE = 32
_MOST = 2**16


class NoFreeScheduleError(ConflictError):
    """Every number is taken."""

    code = "NO_FREE_SCHEDULE"


async def free_schedule(chain: ChainClient, mint: str, beneficiary: str) -> int:
    """The first number that nobody has made a schedule with; lamports alone, which anybody can send, make none."""
    for start in range(0, _MOST, _AT_ONCE):
        numbers = range(start, start + _AT_ONCE)
        found = await chain.rpc.get_accounts([pda.vesting_schedule(mint, beneficiary, number) for number in numbers])
        for number, account in zip(numbers, found, strict=True):
            if account is None or not data_of(account):
                return number
    raise NoFreeScheduleError("Every schedule of this wallet and token is taken: name another wallet.")
