"""OpenBook v2: an order book of a token against SOL, and orders in it. Classic mints only.

Facts from the program's public interface (github.com/openbook-dex/openbook-v2, IDL 0.1.0, June 2024): seeds,
account orders, argument types and sizes. Amounts in a book are lots: so many base units, so many lamports.
"""

import struct
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import ASSOCIATED_TOKEN, SYSTEM, TOKEN, WRAPPED_SOL
from launchpad.chain.borsh import I64, U8, U32, Fixed, Key, Layout, key_text
from launchpad.chain.pda import derive
from launchpad.chain.venues.coding import anchor_tag, call, key_bytes, read, signs, text, write
from launchpad.errors import InvalidInputError

OPENBOOK = "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb"
# Bytes of the accounts that the opener makes before the market.
BOOK_SIDE_BYTES, EVENT_HEAP_BYTES = 90_952, 91_288
MAX_NAME = 16
_EVERY_ORDER = 255
_NODES_AT = 8 + 2 * 8 + 4 * 8 + 256 + 528
_NODE_BYTES, _LEAF = 88, 2
_HEADER = 8

BookSide = Literal["bid", "ask"]
OrderType = Literal["limit", "immediate_or_cancel", "post_only", "market", "post_only_slide", "fill_or_kill"]
_TYPES: tuple[OrderType, ...] = (
    "limit",
    "immediate_or_cancel",
    "post_only",
    "market",
    "post_only_slide",
    "fill_or_kill",
)


class BadLotsError(InvalidInputError):
    """A price or an amount that is no whole number of lots of its market."""

    code = "BAD_LOTS"


@dataclass(frozen=True, slots=True)
class Market:
    """A market's accounts, and how many base units and lamports one lot is."""

    key: str
    base_mint: str
    bids: str
    asks: str
    event_heap: str
    base_lot: int
    quote_lot: int

    @property
    def authority(self) -> str:
        """What owns the vaults."""
        return market_authority(self.key)

    def vault(self, side: BookSide) -> str:
        """Where a side's tokens lie: lamports of bids, base units of asks."""
        return pda.associated_token(self.authority, WRAPPED_SOL if side == "bid" else self.base_mint, TOKEN)

    def lots(self, base: int) -> int:
        """Base units as lots; BadLotsError where it is none."""
        if base <= 0 or base % self.base_lot:
            message = f"Orders of this market are multiples of {self.base_lot} base units: change the amount."
            raise BadLotsError(message, field="base_amount", lot=str(self.base_lot))
        return base // self.base_lot

    def price_lots(self, lamports: int, base: int) -> int:
        """A price of `lamports` for `base` units as quote lots for one base lot; BadLotsError where it is none."""
        top, bottom = lamports * self.base_lot, base * self.quote_lot
        if base <= 0 or top <= 0 or top % bottom:
            message = (
                f"Prices of this market are multiples of {self.quote_lot} lamports for {self.base_lot} base units."
            )
            raise BadLotsError(message, field="quote_amount", lot=str(self.quote_lot))
        return top // bottom


@dataclass(frozen=True, slots=True)
class Order:
    """An order in lots; `quote_lots` is the most to pay, fees included."""

    side: BookSide
    price_lots: int
    base_lots: int
    quote_lots: int
    client_id: int = 0
    kind: OrderType = "limit"
    expires_at: int = 0

    def encoded(self) -> bytes:
        """The program's `PlaceOrderArgs`; one's own resting orders give way, up to 255 others are matched."""
        side, kind = ("bid", "ask").index(self.side), _TYPES.index(self.kind)
        amounts = struct.pack("<3qQ", self.price_lots, self.base_lots, self.quote_lots, self.client_id)
        return bytes([side]) + amounts + bytes([kind]) + struct.pack("<Q", self.expires_at) + bytes([0, _EVERY_ORDER])


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """An order in the book, in lots."""

    price_lots: int
    base_lots: int
    owner: str


@dataclass(frozen=True, slots=True)
class _MarketState:
    """The market account up to its mints; runs of fields that nobody here asks for are one."""

    head: Annotated[bytes, Fixed("8s")]
    market_authority: Key
    time_expiry: I64
    admins: Annotated[bytes, Fixed("128s")]
    name: Annotated[bytes, Fixed("16s")]
    bids: Key
    asks: Key
    event_heap: Key
    oracles: Annotated[bytes, Fixed("152s")]
    quote_lot_size: I64
    base_lot_size: I64
    counters: Annotated[bytes, Fixed("112s")]
    base_mint: Key
    quote_mint: Key


_MARKET = Layout(_MarketState)


def market_authority(market: str) -> str:
    """What owns a market's vaults."""
    return derive(OPENBOOK, b"Market", key_bytes(market))


def orders_indexer(owner: str) -> str:
    """Where a wallet's accounts for open orders are counted."""
    return derive(OPENBOOK, b"OpenOrdersIndexer", key_bytes(owner))


def orders_account(owner: str, number: int) -> str:
    """A wallet's account for open orders in one market; the first has number 1."""
    return derive(OPENBOOK, b"OpenOrders", key_bytes(owner), number.to_bytes(4, "little"))


def create_market(market: Market, payer: str, name: str) -> Instruction:
    """A market without fees, oracles and admins; the market's key and the payer sign.

    `bids`, `asks` and `event_heap` have to be there: empty accounts of the program, of the sizes above.
    """
    accounts = [
        write(market.key, signer=True),
        read(market.authority),
        *(write(each) for each in (market.bids, market.asks, market.event_heap)),
        write(payer, signer=True),
        write(market.vault("ask")),
        write(market.vault("bid")),
        *(read(each) for each in (market.base_mint, WRAPPED_SOL, SYSTEM, TOKEN, ASSOCIATED_TOKEN)),
        # Anchor's sign for an optional account that is not given: the program itself. Both oracles.
        read(OPENBOOK),
        read(OPENBOOK),
        read(payer),
        *(read(OPENBOOK) for _ in range(3)),
        read(pda.event_authority(OPENBOOK)),
        read(OPENBOOK),
    ]
    oracles = struct.pack("<fB", 0.0, 0)
    sizes = struct.pack("<5q", market.quote_lot, market.base_lot, 0, 0, 0)
    return call(OPENBOOK, anchor_tag("create_market") + text(name) + oracles + sizes, accounts)


def create_orders_indexer(payer: str, owner: str) -> Instruction:
    """What counts a wallet's accounts; once for all markets."""
    accounts = [write(payer, signer=True), signs(owner), write(orders_indexer(owner)), read(SYSTEM)]
    return call(OPENBOOK, anchor_tag("create_open_orders_indexer"), accounts)


def create_orders_account(payer: str, owner: str, market: str, number: int, name: str = "") -> Instruction:
    """A wallet's account for open orders in one market."""
    accounts = [
        write(payer, signer=True),
        signs(owner),
        read(OPENBOOK),
        write(orders_indexer(owner)),
        write(orders_account(owner, number)),
        read(market),
        read(SYSTEM),
    ]
    return call(OPENBOOK, anchor_tag("create_open_orders_account") + text(name), accounts)


def place_order(market: Market, owner: str, orders: str, source: str, order: Order) -> Instruction:
    """Put an order into the book, paid from `source`: wrapped SOL of a bid, the token of an ask."""
    accounts = [
        signs(owner),
        write(orders),
        read(OPENBOOK),
        *(write(each) for each in (source, market.key, market.bids, market.asks, market.event_heap)),
        write(market.vault(order.side)),
        read(OPENBOOK),
        read(OPENBOOK),
        read(TOKEN),
    ]
    return call(OPENBOOK, anchor_tag("place_order") + order.encoded(), accounts)


def decode_market(key: str, account: dict[str, Any] | None, data: bytes) -> Market | None:
    """A market of a token against SOL; None for anything else."""
    if account is None or account["owner"] != OPENBOOK or not data.startswith(anchor_tag("Market", "account")):
        return None
    state = _MARKET.read(data[_HEADER:])
    if state.quote_mint != WRAPPED_SOL:
        return None
    books = (state.bids, state.asks, state.event_heap)
    return Market(key, state.base_mint, *books, state.base_lot_size, state.quote_lot_size)


@dataclass(frozen=True, slots=True)
class OrdersIndexer:
    """How many accounts for open orders a wallet has made, and those that it still has."""

    bump: U8
    created: U32
    addresses: tuple[Key, ...]


_INDEXER = Layout(OrdersIndexer)
# Behind the type and the owner.
_ORDERS_MARKET = slice(_HEADER + 32, _HEADER + 64)


def decode_indexer(account: dict[str, Any] | None, data: bytes) -> OrdersIndexer | None:
    """A wallet's indexer; None where it has none."""
    tag = anchor_tag("OpenOrdersIndexer", "account")
    if account is None or account["owner"] != OPENBOOK or not data.startswith(tag):
        return None
    return _INDEXER.read(data[_HEADER:])


def market_of_orders(data: bytes) -> str:
    """The market of an account for open orders; empty for other bytes."""
    is_one = data.startswith(anchor_tag("OpenOrdersAccount", "account"))
    return key_text(data[_ORDERS_MARKET]) if is_one else ""


def resting_orders(data: bytes) -> list[RestingOrder]:
    """A book side's orders with a fixed price, in no order. Leaves carry the price in the key's upper half."""
    found = []
    for at in range(_NODES_AT, len(data) - _NODE_BYTES + 1, _NODE_BYTES):
        if data[at] == _LEAF:
            price = int.from_bytes(data[at + 16 : at + 24], "little")
            owner, quantity = key_text(data[at + 24 : at + 56]), int.from_bytes(data[at + 56 : at + 64], "little")
            found.append(RestingOrder(price, quantity, owner))
    return found
