"""Trades and liquidity in pools against SOL, for people who pay and get plain SOL.

Each is a list of instructions for one transaction: a token account for wrapped SOL is made,
used and closed in it. It is none that the person has already, so nothing of his is
touched or left behind.
"""

from dataclasses import dataclass
from secrets import token_hex
from typing import Literal

from solders.instruction import Instruction

from launchpad.chain.addresses import TOKEN
from launchpad.chain.client import BuiltTransaction, ChainClient, NoTokensError
from launchpad.chain.instructions import amm
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.solana import (
    TOKEN_ACCOUNT_BYTES,
    close_passing_sol,
    create_token_account,
    open_passing_sol,
    passing_account,
)


class PassingSol:
    """The wrapped SOL account of one transaction. `rent` is what any token account has to hold."""

    def __init__(self, owner: str, rent: int) -> None:
        self.owner = owner
        self.rent = rent
        # Nobody can foresee it, so nobody can put something in the way.
        self._seed = token_hex(16)
        self.account = passing_account(owner, self._seed)

    def around(self, lamports: int, *instructions: Instruction) -> list[Instruction]:
        """The instructions, with `lamports` wrapped before and everything unwrapped after them."""
        opened = open_passing_sol(self.owner, self._seed, self.rent + lamports)
        return [*opened, *instructions, close_passing_sol(self.owner, self._seed)]


@dataclass(frozen=True, slots=True)
class Order:
    """A trade to be built. `exact` says which amount is kept to; the other is the worst that is accepted."""

    side: Literal["buy", "sell"]
    exact: Literal["in", "out"]
    amount_in: int
    amount_out: int
    deadline: int  # Unix seconds

    def instructions(self, pool: Pool, sol: PassingSol) -> list[Instruction]:
        """What does it, for one transaction."""
        swap = self._exact_in(pool, sol) if self.exact == "in" else self._exact_out(pool, sol)
        if self.side == "buy":
            return [_base_account(pool, sol.owner), *sol.around(self.amount_in, swap)]
        return sol.around(0, swap)

    def _exact_in(self, pool: Pool, sol: PassingSol) -> Instruction:
        return amm.swap_exact_in(
            *(pool, sol.owner),
            is_buy=self.side == "buy",
            amount_in=self.amount_in,
            min_amount_out=self.amount_out,
            deadline=self.deadline,
            quote_account=sol.account,
        )

    def _exact_out(self, pool: Pool, sol: PassingSol) -> Instruction:
        return amm.swap_exact_out(
            *(pool, sol.owner),
            is_buy=self.side == "buy",
            amount_out=self.amount_out,
            max_amount_in=self.amount_in,
            deadline=self.deadline,
            quote_account=sol.account,
        )


async def build_order(chain: ChainClient, pool: Pool, trader: str, order: Order, tip: int = 0) -> BuiltTransaction:
    """The transaction of an order; NoTokensError for the sale of a token that the trader never held."""
    if order.side == "sell" and await chain.rpc.get_account(pool.base_of(trader)) is None:
        raise NoTokensError("The wallet holds none of this token.", field="amount")
    return await chain.build(trader, order.instructions(pool, await passing_sol(chain, trader)), tip=tip)


async def passing_sol(chain: ChainClient, owner: str) -> PassingSol:
    """A wrapped SOL account for one transaction of a wallet."""
    return PassingSol(owner, await chain.rpc.get_rent(TOKEN_ACCOUNT_BYTES))


def deposit(pool: Pool, sol: PassingSol, most: tuple[int, int], min_shares: int, deadline: int) -> list[Instruction]:
    """Add base units and lamports, at most `most`, for shares; what is not needed comes back."""
    shares = create_token_account(sol.owner, sol.owner, pool.lp_mint, TOKEN)
    add = amm.deposit(pool, sol.owner, most, min_shares, deadline, sol.account)
    return [shares, *sol.around(most[1], add)]


def withdraw(pool: Pool, sol: PassingSol, shares: int, least: tuple[int, int]) -> list[Instruction]:
    """Give shares back for base units and lamports, at least `least`."""
    leave = amm.withdraw(pool, sol.owner, shares, least, sol.account)
    return [_base_account(pool, sol.owner), *sol.around(0, leave)]


def claim_creator_fees(pool: Pool, sol: PassingSol) -> list[Instruction]:
    """A pool's creator fees to its creator, as plain SOL."""
    return sol.around(0, amm.claim_creator_fees(pool, sol.owner, sol.account))


def _base_account(pool: Pool, owner: str) -> Instruction:
    return create_token_account(owner, owner, pool.base_mint, pool.base_token_program)
