"""The four answers of the adapter. Blocks are slots; asset 0 is the token and asset 1 wrapped SOL."""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from itertools import groupby

import asyncpg

from launchpad.amounts import SOL_DECIMALS, decimal_text, shifted
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.keys import is_address
from launchpad.db import Look
from launchpad.dexscreener import queries
from launchpad.dexscreener.schemas import (
    Asset,
    AssetAnswer,
    Block,
    Events,
    JoinExit,
    LatestBlock,
    Pair,
    PairAnswer,
    Reserves,
    Swap,
)
from launchpad.errors import ConflictError, InvalidInputError, NotFoundError
from launchpad.indexer.position import pack, unpack

MAX_BLOCKS = 100
# At most 50 decimals are read. The least price has 29 places before its first digit that is not 0.
_PRICES = Context(prec=18)
_WRAPPED = Asset(id=WRAPPED_SOL, name="Wrapped SOL", symbol="SOL")


class AssetNotFoundError(NotFoundError):
    """No token of ours has this mint, or its launch is not final yet."""

    code = "ASSET_NOT_FOUND"


class PairNotFoundError(NotFoundError):
    """No curve or pool of ours has this address, or its opening is not final yet."""

    code = "PAIR_NOT_FOUND"


class BlocksNotReadyError(ConflictError):
    """What was asked for is newer than what is indexed and final; `as_of_slot` says how far that is."""

    code = "NOT_READY"


async def latest_block(look: Look) -> LatestBlock:
    """The newest final slot with an event; it never goes back. BlocksNotReadyError where there is none."""
    complete = await queries.complete_slot(look) or 0
    row = await queries.newest_before(look, pack(complete + 1, 0))
    if row is None:
        raise BlocksNotReadyError("Nothing is indexed and final yet: try again shortly.", as_of_slot=complete)
    return LatestBlock(block=Block(block_number=row["slot"], block_timestamp=row["timestamp"]))


async def asset(look: Look, identity: str) -> AssetAnswer:
    """A token by its mint, or wrapped SOL; AssetNotFoundError."""
    if identity == WRAPPED_SOL:
        return AssetAnswer(asset=_WRAPPED)
    row = await queries.asset(look, identity) if is_address(identity) else None
    if row is None:
        raise AssetNotFoundError("There is no such token, or its launch is not final yet. Ids are mint addresses.")
    circulating = row["circulating"]
    found = Asset(
        id=row["mint"],
        # An empty name or symbol would end the indexing of everything.
        name=row["name"].strip() or row["symbol"].strip() or row["mint"],
        symbol=row["symbol"].strip() or row["name"].strip() or row["mint"],
        total_supply=_whole(row["supply"], row["decimals"]),
        circulating_supply=None if circulating is None else _whole(circulating, row["decimals"]),
    )
    return AssetAnswer(asset=found)


async def pair(look: Look, identity: str) -> PairAnswer:
    """A curve or pool by its address; PairNotFoundError. A graduate has one of each."""
    row = await queries.pair(look, identity) if is_address(identity) else None
    if row is None:
        raise PairNotFoundError(
            "There is no such pair, or its opening is not final yet. Ids are addresses of curves and pools."
        )
    found = Pair(
        id=row["address"],
        dex_key=row["venue"],
        asset0_id=row["mint"],
        asset1_id=WRAPPED_SOL,
        created_at_block_number=row["slot"],
        created_at_block_timestamp=row["timestamp"],
        created_at_txn_id=row["signature"],
        creator=row["creator"],
        fee_bps=row["fee_bps"],
    )
    return PairAnswer(pair=found)


async def events(look: Look, first: int, last: int) -> Events:
    """Every event from one slot to another, both included; InvalidInputError, BlocksNotReadyError."""
    if not 0 <= last - first < MAX_BLOCKS:
        message = f"toBlock is fromBlock or up to {MAX_BLOCKS - 1} blocks after it: ask for fewer at once."
        raise InvalidInputError(message, field="toBlock")
    complete = await queries.complete_slot(look) or 0
    if last > complete:
        message = f"Blocks up to {complete} are indexed and final: ask for those, and for the others later."
        raise BlocksNotReadyError(message, as_of_slot=complete)
    start, end = pack(first, 0), pack(last + 1, 0)
    rows = [*await queries.swaps(look, start, end), *await queries.liquidity(look, start, end)]
    return Events(events=list(_in_order(rows)))


def _in_order(rows: Sequence[asyncpg.Record]) -> Iterable[Swap | JoinExit]:
    """The events numbered within their transactions, or within what shares a place in the block."""
    rows = sorted(rows, key=lambda row: (row["position"], row["signature"], row["instruction"], row["inner"]))
    for slot, of_block in groupby(rows, key=lambda row: row["slot"]):
        told = list(of_block)
        block = Block(block_number=slot, block_timestamp=min(row["timestamp"] for row in told))
        for index, group in groupby(told, key=lambda row: unpack(row["position"]).index):
            for number, row in enumerate(group):
                yield _event(row, block, index, number)


def _event(row: asyncpg.Record, block: Block, index: int, number: int) -> Swap | JoinExit:
    decimals = row["decimals"]
    base, quote = _whole(row["base"], decimals), _whole(row["quote"], SOL_DECIMALS)
    after = Reserves(asset0=_whole(row["base_reserve"], decimals), asset1=_whole(row["quote_reserve"], SOL_DECIMALS))
    where = {"block": block, "txn_index": index, "event_index": number, "reserves": after}
    who = {"txn_id": row["signature"], "maker": row["maker"], "pair_id": row["pair"]}
    if "side" not in row:
        kind = "exit" if row["name"] == "LiquidityRemoved" else "join"
        return JoinExit(**where, **who, event_type=kind, amount0=base, amount1=quote)
    amounts = (
        {"asset1_in": quote, "asset0_out": base} if row["side"] == "buy" else {"asset0_in": base, "asset1_out": quote}
    )
    metadata = {"batch": row["batch"]} if row["batch"] else None
    return Swap(**where, **who, **amounts, price_native=_price(row), metadata=metadata)


def _price(row: asyncpg.Record) -> str:
    """SOL per token after a trade, to 18 digits."""
    price = _PRICES.divide(row["virtual_quote"], row["virtual_base"])
    return decimal_text(shifted(price, row["decimals"] - SOL_DECIMALS))


def _whole(amount: Decimal | int, decimals: int) -> str:
    return decimal_text(shifted(Decimal(amount), -decimals))
