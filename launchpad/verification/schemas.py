"""What goes into and comes out of verification."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, AddressIn, Request

Severity = Literal["good", "info", "warning", "danger"]
Verdict = Literal["good", "warning", "danger"]
Kind = Literal["token", "program"]
Fact = str | int | bool | None


class VerifyRequest(Request):
    """What to verify: a mint of either token program, or a program."""

    address: AddressIn


class Finding(BaseModel):
    """One thing that was found. `code` is stable; `facts` are what the account says."""

    code: Annotated[
        str, Field(description="A stable word that programs may branch on.", examples=["FREEZE_AUTHORITY_NONE"])
    ]
    severity: Severity
    sentence: Annotated[str, Field(description="The same for people.")]
    facts: dict[str, Fact]
    account: Annotated[str, Field(description="The account that it was read from.")]


class Report(BaseModel):
    """Everything that was found, worst first. `verdict` is the worst of it; what only informs counts as good."""

    address: Address
    kind: Kind
    name: str
    ours: Annotated[bool, Field(description="Whether this launchpad's own programs made it.")]
    verdict: Verdict
    findings: list[Finding]
    slot: Annotated[int, Field(description="The slot in which the chain was read.")]
    checked_at: datetime
    links: Annotated[dict[str, str], Field(description="Pages of public explorers.")]


class VerificationStatus(BaseModel):
    """How an address stood when it was last verified; `unchecked` where it never was."""

    address: Address
    status: Literal["unchecked", "good", "warning", "danger"]
    badge: Annotated[bool, Field(description="Whether it may be shown as verified: nothing to warn of was found.")]
    checked_at: datetime | None = None
    report: Report | None = None
