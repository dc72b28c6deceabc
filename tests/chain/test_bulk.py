"""Many transfers and burns: what is refused before, how items are packed, and what the chain knows of them."""

import time

import pytest

from launchpad.chain import keys, pda
from launchpad.chain.addresses import BONDING_CURVE, TOKEN, TOKEN_2022
from launchpad.chain.bulk import checking, journal, packing
from launchpad.chain.bulk.items import BulkItem, BulkRefusedError, Wanted, indices_in, mark_of, memo_text
from launchpad.chain.instructions.solana import create_token_account, transfer_lamports
from launchpad.chain.instructions.tokens import memo
from tests.chain.conftest import soon
from tests.chain.mints import bad_mint, mint_to, plain_mint

SOL = 10**9


def somebody():
    return keys.address_of(keys.generate())


@pytest.fixture
async def rich(chain, fund, mint):
    """A wallet with tokens of a launched mint."""
    wallet = await fund(5)
    await wallet.send(await chain.build_buy_exact_in(mint, wallet.address, SOL, 1, soon()))
    return wallet


async def refused(chain, payer, *wanted):
    with pytest.raises(BulkRefusedError) as found:
        await checking.check(chain.rpc, payer, wanted)
    return {index: problem.code for index, problem in found.value.problems.items()}


@pytest.mark.parametrize("indices", [[0], [0, 1, 2], [3, 5, 6, 7, 11], list(range(999)), [0, 2, 4]])
def test_a_memo_names_exactly_its_items(indices):
    mark = mark_of("payer", "label", [])
    assert indices_in(memo_text(mark, indices), mark) == indices
    assert indices_in(memo_text("f" * 16, indices), mark) is None
    assert indices_in(f"launchpad {mark} 1-x", mark) is None


def test_an_operation_is_known_by_who_what_and_its_label():
    items = [BulkItem("transfer", "m", 5, "r"), BulkItem("burn", "m", 5)]
    marks = {
        mark_of("a", "x", items),
        mark_of("b", "x", items),
        mark_of("a", "y", items),
        mark_of("a", "x", items[:1]),
        mark_of("a", "x", items[::-1]),
    }
    assert len(marks) == 5
    assert mark_of("a", "x", list(items)) in marks


async def test_every_item_at_fault_is_named(chain, rich, mint):
    frozen = await bad_mint(rich, BONDING_CURVE)
    account = pda.associated_token(rich.address, mint, TOKEN_2022)
    problems = await refused(
        chain,
        rich.address,
        Wanted("transfer", mint, somebody(), 1),
        Wanted("transfer", somebody(), somebody(), 1),
        Wanted("transfer", mint, account, 1),
        Wanted("transfer", mint, mint, 1),
        Wanted("transfer", mint, BONDING_CURVE, 1),
        Wanted("transfer", mint, rich.address, 1),
        Wanted("transfer", mint, None, 1),
        Wanted("burn", mint, somebody(), 1),
        Wanted("transfer", mint, somebody(), 0),
        Wanted("transfer", mint, somebody(), None, "0.0000000001"),
        Wanted("transfer", mint, somebody(), 1, "1"),
        Wanted("transfer", mint, somebody(), None, "one"),
        Wanted("transfer", frozen, somebody(), 1),
    )
    assert problems == {
        1: "NOT_A_TOKEN",
        2: "RECIPIENT_IS_TOKEN",
        3: "RECIPIENT_IS_TOKEN",
        4: "RECIPIENT_IS_PROGRAM",
        5: "RECIPIENT_IS_PAYER",
        6: "NO_RECIPIENT",
        7: "RECIPIENT_OF_BURN",
        **dict.fromkeys((8, 9, 10, 11), "INVALID_AMOUNT"),
        12: "CANNOT_TRANSFER",
    }


async def test_more_than_the_wallet_has_is_refused_from_where_it_ends(chain, rich, mint):
    held = (await chain.rpc.get_token_balances(rich.address))[mint]
    halves = [Wanted("transfer", mint, somebody(), held // 2) for _ in range(3)]
    assert await refused(chain, rich.address, *halves) == {2: "INSUFFICIENT_TOKENS"}
    plan = await checking.check(chain.rpc, rich.address, halves, only={1, 2})
    assert plan.tokens[mint].amount == held // 2 * 2
    assert len(plan.missing) == 2


async def test_items_fill_transactions_in_their_order(chain, rich, mint):
    wanted = [Wanted("transfer", mint, somebody(), None, "1.5") for _ in range(40)]
    plan = await checking.check(chain.rpc, rich.address, wanted)
    assert {item.amount for item in plan.items} == {1_500_000_000}
    packed = packing.pack(plan, "0" * 16, range(40), await chain.lookup_table())
    assert [index for items in packed for index in items] == list(range(40))
    assert all(len(items) >= 7 for items in packed[:-1])
    assert plan.rent == 40 * await chain.rpc.get_rent(170)


async def test_an_item_that_fails_stands_alone(chain, rich, mint):
    wanted = [Wanted("transfer", mint, somebody(), 5) for _ in range(5)]
    plan = await checking.check(chain.rpc, rich.address, wanted)
    # As if somebody had emptied the wallet of what the third item moves.
    plan.items[2] = BulkItem("transfer", mint, 2**63, plan.items[2].recipient)
    parts, problems = await packing.build(chain, plan, "1" * 16, range(5))
    assert {index: problem.code for index, problem in problems.items()} == {2: "INSUFFICIENT_TOKENS"}
    assert sorted(index for part in parts for index in part.items) == [0, 1, 3, 4]


async def test_both_token_programs_and_burns_go_in_one_request(chain, rich, mint):
    classic = await plain_mint(rich)
    account = create_token_account(rich.address, rich.address, classic, TOKEN)
    await rich.send(await chain.build(rich.address, [account, mint_to(rich, classic, TOKEN, 1_000)]))
    friend = somebody()
    wanted = [
        Wanted("transfer", classic, friend, 300),
        Wanted("transfer", mint, friend, 7),
        Wanted("burn", classic, None, 100),
        Wanted("transfer", classic, friend, 50),
        Wanted("burn", mint, None, 11),
    ]
    plan = await checking.check(chain.rpc, rich.address, wanted)
    mark, begun = mark_of(rich.address, "both", plan.items), time.time()
    supply = (await chain.fetch_mint(mint)).supply
    parts, problems = await packing.build(chain, plan, mark, range(5))
    assert (len(parts), problems) == (1, {})
    await rich.send(parts[0].built)
    balances = await chain.rpc.get_token_balances(friend)
    assert (balances[classic], balances[mint]) == (350, 7)
    assert (await chain.fetch_mint(mint)).supply == supply - 11
    assert (await chain.fetch_mint(classic)).supply == 900
    [done] = await journal.landed(chain.rpc, rich.address, mark, begun)
    assert (done.items, done.error) == ([0, 1, 2, 3, 4], None)
    assert await journal.landed(chain.rpc, rich.address, "2" * 16, begun) == []


async def test_a_memo_that_somebody_else_paid_for_counts_for_nothing(chain, rich, fund):
    forger, mark, begun = await fund(1), "3" * 16, time.time()
    named = transfer_lamports(forger.address, rich.address, 1)
    await forger.send(await chain.build(forger.address, [named, memo(memo_text(mark, range(9)))]))
    listed = await chain.rpc.get_signatures_for_address(rich.address)
    assert any(mark in (row["memo"] or "") for row in listed)
    assert await journal.landed(chain.rpc, rich.address, mark, begun) == []
