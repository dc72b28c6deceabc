"""A batch launch with its deposits, and what an independent model with fractions makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scripts import make_vectors as model
from tests.programs.curve_market import CONFIG, Market, opening, sale_terms
from tests.programs.harness import CURVE, NOW, SOL, Chain, Receipt, ata

WINDOW, WITHDRAW = 600, 300
CLOSES_AT = NOW + WINDOW


def batch_terms(**changes: int) -> dict[str, int]:
    """Ten minutes of deposits, five of withdrawals, at least 5 SOL."""
    return {
        "seconds": WINDOW,
        "withdraw_seconds": WITHDRAW,
        "minimum": 5 * SOL,
        "max_deposit": 0,
        **changes,
    }


@dataclass
class Batch:
    """A sale that begins with deposits."""

    market: Market

    @property
    def chain(self) -> Chain:
        """The runtime it lives in."""
        return self.market.chain

    @property
    def address(self) -> Pubkey:
        """The account of the deposits."""
        return CURVE.pda(b"batch", self.market.mint)

    @property
    def state(self) -> dict[str, Any]:
        """The batch's account."""
        return self.chain.read(CURVE, "Batch", self.address)

    def receipt_of(self, wallet: Pubkey) -> Pubkey:
        """A wallet's receipt."""
        return CURVE.pda(b"deposit", self.market.mint, wallet)

    def deposited(self, wallet: Pubkey) -> int:
        """Lamports on a wallet's receipt, 0 without one."""
        address = self.receipt_of(wallet)
        return int(self.chain.read(CURVE, "Deposit", address)["amount"]) if self.chain.lamports(address) else 0

    def deposit_accounts(self, wallet: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a deposit."""
        return {
            "depositor": wallet,
            "config": CONFIG,
            "batch": self.address,
            "deposit": self.receipt_of(wallet),
        }

    def withdraw_accounts(self, wallet: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a withdrawal."""
        return {"depositor": wallet, "batch": self.address, "deposit": self.receipt_of(wallet)}

    def settle_accounts(self) -> dict[str, Pubkey | None]:
        """The accounts that settling needs."""
        return {"batch": self.address, "curve": self.market.curve}

    def claim_accounts(self, payer: Pubkey, wallet: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of a claim."""
        program = self.market.opening.token_program
        return {
            "payer": payer,
            "depositor": wallet,
            "batch": self.address,
            "deposit": self.receipt_of(wallet),
            "curve": self.market.curve,
            "mint": self.market.mint,
            "base_vault": self.market.vault,
            "depositor_base": ata(wallet, self.market.mint, program),
            "token_program": program,
        }

    def deposit(self, wallet: Keypair, amount: int) -> Receipt:
        """Puts lamports in."""
        return self._send("deposit", {"amount": amount}, self.deposit_accounts(wallet.pubkey()), wallet)

    def withdraw(self, wallet: Keypair, amount: int = 2**64 - 1) -> Receipt:
        """Takes lamports back, all of them unless told otherwise."""
        return self._send("withdraw_deposit", {"amount": amount}, self.withdraw_accounts(wallet.pubkey()), wallet)

    def settle(self, payer: Keypair) -> Receipt:
        """Ends the window."""
        return self._send("settle_batch", {}, self.settle_accounts(), payer)

    def claim(self, wallet: Pubkey, payer: Keypair) -> Receipt:
        """Pays a depositor out, at somebody's cost."""
        return self._send("claim_batch", {}, self.claim_accounts(payer.pubkey(), wallet), payer)

    def close_window(self, seconds: int = 0) -> None:
        """Moves the clock to the end of the window, or so many seconds behind it."""
        self.chain.set_time(CLOSES_AT + seconds)

    def write(self, **changes: Any) -> None:
        """Overwrites fields of the batch's account, as no instruction could."""
        account = self.chain.account(self.address)
        data = CURVE.encode_account("Batch", {**self.state, **changes})
        self.chain.set_account(self.address, data, CURVE.id, lamports=account.lamports)

    def _send(
        self, name: str, args: Mapping[str, int], accounts: Mapping[str, Pubkey | None], signer: Keypair
    ) -> Receipt:
        return self.chain.send([self.instruction(name, args, accounts)], [signer])

    def instruction(self, name: str, args: Mapping[str, int], accounts: Mapping[str, Pubkey | None]) -> Instruction:
        """One of the instructions of a batch."""
        return CURVE.instruction(name, args, accounts)


def open_batch(chain: Chain, terms: Mapping[str, int] | None = None, **changes: Any) -> Batch:
    """Opens a sale that begins with a batch; the config must exist."""
    prepared = opening(chain, sale=sale_terms(batch=dict(terms or batch_terms())), **changes)
    prepared.send()
    return Batch(Market(prepared))


def purchase(curve: model.Curve, deposits: int, minimum: int) -> dict[str, int] | None:
    """What all deposits buy by the model, None where the batch fails."""
    bought = model.buy_exact_in(curve, 0, deposits, referred=False) if deposits >= minimum else "short"
    return None if isinstance(bought, str) else bought


def shares(whole: int, deposits: list[int]) -> list[int]:
    """What each deposit gets of `whole` in the order of the claims: its exact part of what is left, rounded down."""
    parts, left, waiting = [], whole, sum(deposits)
    for amount in deposits:
        part = int(Fraction(left * amount, waiting))
        parts.append(part)
        left, waiting = left - part, waiting - amount
    return parts
