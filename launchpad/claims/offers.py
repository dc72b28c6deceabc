"""How each kind of claim is asked for: where, and by which fields."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["creator_fees", "referrer", "router", "deposit", "returned_deposit", "vesting", "refund", "position"]


@dataclass(frozen=True, slots=True)
class Offer:
    """`path` answers a POST with the unsigned transaction; its body has `names`, what is claimed, and the wallet.

    `wallet` names the fields that the wallet stands in. A path or body without `names` needs no subject.
    """

    path: str
    names: str | None
    wallet: tuple[str, ...]

    def asked(self, subject: str, wallet: str) -> tuple[str, dict[str, str]]:
        """Path and body of one claim."""
        named = {self.names: subject} if self.names else {}
        return self.path.replace("{subject}", subject), named | dict.fromkeys(self.wallet, wallet)


OFFERS: dict[Kind, Offer] = {
    "creator_fees": Offer("/api/claims/creator-fees", "mint", ("creator",)),
    "referrer": Offer("/api/claims/referrer-fees", None, ("referrer",)),
    "router": Offer("/api/fees/routers/{subject}/claim", None, ("payer", "recipient")),
    "deposit": Offer("/api/batches/claim", "mint", ("wallet",)),
    "returned_deposit": Offer("/api/batches/withdraw", "mint", ("wallet",)),
    "vesting": Offer("/api/claims/vesting", "schedule", ("beneficiary",)),
    "refund": Offer("/api/claims/refund", "mint", ("holder",)),
    "position": Offer("/api/claims/position", "mint", ("wallet",)),
}
