"""claim: everybody gets exactly his part, whoever asks and whenever."""

import pytest
from solders.keypair import Keypair

from tests.programs.fee_router.routes import ONE, Route, split
from tests.programs.harness import ROUTER, SOL, Chain, refused


def test_recipients_share_what_anybody_sends(route: Route) -> None:
    route.fund(4 * SOL + 3)
    (one, _), (two, _), (three, _) = route.shares
    receipt = route.claim(two)
    assert receipt.event(ROUTER, "LamportsReceived")["amount"] == 4 * SOL + 3
    paid = receipt.event(ROUTER, "SharePaid").data
    told = {"router": route.key, "recipient": two, "amount": 2 * SOL + 1, "paid": 2 * SOL + 1}
    assert paid == {**told, "income": 4 * SOL + 3, "timestamp": route.chain.now}
    for wallet in (one, three):
        route.claim(wallet)
    assert [route.chain.lamports(wallet) for wallet in (one, two, three)] == [SOL, 2 * SOL + 1, SOL]
    assert route.held == 2, "three quarters, a half and three quarters of a lamport wait"
    with refused(ROUTER, "NothingToClaim"):
        route.claim(two)
    route.fund(1)
    for wallet in (one, two, three):
        route.claim(wallet)
    assert route.held == 0


def test_nobody_gets_more_by_asking_often(chain: Chain, route: Route) -> None:
    (wallet, _), *_ = route.shares
    chain.airdrop(wallet, 1)
    for paid in (0, 1, 1, 1, 0, 1, 1, 1, 0):
        route.fund(3)
        if paid:
            route.claim(wallet)
            continue
        with refused(ROUTER, "NothingToClaim"):
            route.claim(wallet)
    assert chain.lamports(wallet) == SOL + 9 * 3 * 2_500 // ONE


def test_what_was_earned_before_an_edit_stays(route: Route) -> None:
    old, new = route.shares, split(ONE)
    route.fund(4 * SOL)
    route.change(new)
    route.fund(SOL)
    for (wallet, _), expected in zip([*old, *new], (SOL, 2 * SOL, SOL, SOL), strict=True):
        route.claim(wallet)
        assert route.chain.lamports(wallet) == expected
    assert (route.held, route.state["entries"]) == (0, 1)


def test_income_before_the_first_shares_belongs_to_them(empty: Route) -> None:
    empty.fund(SOL)
    empty.change(split(ONE))
    ((wallet, _),) = empty.shares
    empty.claim(wallet)
    assert empty.chain.lamports(wallet) == SOL


def test_somebody_who_left_is_paid_once_and_forgotten(route: Route) -> None:
    route.fund(SOL)
    ((gone, _), *_), new = route.shares, split(ONE)
    route.change(new)
    route.claim(gone)
    with refused(ROUTER, "NotRecipient"):
        route.claim(gone)
    assert gone not in [each["wallet"] for each in route.entries]


def test_a_recipient_who_stays_keeps_his_entry(route: Route) -> None:
    route.fund(SOL)
    (wallet, _), *_ = route.shares
    route.change([(wallet, ONE)])
    route.fund(SOL)
    route.claim(wallet)
    assert route.chain.lamports(wallet) == SOL // 4 + SOL


def test_too_little_for_an_empty_wallet_waits(route: Route) -> None:
    (wallet, _), *_ = route.shares
    route.fund(4 * 890_879)
    with refused(ROUTER, "BelowRent"):
        route.claim(wallet)
    route.fund(4)
    route.claim(wallet)
    assert route.chain.lamports(wallet) == 890_880


def test_a_stranger_has_no_share(route: Route) -> None:
    route.fund(SOL)
    with refused(ROUTER, "NotRecipient"):
        route.claim(Keypair().pubkey())
    with refused(ROUTER, "NotRecipient"):
        route.claim(route.owner.pubkey())


def test_a_router_can_be_a_recipient_of_another(chain: Chain, route: Route) -> None:
    above = Route(chain, route.owner, route.creator, 1)
    above.create()
    above.change([(route.key, ONE)])
    above.fund(4 * SOL)
    above.claim(route.key)
    (wallet, _), *_ = route.shares
    route.claim(wallet)
    assert chain.lamports(wallet) == SOL


@pytest.mark.parametrize("first", [0, 1, 2])
def test_two_claims_in_one_transaction_pay_once(route: Route, first: int) -> None:
    wallet = route.shares[first][0]
    route.fund(4 * SOL)
    with refused(ROUTER, "NothingToClaim"):
        route.send(route.claim_instruction(wallet), route.claim_instruction(wallet), by=route.chain.admin)
    assert route.chain.lamports(wallet) == 0


def test_the_rent_is_never_paid_out(route: Route) -> None:
    for wallet, _ in route.shares:
        with refused(ROUTER, "NothingToClaim"):
            route.claim(wallet)
    assert route.chain.lamports(route.key) == route.state["deposit"]
