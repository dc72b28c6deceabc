"""What comes out of foreign trades."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, Amount, DecimalText, Mint, Page


class ForeignTradeView(BaseModel):
    """A trade of a program that is not ours. Amounts are base units of the token and of what it was paid in."""

    signature: str
    instruction: int
    inner: int
    program: str = Field(description="Its name here, as in FOREIGN_PROGRAMS.")
    kind: Literal["curve", "pool"]
    pool: Address
    mint: Mint
    quote_mint: Mint
    side: Literal["buy", "sell"]
    trader: Address
    base_amount: Amount
    quote_amount: Amount
    fees: dict[str, Amount] = Field(description="As the program tells them, by name.")
    base_reserve: Amount | None = Field(description="After the trade; null where the program does not tell.")
    quote_reserve: Amount | None
    price: DecimalText = Field(description="Quote per token, both in base units.")
    slot: int
    traded_at: datetime
    finalized: bool


ForeignTradePage = Page[ForeignTradeView]
