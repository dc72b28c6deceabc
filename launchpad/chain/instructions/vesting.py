"""Instructions of the vesting program. Times are Unix seconds, amounts base units."""

from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.instructions.coding import instruction, key, struct

NAME: Final = "vesting"


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """What a schedule releases to whom, and when. `index` tells schedules of one mint and beneficiary apart."""

    beneficiary: str
    amount: int
    start: int
    cliff: int
    end: int
    period: int = 1
    revocable: bool = False
    index: int = 0


@dataclass(frozen=True, slots=True)
class Escrow:
    """A schedule and the tokens it holds."""

    schedule: str
    mint: str
    token_program: str = TOKEN_2022

    @property
    def account(self) -> str:
        """The token account that holds what is not claimed yet."""
        return pda.associated_token(self.schedule, self.mint, self.token_program)


def create_schedule(
    payer: str, grantor: str, mint: str, terms: ScheduleTerms, token_program: str = TOKEN_2022
) -> Instruction:
    """Lock `amount` tokens of the grantor for a beneficiary."""
    schedule = pda.vesting_schedule(mint, terms.beneficiary, terms.index)
    accounts = {
        "payer": payer,
        "grantor": grantor,
        "mint": mint,
        "source": pda.associated_token(grantor, mint, token_program),
        "schedule": schedule,
        "escrow": Escrow(schedule, mint, token_program).account,
        "token_program": token_program,
    }
    arguments = struct(
        NAME,
        "ScheduleArgs",
        beneficiary=key(terms.beneficiary),
        amount=terms.amount,
        start=terms.start,
        cliff=terms.cliff,
        end=terms.end,
        period=terms.period,
        revocable=terms.revocable,
        index=terms.index,
    )
    return instruction(NAME, "create_schedule", accounts, arguments)


def claim(escrow: Escrow, beneficiary: str) -> Instruction:
    """Pay the beneficiary what has vested; makes the token account where it is missing."""
    accounts = {
        "beneficiary": beneficiary,
        "mint": escrow.mint,
        "schedule": escrow.schedule,
        "escrow": escrow.account,
        "beneficiary_base": pda.associated_token(beneficiary, escrow.mint, escrow.token_program),
        "token_program": escrow.token_program,
    }
    return instruction(NAME, "claim", accounts)


def revoke(escrow: Escrow, grantor: str) -> Instruction:
    """Return to the grantor what has not vested."""
    accounts = {
        "grantor": grantor,
        "mint": escrow.mint,
        "schedule": escrow.schedule,
        "escrow": escrow.account,
        "grantor_base": pda.associated_token(grantor, escrow.mint, escrow.token_program),
        "token_program": escrow.token_program,
    }
    return instruction(NAME, "revoke", accounts)


def propose_beneficiary(schedule: str, beneficiary: str, new_beneficiary: str) -> Instruction:
    """Offer a schedule to somebody, who has to accept."""
    accounts = {"beneficiary": beneficiary, "schedule": schedule}
    return instruction(NAME, "propose_beneficiary", accounts, key(new_beneficiary))


def accept_beneficiary(schedule: str, pending_beneficiary: str) -> Instruction:
    """Take over a schedule."""
    accounts = {"pending_beneficiary": pending_beneficiary, "schedule": schedule}
    return instruction(NAME, "accept_beneficiary", accounts)
