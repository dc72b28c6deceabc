"""OpenBook's instructions and accounts against its public IDL."""

import struct
from dataclasses import replace

import pytest
from solders.keypair import Keypair

from launchpad.chain.venues import openbook
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from tests.chain.venues.documented import ATA, SYSTEM, TOKEN, WSOL, accounts_of, ata, pda, table

OPENBOOK = "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb"


def new_key():
    return str(Keypair().pubkey())


@pytest.fixture
def market():
    return openbook.Market(new_key(), new_key(), new_key(), new_key(), new_key(), base_lot=10**6, quote_lot=100)


def test_opening_a_market_has_the_documented_accounts_and_bytes(market):
    payer = new_key()
    authority = pda(OPENBOOK, b"Market", market.key)
    made = openbook.create_market(market, payer, "EXM-SOL")
    assert accounts_of(made) == table(
        (market.key, "sw"),
        authority,
        (market.bids, "w"),
        (market.asks, "w"),
        (market.event_heap, "w"),
        (payer, "sw"),
        (ata(authority, market.base_mint), "w"),
        (ata(authority, WSOL), "w"),
        market.base_mint,
        WSOL,
        SYSTEM,
        TOKEN,
        ATA,
        OPENBOOK,
        OPENBOOK,
        payer,
        OPENBOOK,
        OPENBOOK,
        OPENBOOK,
        pda(OPENBOOK, b"__event_authority"),
        OPENBOOK,
    )
    oracles = struct.pack("<fB", 0, 0)
    sizes = struct.pack("<5q", 100, 10**6, 0, 0, 0)
    assert bytes(made.data) == anchor_tag("create_market") + b"\7\0\0\0EXM-SOL" + oracles + sizes


def test_an_account_for_orders_has_the_documented_accounts_and_bytes(market):
    payer, owner = new_key(), new_key()
    indexer, orders = pda(OPENBOOK, b"OpenOrdersIndexer", owner), pda(OPENBOOK, b"OpenOrders", owner, b"\3\0\0\0")
    assert (openbook.orders_indexer(owner), openbook.orders_account(owner, 3)) == (indexer, orders)
    first = openbook.create_orders_indexer(payer, owner)
    assert accounts_of(first) == table((payer, "sw"), (owner, "s"), (indexer, "w"), SYSTEM)
    assert bytes(first.data) == anchor_tag("create_open_orders_indexer")
    second = openbook.create_orders_account(payer, owner, market.key, 3, "mine")
    expected = ((payer, "sw"), (owner, "s"), OPENBOOK, (indexer, "w"), (orders, "w"), market.key, SYSTEM)
    assert accounts_of(second) == table(*expected)
    assert bytes(second.data) == anchor_tag("create_open_orders_account") + b"\4\0\0\0mine"


@pytest.mark.parametrize("side", ["bid", "ask"])
def test_an_order_has_the_documented_accounts_and_bytes(market, side):
    owner, orders, source = new_key(), new_key(), new_key()
    order = openbook.Order(side, 25, 40, 1_000, client_id=9, kind="post_only", expires_at=77)
    vault = ata(pda(OPENBOOK, b"Market", market.key), WSOL if side == "bid" else market.base_mint)
    placed = openbook.place_order(market, owner, orders, source, order)
    assert accounts_of(placed) == table(
        (owner, "s"),
        (orders, "w"),
        OPENBOOK,
        (source, "w"),
        (market.key, "w"),
        (market.bids, "w"),
        (market.asks, "w"),
        (market.event_heap, "w"),
        (vault, "w"),
        OPENBOOK,
        OPENBOOK,
        TOKEN,
    )
    values = struct.pack("<B3qQBQBB", side == "ask", 25, 40, 1_000, 9, 2, 77, 0, 255)
    assert bytes(placed.data) == anchor_tag("place_order") + values


def market_data(market, quote=WSOL):
    """A market account, field by field in the order of the IDL."""
    keys = b"".join(key_bytes(each) for each in (market.bids, market.asks, market.event_heap))
    head = bytes(8) + bytes(32) + bytes(8) + bytes(4 * 32) + b"EXM-SOL".ljust(16, b"\0")
    config = struct.pack("<dq", 0.0, 0) + bytes(72)
    lots = struct.pack("<2q", market.quote_lot, market.base_lot)
    counters = struct.pack("<Q3q", 1, 2, 3, 4) + bytes(32) + struct.pack("<2Q", 5, 6) + bytes(32)
    mints = key_bytes(market.base_mint) + key_bytes(quote)
    return anchor_tag("Market", "account") + head + keys + bytes(64) + config + lots + counters + mints + bytes(208)


def test_a_market_is_read_as_it_is(market):
    owned = {"owner": OPENBOOK}
    assert openbook.decode_market(market.key, owned, market_data(market)) == market
    assert openbook.decode_market(market.key, owned, market_data(market, new_key())) is None
    assert openbook.decode_market(market.key, {"owner": TOKEN}, market_data(market)) is None
    assert openbook.decode_market(market.key, None, b"") is None


def test_a_book_is_its_leaves():
    owner = new_key()
    leaf = bytes([2, 0, 0, 0]) + bytes(4) + struct.pack("<2Q", 12, 25) + key_bytes(owner) + struct.pack("<q", 40)
    inner = bytes([1]) + bytes(87)
    nodes = inner + leaf.ljust(88, b"\0") + bytes(88 * 1022)
    roots = bytes(6 * 8 + 256)
    tree = b"\0" + bytes(3) + struct.pack("<3I", 2, 0, 0) + bytes(512)
    data = bytes(8) + roots + tree + nodes
    assert len(data) == openbook.BOOK_SIDE_BYTES
    assert openbook.resting_orders(data) == [openbook.RestingOrder(25, 40, owner)]


def test_amounts_and_prices_are_whole_lots(market):
    assert market.lots(3 * 10**6) == 3
    assert market.price_lots(5_000, 10**7) == 5
    for base in (0, 5, 10**6 + 1):
        with pytest.raises(openbook.BadLotsError, match="multiples of 1000000"):
            market.lots(base)
    for lamports, base in ((0, 10**6), (150, 10**6), (100, 0)):
        with pytest.raises(openbook.BadLotsError, match="multiples of 100 lamports"):
            market.price_lots(lamports, base)
    assert replace(market, quote_lot=50).price_lots(150, 10**6) == 3
