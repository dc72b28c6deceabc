"""The pools of a made-up market, and their events byte for byte."""

from dataclasses import dataclass
from struct import pack

from based58 import b58decode

from launchpad.chain import amm_math, curve_math, pda
from launchpad.chain.addresses import NONE, TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.amm_math import FeeRates, Reserves, SwapQuote
from launchpad.chain.curve_math import Segment
from launchpad.chain.events import discriminator

RATES = FeeRates(20, 5, 30)


@dataclass
class MadeUpPool:
    """A graduate's pool: what it holds, and the fees that wait."""

    mint: str
    creator: str
    reserves: Reserves
    protocol_fees: int = 0
    creator_fees: int = 0

    @classmethod
    def at_the_end_of(cls, segments: list[Segment], mint: str, creator: str) -> "MadeUpPool":
        """The pool of a curve that sold everything: all that it raised, at its end price."""
        base, quote, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
        raised = curve_math.raise_target(segments)
        return cls(mint, creator, Reserves(raised * base // quote, raised))

    @property
    def key(self) -> str:
        """Its address."""
        return pda.canonical_pool(self.mint)

    def created(self, time: int) -> bytes:
        """PoolCreated."""
        keys = (self.key, self.mint, WRAPPED_SOL, pda.lp_mint(self.key), TOKEN_2022, TOKEN)
        people = (self.creator, self.creator, NONE)
        shares = amm_math.first_shares(self.reserves)
        return (
            discriminator("PoolCreated")
            + _keys(*keys, *people)
            + pack("<H?BB???H", 0, True, 9, 9, False, False, True, RATES.creator_bps)
            + pack("<QQQQQq", self.reserves.base, self.reserves.quote, shares, 0, 0, time)
        )

    def swap(self, trader: str, quote: SwapQuote, time: int) -> bytes:
        """Swapped, and the pool after it."""
        self.reserves = quote.after
        self.protocol_fees += quote.fees.protocol
        self.creator_fees += quote.fees.creator
        moved = (quote.total, quote.base) if quote.is_buy else (quote.base, quote.total)
        fees = (quote.fees.lp, quote.fees.protocol, quote.fees.creator)
        return (
            discriminator("Swapped")
            + _keys(self.key, self.mint, WRAPPED_SOL, trader)
            + pack("<?QQQQQQQ", quote.is_buy, quote.base, quote.amount, *fees, *moved)
            + pack("<QQQQ", self.reserves.base, self.reserves.quote, self.protocol_fees, self.creator_fees)
            + pack("<Hq", RATES.creator_bps, time)
        )


def _keys(*addresses: str) -> bytes:
    return b"".join(bytes(b58decode(address.encode())) for address in addresses)
