"""adopt, collect_curve, collect_pool, unwrap and the way out: propose_release, release, cancel_release."""

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair

from tests.programs import pool_market
from tests.programs.fee_router.routes import DAY, ONE, Route, open_route, split
from tests.programs.harness import AMM, CURVE, LAUNCHER, NOW, ROUTER, SOL, SYSTEM, TOKEN, WSOL, Chain, ata, refused
from tests.programs.pool_market import Pool, free_pool, fund
from tests.programs.token_launcher.launches import Launched, Pad, first_buy, open_pad


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


@pytest.fixture
def token(pad: Pad) -> Launched:
    """A token whose curve owes its creator something."""
    return pad.launch(first_buy())


def owed(token: Launched) -> int:
    return int(token.curve["creator_fees"])


def traded_pool(chain: Chain, route: Route) -> Pool:
    """A pool whose creator is the router, with fees owed."""
    pool_market.create_config(chain)
    pool = free_pool(chain, creator=route.key)
    pool.swap("buy_exact_in", pool.user(), 10 * SOL)
    assert pool.state["creator_fees"] > 0
    return pool


# Adoption


def test_a_token_is_adopted_with_all_that_its_curve_owes(route: Route, token: Launched) -> None:
    fees = owed(token)
    event = route.adopt(token).event(ROUTER, "TokenAdopted").data
    assert event == {"router": route.key, "mint": token.mint, "timestamp": NOW}
    assert token.curve["creator"] == token.record["creator"] == route.key
    assert route.state["adopted"] == 1
    collected = route.collect_curve(token.mint).event(ROUTER, "FeesCollected").data
    told = {"router": route.key, "mint": token.mint, "source": "Curve", "origin": CURVE.pda(b"curve", token.mint)}
    assert collected == {**told, "amount": fees, "income": fees, "timestamp": NOW}
    assert (route.held, owed(token)) == (fees, 0)


def test_a_router_without_recipients_adopts_nothing(empty: Route, token: Launched) -> None:
    with refused(ROUTER, "NoShares"):
        empty.adopt(token)


def test_a_token_that_was_not_offered_is_not_adopted(route: Route, token: Launched) -> None:
    adopt = ROUTER.instruction("adopt", {}, route.adopt_accounts(token.mint))
    with refused(LAUNCHER, "InvalidCreator"):
        route.send(adopt)
    other = Route(route.chain, route.owner, route.creator, 1)
    other.create()
    other.change(split(ONE))
    route.send(other.offer(token), by=token.pad.creator)
    with refused(LAUNCHER, "InvalidCreator"):
        route.send(adopt)


def test_the_former_creator_cannot_take_it_back(route: Route, token: Launched) -> None:
    route.adopt(token)
    creator = token.pad.creator
    back = {"creator": creator.pubkey(), "launch_record": token.address}
    with refused(LAUNCHER, "InvalidAuthority"):
        proposed = LAUNCHER.instruction("propose_creator", {"new_creator": creator.pubkey()}, back)
        route.send(proposed, by=creator)
    claim = {"creator": creator.pubkey(), "curve": CURVE.pda(b"curve", token.mint)}
    with refused(CURVE, "NotCreator"):
        route.send(CURVE.instruction("claim_creator_fees", {}, claim), by=creator)


# Collecting


def test_what_was_sent_before_is_told_apart_from_fees(route: Route, token: Launched) -> None:
    route.adopt(token)
    fees = owed(token)
    route.fund(777)
    receipt = route.collect_curve(token.mint)
    assert receipt.event(ROUTER, "LamportsReceived")["amount"] == 777
    assert receipt.event(ROUTER, "FeesCollected")["amount"] == fees
    assert route.state["income"] == 777 + fees


def test_fees_of_a_token_that_is_not_the_routers_stay(route: Route, token: Launched) -> None:
    with refused(CURVE, "NotCreator"):
        route.collect_curve(token.mint)
    pool_market.create_config(route.chain)
    pool = free_pool(route.chain, creator=Keypair().pubkey())
    pool.swap("buy_exact_in", pool.user(), SOL)
    with refused(AMM, "InvalidCreator"):
        route.collect_pool(pool)


def test_a_curve_that_owes_nothing_pays_nothing(route: Route, pad: Pad) -> None:
    token = pad.launch()
    route.adopt(token)
    with refused(CURVE, "NothingToClaim"):
        route.collect_curve(token.mint)


def test_a_pools_fees_become_lamports_and_the_caller_gets_his_rent_back(chain: Chain, route: Route) -> None:
    pool, caller = traded_pool(chain, route), chain.wallet()
    fees, before = pool.state["creator_fees"], chain.lamports(caller.pubkey())
    event = route.collect_pool(pool, caller).event(ROUTER, "FeesCollected").data
    told = {"router": route.key, "mint": pool.base_mint, "source": "Pool", "origin": pool.key}
    assert event == {**told, "amount": fees, "income": fees, "timestamp": NOW}
    assert (route.held, pool.state["creator_fees"]) == (fees, 0)
    assert chain.lamports(caller.pubkey()) == before - 5_000
    assert not chain.lamports(ata(route.key, WSOL, TOKEN))


def test_wrapped_sol_and_rent_that_strangers_left_are_income(chain: Chain, route: Route) -> None:
    pool = traded_pool(chain, route)
    fees, rent = pool.state["creator_fees"], chain.rent(165)
    fund(chain, route.key, WSOL, 55, TOKEN)
    event = route.collect_pool(pool).event(ROUTER, "FeesCollected")
    assert event["amount"] == route.held == fees + rent + 55


def test_lamports_at_the_accounts_address_do_not_stop_a_collection(chain: Chain, route: Route) -> None:
    pool, caller = traded_pool(chain, route), chain.wallet()
    fees, before = pool.state["creator_fees"], chain.lamports(caller.pubkey())
    chain.set_account(ata(route.key, WSOL, TOKEN), b"", SYSTEM, lamports=1_000_000)
    route.collect_pool(pool, caller)
    assert (route.held, chain.lamports(caller.pubkey())) == (fees + 1_000_000, before - 5_000)


def unwrapped(route: Route, account: object) -> Instruction:
    return ROUTER.instruction("unwrap", {}, {"router": route.key, "wrapped": account, "token_program": TOKEN})


def test_wrapped_sol_sent_to_the_router_becomes_income(chain: Chain, route: Route) -> None:
    account = fund(chain, route.key, WSOL, SOL, TOKEN)
    event = route.send(unwrapped(route, account)).event(ROUTER, "FeesCollected").data
    told = {"router": route.key, "mint": WSOL, "source": "Wrapped", "origin": account}
    assert event == {**told, "amount": SOL + chain.rent(165), "income": route.held, "timestamp": NOW}


def test_only_the_routers_own_wrapped_sol_is_unwrapped(chain: Chain, route: Route) -> None:
    other = open_route(chain, index=7)
    cases = [
        (fund(chain, other.key, WSOL, SOL, TOKEN), 2015),
        (chain.set_tokens(route.key, chain.new_mint(program=TOKEN), 5, program=TOKEN), 2014),
        (chain.set_tokens(route.key, chain.new_mint(), 5), 3007),
        (Keypair().pubkey(), 3007),
        (WSOL, 3012),
    ]
    for account, code in cases:
        with refused(None, code):
            route.send(unwrapped(route, account))


# The way out


def test_a_token_leaves_after_the_time_lock_with_nothing_uncollected(route: Route, token: Launched) -> None:
    route.adopt(token)
    heir = route.chain.wallet()
    event = route.propose_release(token.mint, heir.pubkey()).event(ROUTER, "ReleaseProposed")
    assert event["effective_at"] == NOW + DAY
    route.chain.set_time(NOW + DAY - 1)
    with refused(ROUTER, "TimeLocked"):
        route.release(token.mint)
    route.chain.set_time(NOW + DAY)
    with refused(ROUTER, "UncollectedFees"):
        route.release(token.mint)
    route.collect_curve(token.mint)
    assert route.release(token.mint).event(ROUTER, "TokenReleased")["new_creator"] == heir.pubkey()
    assert route.chain.lamports(route.release_of(token.mint)) == 0
    accounts = {
        "pending_creator": heir.pubkey(),
        "launch_record": token.address,
        "curve": CURVE.pda(b"curve", token.mint),
        "bonding_curve_event_authority": CURVE.event_authority,
    }
    route.send(LAUNCHER.instruction("accept_creator", {}, accounts), by=heir)
    assert token.curve["creator"] == heir.pubkey()


def test_an_offer_is_taken_back_by_a_release_to_nobody(route: Route, token: Launched) -> None:
    route.adopt(token)
    route.collect_curve(token.mint)
    for new in (Keypair().pubkey(), SYSTEM):
        route.propose_release(token.mint, new)
        route.chain.set_time(route.chain.now + DAY)
        route.release(token.mint)
        assert token.record["pending_creator"] == new


def test_a_cancelled_release_does_not_happen(route: Route, token: Launched) -> None:
    route.adopt(token)
    route.propose_release(token.mint, Keypair().pubkey())
    accounts = {**route.owned, "release": route.release_of(token.mint), "rent_payer": route.owner.pubkey()}
    event = route.send(ROUTER.instruction("cancel_release", {}, accounts)).event(ROUTER, "ReleaseCancelled")
    assert event["mint"] == token.mint
    route.chain.set_time(NOW + DAY)
    with refused(None, 3012):
        route.release(token.mint)


def test_a_token_never_leaves_a_fixed_router(route: Route, token: Launched) -> None:
    route.adopt(token)
    route.collect_curve(token.mint)
    route.propose_release(token.mint, Keypair().pubkey())
    route.manage("fix_shares")
    route.chain.set_time(NOW + DAY)
    with refused(ROUTER, "SharesFixed"):
        route.release(token.mint)
    with refused(ROUTER, "SharesFixed"):
        route.propose_release(Keypair().pubkey(), Keypair().pubkey())


def test_a_release_to_the_router_itself_is_refused(route: Route, token: Launched) -> None:
    with refused(ROUTER, "InvalidCreator"):
        route.propose_release(token.mint, route.key)


def test_a_router_without_recipients_releases_nothing(empty: Route, token: Launched) -> None:
    """Its time lock does not hold yet."""
    with refused(ROUTER, "NoShares"):
        empty.propose_release(token.mint, Keypair().pubkey())


def test_a_router_cannot_offer_what_is_not_its_own(route: Route, token: Launched) -> None:
    free = token.pad.launch()
    route.propose_release(free.mint, Keypair().pubkey())
    route.chain.set_time(NOW + DAY)
    with refused(LAUNCHER, "InvalidAuthority"):
        route.release(free.mint)
