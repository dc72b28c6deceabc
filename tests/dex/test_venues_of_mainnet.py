"""Pump.fun, Orca and OpenBook as services, against a node that holds what mainnet would."""

import struct

import pytest

from launchpad.chain import keys, pda
from launchpad.chain.addresses import TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.client import ChainClient, NoTokensError
from launchpad.chain.errors import InsufficientFundsError
from launchpad.chain.venues import openbook, orca, pump
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from launchpad.dex import openbook as books
from launchpad.dex import orca as pools
from launchpad.dex import pump as coins
from launchpad.dex.errors import MintNotAcceptedError, NotOnThisNetworkError, PoolExistsError, SwapsWaitError
from launchpad.dex.schemas import CreateMarket, CreateSplashPool, PlaceOrder, PumpLaunch
from tests.chain.venues.test_openbook import market_data
from tests.chain.venues.test_pump import global_data
from tests.conftest import make_settings
from tests.dex.mainnet import SOL, Mainnet, instructions_of, new_key
from tests.programs.harness import metadata_pointer

WALLET = new_key()


@pytest.fixture
def mainnet():
    made = Mainnet()
    made.add(WALLET, lamports=100 * SOL)
    for program in (pump.PUMP, orca.WHIRLPOOLS, openbook.OPENBOOK):
        made.add_program(program)
    made.add(pump.global_address(), global_data(), pump.PUMP)
    return made


@pytest.fixture
async def chain(mainnet):
    async with mainnet.node() as node, ChainClient(make_settings(rpc_url=node.url)) as client:
        yield client


def called(step):
    """The tags of instructions that a program of Anchor's gets, in order."""
    return [
        data[:8]
        for program, data in instructions_of(step.transaction)
        if program in (pump.PUMP, orca.WHIRLPOOLS, openbook.OPENBOOK)
    ]


# Pump.fun


def coin(**changes):
    return PumpLaunch(**({"wallet": WALLET, "name": "Coin", "symbol": "COIN", "uri": "ipfs://coin"} | changes))


async def test_a_coin_is_a_sibling_and_says_so(chain):
    sibling = new_key()
    built = await coins.launch(chain, coin(sibling_of=sibling))
    assert sibling in built.notice
    assert "new token" in built.notice
    assert (built.expected_tokens, len(built.steps)) == ("0", 1)
    assert built.bonding_curve == pump.bonding_curve(built.mint)
    assert called(built.steps[0]) == [anchor_tag("create_v2")]
    assert built.steps[0].signers == [WALLET]


@pytest.mark.parametrize("classic", [False, True], ids=["token-2022", "classic"])
async def test_the_first_buy_is_a_second_transaction_that_keeps_to_its_slippage(chain, mainnet, classic):
    built = await coins.launch(chain, coin(first_buy=str(SOL), slippage_bps=1_000, classic=classic))
    create, buy = built.steps
    assert called(create) == [anchor_tag("create" if classic else "create_v2")]
    assert called(buy) == [anchor_tag("buy_exact_quote_in_v2")]
    data = instructions_of(buy.transaction)[-1][1]
    assert struct.unpack("<2Q", data[8:]) == (SOL, int(built.expected_tokens) * 9 // 10)
    assert buy.signers == [WALLET]
    # What cannot be simulated yet was rehearsed by making the coin.
    assert len(mainnet.simulated) == 2
    assert instructions_of(mainnet.simulated[1])[-1][1][:8] == anchor_tag("create" if classic else "create_v2")


async def test_a_stopped_kind_of_coin_is_refused(chain, mainnet):
    mainnet.add(pump.global_address(), global_data(v2=0), pump.PUMP)
    with pytest.raises(SwapsWaitError, match="classic"):
        await coins.launch(chain, coin())
    assert await coins.launch(chain, coin(classic=True))


async def test_a_program_without_its_parameters_is_not_there(chain, mainnet):
    del mainnet.accounts[pump.global_address()]
    with pytest.raises(NotOnThisNetworkError, match="not set up"):
        await coins.launch(chain, coin())
    del mainnet.accounts[pump.PUMP]
    with pytest.raises(NotOnThisNetworkError, match="not on this network"):
        await coins.launch(chain, coin())


# Orca


@pytest.fixture
def token(mainnet):
    mint = mainnet.add_token(extensions=metadata_pointer())
    mainnet.add_tokens(pda.associated_token(WALLET, mint, TOKEN_2022), mint, WALLET, 10**13, TOKEN_2022)
    return mint


def splash(mint, **changes):
    return CreateSplashPool(
        **({"mint": mint, "wallet": WALLET, "base_amount": "1000000000000", "quote_amount": str(SOL)} | changes)
    )


async def test_a_splash_pool_is_opened_then_filled(chain, token):
    built = await pools.create_pool(chain, splash(token))
    opening, filling = built.steps
    assert called(opening) == [anchor_tag("initialize_pool_v2")] + [anchor_tag("initialize_tick_array")] * 2
    assert called(filling) == [anchor_tag("open_position_with_token_extensions"), anchor_tag("increase_liquidity_v2")]
    assert opening.signers == filling.signers == [WALLET]
    price = int.from_bytes(
        next(data for _, data in instructions_of(opening.transaction) if data[:8] == anchor_tag("initialize_pool_v2"))[
            10:
        ],
        "little",
    )
    first, second = orca.Whirlpool.of(token, TOKEN_2022, ("", "")).in_order(10**12, SOL)
    assert price == orca.sqrt_price(first, second)


async def test_a_pool_that_is_there_is_not_opened_again(chain, mainnet, token):
    mainnet.add(orca.Whirlpool.of(token, TOKEN_2022, ("", "")).key, owner=orca.WHIRLPOOLS)
    with pytest.raises(PoolExistsError):
        await pools.create_pool(chain, splash(token))


async def test_what_orca_would_refuse_is_refused_here(chain, mainnet, token):
    with pytest.raises(NoTokensError):
        await pools.create_pool(chain, splash(token, base_amount=str(10**14)))
    with pytest.raises(InsufficientFundsError):
        await pools.create_pool(chain, splash(token, quote_amount=str(1_000 * SOL)))
    closable = mainnet.add_token(extensions={3: bytes(32)})
    with pytest.raises(MintNotAcceptedError, match="close authority"):
        await pools.create_pool(chain, splash(closable))


# OpenBook


@pytest.fixture
def market(mainnet):
    """A market of a classic token, with an order on each side."""
    mint = mainnet.add_token(TOKEN)
    made = openbook.Market(new_key(), mint, new_key(), new_key(), new_key(), base_lot=10**6, quote_lot=1_000)
    mainnet.add(made.key, market_data(made), openbook.OPENBOOK)
    mainnet.add(made.bids, book((5, 10), (7, 20), (7, 1)), openbook.OPENBOOK)
    mainnet.add(made.asks, book((9, 3), (8, 2)), openbook.OPENBOOK)
    return made


def book(*orders):
    leaves = [
        (bytes(8 * [0]) + struct.pack("<2Q", 1, price) + bytes(32) + struct.pack("<q", amount)).ljust(88, b"\0")
        for price, amount in orders
    ]
    tree = b"".join(b"\2" + leaf[1:] for leaf in leaves).ljust(88 * 1024, b"\0")
    return bytes(840) + tree


async def test_a_market_is_opened_with_its_accounts_at_once(chain, mainnet):
    mint = mainnet.add_token(TOKEN)
    asked = CreateMarket(mint=mint, wallet=WALLET, name="EXM-SOL", base_lot="1000000", quote_lot="1000")
    built = await books.create_market(chain, asked)
    assert called(built.steps[0]) == [anchor_tag("create_market")]
    assert len(instructions_of(built.steps[0].transaction)) == 5
    assert built.steps[0].signers == [WALLET]
    assert int(built.deposits) == (2 * (90_952 + 128) + 91_288 + 128) * 6_960
    for changes in ({"base_lot": "15"}, {"quote_lot": "0"}):
        with pytest.raises(openbook.BadLotsError, match="power of ten"):
            await books.create_market(chain, asked.model_copy(update=changes))
    with pytest.raises(MintNotAcceptedError, match="classic"):
        await books.create_market(
            chain, asked.model_copy(update={"mint": mainnet.add_token(extensions=metadata_pointer())})
        )


async def test_a_book_is_read_best_first(chain, market):
    told = await books.read_book(chain, market.key)
    assert [(level.price_sol, level.base_amount, level.orders) for level in told.bids] == [
        ("0.000007", "21000000", 2),
        ("0.000005", "10000000", 1),
    ]
    assert [level.price_sol for level in told.asks] == ["0.000008", "0.000009"]
    with pytest.raises(books.NoMarketError):
        await books.read_book(chain, WALLET)


def order(market, side, **changes):
    given = {"market": market.key, "wallet": WALLET, "side": side, "base_amount": "5000000", "quote_amount": "30000"}
    return PlaceOrder(**(given | changes))


@pytest.mark.parametrize("side", ["bid", "ask"])
async def test_the_first_order_makes_the_accounts_that_it_needs(chain, market, side):
    built = await books.place_order(chain, order(market, side))
    names = ("create_open_orders_indexer", "create_open_orders_account", "place_order")
    assert called(built) == [anchor_tag(name) for name in names]
    placed = next(data for _, data in instructions_of(built.transaction) if data[:8] == anchor_tag("place_order"))
    assert struct.unpack_from("<B3q", placed, 8) == (side == "ask", 6, 5, 30)
    assert (
        WRAPPED_SOL in [str(key) for key in keys.decode_transaction_wire(built.transaction).message.account_keys]
    ) == (side == "bid")


async def test_later_orders_use_the_account_of_their_market(chain, mainnet, market):
    first, second = (openbook.orders_account(WALLET, number) for number in (1, 2))
    listed = struct.pack("<BII", 255, 2, 2) + key_bytes(first) + key_bytes(second)
    mainnet.add(openbook.orders_indexer(WALLET), anchor_tag("OpenOrdersIndexer", "account") + listed, openbook.OPENBOOK)
    for address, of in ((first, new_key()), (second, market.key)):
        data = anchor_tag("OpenOrdersAccount", "account") + key_bytes(WALLET) + key_bytes(of) + bytes(200)
        mainnet.add(address, data, openbook.OPENBOOK)
    built = await books.place_order(chain, order(market, "ask"))
    assert called(built) == [anchor_tag("place_order")]
    named = [str(key) for key in keys.decode_transaction_wire(built.transaction).message.account_keys]
    assert second in named
    del mainnet.accounts[second]
    again = await books.place_order(chain, order(market, "ask"))
    assert called(again) == [anchor_tag("create_open_orders_account"), anchor_tag("place_order")]


async def test_orders_that_are_no_whole_lots_are_refused(chain, market):
    for changes in ({"base_amount": "5000001"}, {"quote_amount": "30001"}, {"base_amount": "0"}):
        with pytest.raises(openbook.BadLotsError):
            await books.place_order(chain, order(market, "bid", **changes))
