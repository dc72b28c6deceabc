"""What the adapter's format demands of events, written from its description alone."""

from decimal import Decimal
from itertools import pairwise

from launchpad.chain.keys import is_address

COMMON = {"block", "eventType", "txnId", "txnIndex", "eventIndex", "maker", "pairId", "reserves"}
OF_SWAPS = COMMON | {"priceNative"}
OF_LIQUIDITY = COMMON | {"amount0", "amount1"}
SIDES = ({"asset0In", "asset1Out"}, {"asset1In", "asset0Out"})


def number(value, least_above=None):
    """The amount, which must be a plain decimal string of at most 50 decimals."""
    assert isinstance(value, str)
    assert "e" not in value.lower()
    assert len(value.partition(".")[2]) <= 50
    amount = Decimal(value)
    assert amount.is_finite()
    assert amount >= 0 if least_above is None else amount > least_above
    return amount


def validate(events):
    """Every rule about single events, and about their order; fails at the first that is broken."""
    for event in events:
        _whole(event)
        if event["eventType"] == "swap":
            _swap(event)
        else:
            _liquidity(event)
    places = [(e["block"]["blockNumber"], e["txnIndex"], e["eventIndex"]) for e in events]
    assert all(left < right for left, right in pairwise(places))
    times = {}
    for event in events:
        block = event["block"]
        assert times.setdefault(block["blockNumber"], block["blockTimestamp"]) == block["blockTimestamp"]


def _whole(event):
    assert set(event["block"]) == {"blockNumber", "blockTimestamp"}
    assert all(type(value) is int for value in event["block"].values())
    assert event["block"]["blockTimestamp"] < 10**11
    assert type(event["txnIndex"]) is type(event["eventIndex"]) is int
    assert min(event["txnIndex"], event["eventIndex"]) >= 0
    assert is_address(event["pairId"])
    assert is_address(event["maker"])
    assert event["txnId"]
    assert set(event["reserves"]) == {"asset0", "asset1"}
    for value in event["reserves"].values():
        number(value)


def _swap(event):
    amounts = set(event) - OF_SWAPS - {"metadata"}
    assert set(event) >= OF_SWAPS
    assert amounts in SIDES
    for name in amounts:
        number(event[name], 0)
    number(event["priceNative"], 0)
    metadata = event.get("metadata", {"": ""})
    assert all(isinstance(text, str) for pair in metadata.items() for text in pair)


def _liquidity(event):
    assert event["eventType"] in ("join", "exit")
    assert set(event) == OF_LIQUIDITY
    number(event["amount0"], 0)
    number(event["amount1"], 0)
