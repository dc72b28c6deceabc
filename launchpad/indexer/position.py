"""One number that orders every event of the chain.

A position packs, from the highest bits: slot (34 bits), place of the transaction
in its slot (17), instruction (6) and inner instruction (6): 63 bits, so that it
fits a Postgres bigint and compares like the tuple. The runtime allows at most 64
instructions in a transaction, inner ones included.
"""

from dataclasses import dataclass

INNER_BITS = 6
INSTRUCTION_BITS = 6
INDEX_BITS = 17
SLOT_BITS = 34


@dataclass(frozen=True, slots=True)
class Position:
    """Where an event stands in the chain."""

    slot: int
    index: int
    instruction: int
    inner: int


def pack(slot: int, index: int, instruction: int = 0, inner: int = 0) -> int:
    """The position as one number; ValueError when a part does not fit its bits."""
    fits = (
        slot >> SLOT_BITS == 0
        and index >> INDEX_BITS == 0
        and instruction >> INSTRUCTION_BITS == 0
        and inner >> INNER_BITS == 0
    )
    if not fits:
        raise ValueError(f"No position for slot {slot}, index {index}, instruction {instruction}, inner {inner}.")
    return ((slot << INDEX_BITS | index) << INSTRUCTION_BITS | instruction) << INNER_BITS | inner


def unpack(position: int) -> Position:
    """The parts of a packed position."""
    rest, inner = divmod(position, 1 << INNER_BITS)
    rest, instruction = divmod(rest, 1 << INSTRUCTION_BITS)
    slot, index = divmod(rest, 1 << INDEX_BITS)
    return Position(slot, index, instruction, inner)


def slot_of(position: int) -> int:
    """The slot of a packed position."""
    return position >> (INDEX_BITS + INSTRUCTION_BITS + INNER_BITS)
