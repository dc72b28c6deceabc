"""What goes into and comes out of changes to a token or a vesting schedule."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Request

_LONGEST = 10 * 366 * 86_400
HexHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ChangeMetadata(Request):
    """A new name, symbol or address of the metadata document, by whoever may change them."""

    authority: AddressIn
    field: Literal["name", "symbol", "uri"]
    value: Annotated[str, Field(min_length=1, max_length=400)]
    metadata_hash: HexHash | None = Field(
        None,
        description="SHA-256 of the document that holds from now on; known without it where it is stored here. "
        "Not of classic tokens.",
    )


class HandMetadata(Request):
    """Who may change the metadata from now on: the creator, nobody for good, or another wallet, which signs too."""

    authority: AddressIn
    to: Literal["creator", "immutable"] | AddressIn


class OfferToken(Request):
    """An offer of the creator's role, with all that it earns; nothing changes until it is accepted."""

    creator: AddressIn
    new_creator: AddressIn


class AcceptToken(Request):
    """The offer taken; the fees of curve and pool follow."""

    new_creator: AddressIn


class MintMore(Request):
    """More of a mintable supply, once the token has graduated."""

    authority: AddressIn
    amount: AmountIn
    recipient: AddressIn | None = Field(None, description="The authority unless somebody is named.")


class RevokeTeam(Request):
    """The end of a revocable team share: what has not vested is burned."""

    creator: AddressIn


class CreateSchedule(Request):
    """Tokens of a wallet, locked for somebody and released in steps."""

    grantor: AddressIn
    mint: AddressIn
    beneficiary: AddressIn
    amount: AmountIn
    start: Annotated[int, Field(ge=0, lt=2**40)] | None = Field(None, description="Unix seconds; now unless given.")
    cliff_seconds: Annotated[int, Field(ge=0, le=_LONGEST)] = 0
    duration_seconds: Annotated[int, Field(ge=1, le=_LONGEST)]
    period_seconds: Annotated[int, Field(ge=1, le=_LONGEST)] = 1
    revocable: bool = Field(False, description="Whether the grantor may take back what has not vested.")


class RevokeSchedule(Request):
    """What has not vested goes back to whoever locked it."""

    grantor: AddressIn


class OfferSchedule(Request):
    """An offer of a schedule; nothing changes until it is accepted."""

    beneficiary: AddressIn
    new_beneficiary: AddressIn


class AcceptSchedule(Request):
    """The offer taken: what is not claimed yet is the new beneficiary's."""

    new_beneficiary: AddressIn


class BuiltChange(BaseModel):
    """An unsigned transaction that changes it, or fails and changes nothing."""

    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    programs: list[Address]
    network_fee: Amount
    priority_fee: Amount
    schedule: Address | None = Field(None, description="Of a new vesting schedule: its address.")
