"""Sign-In With Solana: what a wallet is asked to sign, as text.

The text is built by one rule from the input, so a signed message is checked by
building it again and comparing bytes: every field is compared, in order, and
nothing can be added. Format: reference of the wallet standard's `solana:signIn`.
"""

from datetime import datetime, timedelta
from secrets import token_hex

from pydantic import BaseModel, ConfigDict, Field

from launchpad.config import Settings
from launchpad.moments import iso

CHALLENGE_TTL = timedelta(minutes=5)
MAX_MESSAGE_BYTES = 4096
STATEMENT = "Sign in to Launchpad. This costs nothing and moves no funds."


class SignInInput(BaseModel):
    """The input of `solana:signIn`; field names are the standard's own."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    domain: str = Field(description="Host, with its port where it has one.", examples=["localhost:8000"])
    statement: str
    uri: str = Field(examples=["http://localhost:8000"])
    version: str = "1"
    chain_id: str = Field(alias="chainId", examples=["localnet"])
    nonce: str = Field(description="128 random bits in hex; used once.")
    issued_at: str = Field(alias="issuedAt")
    expiration_time: str = Field(alias="expirationTime")
    request_id: str = Field(alias="requestId", description="Names the challenge when it is answered.")
    resources: list[str] = Field(default_factory=list)


def new_input(settings: Settings, origin: str, request_id: str, now: datetime) -> SignInInput:
    """A fresh challenge for the page at `origin`, valid for five minutes from `now`."""
    return SignInInput(
        domain=origin.partition("://")[2],
        statement=STATEMENT,
        uri=origin,
        chain_id="mainnet" if settings.cluster == "mainnet-beta" else settings.cluster,
        nonce=token_hex(16),
        issued_at=iso(now),
        expiration_time=iso(now + CHALLENGE_TTL),
        request_id=request_id,
    )


def message_text(challenge: SignInInput, address: str) -> str:
    """The text that `address` signs: lines end in LF, fields in the standard's order, no final newline."""
    fields = [
        f"URI: {challenge.uri}",
        f"Version: {challenge.version}",
        f"Chain ID: {challenge.chain_id}",
        f"Nonce: {challenge.nonce}",
        f"Issued At: {challenge.issued_at}",
        f"Expiration Time: {challenge.expiration_time}",
        f"Request ID: {challenge.request_id}",
    ]
    if challenge.resources:
        fields += ["Resources:", *(f"- {resource}" for resource in challenge.resources)]
    heading = f"{challenge.domain} wants you to sign in with your Solana account:\n{address}"
    return "\n\n".join([heading, challenge.statement, "\n".join(fields)])
