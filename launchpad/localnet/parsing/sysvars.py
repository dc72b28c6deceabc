"""Sysvar accounts."""

import struct
from collections.abc import Callable
from typing import Any

from launchpad.localnet.keys import (
    CLOCK,
    EPOCH_REWARDS,
    EPOCH_SCHEDULE,
    LAST_RESTART_SLOT,
    RECENT_BLOCKHASHES,
    RENT,
    SLOT_HASHES,
    STAKE_HISTORY,
    Key,
)
from launchpad.localnet.parsing.reader import Reader
from launchpad.localnet.parsing.shapes import UnknownShapeError


def _clock(reader: Reader) -> dict[str, Any]:
    return {
        "slot": reader.u64(),
        "epochStartTimestamp": reader.signed(8),
        "epoch": reader.u64(),
        "leaderScheduleEpoch": reader.u64(),
        "unixTimestamp": reader.signed(8),
    }


def _rent(reader: Reader) -> dict[str, Any]:
    return {
        "lamportsPerByteYear": reader.amount(),
        "exemptionThreshold": struct.unpack("<d", reader.take(8))[0],
        "burnPercent": reader.u8(),
    }


def _epoch_schedule(reader: Reader) -> dict[str, Any]:
    return {
        "slotsPerEpoch": reader.u64(),
        "leaderScheduleSlotOffset": reader.u64(),
        "warmup": reader.flag(),
        "firstNormalEpoch": reader.u64(),
        "firstNormalSlot": reader.u64(),
    }


def _slot_hashes(reader: Reader) -> list[dict[str, Any]]:
    return [{"slot": reader.u64(), "hash": reader.key()} for _ in range(reader.u64())]


def _recent_blockhashes(reader: Reader) -> list[dict[str, Any]]:
    return [
        {"blockhash": reader.key(), "feeCalculator": {"lamportsPerSignature": reader.amount()}}
        for _ in range(reader.u64())
    ]


def _stake_history(reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "epoch": reader.u64(),
            "stakeHistory": {
                "effective": reader.u64(),
                "activating": reader.u64(),
                "deactivating": reader.u64(),
            },
        }
        for _ in range(reader.u64())
    ]


def _epoch_rewards(reader: Reader) -> dict[str, Any]:
    return {
        "distributionStartingBlockHeight": reader.u64(),
        "numPartitions": reader.u64(),
        "parentBlockhash": reader.key(),
        "totalPoints": str(reader.unsigned(16)),
        "totalRewards": reader.amount(),
        "distributedRewards": reader.amount(),
        "active": reader.flag(),
    }


SYSVARS: dict[Key, tuple[str, Callable[[Reader], Any]]] = {
    CLOCK: ("clock", _clock),
    RENT: ("rent", _rent),
    EPOCH_SCHEDULE: ("epochSchedule", _epoch_schedule),
    SLOT_HASHES: ("slotHashes", _slot_hashes),
    RECENT_BLOCKHASHES: ("recentBlockhashes", _recent_blockhashes),
    STAKE_HISTORY: ("stakeHistory", _stake_history),
    EPOCH_REWARDS: ("epochRewards", _epoch_rewards),
    LAST_RESTART_SLOT: ("lastRestartSlot", lambda reader: {"lastRestartSlot": reader.u64()}),
}


def parse_sysvar(key: Key, data: bytes) -> dict[str, Any]:
    """A sysvar's `{"type", "info"}`."""
    known = SYSVARS.get(key)
    if known is None:
        raise UnknownShapeError
    name, parse = known
    return {"type": name, "info": parse(Reader(data))}
