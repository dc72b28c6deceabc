"""What claims are asked for and what comes back."""

from pydantic import BaseModel, Field

from launchpad.claims.offers import Kind
from launchpad.schemas import Address, AddressIn, Amount, Mint, MintIn, Request


class ClaimCreatorFees(Request):
    """A creator's fees of one token: of its curve and of its pool."""

    mint: MintIn
    creator: AddressIn
    pool: AddressIn | None = Field(None, description="Another pool of the token, to claim of it alone.")


class ClaimReferrerFees(Request):
    """A referrer's fees of all curves."""

    referrer: AddressIn


class ClaimVesting(Request):
    """What has vested of one schedule."""

    schedule: AddressIn
    beneficiary: AddressIn


class ClaimRefund(Request):
    """What a holder's tokens of a sale that missed its goal get back."""

    mint: MintIn
    holder: AddressIn


class ClaimPosition(Request):
    """What a wallet laid down to buy while the rules of an opening held."""

    mint: MintIn
    wallet: AddressIn


class BuiltClaim(BaseModel):
    """An unsigned transaction that pays out."""

    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    amount: Amount = Field(description="Lamports or token base units that wait now; the chain decides at the time.")
    network_fee: Amount
    priority_fee: Amount


class ClaimBesides(BaseModel):
    """A pledge that comes back with a claim."""

    amount: Amount
    unit: str
    decimals: int


class WaitingClaim(BaseModel):
    """One thing that a wallet can claim now, by one signature."""

    kind: Kind
    subject: Address = Field(description="What is claimed from: a mint, a schedule, a router, or the wallet itself.")
    mint: Mint | None = Field(description="The token it is about, where it is about one.")
    name: str
    amount: Amount = Field(description="Base units of `unit`; of a refund the tokens that go back.")
    unit: str
    decimals: int
    besides: ClaimBesides | None
    path: str = Field(description="Answers a POST of `body` with the unsigned transaction.")
    body: dict[str, str]


class ClaimList(BaseModel):
    """Everything that waits for a wallet. All of it can be signed at once: no claim depends on another."""

    wallet: Address
    lamports: Amount = Field(description="What of it is SOL, added up.")
    complete: bool = Field(description="False while the cluster does not tell of referrals, routers and openings.")
    data: list[WaitingClaim]


class RegisterReferrer(Request):
    """Someone who wants to earn by referring traders."""

    referrer: AddressIn
    payer: AddressIn | None = Field(None, description="Who pays the account's deposit; the referrer unless named.")
