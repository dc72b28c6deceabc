"""Order books at OpenBook: opened, read, and orders put into them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from launchpad.chain import keys
from launchpad.chain.addresses import TOKEN
from launchpad.chain.client import ChainClient
from launchpad.chain.swapping import passing_sol
from launchpad.chain.tokens import data_of
from launchpad.chain.venues import openbook
from launchpad.chain.venues.building import BookOrder, openbook_market
from launchpad.chain.venues.openbook import BadLotsError, Market, Order, RestingOrder
from launchpad.dex.building import fetch_token, step
from launchpad.dex.errors import MintNotAcceptedError
from launchpad.dex.raydium import price_text
from launchpad.dex.schemas import BookLevel, BuiltMarket, BuiltStep, CreateMarket, OrderBook, PlaceOrder
from launchpad.dex.venues import require_venue
from launchpad.errors import NotFoundError

_LEVELS = 50


class NoMarketError(NotFoundError):
    """OpenBook has no such market against SOL."""

    code = "NO_MARKET"


async def create_market(chain: ChainClient, asked: CreateMarket) -> BuiltMarket:
    """A market without fees and without anybody who could stop it.

    Raises NotOnThisNetworkError, MintNotAcceptedError, BadLotsError, and what it would fail with.
    """
    await require_venue(chain, "openbook")
    token = await fetch_token(chain, asked.mint)
    if token.mint.token_program != TOKEN:
        raise MintNotAcceptedError("OpenBook takes classic SPL tokens only: choose another venue.", field="mint")
    lots = [_power_of_ten(asked.base_lot, "base_lot"), _power_of_ten(asked.quote_lot, "quote_lot")]
    made = [keys.generate() for _ in range(4)]
    key, bids, asks, heap = (keys.address_of(one) for one in made)
    market = Market(key, asked.mint, bids, asks, heap, *lots)
    side, queue = await asyncio.gather(
        chain.rpc.get_rent(openbook.BOOK_SIDE_BYTES), chain.rpc.get_rent(openbook.EVENT_HEAP_BYTES)
    )
    built = await chain.build(asked.wallet, openbook_market(market, asked.wallet, asked.name, (side, queue)), made)
    return BuiltMarket(
        market=key,
        bids=bids,
        asks=asks,
        event_heap=heap,
        deposits=str(2 * side + queue),
        steps=[step("Open the market at OpenBook", built)],
    )


async def read_book(chain: ChainClient, address: str) -> OrderBook:
    """What rests in a market at fixed prices, by price; at most fifty levels a side. Raises NoMarketError."""
    await require_venue(chain, "openbook")
    market = await _market(chain, address)
    bids, asks, mint = await chain.rpc.get_accounts([market.bids, market.asks, market.base_mint])
    decimals = data_of(mint)[44] if mint else 0
    levels = [
        _levels(market, openbook.resting_orders(data_of(account)) if account else [], decimals)
        for account in (bids, asks)
    ]
    return OrderBook(
        market=address,
        mint=market.base_mint,
        base_lot=str(market.base_lot),
        quote_lot=str(market.quote_lot),
        bids=levels[0][::-1][:_LEVELS],
        asks=levels[1][:_LEVELS],
    )


async def place_order(chain: ChainClient, asked: PlaceOrder) -> BuiltStep:
    """An order, with the accounts for open orders that the wallet still lacks.

    Raises NotOnThisNetworkError, NoMarketError, BadLotsError, and what it would fail with.
    """
    await require_venue(chain, "openbook")
    market = await _market(chain, asked.market)
    base, lamports = int(asked.base_amount), int(asked.quote_amount)
    base_lots, price = market.lots(base), market.price_lots(lamports, base)
    order = Order(asked.side, price, base_lots, price * base_lots, kind=asked.kind)
    placed = await _with_accounts(chain, market, asked.wallet, order)
    sol = await passing_sol(chain, asked.wallet)
    built = await chain.build(asked.wallet, placed.instructions(sol, lamports))
    return step("Place the order at OpenBook", built)


async def _market(chain: ChainClient, address: str) -> Market:
    account = await chain.rpc.get_account(address)
    found = openbook.decode_market(address, account, data_of(account) if account else b"")
    if found is None:
        raise NoMarketError(f"OpenBook has no market against SOL at {address}: check the address.", field="market")
    return found


async def _with_accounts(chain: ChainClient, market: Market, owner: str, order: Order) -> BookOrder:
    account = await chain.rpc.get_account(openbook.orders_indexer(owner))
    indexer = openbook.decode_indexer(account, data_of(account) if account else b"")
    number = await _number(chain, market, owner, indexer) if indexer else None
    fresh = (indexer.created if indexer else 0) + 1
    return BookOrder(market, owner, number or fresh, order, needs_indexer=indexer is None, needs_account=number is None)


async def _number(chain: ChainClient, market: Market, owner: str, indexer: openbook.OrdersIndexer) -> int | None:
    """The number of the wallet's account in this market, None where it has none."""
    if not indexer.addresses:
        return None
    accounts = await chain.rpc.get_accounts(indexer.addresses[-100:])
    numbers = {openbook.orders_account(owner, number): number for number in range(1, indexer.created + 1)}
    for address, account in zip(indexer.addresses[-100:], accounts, strict=True):
        if account and openbook.market_of_orders(data_of(account)) == market.key:
            return numbers.get(address)
    return None


def _levels(market: Market, orders: Iterable[RestingOrder], decimals: int) -> list[BookLevel]:
    """Orders by price, cheapest first."""
    found: dict[int, list[int]] = defaultdict(list)
    for order in orders:
        found[order.price_lots].append(order.base_lots)
    return [
        BookLevel(
            price_sol=price_text(Fraction(price * market.quote_lot, market.base_lot), decimals),
            base_amount=str(sum(found[price]) * market.base_lot),
            orders=len(found[price]),
        )
        for price in sorted(found)
    ]


def _power_of_ten(amount: str, name: str) -> int:
    lot = int(amount)
    if lot <= 0 or 10 ** (len(str(lot)) - 1) != lot or lot >= 2**63:
        raise BadLotsError("A lot is a power of ten, such as 1000: change it.", field=name)
    return lot
