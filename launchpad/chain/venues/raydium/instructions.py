"""Instructions of Raydium's CP-swap. Amounts are base units in the order of the pool's two mints."""

from solders.instruction import AccountMeta, Instruction

from launchpad.chain.addresses import ASSOCIATED_TOKEN, SYSTEM, TOKEN, TOKEN_2022
from launchpad.chain.venues.coding import anchor_tag, call, numbers, read, signs, write
from launchpad.chain.venues.raydium.pools import (
    POOL_FEE_RECEIVER,
    RAYDIUM_CP_SWAP,
    RaydiumPool,
    authority,
    observation,
)

_RENT = "SysvarRent111111111111111111111111111111111"
_MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"


# A wallet's two token accounts in the pool's order; the associated ones unless others are named.
Accounts = tuple[str, str]


def accounts_of(pool: RaydiumPool, owner: str) -> Accounts:
    """The associated ones, which is what wallets use."""
    return pool.account_of(owner, 0), pool.account_of(owner, 1)


def initialize(
    pool: RaydiumPool, creator: str, amounts: tuple[int, int], open_time: int = 0, held: Accounts | None = None
) -> Instruction:
    """Open a pool with `amounts`, which the creator's token accounts hold.

    The creator pays the rent, the fee for a new pool, and gets the shares. Swaps begin a
    second later, or at `open_time` (Unix seconds).
    """
    mine = held or accounts_of(pool, creator)
    accounts = [
        write(creator, signer=True),
        read(pool.config),
        read(authority()),
        write(pool.key, signer=pool.signs),
        *(read(mint) for mint in pool.mints),
        write(pool.lp_mint),
        *(write(each) for each in mine),
        write(pool.shares_of(creator)),
        *(write(each) for each in pool.vaults),
        write(POOL_FEE_RECEIVER),
        write(observation(pool.key)),
        read(TOKEN),
        *(read(side.token_program) for side in pool.sides),
        *(read(each) for each in (ASSOCIATED_TOKEN, SYSTEM, _RENT)),
    ]
    return call(RAYDIUM_CP_SWAP, anchor_tag("initialize") + numbers(*amounts, open_time), accounts)


def swap_base_input(
    pool: RaydiumPool, payer: str, side_in: int, amount_in: int, min_out: int, held: Accounts | None = None
) -> Instruction:
    """Pay exactly `amount_in` of one side (0 or 1) for at least `min_out` of the other."""
    return _swap("swap_base_input", pool, payer, side_in, (amount_in, min_out), held)


def swap_base_output(
    pool: RaydiumPool, payer: str, side_in: int, max_in: int, amount_out: int, held: Accounts | None = None
) -> Instruction:
    """Get exactly `amount_out` of the other side for at most `max_in`."""
    return _swap("swap_base_output", pool, payer, side_in, (max_in, amount_out), held)


def deposit(
    pool: RaydiumPool, owner: str, shares: int, most: tuple[int, int], held: Accounts | None = None
) -> Instruction:
    """Add what `shares` new shares cost, at most `most`."""
    data = anchor_tag("deposit") + numbers(shares, *most)
    return call(RAYDIUM_CP_SWAP, data, _liquidity(pool, owner, held))


def withdraw(
    pool: RaydiumPool, owner: str, shares: int, least: tuple[int, int], held: Accounts | None = None
) -> Instruction:
    """Give shares back for their part of both vaults; at least `least` or nothing."""
    data = anchor_tag("withdraw") + numbers(shares, *least)
    return call(RAYDIUM_CP_SWAP, data, [*_liquidity(pool, owner, held), read(_MEMO)])


def _swap(
    name: str, pool: RaydiumPool, payer: str, side_in: int, amounts: tuple[int, int], held: Accounts | None
) -> Instruction:
    mine = held or accounts_of(pool, payer)
    source, target = pool.sides[side_in], pool.sides[1 - side_in]
    accounts = [
        signs(payer),
        read(authority()),
        read(pool.config),
        write(pool.key),
        write(mine[side_in]),
        write(mine[1 - side_in]),
        write(pool.vaults[side_in]),
        write(pool.vaults[1 - side_in]),
        read(source.token_program),
        read(target.token_program),
        read(source.mint),
        read(target.mint),
        write(observation(pool.key)),
    ]
    return call(RAYDIUM_CP_SWAP, anchor_tag(name) + numbers(*amounts), accounts)


def _liquidity(pool: RaydiumPool, owner: str, held: Accounts | None) -> list[AccountMeta]:
    mine = held or accounts_of(pool, owner)
    return [
        signs(owner),
        read(authority()),
        write(pool.key),
        write(pool.shares_of(owner)),
        *(write(each) for each in mine),
        *(write(each) for each in pool.vaults),
        read(TOKEN),
        read(TOKEN_2022),
        *(read(mint) for mint in pool.mints),
        write(pool.lp_mint),
    ]
