"""Grants for tests: a mint, a grantor who holds it, and schedules on it."""

from dataclasses import dataclass
from typing import Any

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.vesting_math import claimable
from tests.programs.harness import NOW, TOKEN_2022, VESTING, Chain, Receipt, ata, metadata_pointer

DAY = 86_400
SUPPLY = 1_000_000
NOBODY = Pubkey.default()


@dataclass
class Grant:
    """One schedule, and everyone who has to do with it."""

    chain: Chain
    mint: Pubkey
    grantor: Keypair
    beneficiary: Keypair
    args: dict[str, Any]
    token_program: Pubkey = TOKEN_2022

    @property
    def address(self) -> Pubkey:
        """The schedule; its address keeps the first beneficiary."""
        index = self.args["index"].to_bytes(2, "little")
        return VESTING.pda(b"vesting", self.mint, self.args["beneficiary"], index)

    @property
    def escrow(self) -> Pubkey:
        """The schedule's token account."""
        return ata(self.address, self.mint, self.token_program)

    @property
    def state(self) -> dict[str, Any]:
        """The schedule as it is now."""
        return self.chain.read(VESTING, "Schedule", self.address)

    def of(self, owner: Keypair) -> Pubkey:
        """The associated token account of someone."""
        return ata(owner.pubkey(), self.mint, self.token_program)

    def held(self, owner: Keypair) -> int:
        """Base units in that account."""
        return self.chain.tokens(self.of(owner))

    def create_instruction(self, **accounts: Pubkey | None) -> Instruction:
        """The creation, with some accounts exchanged."""
        named = {
            "payer": self.grantor.pubkey(),
            "grantor": self.grantor.pubkey(),
            "mint": self.mint,
            "source": self.of(self.grantor),
            "schedule": self.address,
            "escrow": self.escrow,
            "token_program": self.token_program,
        }
        return VESTING.instruction("create_schedule", {"args": self.args}, named | accounts)

    def claim_instruction(self, **accounts: Pubkey) -> Instruction:
        """The beneficiary's claim, with some accounts exchanged."""
        named = {
            "beneficiary": self.beneficiary.pubkey(),
            "mint": self.mint,
            "schedule": self.address,
            "escrow": self.escrow,
            "beneficiary_base": self.of(self.beneficiary),
            "token_program": self.token_program,
        }
        return VESTING.instruction("claim", {}, named | accounts)

    def revoke_instruction(self, **accounts: Pubkey) -> Instruction:
        """The grantor's revocation, with some accounts exchanged."""
        named = {
            "grantor": self.grantor.pubkey(),
            "mint": self.mint,
            "schedule": self.address,
            "escrow": self.escrow,
            "grantor_base": self.of(self.grantor),
            "token_program": self.token_program,
        }
        return VESTING.instruction("revoke", {}, named | accounts)

    def create(self) -> Receipt:
        """Creates the schedule."""
        return self.chain.send([self.create_instruction()], [self.grantor])

    def claim(self) -> Receipt:
        """Claims for the beneficiary."""
        return self.chain.send([self.claim_instruction()], [self.beneficiary])

    def revoke(self) -> Receipt:
        """Revokes for the grantor."""
        return self.chain.send([self.revoke_instruction()], [self.grantor])

    def at(self, day: int) -> None:
        """Moves the clock to a day of the schedule."""
        self.chain.set_time(self.args["start"] + day * DAY)


def grant(chain: Chain, *, token_program: Pubkey = TOKEN_2022, **changes: Any) -> Grant:
    """1000 days in steps of a day with a cliff of 100, revocable, not yet created."""
    grantor, beneficiary = chain.wallet(), chain.wallet()
    extensions = metadata_pointer() if token_program == TOKEN_2022 else None
    mint = chain.new_mint(grantor.pubkey(), SUPPLY, program=token_program, extensions=extensions)
    args = {
        "beneficiary": beneficiary.pubkey(),
        "amount": 100_000,
        "start": NOW,
        "cliff": NOW + 100 * DAY,
        "end": NOW + 1_000 * DAY,
        "period": DAY,
        "revocable": True,
        "index": 0,
    }
    return Grant(chain, mint, grantor, beneficiary, args | changes, token_program)


def created(chain: Chain, **changes: Any) -> Grant:
    """The same, created."""
    made = grant(chain, **changes)
    made.create()
    return made


@dataclass(frozen=True)
class Terms:
    """A schedule's numbers, as the Python model takes them."""

    amount: int
    start: int
    cliff: int
    end: int
    period: int


def expected(made: Grant) -> int:
    """What the Python model says the beneficiary may claim now."""
    state = made.state
    terms = Terms(*(state[name] for name in ("amount", "start", "cliff", "end", "period")))
    return claimable(terms, state["claimed"], made.chain.now, revoked_at=state["revoked_at"])


def unsigned(instruction: Instruction) -> Instruction:
    """The instruction without any signature."""
    metas = [AccountMeta(meta.pubkey, is_signer=False, is_writable=meta.is_writable) for meta in instruction.accounts]
    return Instruction(instruction.program_id, instruction.data, metas)
