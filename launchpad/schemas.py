"""Types that several slices share: addresses, amounts, pages."""

from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from launchpad.chain.keys import is_address, is_signature

U64_MAX = 2**64 - 1
# The letters of base58, and what addresses and signatures look like in it.
BASE58 = "[1-9A-HJ-NP-Za-km-z]"
ADDRESS_FORM = f"{BASE58}{{32,44}}"
ADDRESS_PATTERN = f"^{ADDRESS_FORM}$"
SIGNATURE_PATTERN = f"^{BASE58}{{64,88}}$"


MAX_SEARCH = 64


def search_text(text: str | None) -> str | None:
    """What is searched for; control characters occur in no name and some cannot even be asked for."""
    return "".join(char for char in text or "" if char.isprintable()).strip() or None


def require_address(text: str) -> str:
    """`text` if it is the base58 of 32 bytes; ValueError otherwise."""
    if not is_address(text):
        raise ValueError("This is no Solana address: copy it again.")
    return text


def require_signature(text: str) -> str:
    """`text` if it is the base58 of 64 bytes; ValueError otherwise."""
    if not is_signature(text):
        raise ValueError("This is no transaction signature: copy it again.")
    return text


def require_u64(text: str) -> str:
    """`text` if the number fits 64 bits; ValueError otherwise."""
    if int(text) > U64_MAX:
        raise ValueError("This amount is larger than any that exists on chain.")
    return text


# What comes in is checked; what goes out was checked when it came in.
AddressIn = Annotated[
    str,
    AfterValidator(require_address),
    Field(
        pattern=ADDRESS_PATTERN,
        description="A Solana address in base58.",
        examples=["7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"],
    ),
]
MintIn = Annotated[
    str,
    AfterValidator(require_address),
    Field(
        pattern=ADDRESS_PATTERN,
        description="The token's mint address in base58.",
        examples=["9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"],
    ),
]
Address = Annotated[str, Field(description="A Solana address in base58.")]
Mint = Annotated[str, Field(description="The token's mint address in base58.")]
AmountIn = Annotated[
    str,
    AfterValidator(require_u64),
    Field(
        pattern=r"^[0-9]{1,20}$",
        description="A whole number of base units (lamports or token units) below 2^64, as a string.",
        examples=["100000000"],
    ),
]
Amount = Annotated[str, Field(description="Base units as a decimal string.", examples=["100000000"])]
DecimalText = Annotated[str, Field(description="An exact decimal number as a string.", examples=["0.000000027959"])]
Bps = Annotated[int, Field(description="Basis points: 100 are one percent.")]
Cursor = Annotated[
    str | None,
    Field(max_length=512, description="`meta.next` of the page before; absent for the first page."),
]

T = TypeVar("T")


class Request(BaseModel):
    """Root of what clients send: unknown fields are refused, so that a typo is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PageMeta(BaseModel):
    """Where a page stands in its list. `page` and `total` come only where a page number was asked for."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    next: str | None = Field(None, description="Cursor of the next page; null at the end.")
    limit: int
    has_more: bool = Field(alias="hasMore")
    page: int | None = None
    total: int | None = None


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    data: list[T]
    meta: PageMeta
