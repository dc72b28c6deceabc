"""From a sold-out curve to its pool, and the schedules behind it: looks first, builds what is left to do.

Anybody may send any of these, and any of them again: what is done already is no work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.accounts import CurveState
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions import graduation
from launchpad.chain.instructions.graduation import PayoutKind, Sale
from launchpad.chain.sale_terms import USUAL_TERMS, SaleTerms
from launchpad.chain.tokens import data_of
from launchpad.errors import ConflictError

_AMOUNT = slice(64, 72)
# As many schedules of one wallet are looked through at once.
_INDICES = 32


class NotSoldOutError(ConflictError):
    """The curve still sells, so it has no pool yet."""

    code = "NOT_SOLD_OUT"


class NoFreeScheduleError(ConflictError):
    """Strangers took every address that was looked at."""

    code = "NO_FREE_SCHEDULE"


@dataclass(frozen=True, slots=True)
class Ending:
    """A curve as it is, and the terms of its sale."""

    curve: CurveState
    terms: SaleTerms

    @property
    def sale(self) -> Sale:
        """What the instructions name."""
        lock = self.terms.graduation.liquidity_lock_seconds
        return Sale(self.curve.mint, self.curve.token_program, self.curve.terms, lock)

    @property
    def payouts(self) -> list[tuple[PayoutKind, str]]:
        """The payouts that wait for their schedules, with whose they are."""
        payout = self.terms.graduation.payout
        if payout is None:
            return []
        parts: list[tuple[PayoutKind, int, str]] = [
            ("team", self.curve.team_payout, payout.team),
            ("treasury", self.curve.treasury_payout, payout.treasury),
        ]
        return [(kind, wallet) for kind, amount, wallet in parts if amount]


async def fetch_ending(chain: ChainClient, mint: str) -> Ending:
    """A curve with its terms; NoCurveError without one."""
    curve = await chain.require_curve(mint)
    state = await chain.fetch_terms(curve.terms) if curve.terms else None
    return Ending(curve, state.sale if state else USUAL_TERMS)


def graduate(ending: Ending, keeper: str) -> Instruction:
    """What opens the pool."""
    return graduation.graduate(ending.sale, keeper)


async def build_graduate(chain: ChainClient, mint: str, keeper: str) -> BuiltTransaction:
    """The transaction that opens a sold-out curve's pool; NotSoldOutError before that."""
    ending = await fetch_ending(chain, mint)
    if ending.curve.status != "complete":
        message = "This token cannot graduate now: its curve is not sold out, or its pool trades already."
        raise NotSoldOutError(message, status=ending.curve.status)
    return await chain.build(keeper, [graduate(ending, keeper)])


async def build_follow_ups(chain: ChainClient, mint: str, caller: str) -> list[BuiltTransaction]:
    """What a graduation left to do: payouts into their schedules, shares into theirs; empty when all is done."""
    ending = await fetch_ending(chain, mint)
    built = []
    for kind, wallet in ending.payouts:
        index = await _free_index(chain, WRAPPED_SOL, wallet)
        built.append(await chain.build(caller, [graduation.release_payout(ending.sale, caller, kind, wallet, index)]))
    lp_mint, creator = ending.curve.lp_mint, ending.curve.creator
    if lp_mint and await _holds_shares(chain, ending.sale, lp_mint):
        index = await _free_index(chain, lp_mint, creator)
        built.append(
            await chain.build(caller, [graduation.lock_liquidity(ending.sale, caller, lp_mint, creator, index)])
        )
    return built


async def _holds_shares(chain: ChainClient, sale: Sale, lp_mint: str) -> bool:
    account = await chain.rpc.get_account(sale.shares_of(lp_mint))
    return account is not None and account["owner"] == TOKEN and any(data_of(account)[_AMOUNT])


async def _free_index(chain: ChainClient, mint: str, beneficiary: str) -> int:
    """The first schedule of a wallet that nobody has made; strangers may have taken some."""
    for start in range(0, 2**16, _INDICES):
        indices = range(start, start + _INDICES)
        found: Sequence[object] = await chain.rpc.get_accounts(
            [pda.vesting_schedule(mint, beneficiary, index) for index in indices]
        )
        for index, account in zip(indices, found, strict=True):
            if not _is_made(account):
                return index
    raise NoFreeScheduleError("Every schedule of this wallet and token is taken: ask the wallet to name another one.")


def _is_made(account: object) -> bool:
    return isinstance(account, dict) and bool(data_of(account))
