"""What goes into and comes out of sign-in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from launchpad.accounts.siws import SignInInput
from launchpad.schemas import AddressIn

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=8192)]


@dataclass(frozen=True)
class SignedIn:
    """A live session: who, until when. `session_hash` names it and is no secret."""

    address: str
    display_name: str | None
    session_hash: str
    expires_at: datetime


class NonceRequest(BaseModel):
    """Ask for a challenge; with an address the text for `signMessage` comes along."""

    model_config = ConfigDict(extra="forbid")

    address: AddressIn | None = None


class Challenge(BaseModel):
    """What the wallet is asked to sign. Hand `input` to `solana:signIn`, or `message` to `signMessage`."""

    request_id: str
    input: SignInInput
    message: str | None = Field(description="The text to sign, when the request named an address.")
    expires_at: datetime


class VerifyRequest(BaseModel):
    """The wallet's answer to a challenge."""

    model_config = ConfigDict(extra="forbid")

    request_id: Annotated[str, Field(min_length=1, max_length=64)]
    address: AddressIn
    signed_message: Base64 = Field(description="The exact bytes that were signed.")
    signature: Base64 = Field(description="Ed25519 signature of 64 bytes.")


class Me(BaseModel):
    """Who is signed in here; all fields are null for a guest."""

    address: str | None = None
    display_name: str | None = None
    csrf_token: str | None = Field(None, description="Send it as X-CSRF-Token with every unsafe request.")
    expires_at: datetime | None = None


class ProfileChange(BaseModel):
    """A new name to be shown by; null goes back to the address."""

    model_config = ConfigDict(extra="forbid")

    display_name: Annotated[str, Field(min_length=1, max_length=32)] | None


class SessionInfo(BaseModel):
    """One signed-in device."""

    id: str
    name: str = Field(description="What people would call it.", examples=["Firefox on Linux"])
    device: str = Field(description="What the browser said of itself when it signed in.")
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool = Field(description="Whether this is the session that asks.")


class SessionList(BaseModel):
    """The live sessions of an account, newest first."""

    data: list[SessionInfo]
