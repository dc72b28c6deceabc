"""What is told about the price of SOL."""

from datetime import datetime

from pydantic import BaseModel, Field

from launchpad.schemas import DecimalText


class SolPriceView(BaseModel):
    """The price of SOL. All fields are null where this installation has no source, or none has answered yet."""

    price_usd: DecimalText | None = Field(description="US dollars per SOL; null when older than 60 seconds.")
    last_usd: DecimalText | None = Field(description="The newest known price, however old.")
    as_of: datetime | None
    source: str | None = Field(description="`development` is a made-up number of local clusters.")
    stale: bool = Field(description="Whether nothing is told in dollars at the moment.")
