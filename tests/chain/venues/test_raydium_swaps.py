"""Swaps of Raydium found in transactions: their places, their traders, their fees, and what must not count."""

import base64
import struct

import pytest
from based58 import b58encode

from launchpad.chain import keys
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.events import RAYDIUM_LIQUIDITY, RAYDIUM_SWAP, decode_transaction
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP

PAYER, POOL, MINT, ROUTER, VAULT = (keys.address_of(keys.generate()) for _ in range(5))
KEYS = [PAYER, POOL, MINT, RAYDIUM_CP_SWAP, ROUTER, VAULT, WRAPPED_SOL]
SWAP = b58encode(anchor_tag("swap_base_input") + bytes(16)).decode()
OTHER = b58encode(anchor_tag("deposit") + bytes(16)).decode()
BEFORE, NOW = (10**12, 5 * 10**15), 1_790_000_000


def told(*, buys=True, pool=POOL, taxes=(0, 0), creator=(0, True), mints=None):
    """The line in which Raydium tells of a swap of 1 000 000 for 7 000 000, with a trade fee of 2 500."""
    inward, outward = mints or ((WRAPPED_SOL, MINT) if buys else (MINT, WRAPPED_SOL))
    before = BEFORE if buys else BEFORE[::-1]
    data = anchor_tag("SwapEvent", "event") + key_bytes(pool)
    data += struct.pack("<6Q?", *before, 1_000_000, 7_000_000, *taxes, True)
    data += key_bytes(inward) + key_bytes(outward) + struct.pack("<QQ?", 2_500, *creator)
    return f"Program data: {base64.b64encode(data).decode()}"


def run(program, *lines):
    return [f"Program {program} invoke [1]", *lines, f"Program {program} success"]


def swap(payer=0, data=SWAP, pool=1):
    return {"programIdIndex": 3, "accounts": [payer, 2, 2, pool], "data": data}


def routed(*inner):
    """A router's instruction, and the group of what it called."""
    return {"programIdIndex": 4, "accounts": [], "data": ""}, {"index": 0, "instructions": list(inner)}


def events(logs, instructions, groups=(), block_time=NOW):
    message = {"accountKeys": KEYS, "header": {"numRequiredSignatures": 1}, "instructions": list(instructions)}
    meta = {"err": None, "logMessages": list(logs), "innerInstructions": list(groups), "fee": 5_000}
    answer = {"slot": 9, "blockTime": block_time, "meta": meta}
    return decode_transaction(answer | {"transaction": {"signatures": ["signed"], "message": message}}).events


def test_a_buy_pays_its_fees_in_lamports_and_leaves_the_rest_to_the_pool():
    [event] = events(run(RAYDIUM_CP_SWAP, told(creator=(500, True))), [swap()])
    bought = event.data
    assert ((event.program, event.name), event.key.instruction, event.key.inner) == (RAYDIUM_SWAP, 0, 0)
    assert (bought.pool, bought.mint, bought.trader, bought.is_buy) == (POOL, MINT, PAYER, True)
    assert (bought.base_amount, bought.timestamp) == (7_000_000, NOW)
    assert (bought.lp_fee, bought.protocol_fee, bought.creator_fee) == (2_100, 400, 500)
    assert bought.quote_amount + bought.lp_fee + bought.protocol_fee + bought.creator_fee == 1_000_000
    assert (bought.quote_before, bought.base_before) == BEFORE
    assert bought.quote_reserve == BEFORE[0] + 1_000_000 - 400 - 500
    assert bought.base_reserve == BEFORE[1] - 7_000_000


def test_a_sale_pays_its_fees_in_tokens_but_for_the_creators():
    [event] = events(run(RAYDIUM_CP_SWAP, told(buys=False, creator=(700, False), taxes=(11, 0))), [swap()])
    sold = event.data
    assert (sold.is_buy, sold.mint, sold.base_amount) == (False, MINT, 1_000_011)
    assert (sold.lp_fee, sold.protocol_fee, sold.creator_fee) == (0, 0, 700)
    assert sold.quote_amount - sold.creator_fee == 7_000_000
    assert sold.quote_reserve == BEFORE[0] - 7_000_700
    assert sold.base_reserve == BEFORE[1] + 1_000_000 - 400


def test_swaps_that_a_router_makes_have_their_places_and_the_payers_name():
    top, group = routed(swap(payer=5), swap(data=OTHER), swap(payer=5))
    lines = run(ROUTER, *run(RAYDIUM_CP_SWAP, told()), *run(RAYDIUM_CP_SWAP), *run(RAYDIUM_CP_SWAP, told(buys=False)))
    found = events(lines, [top], [group])
    assert [(one.key.instruction, one.key.inner, one.data.is_buy) for one in found] == [(0, 0, True), (0, 2, False)]
    assert {one.data.trader for one in found} == {PAYER}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(run(ROUTER, told()), id="another program wrote it"),
        pytest.param(run(RAYDIUM_CP_SWAP, told(pool=MINT)), id="of another pool than the instruction's"),
        pytest.param(run(RAYDIUM_CP_SWAP, told(mints=(MINT, VAULT))), id="not against SOL"),
        pytest.param(run(RAYDIUM_CP_SWAP, told()[:62]), id="of a form that nobody knows"),
        pytest.param(["Log truncated"], id="cut off"),
        pytest.param([], id="nothing"),
    ],
)
def test_what_is_not_told_by_raydium_of_its_swap_does_not_count(lines):
    assert events(lines, [swap()]) == []


def test_an_instruction_that_is_no_swap_takes_no_place():
    lines = [*run(RAYDIUM_CP_SWAP), *run(RAYDIUM_CP_SWAP, told())]
    [event] = events(lines, [swap(data=OTHER), swap()])
    assert event.key.instruction == 1


def moved(withdraws, amounts=(3_000, 500), pool=POOL):
    """The line in which Raydium tells of liquidity; SOL is its second token here."""
    data = anchor_tag("LpChangeEvent", "event") + key_bytes(pool)
    data += struct.pack("<7Q?", 1_000, 60_000, 10_000, *amounts, 0, 0, withdraws)
    return f"Program data: {base64.b64encode(data).decode()}"


@pytest.mark.parametrize(("name", "withdraws", "sign"), [("deposit", False, 1), ("withdraw", True, -1)])
def test_liquidity_is_told_with_what_it_leaves(name, withdraws, sign):
    data = b58encode(anchor_tag(name) + struct.pack("<3Q", 50, 1, 1)).decode()
    accounts = [0, 2, 1, *[5] * 7, 2, 6, 5]
    call = {"programIdIndex": 3, "accounts": accounts, "data": data}
    [event] = events(run(RAYDIUM_CP_SWAP, moved(withdraws)), [call])
    found = event.data
    assert (event.program, event.name) == RAYDIUM_LIQUIDITY
    assert (found.pool, found.mint, found.is_withdrawal, found.shares) == (POOL, MINT, withdraws, 50)
    assert (found.lp_supply, found.base_reserve, found.quote_reserve) == (
        *(1_000 + sign * 50, 60_000 + sign * 3_000),
        10_000 + sign * 500,
    )
    assert events(run(RAYDIUM_CP_SWAP, moved(withdraws, pool=MINT)), [call]) == []
