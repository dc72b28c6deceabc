"""What every foreign program's trade becomes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Side = Literal["buy", "sell"]


@dataclass(frozen=True, slots=True)
class ForeignTrade:
    """One trade of a program that is not ours; amounts in base units, as the program states them.

    `inner` is the place of the event's instruction or, where the event is a log line, of the
    instruction that logged it (0 for a top-level one): with signature, instruction and program it
    names the trade for ever. `quote_amount` is what moved along the curve or pool; whether fees are in it
    is the program's habit, and `fees` has them by name. Reserves are those after the trade,
    None where the program does not tell. `price` is quote per base, both in base units.
    """

    signature: str
    instruction: int
    inner: int
    program: str
    kind: Literal["curve", "pool"]
    pool: str
    mint: str
    quote_mint: str
    side: Side
    trader: str
    base_amount: int
    quote_amount: int
    fees: dict[str, int]
    base_reserve: int | None
    quote_reserve: int | None
    price: Decimal
    timestamp: int
