"""The buy that takes the last of a sale opens the token's pool too, in the same transaction where that fits.

    completion = await completing.completion_of(chain, curve, buyer)
    built, done = await completing.build(partial(chain.build_buy_exact_in, mint, buyer, ...), completion)

The buyer is the keeper then: he lays out the rent of the pool's accounts and has it back with the
bounty before the transaction ends. Nobody is made to pay for it: where the raise is too small to
repay the rent, the buy goes alone, and a keeper follows.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from solders.instruction import Instruction

from launchpad.chain import graduating
from launchpad.chain.accounts import CurveState
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import U64_MAX
from launchpad.chain.errors import TransactionFailedError
from launchpad.chain.instructions import curve as curve_instructions
from launchpad.chain.instructions.curve import Market, Ruled
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.transactions import Draft, TransactionTooLargeError, fits


@dataclass(frozen=True, slots=True)
class Completion:
    """The graduation that a buy may carry. Lamports: `advance` is laid out and repaid, `bounty` stays."""

    instruction: Instruction
    advance: int
    bounty: int


class Buy(Protocol):
    """Builds a buy with instructions after it."""

    async def __call__(self, *, after: Sequence[Instruction]) -> BuiltTransaction:
        """The transaction; raises what a simulation of it says."""


async def completion_of(chain: ChainClient, curve: CurveState, buyer: str) -> Completion | None:
    """What a buy of all that is left may carry; None where its venue takes no pool, or it would cost the buyer."""
    ending = await graduating.fetch_ending(chain, curve.mint)
    terms = ending.terms.graduation
    if ending.road != terms.venue:
        return None
    costs = await graduating.fetch_costs(chain, terms)
    bounty = costs.reward(curve.raise_target) - costs.advance
    return Completion(graduating.graduate(ending, buyer), costs.advance, bounty) if bounty >= 0 else None


async def fits_beside_buy(
    chain: ChainClient,
    completion: Completion,
    curve: CurveState,
    buyer: str,
    given: tuple[str | None, Ruled | None, Sequence[Instruction]] = (None, None, ()),
) -> bool:
    """Whether one transaction holds a buy and the graduation: the largest buy, with a new account for the token.

    `given` is the buy's referrer, what it names under opening rules, and what goes in front of it.
    """
    referrer, ruled, before = given
    market = Market(curve.mint, curve.token_program)
    account = create_token_account(buyer, buyer, curve.mint, curve.token_program)
    trade = curve_instructions.buy_exact_in(market, buyer, U64_MAX, U64_MAX, U64_MAX >> 1, referrer, ruled)
    table = await chain.lookup_table()
    return fits(Draft(buyer, [account, *before, trade, completion.instruction], (), [table] if table else []))


async def build(buy: Buy, completion: Completion | None) -> tuple[BuiltTransaction, bool]:
    """The buy, and whether the graduation goes with it; alone where both do not fit or would not succeed together.

    Raises what the buy alone would fail with.
    """
    if completion:
        with suppress(TransactionTooLargeError, TransactionFailedError):
            return await buy(after=[completion.instruction]), True
    return await buy(after=()), False
