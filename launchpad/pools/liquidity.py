"""Adding liquidity to pools and taking it out, as transactions to sign. A person gives and gets plain SOL."""

import time
from dataclasses import dataclass

from launchpad.chain import amm_math, swapping
from launchpad.chain.amm_math import Reserves
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.instructions.solana import TOKEN_ACCOUNT_BYTES
from launchpad.chain.markets import OpenPool
from launchpad.errors import InvalidInputError
from launchpad.pools.reading import require_pool
from launchpad.pools.schemas import BuiltLiquidity, DepositRequest, WithdrawRequest
from launchpad.transactions.unsigned import unsigned

# A Token-2022 account with the extension that associated accounts carry.
EXTENDED_ACCOUNT_BYTES = 170


@dataclass(frozen=True, slots=True)
class Costs:
    """Deposits of a transaction: what comes back in it, and what stays in an account of the wallet. Lamports."""

    passing_deposit: int
    account_rent: int


class NoAmountError(InvalidInputError):
    """A deposit of neither token."""

    code = "NO_AMOUNT"


async def build_deposit(chain: ChainClient, asked: DepositRequest) -> BuiltLiquidity:
    """Shares for base units and lamports at the pool's ratio; what is not needed comes back.

    Raises NoPoolError, NoAmountError, what the arithmetic refuses, and what a simulation
    says, such as InsufficientFundsError.
    """
    pool = await require_pool(chain, asked.mint, asked.pool)
    most = _most(pool, asked)
    shares = amm_math.shares_within(most, pool.reserves, pool.state.lp_supply)
    cost = amm_math.cost_of(shares, pool.reserves, pool.state.lp_supply)
    least = max(1, shares * (BPS - asked.slippage_bps) // BPS)
    sol = await swapping.passing_sol(chain, asked.wallet)
    deadline = int(time.time()) + asked.deadline_seconds
    given = (most.base, most.quote)
    rent = await _rent(chain, pool.accounts.lp_of(asked.wallet), TOKEN_ACCOUNT_BYTES)
    built = await chain.build(asked.wallet, swapping.deposit(pool.accounts, sol, given, least, deadline))
    return _told(pool, built, Costs(sol.rent, rent), (cost, most), (shares, least))


async def build_withdrawal(chain: ChainClient, asked: WithdrawRequest) -> BuiltLiquidity:
    """Base units and lamports for shares.

    Raises NoPoolError, what the arithmetic refuses (ZeroAmountError, InsufficientLiquidityError,
    AmountTooSmallError), and what a simulation says.
    """
    pool = await require_pool(chain, asked.mint, asked.pool)
    shares = int(asked.shares)
    worth = amm_math.worth_of(shares, pool.reserves, pool.state.lp_supply)
    least = Reserves(*(side * (BPS - asked.slippage_bps) // BPS for side in (worth.base, worth.quote)))
    sol = await swapping.passing_sol(chain, asked.wallet)
    leave = swapping.withdraw(pool.accounts, sol, shares, (least.base, least.quote))
    rent = await _rent(chain, pool.accounts.base_of(asked.wallet), EXTENDED_ACCOUNT_BYTES)
    built = await chain.build(asked.wallet, leave)
    return _told(pool, built, Costs(sol.rent, rent), (worth, least), (shares, shares))


def _most(pool: OpenPool, asked: DepositRequest) -> Reserves:
    """The most to give of both. What was not said is what the other needs, and a little more for a moving price."""
    base, quote = asked.base_amount, asked.quote_amount
    reserves = pool.reserves
    if base is not None and quote is not None:
        return Reserves(int(base), int(quote))
    if base is not None:
        return Reserves(int(base), _more(int(base) * reserves.quote, reserves.base, asked.slippage_bps))
    if quote is not None:
        return Reserves(_more(int(quote) * reserves.base, reserves.quote, asked.slippage_bps), int(quote))
    raise NoAmountError("Say how many tokens to give, how much SOL, or both.", field="quote_amount")


def _more(numerator: int, denominator: int, slippage_bps: int) -> int:
    return -(-numerator * (BPS + slippage_bps) // (denominator * BPS))


async def _rent(chain: ChainClient, account: str, size: int) -> int:
    """The deposit for an account of the wallet, 0 where it has it."""
    return 0 if await chain.rpc.get_account(account) else await chain.rpc.get_rent(size)


def _told(
    pool: OpenPool,
    built: BuiltTransaction,
    costs: Costs,
    amounts: tuple[Reserves, Reserves],
    shares: tuple[int, int],
) -> BuiltLiquidity:
    """What was built, with the expected amounts and shares and the worst accepted ones."""
    expected, worst = amounts
    return BuiltLiquidity(
        pool=pool.key,
        base_amount=str(expected.base),
        quote_amount=str(expected.quote),
        shares=str(shares[0]),
        worst_base=str(worst.base),
        worst_quote=str(worst.quote),
        worst_shares=str(shares[1]),
        account_rent=str(costs.account_rent),
        passing_deposit=str(costs.passing_deposit),
        **unsigned(built),
    )
