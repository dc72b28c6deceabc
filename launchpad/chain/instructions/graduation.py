"""Instructions that follow a sold-out curve: into its pool, and what the raise leaves beside it."""

from dataclasses import dataclass
from typing import Final, Literal

from solders.instruction import AccountMeta, Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import AMM, TOKEN, TOKEN_2022, VESTING, WRAPPED_SOL, pubkey
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.coding import instruction, variant
from launchpad.chain.venues.raydium.pools import (
    POOL_FEE_RECEIVER,
    RAYDIUM_CP_SWAP,
    RaydiumPool,
    amm_config,
    authority,
    observation,
    vault,
)

NAME: Final = "bonding_curve"
_RENT: Final = "SysvarRent111111111111111111111111111111111"

PayoutKind = Literal["team", "treasury"]


@dataclass(frozen=True, slots=True)
class Sale:
    """A curve and what of its terms its end depends on; `terms` is their account, None for the usual ones.

    `venue` is where the terms promise the pool, "amm" or "raydium".
    """

    mint: str
    token_program: str = TOKEN_2022
    terms: str | None = None
    lock_seconds: int = 0
    venue: str = "amm"

    @property
    def raydium(self) -> RaydiumPool:
        """The pool at Raydium, whether or not it opens there."""
        return RaydiumPool.of(self.mint, self.token_program, key=pda.raydium_pool(self.mint))

    @property
    def curve(self) -> str:
        """The curve's account."""
        return pda.curve(self.mint)

    def shares_of(self, lp_mint: str) -> str:
        """The curve's own account of a pool's shares."""
        return pda.associated_token(self.curve, lp_mint, TOKEN)


def graduate(sale: Sale, keeper: str) -> Instruction:
    """Open the pool of a sold-out curve; the keeper pays the rent and is repaid with the bounty.

    A sale that was promised to Raydium shows with it that Raydium cannot take it.
    """
    pool = graduates_pool(sale.mint, sale.token_program)
    accounts = {
        "keeper": keeper,
        "config": pda.bonding_curve_config(),
        "curve": sale.curve,
        "terms": sale.terms,
        "mint": sale.mint,
        "base_vault": pda.associated_token(sale.curve, sale.mint, sale.token_program),
        "quote_mint": WRAPPED_SOL,
        "amm_config": pda.amm_config(),
        "pool": pool.key,
        "lp_mint": pool.lp_mint,
        "pool_base_vault": pool.base_vault,
        "pool_quote_vault": pool.quote_vault,
        "curve_lp": sale.shares_of(pool.lp_mint) if sale.lock_seconds else None,
        "token_program": sale.token_program,
        "classic_token_program": TOKEN,
        "amm_program": AMM,
        "amm_event_authority": pda.event_authority(AMM),
    }
    made = instruction(NAME, "graduate", accounts)
    if sale.venue != "raydium":
        return made
    shown = [AccountMeta(pubkey(key), is_signer=False, is_writable=False) for key in (RAYDIUM_CP_SWAP, amm_config())]
    return Instruction(made.program_id, made.data, [*made.accounts, *shown])


def graduate_to_raydium(sale: Sale, keeper: str) -> Instruction:
    """Open the pool of a sold-out curve at Raydium; the keeper is repaid before he pays, and gets the bounty."""
    pool, creator = sale.raydium, pda.pool_creator(sale.mint)
    accounts = {
        "keeper": keeper,
        "config": pda.bonding_curve_config(),
        "curve": sale.curve,
        "terms": sale.terms,
        "mint": sale.mint,
        "base_vault": pda.associated_token(sale.curve, sale.mint, sale.token_program),
        "quote_mint": WRAPPED_SOL,
        "pool_creator": creator,
        "creator_base": pda.creator_base(sale.mint),
        "creator_quote": pda.creator_quote(sale.mint),
        "creator_lp": pool.shares_of(creator),
        "curve_lp": sale.shares_of(pool.lp_mint) if sale.lock_seconds else None,
        "pool": pool.key,
        "lp_mint": pool.lp_mint,
        "pool_base_vault": vault(pool.key, sale.mint),
        "pool_quote_vault": vault(pool.key, WRAPPED_SOL),
        "observation": observation(pool.key),
        "pool_fee_receiver": POOL_FEE_RECEIVER,
        "raydium_config": pool.config,
        "raydium_authority": authority(),
        "raydium_program": RAYDIUM_CP_SWAP,
        "token_program": sale.token_program,
        "classic_token_program": TOKEN,
        "rent": _RENT,
    }
    return instruction(NAME, "graduate_to_raydium", accounts)


def release_payout(sale: Sale, caller: str, kind: PayoutKind, beneficiary: str, index: int = 0) -> Instruction:
    """Put the team's or the treasury's part of the raise into their schedule; the rent comes out of it."""
    accounts = {
        "caller": caller,
        "curve": sale.curve,
        "terms": sale.terms,
        "quote_mint": WRAPPED_SOL,
        **_schedule(WRAPPED_SOL, beneficiary, index),
    }
    return instruction(NAME, "release_payout", accounts, variant(NAME, "PayoutKind", kind.capitalize()), index)


def lock_liquidity(sale: Sale, caller: str, lp_mint: str, creator: str, index: int = 0) -> Instruction:
    """Put the curve's shares of its pool into the creator's schedule; the caller pays its rent."""
    accounts = {
        "caller": caller,
        "curve": sale.curve,
        "terms": sale.terms,
        "lp_mint": lp_mint,
        "curve_lp": sale.shares_of(lp_mint),
        **_schedule(lp_mint, creator, index),
    }
    return instruction(NAME, "lock_liquidity", accounts, index)


def _schedule(mint: str, beneficiary: str, index: int) -> dict[str, str | None]:
    schedule = pda.vesting_schedule(mint, beneficiary, index)
    return {
        "schedule": schedule,
        "escrow": pda.associated_token(schedule, mint, TOKEN),
        "token_program": TOKEN,
        "vesting_program": VESTING,
        "vesting_event_authority": pda.event_authority(VESTING),
    }
