"""create_router, the shares from write_proposal to apply_shares, fix_shares and the owner's two steps."""

import pytest
from solders.keypair import Keypair

from tests.programs.fee_router.routes import DAY, ONE, Route, hundred, open_route, split
from tests.programs.harness import NOW, ROUTER, SOL, SYSTEM, Chain, refused, transfer_sol

HOUR, MONTH = 3_600, 30 * DAY


def test_a_router_is_created_for_whoever_signs(chain: Chain) -> None:
    owner = chain.wallet()
    route = Route(chain, owner, owner.pubkey(), 513)
    event = route.create(delay=HOUR, fixed=True).event(ROUTER, "RouterCreated").data
    told = {"router": route.key, "creator": owner.pubkey(), "owner": owner.pubkey(), "index": 513}
    assert event == {**told, "delay_seconds": HOUR, "fixed": True, "timestamp": NOW}
    state = route.state
    assert (state["deposit"], state["recipients"], state["applied_at"]) == (chain.lamports(route.key), 0, 0)


@pytest.mark.parametrize("delay", [0, HOUR - 1, MONTH + 1, 2**32 - 1])
def test_a_time_lock_outside_its_caps_is_refused(chain: Chain, delay: int) -> None:
    with refused(ROUTER, "InvalidDelay"):
        open_route(chain, delay=delay)


@pytest.mark.parametrize("delay", [HOUR, MONTH])
def test_a_time_lock_at_its_caps_passes(chain: Chain, delay: int) -> None:
    assert open_route(chain, delay=delay).state["delay_seconds"] == delay


def test_a_router_is_created_once(empty: Route) -> None:
    with refused(None, 0):
        empty.create()


def test_lamports_sent_to_the_address_before_it_exists_do_not_stop_it_and_are_income(chain: Chain) -> None:
    owner = chain.wallet()
    route = Route(chain, owner, owner.pubkey())
    chain.send([transfer_sol(owner.pubkey(), route.key, SOL)], [owner])
    route.create()
    assert route.held == SOL - chain.rent(len(chain.account(route.key).data))


def test_the_first_shares_hold_at_once(empty: Route) -> None:
    shares = split(1, 9_999)
    event = empty.propose(shares).event(ROUTER, "SharesProposed")
    assert event["effective_at"] == NOW
    assert [(each["wallet"], each["bps"]) for each in event["shares"]] == shares
    applied = empty.apply(empty.chain.wallet()).event(ROUTER, "SharesApplied")
    assert (applied["first"], applied["income"]) == (True, 0)
    assert empty.shares == shares
    assert empty.chain.lamports(empty.proposal) == 0


def test_later_shares_hold_after_the_time_lock_and_not_a_second_before(route: Route) -> None:
    old, new = route.shares, split(4_000, 6_000)
    route.propose(new)
    route.chain.set_time(NOW + DAY - 1)
    with refused(ROUTER, "TimeLocked"):
        route.apply()
    assert route.shares == old
    route.chain.set_time(NOW + DAY)
    event = route.apply(route.chain.wallet()).event(ROUTER, "SharesApplied")
    assert (event["first"], route.shares) == (False, new)


def test_a_hundred_recipients_are_written_in_pieces(empty: Route) -> None:
    shares = hundred()
    before = empty.chain.lamports(empty.owner.pubkey())
    empty.change(shares)
    assert empty.shares == shares
    state = empty.state
    assert (state["recipients"], state["entries"]) == (100, 100)
    assert state["deposit"] == empty.chain.lamports(empty.key) == empty.chain.rent(225 + 52 * 100)
    assert empty.chain.lamports(empty.key) < before


def test_all_hundred_can_be_replaced_while_they_are_owed(empty: Route) -> None:
    old, new = hundred(), hundred()
    empty.change(old)
    empty.fund(SOL)
    empty.change(new)
    assert empty.shares == new
    assert (empty.state["entries"], empty.held) == (200, SOL)
    with refused(ROUTER, "TooManyLeaving"):
        empty.fund(SOL)
        empty.change(hundred())
    for wallet, _ in old:
        empty.claim(wallet)
    empty.apply()
    assert empty.held == SOL


def test_a_hundred_and_first_is_refused(empty: Route) -> None:
    shares = split(*[99] * 101)
    for start in (0, 25, 50, 75):
        empty.send(empty.write(shares[start : start + 25]))
    with refused(ROUTER, "TooManyRecipients"):
        empty.send(empty.write(shares[100:]))


def test_shares_that_do_not_sum_up_are_refused(empty: Route) -> None:
    with refused(ROUTER, "SharesIncomplete"):
        empty.propose(split(5_000, 4_999))
    empty.cancel()
    with refused(ROUTER, "SharesIncomplete"):
        empty.propose(split(5_000, 5_001))


def test_nobody_stands_twice_in_a_list_or_in_two_pieces(empty: Route) -> None:
    (wallet, _), (other, _) = split(1, 1)
    for shares in ([(wallet, 1), (wallet, 1)], [(other, 1), (wallet, 1)]):
        with refused(ROUTER, "SharesUnordered"):
            empty.send(empty.write(shares))
    empty.send(empty.write([(wallet, 5_000)]))
    with refused(ROUTER, "SharesUnordered"):
        empty.send(empty.write([(wallet, 5_000)]))


def test_a_share_of_nothing_and_a_recipient_that_is_nobody_are_refused(empty: Route) -> None:
    with refused(ROUTER, "InvalidShare"):
        empty.send(empty.write(split(0)))
    for nobody in (SYSTEM, empty.key):
        with refused(ROUTER, "InvalidRecipient"):
            empty.send(empty.write([(nobody, ONE)]))


def test_what_is_proposed_cannot_be_rewritten_or_proposed_again(route: Route) -> None:
    route.propose(split(ONE))
    with refused(ROUTER, "AlreadyProposed"):
        route.send(route.write([]))
    with refused(ROUTER, "AlreadyProposed"):
        route.send(route.propose_instruction())


def test_what_is_still_written_cannot_be_applied(route: Route) -> None:
    route.send(route.write(split(ONE)))
    route.chain.set_time(NOW + MONTH)
    with refused(ROUTER, "NotProposed"):
        route.apply()


def test_a_cancelled_proposal_returns_its_rent_and_another_waits_as_long(route: Route) -> None:
    before = route.chain.lamports(route.owner.pubkey())
    route.propose(split(ONE))
    assert route.cancel().event(ROUTER, "ProposalCancelled")["router"] == route.key
    fees = 3 * 5_000
    assert route.chain.lamports(route.owner.pubkey()) == before - fees
    route.chain.set_time(NOW + DAY)
    assert route.propose(split(ONE)).event(ROUTER, "SharesProposed")["effective_at"] == NOW + 2 * DAY


def test_rent_returns_to_whoever_paid_it(route: Route) -> None:
    route.propose(split(ONE))
    route.chain.set_time(NOW + DAY)
    thief = route.chain.wallet()
    accounts = {**route.apply_accounts(thief.pubkey()), "rent_payer": thief.pubkey()}
    with refused(ROUTER, "WrongRentPayer"):
        route.send(ROUTER.instruction("apply_shares", {}, accounts), by=thief)


def test_fixed_shares_never_change(route: Route) -> None:
    route.propose(split(ONE))
    assert route.manage("fix_shares").event(ROUTER, "SharesWereFixed")["router"] == route.key
    route.chain.set_time(NOW + MONTH)
    with refused(ROUTER, "SharesFixed"):
        route.apply()
    with refused(ROUTER, "SharesFixed"):
        route.manage("fix_shares")
    route.cancel()
    with refused(ROUTER, "SharesFixed"):
        route.propose(split(ONE))


def test_a_router_fixed_at_creation_takes_its_first_shares_and_no_others(chain: Chain) -> None:
    route = open_route(chain, fixed=True)
    with refused(ROUTER, "NoShares"):
        route.manage("fix_shares")
    route.change(split(ONE))
    with refused(ROUTER, "SharesFixed"):
        route.propose(split(ONE))


def test_the_owner_changes_in_two_steps(route: Route) -> None:
    heir, thief = route.chain.wallet(), route.chain.wallet()

    def accept(by: Keypair) -> None:
        accounts = {"pending_owner": by.pubkey(), "router": route.key}
        route.send(ROUTER.instruction("accept_owner", {}, accounts), by=by)

    with refused(ROUTER, "InvalidOwner"):
        route.manage("propose_owner", {"new_owner": route.owner.pubkey()})
    route.manage("propose_owner", {"new_owner": heir.pubkey()})
    with refused(ROUTER, "NotPendingOwner"):
        accept(thief)
    route.manage("propose_owner", {"new_owner": SYSTEM})
    with refused(ROUTER, "NotPendingOwner"):
        accept(heir)
    route.manage("propose_owner", {"new_owner": heir.pubkey()})
    accept(heir)
    with refused(ROUTER, "NotOwner"):
        route.propose(split(ONE))
    route.owner = heir
    route.change(split(ONE))
    assert route.state["creator"] != route.state["owner"] == heir.pubkey()
