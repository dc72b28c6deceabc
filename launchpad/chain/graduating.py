"""From a sold-out curve to its pool, and the schedules behind it: looks first, builds what is left to do.

Anybody may send any of these, and any of them again: what is done already is no work.
"""

import time
from dataclasses import dataclass

from solders.instruction import Instruction

from launchpad.chain.accounts import CurveState
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.deposits import account_space, rent_of
from launchpad.chain.errors import TransactionFailedError
from launchpad.chain.instructions import graduation
from launchpad.chain.instructions.graduation import PayoutKind, Sale
from launchpad.chain.instructions.solana import TOKEN_ACCOUNT_BYTES
from launchpad.chain.sale_terms import USUAL_TERMS, VENUE_FALLBACK_SECONDS, GraduationTerms, SaleTerms
from launchpad.chain.schedules import free_schedule
from launchpad.chain.tokens import data_of
from launchpad.chain.venues.raydium.offering import fetch_offer
from launchpad.errors import ConflictError

_AMOUNT = slice(64, 72)
_MINT_BYTES = 82
# The most of a raise that a graduation's caller gets: one part in so many.
_PART = 10


class NotSoldOutError(ConflictError):
    """The curve still sells, so it has no pool yet."""

    code = "NOT_SOLD_OUT"


@dataclass(frozen=True, slots=True)
class Costs:
    """What a graduation takes from the raise, in lamports: the venue's fee, the rent of what stays, the bounty."""

    fee: int
    rent: int
    bounty: int

    @property
    def advance(self) -> int:
        """What its caller lays out and gets back."""
        return self.fee + self.rent

    def reward(self, raise_target: int) -> int:
        """What the caller gets: all of it, or a tenth of the raise where that is less."""
        return min(self.advance + self.bounty, raise_target // _PART)


@dataclass(frozen=True, slots=True)
class Ending:
    """A curve as it is, and the terms of its sale.

    `road` is where it can graduate now: what its terms say, or our own pools where Raydium cannot take it.
    """

    curve: CurveState
    terms: SaleTerms
    road: str = "amm"

    @property
    def sale(self) -> Sale:
        """What the instructions name."""
        terms = self.terms.graduation
        lock = terms.liquidity_lock_seconds
        return Sale(self.curve.mint, self.curve.token_program, self.curve.terms, lock, terms.venue)

    def has_waited(self, now: float) -> bool:
        """Whether our own pools take it at a time in Unix seconds, whatever its terms say."""
        sold_out = self.curve.completed_at
        return sold_out > 0 and now >= sold_out + VENUE_FALLBACK_SECONDS

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
    terms = state.sale if state else USUAL_TERMS
    return Ending(curve, terms, await _road(chain, curve, terms.graduation))


async def fetch_costs(chain: ChainClient, terms: GraduationTerms) -> Costs:
    """What a graduation under these terms costs now; VenueUnavailableError where their venue takes no pools."""
    config, _ = await chain.require_configs()
    kept = [TOKEN_ACCOUNT_BYTES] if terms.liquidity_lock_seconds else []
    if terms.venue == "raydium":
        offer = await fetch_offer(chain.rpc)
        return Costs(offer.require(), offer.rent + len(kept) * offer.share_account, config.keeper_bounty)
    spaces = (account_space("amm", "Pool"), _MINT_BYTES, TOKEN_ACCOUNT_BYTES, TOKEN_ACCOUNT_BYTES, *kept)
    return Costs(0, rent_of(await chain.rpc.get_rent(0), *spaces), config.keeper_bounty)


def graduate(ending: Ending, keeper: str) -> Instruction:
    """What opens the pool."""
    make = graduation.graduate_to_raydium if ending.road == "raydium" else graduation.graduate
    return make(ending.sale, keeper)


async def build_graduate(chain: ChainClient, mint: str, keeper: str) -> BuiltTransaction:
    """The transaction that opens a sold-out curve's pool; NotSoldOutError before that.

    Where Raydium was promised and refuses for a reason that no account shows, our own pools take
    it after a week.
    """
    ending = await fetch_ending(chain, mint)
    if ending.curve.status != "complete":
        message = "This token cannot graduate now: its curve is not sold out, or its pool trades already."
        raise NotSoldOutError(message, status=ending.curve.status)
    try:
        return await chain.build(keeper, [graduate(ending, keeper)])
    except TransactionFailedError:
        if ending.road != "raydium" or not ending.has_waited(time.time()):
            raise
        return await chain.build(keeper, [graduation.graduate(ending.sale, keeper)])


async def _road(chain: ChainClient, curve: CurveState, terms: GraduationTerms) -> str:
    if terms.venue != "raydium" or curve.status == "graduated":
        return "amm"
    config, _ = await chain.require_configs()
    offer = await fetch_offer(chain.rpc)
    return "raydium" if offer.takes(curve.raise_target, config.keeper_bounty) else "amm"


async def build_follow_ups(chain: ChainClient, mint: str, caller: str) -> list[BuiltTransaction]:
    """What a graduation left to do: payouts into their schedules, shares into theirs; empty when all is done."""
    ending = await fetch_ending(chain, mint)
    built = []
    for kind, wallet in ending.payouts:
        index = await free_schedule(chain, WRAPPED_SOL, wallet)
        built.append(await chain.build(caller, [graduation.release_payout(ending.sale, caller, kind, wallet, index)]))
    lp_mint, creator = ending.curve.lp_mint, ending.curve.creator
    if lp_mint and await _holds_shares(chain, ending.sale, lp_mint):
        index = await free_schedule(chain, lp_mint, creator)
        built.append(
            await chain.build(caller, [graduation.lock_liquidity(ending.sale, caller, lp_mint, creator, index)])
        )
    return built


async def _holds_shares(chain: ChainClient, sale: Sale, lp_mint: str) -> bool:
    account = await chain.rpc.get_account(sale.shares_of(lp_mint))
    return account is not None and account["owner"] == TOKEN and any(data_of(account)[_AMOUNT])
