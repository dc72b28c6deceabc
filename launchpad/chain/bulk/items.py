"""What is to be done, item by item, and the mark by which the chain knows it again."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from launchpad.errors import InvalidInputError

Action = Literal["transfer", "burn"]
MAX_ITEMS = 1_000
_RANGE = re.compile(r"^(\d{1,4})(?:-(\d{1,4}))?$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be done, or was not."""

    code: str
    message: str


class BulkRefusedError(InvalidInputError):
    """Some items cannot be done as they are; `items` lists each with its index, code and message."""

    code = "BULK_REFUSED"

    def __init__(self, message: str, problems: dict[int, Problem]) -> None:
        found = [
            {"index": index, "code": problem.code, "message": problem.message} for index, problem in problems.items()
        ]
        super().__init__(message, items=found)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item as it is asked for: base units, or the decimal text of whole `tokens`."""

    action: Action
    mint: str
    recipient: str | None = None
    amount: int | None = None
    tokens: str | None = None


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One item that can be done. Base units."""

    action: Action
    mint: str
    amount: int
    recipient: str | None = None


def mark_of(payer: str, label: str, items: Sequence[BulkItem]) -> str:
    """Sixteen hex digits for one operation of one wallet: the same label with the same items is the same operation."""
    digest = hashlib.sha256(f"{payer}\n{label}".encode())
    for item in items:
        digest.update(f"\n{item.action} {item.mint} {item.recipient} {item.amount}".encode())
    return digest.hexdigest()[:16]


def memo_text(mark: str, indices: Iterable[int]) -> str:
    """What a transaction says about itself: `launchpad 0123456789abcdef 0-8,11`."""
    return f"launchpad {mark} {_ranges(sorted(indices))}"


def indices_in(text: str, mark: str) -> list[int] | None:
    """The items that a memo of this operation names; None for any other text."""
    word, _, rest = text.partition(" ")
    found, _, ranges = rest.partition(" ")
    if (word, found) != ("launchpad", mark):
        return None
    indices: list[int] = []
    for part in ranges.split(","):
        bounds = _RANGE.match(part)
        if bounds is None:
            return None
        indices += range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1)
    return indices


def _ranges(indices: Sequence[int]) -> str:
    parts: list[list[int]] = []
    for index in indices:
        if parts and parts[-1][-1] == index - 1:
            parts[-1][1:] = [index]
        else:
            parts.append([index])
    return ",".join("-".join(map(str, part)) for part in parts)
