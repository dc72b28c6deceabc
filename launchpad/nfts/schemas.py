"""What goes into and comes out of NFTs. The document follows Metaplex's non-fungible standard."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from launchpad.chain.nfts import MAX_CREATORS
from launchpad.media.schemas import StoredImage
from launchpad.schemas import Address, AddressIn, Amount, Bps, Mint, MintIn, Request

MAX_ATTRIBUTES = 100
Royalty = Annotated[int, Field(ge=0, le=10_000, description="Of later sales, in basis points.")]


class Creator(Request):
    """Who made it, and the whole percent of royalties that is his."""

    address: AddressIn
    share: Annotated[int, Field(ge=0, le=100)]


Creators = Annotated[list[Creator], Field(max_length=MAX_CREATORS)]


class Attribute(Request):
    """One trait."""

    trait_type: Annotated[str, Field(min_length=1, max_length=64)]
    value: Annotated[str, Field(max_length=128)] | int | bool
    display_type: Literal["number", "boost_number", "boost_percentage", "date"] | None = None


class CollectionName(Request):
    """The collection in the document; on chain it is a mint."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    family: Annotated[str, Field(max_length=64)] = ""


class Shared(Request):
    """What divides royalties, in the document and on chain alike."""

    creators: Creators = Field(default_factory=list)

    @model_validator(mode="after")
    def _divided(self) -> "Shared":
        wallets = [each.address for each in self.creators]
        if len(set(wallets)) != len(wallets):
            raise ValueError("A creator stands there twice: name each once.")
        if self.creators and sum(each.share for each in self.creators) != 100:  # noqa: PLR2004 - percent
            raise ValueError("The creators' shares have to make 100 together.")
        return self


class NftDocument(Shared):
    """The texts of an NFT's metadata; its pictures come beside them."""

    name: str
    symbol: str = ""
    description: str = ""
    external_url: str = ""
    seller_fee_basis_points: Royalty = 0
    attributes: Annotated[list[Attribute], Field(max_length=MAX_ATTRIBUTES)] = Field(default_factory=list)
    collection: CollectionName | None = None


class StoredNft(BaseModel):
    """A metadata document, stored and ready to be named by an NFT."""

    uri: str
    url: str
    cid: str
    metadata_hash: str = Field(description="SHA-256 of the document's bytes in hex.")
    metadata: dict[str, Any] = Field(description="The document itself.")
    image: StoredImage
    pinned: bool
    archived_uri: str | None = None


class MintNft(Shared):
    """What is minted, once, and by whom."""

    minter: AddressIn
    owner: AddressIn | None = Field(None, description="Who gets it; the minter unless named.")
    name: str
    symbol: str = ""
    uri: Annotated[str, Field(max_length=400, description="Of the metadata document.")]
    seller_fee_basis_points: Royalty = 0
    collection: MintIn | None = Field(None, description="Mint of the collection, which its authority verifies later.")
    mutable: bool = Field(True, description="Whether the minter may change the metadata.")


class BuiltNft(BaseModel):
    """An unsigned transaction that mints it; the mint's key has signed and is forgotten."""

    mint: Mint
    metadata: Address
    edition: Address = Field(description="The master edition: no second one can ever be minted.")
    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    royalty_bps: Bps
    network_fee: Amount
    priority_fee: Amount
