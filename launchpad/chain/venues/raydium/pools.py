"""Where Raydium's CP-swap keeps a pool. The two tokens stand in the order of their mints' bytes."""

from dataclasses import dataclass
from typing import Self, TypeVar

from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.pda import associated_token, derive
from launchpad.chain.venues.coding import key_bytes

T = TypeVar("T")

RAYDIUM_CP_SWAP = "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C"
# A wrapped SOL account, fixed in the program, that takes the fee for a new pool.
POOL_FEE_RECEIVER = "DNXgeM9EiiaAbaWvwjHj9fQQLAX5ZsfHyvmYUNRAdNC8"


def amm_config(index: int = 0) -> str:
    """The fee tier of an index (u16, big-endian in its address)."""
    return derive(RAYDIUM_CP_SWAP, b"amm_config", index.to_bytes(2, "big"))


def authority() -> str:
    """What owns every vault and every LP mint."""
    return derive(RAYDIUM_CP_SWAP, b"vault_and_lp_mint_auth_seed")


def pool_address(config: str, mint_0: str, mint_1: str) -> str:
    """The program's own address for a pair under a config; whoever opens it first has it."""
    return derive(RAYDIUM_CP_SWAP, b"pool", key_bytes(config), key_bytes(mint_0), key_bytes(mint_1))


def lp_mint(pool: str) -> str:
    """The mint of a pool's shares: classic, nine decimals."""
    return derive(RAYDIUM_CP_SWAP, b"pool_lp_mint", key_bytes(pool))


def vault(pool: str, mint: str) -> str:
    """A pool's token account for one of its mints."""
    return derive(RAYDIUM_CP_SWAP, b"pool_vault", key_bytes(pool), key_bytes(mint))


def observation(pool: str) -> str:
    """The pool's record of past prices."""
    return derive(RAYDIUM_CP_SWAP, b"observation", key_bytes(pool))


@dataclass(frozen=True, slots=True)
class Side:
    """One token of a pool and the program that keeps it."""

    mint: str
    token_program: str = TOKEN


@dataclass(frozen=True, slots=True)
class RaydiumPool:
    """The accounts of a pool that are the same for everybody. `sides` in the program's order.

    `signs` is true of a pool that is about to be opened at a key of the opener's choice,
    which then signs: such an address nobody else can take first.
    """

    key: str
    config: str
    sides: tuple[Side, Side]
    signs: bool = False

    @classmethod
    def of(cls, mint: str, token_program: str, *, key: str | None = None, config: str | None = None) -> Self:
        """The pool of a token against SOL: at the program's own address, or at a key that signs."""
        return cls.of_pair((Side(mint, token_program), Side(WRAPPED_SOL)), key=key, config=config)

    @classmethod
    def of_pair(cls, pair: tuple[Side, Side], *, key: str | None = None, config: str | None = None) -> Self:
        """The pool of two tokens, given in any order."""
        fees = config or amm_config()
        first, second = sorted(pair, key=lambda side: key_bytes(side.mint))
        address = key or pool_address(fees, first.mint, second.mint)
        return cls(address, fees, (first, second), signs=key is not None)

    @property
    def mints(self) -> tuple[str, str]:
        """Both mints, in order."""
        return self.sides[0].mint, self.sides[1].mint

    @property
    def lp_mint(self) -> str:
        """The mint of the shares."""
        return lp_mint(self.key)

    @property
    def vaults(self) -> tuple[str, str]:
        """Both vaults, in order."""
        return vault(self.key, self.mints[0]), vault(self.key, self.mints[1])

    def side_of(self, mint: str) -> int:
        """0 or 1; ValueError for a mint that is not in the pool."""
        return self.mints.index(mint)

    def in_order(self, base: T, quote: T, quote_mint: str = WRAPPED_SOL) -> tuple[T, T]:
        """Two things about (base, quote) in the program's order."""
        return (quote, base) if self.mints[0] == quote_mint else (base, quote)

    def account_of(self, owner: str, side: int) -> str:
        """An owner's token account of one side."""
        return associated_token(owner, self.sides[side].mint, self.sides[side].token_program)

    def shares_of(self, owner: str) -> str:
        """An owner's account of shares."""
        return associated_token(owner, self.lp_mint, TOKEN)
