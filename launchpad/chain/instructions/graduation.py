"""Instructions that follow a sold-out curve: into its pool, and what the raise leaves beside it."""

from dataclasses import dataclass
from typing import Final, Literal

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import AMM, TOKEN, TOKEN_2022, VESTING, WRAPPED_SOL
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.coding import instruction, variant

NAME: Final = "bonding_curve"

PayoutKind = Literal["team", "treasury"]


@dataclass(frozen=True, slots=True)
class Sale:
    """A curve and what of its terms its end depends on; `terms` is their account, None for the usual ones."""

    mint: str
    token_program: str = TOKEN_2022
    terms: str | None = None
    lock_seconds: int = 0

    @property
    def curve(self) -> str:
        """The curve's account."""
        return pda.curve(self.mint)

    def shares_of(self, lp_mint: str) -> str:
        """The curve's own account of a pool's shares."""
        return pda.associated_token(self.curve, lp_mint, TOKEN)


def graduate(sale: Sale, keeper: str) -> Instruction:
    """Open the pool of a sold-out curve; the keeper pays the rent and is repaid with the bounty."""
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
    return instruction(NAME, "graduate", accounts)


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
