"""What happened to a token, as marks on its bars: launch, graduation, and what its creator trades."""

from typing import NamedTuple

from launchpad.db import Look
from launchpad.tokens.errors import unknown_token
from launchpad.udf import queries
from launchpad.udf.schemas import Marks

MOST = 500
_SIZE = 14
_BLUE, _PURPLE, _GREEN, _RED = "#2962ff", "#7e57c2", "#26a69a", "#ef5350"


class _Mark(NamedTuple):
    time: int
    id: str
    color: str
    text: str
    label: str


async def marks(look: Look, mint: str, start: int, end: int) -> Marks:
    """The marks within `[start, end]`, oldest first; of trades the newest 500. Raises TokenNotFoundError."""
    known = await queries.events(look, mint)
    if known is None:
        raise unknown_token(mint)
    found = [_Mark(known["launched"], "launch", _BLUE, "Launched", "L")]
    if known["graduated"] is not None:
        found.append(_Mark(known["graduated"], "graduation", _PURPLE, "Graduated", "G"))
    for row in await queries.trades_of(look, mint, known["creator"], (start, end + 1), MOST):
        color, did = (_GREEN, "bought") if row["side"] == "buy" else (_RED, "sold")
        id_ = f"{row['signature']}-{row['instruction']}-{row['inner']}"
        found.append(_Mark(row["time"], id_, color, f"The creator {did}", did[0].upper()))
    return _columns(sorted((mark for mark in found if start <= mark.time <= end), key=lambda mark: mark.time))


def _columns(found: list[_Mark]) -> Marks:
    return Marks(
        id=[mark.id for mark in found],
        time=[mark.time for mark in found],
        color=[mark.color for mark in found],
        text=[mark.text for mark in found],
        label=[mark.label for mark in found],
        labelFontColor=["#ffffff"] * len(found),
        minSize=[_SIZE] * len(found),
    )
