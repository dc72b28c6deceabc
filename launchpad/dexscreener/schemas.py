"""What DexScreener's adapter reads. Amounts are whole tokens and SOL as decimal strings; absent is what is unknown."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from launchpad.schemas import Address, DecimalText

DexKey = Literal["curve", "amm", "raydium"]


class _Foreign(BaseModel):
    """Names as that format has them."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Block(_Foreign):
    """A slot that is final."""

    block_number: int
    block_timestamp: int = Field(description="Unix seconds.")


class LatestBlock(_Foreign):
    """The newest final slot with an event: everything up to it can be asked for."""

    block: Block


class Asset(_Foreign):
    """A token, or wrapped SOL."""

    id: Address
    name: str
    symbol: str
    total_supply: DecimalText | None = None
    circulating_supply: DecimalText | None = Field(None, description="Without what is locked.")


class AssetAnswer(_Foreign):
    """One asset."""

    asset: Asset


class Pair(_Foreign):
    """A place where a token trades against SOL. None of it ever changes."""

    id: Address
    dex_key: DexKey
    asset0_id: Address = Field(description="The token.")
    asset1_id: Address = Field(description="Wrapped SOL.")
    created_at_block_number: int
    created_at_block_timestamp: int = Field(description="Unix seconds.")
    created_at_txn_id: str
    creator: Address = Field(description="Who launched the token, or opened a pool of his own.")
    fee_bps: int | None = Field(None, description="Of a curve. Fees of pools change.")


class PairAnswer(_Foreign):
    """One pair."""

    pair: Pair


class Reserves(_Foreign):
    """What a pair holds after an event."""

    asset0: DecimalText
    asset1: DecimalText


class _Happened(_Foreign):
    block: Block
    txn_id: str
    txn_index: int
    event_index: int = Field(description="Within the transaction.")
    maker: Address = Field(description="The wallet; of a batch's one buy, the wallet that launched the token.")
    pair_id: Address
    reserves: Reserves


class Swap(_Happened):
    """A trade: one amount in, the opposite one out. They are what the pair's reserves moved by."""

    event_type: Literal["swap"] = "swap"
    asset0_in: DecimalText | None = None
    asset1_in: DecimalText | None = None
    asset0_out: DecimalText | None = None
    asset1_out: DecimalText | None = None
    price_native: DecimalText = Field(description="SOL per token after it.")
    metadata: dict[str, str] | None = Field(None, description="`batch` names the account of a batch that bought.")


class JoinExit(_Happened):
    """Liquidity that came to a pool or left it; the first comes when the pool opens."""

    event_type: Literal["join", "exit"]
    amount0: DecimalText
    amount1: DecimalText


class Events(_Foreign):
    """Events of final slots in the order of the chain."""

    events: list[Swap | JoinExit]
