"""The accounts of Raydium's CP-swap that quoting needs. Layouts are packed, little-endian; what follows is left alone.

AmmConfig 236 bytes, PoolState 637, ObservationState 4 075, each behind Anchor's 8 of type.
"""

import struct
from dataclasses import dataclass
from typing import Any, TypeVar

from launchpad.chain.borsh import U8, U16, U32, U64, Bool, Key, Layout, UndecodableError
from launchpad.chain.venues.coding import anchor_tag
from launchpad.chain.venues.raydium.math import FeeRates
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP, RaydiumPool, Side

T = TypeVar("T")

DEPOSIT_OFF, WITHDRAW_OFF, SWAP_OFF = 1, 2, 4
_OBSERVATIONS = 100
_OBSERVATION = struct.Struct("<Q16s16s")
_OBSERVATIONS_AT = 8 + 1 + 2 + 32
_WRAP = 2**128


@dataclass(frozen=True, slots=True)
class AmmConfig:
    """A fee tier. Rates in millionths: of the input, and of the trade fee; the fee for a pool in lamports."""

    bump: U8
    disable_create_pool: Bool
    index: U16
    trade_fee_rate: U64
    protocol_fee_rate: U64
    fund_fee_rate: U64
    create_pool_fee: U64
    protocol_owner: Key
    fund_owner: Key
    creator_fee_rate: U64


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool. The six counters at its end are tokens in the vaults that do not belong to the liquidity.

    `creator_fee_on`: 0 in the token that is paid, 1 always in token 0, 2 always in token 1.
    """

    amm_config: Key
    pool_creator: Key
    token_0_vault: Key
    token_1_vault: Key
    lp_mint: Key
    token_0_mint: Key
    token_1_mint: Key
    token_0_program: Key
    token_1_program: Key
    observation: Key
    auth_bump: U8
    status: U8
    lp_mint_decimals: U8
    mint_0_decimals: U8
    mint_1_decimals: U8
    lp_supply: U64
    protocol_fees_0: U64
    protocol_fees_1: U64
    fund_fees_0: U64
    fund_fees_1: U64
    open_time: U64
    recent_epoch: U64
    creator_fee_on: U8
    enable_creator_fee: Bool
    padding_low: U32
    padding_high: U16
    creator_fees_0: U64
    creator_fees_1: U64

    def pool(self, key: str) -> RaydiumPool:
        """The accounts that instructions name."""
        sides = (Side(self.token_0_mint, self.token_0_program), Side(self.token_1_mint, self.token_1_program))
        return RaydiumPool(key, self.amm_config, sides)

    def reserves(self, vaults: tuple[int, int]) -> tuple[int, int]:
        """What the liquidity consists of, from what the vaults hold."""
        kept_0 = self.protocol_fees_0 + self.fund_fees_0 + self.creator_fees_0
        kept_1 = self.protocol_fees_1 + self.fund_fees_1 + self.creator_fees_1
        return vaults[0] - kept_0, vaults[1] - kept_1

    def rates(self, config: AmmConfig, side_in: int) -> FeeRates:
        """The fees of a swap that pays side 0 or 1."""
        return FeeRates(
            trade=config.trade_fee_rate,
            protocol=config.protocol_fee_rate,
            fund=config.fund_fee_rate,
            creator=config.creator_fee_rate if self.enable_creator_fee else 0,
            creator_on_input=self.creator_fee_on in (0, side_in + 1),
        )


@dataclass(frozen=True, slots=True)
class Observation:
    """A moment of the pool's price record: Unix seconds, and price sums in units of 2^-32 that wrap at 128 bits."""

    at: int
    sum_0: int
    sum_1: int


def decode_config(account: dict[str, Any] | None, data: bytes) -> AmmConfig | None:
    """A fee tier; None where the account is missing or no other's than Raydium's."""
    return _decode(AmmConfig, "AmmConfig", account, data)


def decode_pool(account: dict[str, Any] | None, data: bytes) -> PoolState | None:
    """A pool; None where the account is missing or no pool of Raydium's."""
    return _decode(PoolState, "PoolState", account, data)


def observations(data: bytes) -> list[Observation]:
    """The recorded moments in the order of time; UndecodableError for other bytes."""
    if not data.startswith(anchor_tag("ObservationState", "account")):
        raise UndecodableError("This account is no record of prices.")
    newest = int.from_bytes(data[9:11], "little")
    found = [_observation(data, (newest + 1 + place) % _OBSERVATIONS) for place in range(_OBSERVATIONS)]
    return [each for each in found if each.at]


def average_price(record: list[Observation], seconds: int) -> tuple[int, int] | None:
    """Token 1 per token 0 over about the last `seconds` of the record, as (numerator, denominator).

    Base units; None where the record holds no two moments.
    """
    if len(record) < 2:  # noqa: PLR2004 - an average needs a beginning and an end
        return None
    last = record[-1]
    earlier = [each for each in record[:-1] if each.at < last.at]
    if not earlier:
        return None
    first = next((each for each in earlier if each.at >= last.at - seconds), earlier[-1])
    return (last.sum_0 - first.sum_0) % _WRAP, (last.at - first.at) << 32


def _observation(data: bytes, index: int) -> Observation:
    at, first, second = _OBSERVATION.unpack_from(data, _OBSERVATIONS_AT + index * _OBSERVATION.size)
    return Observation(at, int.from_bytes(first, "little"), int.from_bytes(second, "little"))


_LAYOUTS: dict[type[Any], Layout[Any]] = {kind: Layout(kind) for kind in (AmmConfig, PoolState)}


def _decode(kind: type[T], name: str, account: dict[str, Any] | None, data: bytes) -> T | None:
    if account is None or account["owner"] != RAYDIUM_CP_SWAP or not data.startswith(anchor_tag(name, "account")):
        return None
    decoded: T = _LAYOUTS[kind].read(data[8:])
    return decoded
