"""Instructions of a batch launch: deposits, and what becomes of them."""

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.instructions.coding import instruction
from launchpad.chain.instructions.curve import NAME, Market


def deposit(mint: str, depositor: str, amount: int) -> Instruction:
    """Put `amount` lamports into a batch; the first deposit pays for its receipt."""
    accounts = {
        "depositor": depositor,
        "config": pda.bonding_curve_config(),
        "batch": pda.batch(mint),
        "deposit": pda.deposit(mint, depositor),
    }
    return instruction(NAME, "deposit", accounts, amount)


def withdraw_deposit(mint: str, depositor: str, amount: int) -> Instruction:
    """Take `amount` lamports of a deposit back, or all of it where that is less."""
    accounts = {
        "depositor": depositor,
        "batch": pda.batch(mint),
        "deposit": pda.deposit(mint, depositor),
    }
    return instruction(NAME, "withdraw_deposit", accounts, amount)


def settle_batch(mint: str) -> Instruction:
    """End the deposit window: one buy for all, or the failure of the batch. Anybody may."""
    return instruction(NAME, "settle_batch", {"batch": pda.batch(mint), "curve": pda.curve(mint)})


def claim_batch(market: Market, depositor: str, payer: str) -> Instruction:
    """Give a depositor his tokens and what was left over; anybody may, and pays for a missing token account."""
    accounts = {
        "payer": payer,
        "depositor": depositor,
        "batch": pda.batch(market.mint),
        "deposit": pda.deposit(market.mint, depositor),
        "curve": market.curve,
        "mint": market.mint,
        "base_vault": market.base_vault,
        "depositor_base": pda.associated_token(depositor, market.mint, market.token_program),
        "token_program": market.token_program,
    }
    return instruction(NAME, "claim_batch", accounts)
