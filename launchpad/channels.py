"""Names of live channels as readers give them, with the positions that they have."""

import re
from dataclasses import dataclass

from launchpad.errors import InvalidInputError
from launchpad.schemas import ADDRESS_FORM

MAX_CHANNELS = 50
_CHANNEL = re.compile(f"market|(?:token|room):{ADDRESS_FORM}")
_MOST = 2**63 - 1


class InvalidChannelError(InvalidInputError):
    """A channel that does not exist, or a position that is none."""

    code = "INVALID_CHANNEL"


@dataclass(frozen=True)
class Subscription:
    """Channels in the reader's order, and the last sequence number that he has of some of them."""

    channels: tuple[str, ...]
    after: dict[str, int]


def parse_subscription(channels: str, after: str | None) -> Subscription:
    """Out of `token:<mint>,market` and `812` or `token:<mint>=812,market=40`; raises InvalidChannelError.

    A bare number stands for every channel. Positions in channels that were not
    asked for are ignored, so that a reader may drop a channel when it reconnects.
    """
    names = tuple(dict.fromkeys(part.strip() for part in channels.split(",") if part.strip()))
    unknown = next((name for name in names if not _CHANNEL.fullmatch(name)), None)
    if unknown is not None:
        message = f"There is no channel called {unknown[:64]}: use market, token:<mint> or room:<mint>."
        raise InvalidChannelError(message, field="channels")
    if not 1 <= len(names) <= MAX_CHANNELS:
        raise InvalidChannelError(f"Name 1 to {MAX_CHANNELS} channels.", field="channels")
    return Subscription(names, _positions(names, after) if after else {})


def _positions(names: tuple[str, ...], after: str) -> dict[str, int]:
    if _is_number(after):
        return dict.fromkeys(names, int(after))
    positions = {}
    for part in after.split(","):
        name, equals, number = part.strip().rpartition("=")
        if not equals or not _is_number(number):
            message = "Give the last sequence number, or channel=number for each channel."
            raise InvalidChannelError(message, field="after")
        positions[name] = int(number)
    return {name: seq for name, seq in positions.items() if name in names}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) and int(text) <= _MOST
