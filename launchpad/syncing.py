"""Topics of state that is pushed again and again: a project, a wallet, the system as a whole."""

import re
from dataclasses import dataclass
from typing import Literal

from launchpad.config import Settings
from launchpad.errors import InvalidInputError
from launchpad.schemas import ADDRESS_FORM

TopicKind = Literal["project", "user", "system"]
_TOPIC = re.compile(f"(?:(project|user):({ADDRESS_FORM})|(system))")
# What is pushed once the programs behind it are on the cluster.
_WITHOUT_PROGRAM = re.compile(r"(tax|staking|rewards|governance)(:.*)?")


class InvalidTopicError(InvalidInputError):
    """There is no topic of that name."""

    code = "INVALID_TOPIC"


class NoProgramForTopicError(InvalidInputError):
    """The program that a topic tells of is not on this cluster."""

    code = "NO_PROGRAM_FOR_TOPIC"


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody follows; `address` is the mint of a project, or a wallet."""

    kind: TopicKind
    address: str = ""

    @property
    def name(self) -> str:
        """How it is written."""
        return f"{self.kind}:{self.address}" if self.address else self.kind

    def seconds(self, settings: Settings) -> float:
        """How often it is pushed at most."""
        return {
            "project": settings.sync_project_seconds,
            "user": settings.sync_user_seconds,
            "system": settings.sync_system_seconds,
        }[self.kind]


def parse_topic(text: str) -> Topic:
    """Out of `project:<mint>`, `user:<wallet>` or `system`; InvalidTopicError, NoProgramForTopicError."""
    found = _TOPIC.fullmatch(text)
    if found is None:
        if _WITHOUT_PROGRAM.fullmatch(text):
            message = f"No program of this cluster tells of {text.partition(':')[0]}: follow project, user or system."
            raise NoProgramForTopicError(message, field="subscribe")
        message = f"There is no topic called {text[:64]}: use project:<mint>, user:<wallet> or system."
        raise InvalidTopicError(message, field="subscribe")
    kind = found[1] or found[3]
    return Topic("project" if kind == "project" else "user" if kind == "user" else "system", found[2] or "")
