"""Sold-out curves on their way to Raydium's real program, as tests of that road begin.

chain = raydium_chain()
graduate = sold_out_for_raydium(chain)
graduate.send(chain.wallet())                     # opens the pool at Raydium
graduate.instead.send(chain.wallet(), SHOWN)      # the way into our own pools, with what proves that it is needed
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.venues.raydium import instructions
from launchpad.chain.venues.raydium.accounts import PoolState, decode_pool
from launchpad.chain.venues.raydium.pools import (
    POOL_FEE_RECEIVER,
    RAYDIUM_CP_SWAP,
    RaydiumPool,
    amm_config,
    authority,
    observation,
    vault,
)
from tests.programs.curve_market import CONFIG, open_market, terms_of
from tests.programs.graduating import Graduate, graduation, new_chain, sell_out
from tests.programs.harness import CURVE, TOKEN, WSOL, Chain, ata
from tests.raydium import POOL_FEE, install

RAYDIUM = Pubkey.from_string(RAYDIUM_CP_SWAP)
TIER = Pubkey.from_string(amm_config())
# What a caller of `graduate` shows to prove that Raydium cannot take a sale.
SHOWN = (RAYDIUM, TIER)
# Pool, record of prices, mint of the shares, two vaults.
SPACES = (637, 4_075, 82, 165, 165)
AT_RAYDIUM = graduation(venue="RaydiumCpSwap")


def raydium_sale(**changes: Any) -> dict[str, Any]:
    """Terms that name Raydium."""
    return graduation(venue="RaydiumCpSwap", **changes)


def raydium_chain(**tier: Any) -> Chain:
    """A runtime with curves, pools, vesting and Raydium."""
    chain = new_chain()
    install(chain, **tier)
    return chain


def mint_key(*, below_wsol: bool) -> Pubkey:
    """A mint's address on one side of wrapped SOL's."""
    while True:
        key = Keypair().pubkey()
        if (bytes(key) < bytes(WSOL)) == below_wsol:
            return key


@dataclass
class RaydiumGraduate(Graduate):
    """A curve, and the pool at Raydium that it becomes."""

    name: ClassVar[str] = "graduate_to_raydium"

    @property
    def theirs(self) -> RaydiumPool:
        """The pool as Raydium knows it, whether or not it exists yet."""
        key = str(CURVE.pda(b"raydium_pool", self.market.mint))
        return RaydiumPool.of(str(self.market.mint), str(self.market.opening.token_program), key=key)

    @property
    def instead(self) -> Graduate:
        """The same curve's way into our own pools."""
        return Graduate(self.market)

    @property
    def lp_mint(self) -> Pubkey:
        """The mint of the pool's shares."""
        return Pubkey.from_string(self.theirs.lp_mint)

    @property
    def creator(self) -> Pubkey:
        """Who opens the pool: empty before and after."""
        return CURVE.pda(b"pool_creator", self.market.mint)

    @property
    def passing(self) -> dict[str, Pubkey]:
        """The creator's accounts, which exist within the instruction alone."""
        return {
            "creator_base": CURVE.pda(b"creator_base", self.market.mint),
            "creator_quote": CURVE.pda(b"creator_quote", self.market.mint),
            "creator_lp": ata(self.creator, self.lp_mint, TOKEN),
        }

    @property
    def made(self) -> dict[str, Pubkey]:
        """What Raydium makes for good."""
        pool = self.theirs
        found = {
            "pool": pool.key,
            "lp_mint": pool.lp_mint,
            "pool_base_vault": vault(pool.key, str(self.market.mint)),
            "pool_quote_vault": vault(pool.key, str(WSOL)),
            "observation": observation(pool.key),
        }
        return {name: Pubkey.from_string(key) for name, key in found.items()}

    @property
    def accounts(self) -> dict[str, Pubkey | None]:
        """The accounts of graduate_to_raydium, but the keeper."""
        return {
            "config": CONFIG,
            "curve": self.market.curve,
            "terms": terms_of(self.sale or {}),
            "mint": self.market.mint,
            "base_vault": self.market.vault,
            "quote_mint": WSOL,
            "pool_creator": self.creator,
            **self.passing,
            "curve_lp": self.curve_lp if self.locked else None,
            **self.made,
            "pool_fee_receiver": Pubkey.from_string(POOL_FEE_RECEIVER),
            "raydium_config": TIER,
            "raydium_authority": Pubkey.from_string(authority()),
            "raydium_program": RAYDIUM,
            "token_program": self.market.opening.token_program,
        }

    @property
    def state(self) -> PoolState:
        """The pool's account."""
        account = self.chain.account(self.made["pool"])
        found = decode_pool({"owner": str(account.owner)}, account.data)
        assert found
        return found

    @property
    def vaults(self) -> tuple[int, int]:
        """What the pool's vaults hold of the token, and of SOL."""
        return self.chain.tokens(self.made["pool_base_vault"]), self.chain.tokens(self.made["pool_quote_vault"])

    def costs(self, fee: int = POOL_FEE) -> int:
        """Lamports that the pool takes besides its liquidity."""
        kept = self.chain.rent(165) if self.locked else 0
        return fee + sum(self.chain.rent(space) for space in SPACES) + kept

    def swap(self, trader: Keypair, side_in: int, amount: int) -> None:
        """Pays `amount` of side 0 or 1 of the pool."""
        swap = instructions.swap_base_input(self.theirs, str(trader.pubkey()), side_in, amount, 1)
        self.chain.send([swap], [trader])


def sold_out_for_raydium(chain: Chain, **changes: Any) -> RaydiumGraduate:
    """A curve on which everything is sold, under terms that name Raydium."""
    market = open_market(chain, **({"sale": AT_RAYDIUM} | changes))
    sell_out(market)
    return RaydiumGraduate(market)
