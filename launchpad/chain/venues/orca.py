"""Orca's Whirlpools: a splash pool, which is one whose every position covers the full range, and a position in it.

Facts from the program's public interface (github.com/orca-so/whirlpools, 2026): seeds, account orders and
argument types of `initialize_pool_v2`, `initialize_tick_array`, `open_position_with_token_extensions` and
`increase_liquidity_v2`. Prices are square roots in Q64.64 of token B's base units per token A's.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from math import isqrt
from typing import Self

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import ASSOCIATED_TOKEN, SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.curve_math import AmountTooSmallError, ZeroAmountError
from launchpad.chain.pda import derive
from launchpad.chain.venues.coding import anchor_tag, call, key_bytes, numbers, read, signs, write

WHIRLPOOLS = "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc"
# Orca's own set of fee tiers on mainnet.
CONFIG = "2LecshUwdy9xi7meFgHtFJQNSKk4KdTrcpvaB56dP2NQ"
# The spacing of pools that are full range only; it is the number of their fee tier, too.
SPLASH_SPACING = 32_896
MAX_TICK = 443_636
TICKS_IN_ARRAY = 88
# The most that a position may hold short of its limits, so that rounding never exceeds them.
_SAFE = (10**12 - 1, 10**12)
_RENT = "SysvarRent111111111111111111111111111111111"
_MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
# Who may change a position's metadata; the same for everybody.
_METADATA_AUTHORITY = "3axbTs2z5GBy6usVbNVoqEgZMng3vZvMnAoX29BFfwhr"
_EXACT = Context(prec=60)
_ONE = 2**64


def full_range(spacing: int = SPLASH_SPACING) -> tuple[int, int]:
    """The lowest and the highest tick of a position that covers all prices."""
    highest = MAX_TICK // spacing * spacing
    return -highest, highest


def array_start(tick: int, spacing: int = SPLASH_SPACING) -> int:
    """The first tick of the array that holds a tick."""
    width = TICKS_IN_ARRAY * spacing
    return tick // width * width


def sqrt_price(amount_a: int, amount_b: int) -> int:
    """The square root in Q64.64 of a price of B for A, rounded down; ZeroAmountError without both."""
    if min(amount_a, amount_b) <= 0:
        raise ZeroAmountError("A pool needs both tokens: enter amounts above zero.", field="amount")
    return isqrt((amount_b << 128) // amount_a)


def sqrt_price_of(tick: int) -> int:
    """The square root in Q64.64 of a tick's price, to within a few units of the last place."""
    root = _EXACT.power(Decimal("1.0001"), _EXACT.divide(Decimal(tick), Decimal(2)))
    return int(_EXACT.multiply(root, Decimal(_ONE)))


def liquidity_of(amount_a: int, amount_b: int, spacing: int = SPLASH_SPACING) -> int:
    """The most liquidity over the full range that costs at most these amounts at their own price.

    A millionth of a millionth is left out, so that the program's rounding stays within the limits.
    Raises ZeroAmountError and AmountTooSmallError.
    """
    price = sqrt_price(amount_a, amount_b)
    low, high = (sqrt_price_of(tick) for tick in full_range(spacing))
    if not low < price < high:
        raise AmountTooSmallError("This price lies beyond what Whirlpools can hold.", field="amount")
    of_a = amount_a * price * high // ((high - price) << 64)
    of_b = (amount_b << 64) // (price - low)
    found = min(of_a, of_b) * _SAFE[0] // _SAFE[1]
    if found == 0:
        raise AmountTooSmallError("A new pool needs a larger deposit.", field="amount")
    return found


@dataclass(frozen=True, slots=True)
class Whirlpool:
    """The accounts of a splash pool. Token A's mint is the smaller one by its bytes.

    The two vaults are keys of the opener's own making, which sign once.
    """

    mint_a: str
    mint_b: str
    program_a: str
    program_b: str
    vault_a: str
    vault_b: str
    spacing: int = SPLASH_SPACING

    @classmethod
    def of(cls, mint: str, token_program: str, vaults: tuple[str, str]) -> Self:
        """The pool of a token against SOL."""
        sides = sorted([(mint, token_program), (WRAPPED_SOL, TOKEN)], key=lambda side: key_bytes(side[0]))
        (mint_a, program_a), (mint_b, program_b) = sides
        return cls(mint_a, mint_b, program_a, program_b, *vaults)

    @property
    def key(self) -> str:
        """The pool's address."""
        seeds = (key_bytes(CONFIG), key_bytes(self.mint_a), key_bytes(self.mint_b))
        return derive(WHIRLPOOLS, b"whirlpool", *seeds, self.spacing.to_bytes(2, "little"))

    def in_order(self, base: int, lamports: int) -> tuple[int, int]:
        """Base units and lamports as A and B."""
        return (lamports, base) if self.mint_a == WRAPPED_SOL else (base, lamports)

    def tick_array(self, start: int) -> str:
        """The array of ticks that begins at one."""
        return tick_array(self.key, start)

    def accounts_of(self, owner: str, wrapped: str | None = None) -> tuple[str, str]:
        """An owner's two token accounts, with another one for wrapped SOL where it is named."""
        pairs = ((self.mint_a, self.program_a), (self.mint_b, self.program_b))
        named = [
            wrapped if wrapped and mint == WRAPPED_SOL else pda.associated_token(owner, mint, program)
            for mint, program in pairs
        ]
        return named[0], named[1]


def fee_tier(index: int = SPLASH_SPACING) -> str:
    """A fee tier of Orca's config."""
    return derive(WHIRLPOOLS, b"fee_tier", key_bytes(CONFIG), index.to_bytes(2, "little"))


def token_badge(mint: str) -> str:
    """Where Orca allows a mint with unusual extensions."""
    return derive(WHIRLPOOLS, b"token_badge", key_bytes(CONFIG), key_bytes(mint))


def position(mint: str) -> str:
    """The position that a position mint stands for."""
    return derive(WHIRLPOOLS, b"position", key_bytes(mint))


def tick_array(pool: str, start: int) -> str:
    """A pool's array of ticks; its first tick is a seed as decimal text."""
    return derive(WHIRLPOOLS, b"tick_array", key_bytes(pool), str(start).encode())


def initialize_pool_v2(pool: Whirlpool, funder: str, price: int) -> Instruction:
    """A pool at a square-root price; the funder and both vaults' keys sign."""
    accounts = [
        *(
            read(each)
            for each in (CONFIG, pool.mint_a, pool.mint_b, token_badge(pool.mint_a), token_badge(pool.mint_b))
        ),
        write(funder, signer=True),
        write(pool.key),
        write(pool.vault_a, signer=True),
        write(pool.vault_b, signer=True),
        *(read(each) for each in (fee_tier(pool.spacing), pool.program_a, pool.program_b, SYSTEM, _RENT)),
    ]
    data = anchor_tag("initialize_pool_v2") + pool.spacing.to_bytes(2, "little") + price.to_bytes(16, "little")
    return call(WHIRLPOOLS, data, accounts)


def initialize_tick_array(pool: Whirlpool, funder: str, start: int) -> Instruction:
    """One of the arrays that positions need."""
    accounts = [read(pool.key), write(funder, signer=True), write(pool.tick_array(start)), read(SYSTEM)]
    data = anchor_tag("initialize_tick_array") + start.to_bytes(4, "little", signed=True)
    return call(WHIRLPOOLS, data, accounts)


def open_position(pool: Whirlpool, owner: str, position_mint: str) -> Instruction:
    """A full-range position as a Token-2022 token of its owner; the owner, who pays, and the token's key sign."""
    accounts = [
        write(owner, signer=True),
        read(owner),
        write(position(position_mint)),
        write(position_mint, signer=True),
        write(pda.associated_token(owner, position_mint, TOKEN_2022)),
        *(read(each) for each in (pool.key, TOKEN_2022, SYSTEM, ASSOCIATED_TOKEN, _METADATA_AUTHORITY)),
    ]
    ticks = b"".join(tick.to_bytes(4, "little", signed=True) for tick in full_range(pool.spacing))
    return call(WHIRLPOOLS, anchor_tag("open_position_with_token_extensions") + ticks + b"\x01", accounts)


def increase_liquidity_v2(
    pool: Whirlpool, owner: str, position_mint: str, liquidity: int, most: tuple[int, int], wrapped: str | None = None
) -> Instruction:
    """Fill a position with `liquidity` for at most `most` of tokens A and B."""
    low, high = (array_start(tick, pool.spacing) for tick in full_range(pool.spacing))
    accounts = [
        write(pool.key),
        *(read(each) for each in (pool.program_a, pool.program_b, _MEMO)),
        signs(owner),
        write(position(position_mint)),
        read(pda.associated_token(owner, position_mint, TOKEN_2022)),
        read(pool.mint_a),
        read(pool.mint_b),
        *(write(each) for each in pool.accounts_of(owner, wrapped)),
        *(write(each) for each in (pool.vault_a, pool.vault_b, pool.tick_array(low), pool.tick_array(high))),
    ]
    data = anchor_tag("increase_liquidity_v2") + liquidity.to_bytes(16, "little") + numbers(*most) + b"\x00"
    return call(WHIRLPOOLS, data, accounts)
