"""Fees, limits and messages."""

from dataclasses import replace

import pytest
from solders.hash import Hash

from launchpad.chain import keys
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.keys import Keypair
from launchpad.chain.rpc import RpcPool
from launchpad.chain.transactions import (
    MAX_COMPUTE_UNITS,
    Draft,
    TransactionBuilder,
    TransactionTooLargeError,
    compute_limit,
    priority_fee,
    usual_price,
    wire,
)
from tests.chain.nodes import Node

ANN, BOB = (Keypair.from_seed(bytes([seed] * 32)) for seed in (1, 2))
ANNS, BOBS = keys.address_of(ANN), keys.address_of(BOB)
NOTHING = transfer_lamports(ANNS, BOBS, 1)


def test_the_limit_leaves_room_but_never_passes_the_clusters():
    assert 26_000 < compute_limit(26_000) < 35_000
    assert compute_limit(1_390_000) == MAX_COMPUTE_UNITS


def test_priority_is_rounded_up_as_the_cluster_does():
    assert priority_fee(300, 10_000) == 3
    assert priority_fee(301, 10_000) == 4
    assert priority_fee(30_000, 0) == 0


def test_the_bid_follows_others_without_joining_a_frenzy():
    assert usual_price([]) == 0
    assert usual_price([0, 0, 0, 9]) == 0
    assert usual_price([1, 2, 3, 4, 5]) == 4
    assert usual_price([10**12] * 9) == 5_000_000


def test_a_draft_knows_what_it_writes_once_each():
    assert Draft(ANNS, [NOTHING, NOTHING]).writable == [ANNS, BOBS]


def test_a_message_carries_its_price_only_when_it_has_one():
    draft = Draft(ANNS, [NOTHING])
    assert len(draft.message(str(Hash.default()), 1_000, 0).instructions) == 2
    assert len(draft.message(str(Hash.default()), 1_000, 5).instructions) == 3


def test_what_does_not_fit_a_packet_says_by_how_much():
    many = [transfer_lamports(ANNS, keys.address_of(keys.generate()), 1) for _ in range(40)]
    with pytest.raises(TransactionTooLargeError) as caught:
        wire(Draft(ANNS, many).message(str(Hash.default()), 1, 0), [])
    assert caught.value.details["bytes"] > caught.value.details["limit"] == 1232


async def test_the_cluster_is_asked_for_the_price_unless_one_is_set():
    fees = [{"slot": 1, "prioritizationFee": 2_000_000}]

    def answer(method, _params):
        simulated = {"err": None, "logs": [], "unitsConsumed": 1_000}
        blockhash = {"blockhash": str(Hash.default()), "lastValidBlockHeight": 9}
        if method == "getRecentPrioritizationFees":
            return fees
        return {"value": simulated if method == "simulateTransaction" else blockhash}

    async with Node(answer) as node, RpcPool([node.url]) as pool:
        asked = await TransactionBuilder(pool).build(Draft(ANNS, [NOTHING], [ANN]))
        assert asked.priority_fee_lamports == 2 * asked.compute_unit_limit
        assert asked.signers_needed == []
        assert asked.last_valid_block_height == 9
        keys.verify_transaction(asked.transaction)
        free = await TransactionBuilder(pool, 0).build(Draft(ANNS, [NOTHING]))
        assert (free.priority_fee_lamports, free.network_fee_lamports) == (0, 5_000)
        assert replace(free).signers_needed == [ANNS]
        assert node.calls.count("getRecentPrioritizationFees") == 1


async def test_what_cannot_be_compiled_is_said():
    many = [transfer_lamports(ANNS, keys.address_of(keys.generate()), 1) for _ in range(300)]
    blockhash = {"value": {"blockhash": str(Hash.default()), "lastValidBlockHeight": 9}}
    async with Node(lambda *_: blockhash) as node, RpcPool([node.url]) as pool:
        with pytest.raises(TransactionTooLargeError):
            await TransactionBuilder(pool, 0).build(Draft(ANNS, many))
