"""What people do in Raydium pools against SOL, paying and getting plain SOL: instructions for one transaction each."""

from dataclasses import dataclass
from typing import Literal

from solders.instruction import Instruction

from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.swapping import PassingSol
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium.pools import RaydiumPool


@dataclass(frozen=True, slots=True)
class Order:
    """A swap to be built. `exact` says which amount is kept to; the other is the worst that is accepted."""

    side: Literal["buy", "sell"]
    exact: Literal["in", "out"]
    amount_in: int
    amount_out: int

    def instructions(self, pool: RaydiumPool, sol: PassingSol) -> list[Instruction]:
        """What does it; a buyer's token account is made where it is missing."""
        if self.side == "buy":
            return [_token_account(pool, sol.owner), *sol.around(self.amount_in, self._swap(pool, sol))]
        return sol.around(0, self._swap(pool, sol))

    def _swap(self, pool: RaydiumPool, sol: PassingSol) -> Instruction:
        sol_side = pool.side_of(WRAPPED_SOL)
        side_in = sol_side if self.side == "buy" else 1 - sol_side
        swap = raydium.swap_base_input if self.exact == "in" else raydium.swap_base_output
        return swap(pool, sol.owner, side_in, self.amount_in, self.amount_out, _accounts(pool, sol))


def open_pool(pool: RaydiumPool, sol: PassingSol, base: int, lamports: int, open_time: int = 0) -> list[Instruction]:
    """Open a pool with base units and lamports of the owner."""
    amounts = pool.in_order(base, lamports)
    return sol.around(lamports, raydium.initialize(pool, sol.owner, amounts, open_time, _accounts(pool, sol)))


def deposit(pool: RaydiumPool, sol: PassingSol, shares: int, most: tuple[int, int]) -> list[Instruction]:
    """Add what `shares` cost, at most `most` of token 0 and 1; what is not needed comes back."""
    account = create_token_account(sol.owner, sol.owner, pool.lp_mint, TOKEN)
    add = raydium.deposit(pool, sol.owner, shares, most, _accounts(pool, sol))
    return [account, *sol.around(most[pool.side_of(WRAPPED_SOL)], add)]


def withdraw(pool: RaydiumPool, sol: PassingSol, shares: int, least: tuple[int, int]) -> list[Instruction]:
    """Give shares back for their part of both tokens, at least `least` of token 0 and 1."""
    leave = raydium.withdraw(pool, sol.owner, shares, least, _accounts(pool, sol))
    return [_token_account(pool, sol.owner), *sol.around(0, leave)]


def _accounts(pool: RaydiumPool, sol: PassingSol) -> raydium.Accounts:
    sol_side = pool.side_of(WRAPPED_SOL)
    return pool.in_order(pool.account_of(sol.owner, 1 - sol_side), sol.account)


def _token_account(pool: RaydiumPool, owner: str) -> Instruction:
    side = pool.sides[1 - pool.side_of(WRAPPED_SOL)]
    return create_token_account(owner, owner, side.mint, side.token_program)
