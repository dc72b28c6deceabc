"""Cap, slot rule and tiers of an opening: what they admit, and every way around them that was thought of."""

from collections.abc import Callable
from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import (
    SALE,
    Market,
    create_terms,
    opening,
    register_referrer,
    sale_terms,
    terms_of,
)
from tests.programs.harness import CURVE, NOW, SOL, Chain, refused, transfer_sol
from tests.programs.opening import (
    Tree,
    allowlist,
    bound,
    buy,
    close_position,
    holders,
    open_position,
    opening_rules,
    position,
    position_of,
    prove,
    ruled,
    with_position,
)

CAP = SALE // 100
LATER = 2**40
CAPPED = {"window_seconds": 60, "wallet_cap_bps": 100}
SLOTTED = {"window_seconds": 60, "one_buy_per_slot": True}
RULED_BUY_LIMIT = 32_000

Buy = Callable[[Market, Keypair, int], Instruction]


def exact_out(market: Market, trader: Keypair, base: int, **accounts: Pubkey | None) -> Instruction:
    """Buys so many base units under the rules."""
    named = bound(market, trader.pubkey()) | accounts
    return market.instruction("buy_exact_out", trader.pubkey(), base, 2**63, LATER, **named)


def exact_in(market: Market, trader: Keypair, base: int, **accounts: Pubkey | None) -> Instruction:
    """The same by what they cost, at most a thousandth more."""
    named = bound(market, trader.pubkey()) | accounts
    segment = market.opening.segments[0]
    spot = segment["quote_reserve"] * base // (segment["base_reserve"] - base)
    return market.instruction("buy_exact_in", trader.pubkey(), spot * 1_0085 // 10_000, 0, LATER, **named)


BUYS = [exact_in, exact_out]


@pytest.fixture
def capped(chain: Chain) -> Market:
    """A wallet buys at most one percent of the sale in the first minute."""
    return ruled(chain, CAPPED)


# Position and terms


@pytest.mark.parametrize("buying", BUYS)
@pytest.mark.parametrize(
    ("without", "error"), [("position", "MissingPosition"), ("terms", "MissingTerms")], ids=["position", "terms"]
)
def test_a_buy_names_its_position_and_the_terms(capped: Market, buying: Any, without: str, error: str) -> None:
    trader = with_position(capped)
    with refused(CURVE, error):
        capped.chain.send([buying(capped, trader, CAP // 2, **{without: None})], [trader])
    capped.chain.send([buying(capped, trader, CAP // 2)], [trader])


@pytest.mark.parametrize("buying", BUYS)
def test_nobody_buys_with_a_position_that_is_not_there_or_not_his(capped: Market, buying: Any) -> None:
    chain, trader, other = capped.chain, capped.trader(), with_position(capped)
    with refused(CURVE, "MissingPosition"):
        chain.send([buying(capped, trader, 10**9)], [trader])
    with refused(CURVE, "MissingPosition"):
        chain.send([buying(capped, trader, 10**9, position=position_of(capped, other.pubkey()))], [trader])
    elsewhere = ruled(chain, CAPPED)
    chain.send([open_position(elsewhere, trader.pubkey(), trader.pubkey())], [trader])
    with refused(CURVE, "MissingPosition"):
        chain.send([buying(capped, trader, 10**9, position=position_of(elsewhere, trader.pubkey()))], [trader])


@pytest.mark.parametrize("buying", BUYS)
def test_forged_positions_are_refused(capped: Market, buying: Any) -> None:
    chain, trader = capped.chain, with_position(capped)
    original = chain.account(position_of(capped, trader.pubkey()))
    forged = Keypair().pubkey()
    chain.set_account(forged, original.data, Keypair().pubkey())
    for account, error in ((forged, 3007), (capped.curve, 3002)):
        with refused(None, error):
            chain.send([buying(capped, trader, 10**9, position=account)], [trader])


def test_terms_are_made_once_and_never_change(chain: Chain) -> None:
    wallet = chain.wallet()
    lax = sale_terms(opening=opening_rules(window_seconds=1, wallet_cap_bps=10_000))
    assert create_terms(chain, wallet, lax).event(CURVE, "TermsCreated")["sale"] == lax
    before = chain.account(terms_of(lax))
    assert create_terms(chain, wallet, lax).events(CURVE) == []
    assert chain.account(terms_of(lax)) == before


@pytest.mark.parametrize("buying", BUYS)
def test_terms_of_another_sale_are_refused(capped: Market, buying: Any) -> None:
    chain, trader = capped.chain, with_position(capped)
    lax = sale_terms(opening=opening_rules(window_seconds=1, wallet_cap_bps=10_000))
    create_terms(chain, trader, lax)
    copy = Keypair().pubkey()
    chain.set_account(copy, chain.account(terms_of(lax)).data, CURVE.id)
    for account in (terms_of(lax), copy, capped.curve):
        with refused(CURVE, "MissingTerms"):
            chain.send([buying(capped, trader, CAP * 2, terms=account)], [trader])


def test_opening_a_position_twice_or_by_somebody_else_stops_nobody(capped: Market) -> None:
    chain, trader, stranger = capped.chain, capped.trader(), capped.chain.wallet()
    place = position_of(capped, trader.pubkey())
    chain.send([transfer_sol(stranger.pubkey(), place, 1_000_000)], [stranger])
    receipt = chain.send([open_position(capped, stranger.pubkey(), trader.pubkey())], [stranger])
    event = receipt.event(CURVE, "PositionOpened")
    assert (event["mint"], event["wallet"], event["position"]) == (capped.mint, trader.pubkey(), place)
    buy(capped, trader, CAP)
    again = chain.send([open_position(capped, trader.pubkey(), trader.pubkey())], [trader])
    assert not again.events(CURVE)
    assert position(capped, trader.pubkey())["bought"] == CAP


def test_a_position_lies_at_its_own_address_only(capped: Market) -> None:
    chain, trader = capped.chain, capped.trader()
    for wrong in (Keypair().pubkey(), position_of(capped, Keypair().pubkey())):
        with refused(None, 2006):
            chain.send([open_position(capped, trader.pubkey(), trader.pubkey(), position=wrong)], [trader])


# The cap


@pytest.mark.parametrize("buying", BUYS)
def test_a_wallet_buys_its_cap_and_not_a_unit_more(capped: Market, buying: Any) -> None:
    chain, trader = capped.chain, with_position(capped)
    with refused(CURVE, "WalletCapReached"):
        chain.send([buying(capped, trader, CAP + CAP // 100)], [trader])
    buy(capped, trader, CAP)
    with refused(CURVE, "WalletCapReached"):
        chain.send([buying(capped, trader, 10**9)], [trader])
    assert capped.held(trader) == CAP == position(capped, trader.pubkey())["bought"]


def test_the_cap_counts_over_transactions_and_within_one(capped: Market) -> None:
    chain, trader = capped.chain, with_position(capped)
    for _ in range(3):
        buy(capped, trader, CAP // 4)
    with refused(CURVE, "WalletCapReached"):
        chain.send([exact_out(capped, trader, CAP // 8), exact_out(capped, trader, CAP // 4)], [trader])
    chain.send([exact_out(capped, trader, CAP // 8), exact_in(capped, trader, CAP // 8 - 10**12)], [trader])


def test_selling_makes_no_room(capped: Market) -> None:
    trader = with_position(capped)
    buy(capped, trader, CAP)
    capped.sell(trader, CAP, deadline=LATER)
    with refused(CURVE, "WalletCapReached"):
        buy(capped, trader, 10**9)


def test_the_last_units_fill_what_is_left_within_the_cap(chain: Chain) -> None:
    market = ruled(chain, {"window_seconds": 60, "wallet_cap_bps": 5_000})
    for _ in range(2):
        receipt = buy(market, with_position(market), SALE // 2)
    assert receipt.event(CURVE, "CurveCompleted")["sold"] == SALE


def test_a_purchase_larger_than_what_is_left_counts_as_what_it_fills(chain: Chain) -> None:
    market = ruled(chain, {"window_seconds": 60, "wallet_cap_bps": 5_000})
    buy(market, with_position(market), SALE // 2)
    last = with_position(market)
    buy(market, last, SALE)
    assert market.held(last) == SALE // 2


@pytest.mark.parametrize(("elapsed", "holds"), [(-100, True), (0, True), (59, True), (60, False), (10**6, False)])
def test_the_cap_holds_in_its_window_and_a_clock_that_steps_back_does_not_end_it(
    capped: Market, elapsed: int, *, holds: bool
) -> None:
    trader = with_position(capped)
    capped.chain.set_time(NOW + elapsed)
    if holds:
        with refused(CURVE, "WalletCapReached"):
            buy(capped, trader, CAP + 1)
        return
    buy(capped, trader, CAP * 3)
    capped.buy(capped.trader(), SOL, deadline=LATER)
    assert position(capped, trader.pubkey())["bought"] == 0


def test_each_of_many_wallets_has_a_cap_of_its_own(capped: Market) -> None:
    """What no rule can see: one person with two wallets."""
    for _ in range(2):
        buy(capped, with_position(capped), CAP)


def test_a_referrer_lifts_no_rule(capped: Market) -> None:
    chain, trader = capped.chain, with_position(capped)
    account = register_referrer(chain, trader, capped.creator.pubkey())
    with refused(CURVE, "WalletCapReached"):
        buy(capped, trader, CAP + 1, referrer_fees=account)
    assert buy(capped, trader, CAP, referrer_fees=account).event(CURVE, "Traded")["referrer_fee"] > 0


def test_selling_never_needs_a_position(capped: Market) -> None:
    seller = capped.trader()
    buy(capped, with_position(capped), CAP)
    capped.chain.set_tokens(seller.pubkey(), capped.mint, 10**15)
    assert capped.sell(seller, 10**15).event(CURVE, "Traded")["is_buy"] is False


# One buy a slot


@pytest.mark.parametrize("first", BUYS)
@pytest.mark.parametrize("second", BUYS)
def test_a_wallet_buys_once_a_slot(chain: Chain, first: Any, second: Any) -> None:
    market = ruled(chain, SLOTTED)
    trader, other = with_position(market), with_position(market)
    with refused(CURVE, "OneBuyPerSlot"):
        chain.send([first(market, trader, 10**15), second(market, trader, 10**15)], [trader])
    chain.send([first(market, trader, 10**15)], [trader])
    with refused(CURVE, "OneBuyPerSlot"):
        chain.send([second(market, trader, 10**15)], [trader])
    chain.send([second(market, other, 10**15)], [other])
    chain.pass_slots(1)
    chain.send([second(market, trader, 10**15)], [trader])


def test_the_slot_rule_ends_with_its_window(chain: Chain) -> None:
    market = ruled(chain, {**SLOTTED, "allowlist": allowlist(bytes(32), 120)})
    chain.set_time(NOW + 120)
    trader = with_position(market)
    chain.send([exact_out(market, trader, 10**15)] * 2, [trader])


def test_a_slot_that_steps_back_is_no_later_one(chain: Chain) -> None:
    market = ruled(chain, SLOTTED)
    trader = with_position(market)
    chain.pass_slots(5)
    buy(market, trader, 10**15)
    chain.pass_slots(-2)
    with refused(CURVE, "OneBuyPerSlot"):
        buy(market, trader, 10**15)


# The allowlist


@pytest.fixture
def listed() -> list[Keypair]:
    """Wallets on the allowlist."""
    return [Keypair() for _ in range(5)]


@pytest.fixture
def tiered(chain: Chain, listed: list[Keypair]) -> Market:
    """One minute for the allowlist, one more for holders, then everybody."""
    tree = Tree(tuple(each.pubkey() for each in listed))
    community = chain.new_mint()
    return ruled(chain, {"allowlist": allowlist(tree.root, 60), "holders": holders(community, 60)})


def funded(market: Market, wallet: Keypair) -> Keypair:
    """The same wallet with SOL, a token account and a position."""
    market.chain.airdrop(wallet.pubkey(), 100)
    market.chain.set_tokens(wallet.pubkey(), market.mint, 0)
    market.chain.send([open_position(market, wallet.pubkey(), wallet.pubkey())], [wallet])
    return wallet


@pytest.mark.parametrize("buying", BUYS)
def test_the_allowlist_buys_first(tiered: Market, listed: list[Keypair], buying: Any) -> None:
    chain, stranger, wallet = tiered.chain, with_position(tiered), funded(tiered, listed[4])
    tree = Tree(tuple(each.pubkey() for each in listed))
    with refused(CURVE, "NotAdmitted"):
        chain.send([buying(tiered, wallet, 10**15)], [wallet])
    # Anybody proves for the wallet, twice if he likes.
    proof = prove(tiered, wallet.pubkey(), tree.proof(wallet.pubkey()))
    event = chain.send([proof], [stranger]).event(CURVE, "Admitted")
    assert (event["wallet"], event["tier"]) == (wallet.pubkey(), "Allowlist")
    assert not chain.send([proof], [wallet]).events(CURVE)
    for elapsed in (-5, 0, 59, 60, 119):
        chain.set_time(NOW + elapsed)
        chain.send([buying(tiered, wallet, 10**15)], [wallet])
        with refused(CURVE, "NotAdmitted"):
            chain.send([buying(tiered, stranger, 10**15)], [stranger])
    chain.set_time(NOW + 120)
    chain.send([buying(tiered, stranger, 10**15)], [stranger])


def test_only_a_proof_of_the_positions_own_wallet_counts(tiered: Market, listed: list[Keypair]) -> None:
    chain, stranger = tiered.chain, with_position(tiered)
    tree = Tree(tuple(each.pubkey() for each in listed))
    good = tree.proof(listed[0].pubkey())
    first = funded(tiered, listed[0])
    for wallet, proof in (
        (stranger, good),
        (stranger, []),
        (first, good[:-1]),
        (first, [*good, bytes(32)]),
        (first, tree.proof(listed[1].pubkey())),
        (first, [bytes(32)] * 33),
    ):
        with refused(CURVE, "InvalidProof"):
            chain.send([prove(tiered, wallet.pubkey(), proof)], [stranger])
    chain.send([prove(tiered, first.pubkey(), good)], [stranger])


def test_a_proof_for_another_sale_is_none(chain: Chain, tiered: Market, listed: list[Keypair]) -> None:
    tree = Tree(tuple(each.pubkey() for each in listed))
    wallet, other = funded(tiered, listed[0]), ruled(chain, {"allowlist": allowlist(bytes(32), 60)})
    proof = tree.proof(wallet.pubkey())
    with refused(CURVE, "MissingPosition"):
        own = position_of(tiered, wallet.pubkey())
        chain.send([prove(other, wallet.pubkey(), proof, position=own)], [wallet])
    with refused(CURVE, "MissingTerms"):
        lax = sale_terms(opening=opening_rules(allowlist=allowlist(tree.root, 9)))
        create_terms(chain, wallet, lax)
        chain.send([open_position(other, wallet.pubkey(), wallet.pubkey())], [wallet])
        chain.send([prove(other, wallet.pubkey(), proof, terms=terms_of(lax))], [wallet])
    with refused(CURVE, "InvalidProof"):
        chain.send([prove(other, wallet.pubkey(), proof)], [wallet])


def test_a_sale_without_that_tier_has_nothing_to_prove(capped: Market) -> None:
    trader = with_position(capped)
    with refused(CURVE, "NoSuchTier"):
        capped.chain.send([prove(capped, trader.pubkey(), [])], [trader])


# Closing


def test_a_position_is_closed_after_the_rules_and_not_before(capped: Market) -> None:
    """Closing and opening it again would begin the count anew."""
    chain, trader = capped.chain, with_position(capped)
    buy(capped, trader, CAP)
    place = position_of(capped, trader.pubkey())
    for elapsed in (-5, 0, 59):
        chain.set_time(NOW + elapsed)
        with refused(CURVE, "RulesStillHold"):
            chain.send([close_position(capped, trader.pubkey())], [trader])
    chain.set_time(NOW + 60)
    before, rent = chain.lamports(trader.pubkey()), chain.lamports(place)
    event = chain.send([close_position(capped, trader.pubkey())], [trader]).event(CURVE, "PositionClosed")
    assert (event["wallet"], event["bought"]) == (trader.pubkey(), CAP)
    assert chain.lamports(trader.pubkey()) == before + rent - 5_000
    assert chain.lamports(place) == 0


def test_nothing_is_opened_once_the_rules_are_over(capped: Market) -> None:
    chain, trader = capped.chain, capped.trader()
    chain.set_time(NOW + 60)
    chain.send([open_position(capped, trader.pubkey(), trader.pubkey()), exact_out(capped, trader, CAP * 2)], [trader])
    assert not chain.account(position_of(capped, trader.pubkey())).data


def test_nobody_closes_the_position_of_somebody_else(capped: Market) -> None:
    chain, trader, thief = capped.chain, with_position(capped), with_position(capped)
    other = ruled(chain, CAPPED)
    chain.set_time(NOW + 60)
    with refused(CURVE, "MissingPosition"):
        own = position_of(capped, trader.pubkey())
        chain.send([close_position(capped, thief.pubkey(), position=own)], [thief])
    with refused(CURVE, "MissingPosition"):
        chain.send([close_position(capped, trader.pubkey(), curve=other.curve)], [trader])


def test_a_curve_whose_rules_are_over_lends_no_time_to_another(chain: Chain, capped: Market) -> None:
    free = ruled(chain, {"window_seconds": 1, "wallet_cap_bps": 100})
    trader = with_position(capped)
    chain.set_time(NOW + 5)
    with refused(CURVE, "MissingPosition"):
        chain.send([close_position(capped, trader.pubkey(), curve=free.curve)], [trader])


# The opener


def test_the_opener_is_spared_in_the_second_of_the_opening_and_the_first_buy_only(chain: Chain) -> None:
    tree = Tree((Keypair().pubkey(),))
    rules = {**CAPPED, "one_buy_per_slot": True, "allowlist": allowlist(tree.root, 60)}
    ready = opening(chain, sale=sale_terms(opening=opening_rules(**rules)))
    ready.send()
    market, opener = Market(ready), ready.authority
    named = {"terms": bound(market, opener.pubkey())["terms"], "opener": opener.pubkey()}
    chain.set_time(NOW + 1)
    with refused(CURVE, "RulesTooLate"):
        market.buy_out(opener, CAP * 3, deadline=LATER, **named)
    chain.set_time(NOW)
    assert market.buy_out(opener, CAP * 3, **named).event(CURVE, "Traded")["base_amount"] == CAP * 3
    with refused(CURVE, "RulesTooLate"):
        market.buy_out(opener, CAP, **named)
    with refused(CURVE, "MissingPosition"):
        market.buy_out(opener, CAP, terms=named["terms"])


def test_nobody_else_is_an_opener(capped: Market) -> None:
    trader, creator = with_position(capped), capped.creator
    with refused(CURVE, "InvalidAuthority"):
        buy(capped, trader, CAP * 2, opener=trader.pubkey())
    with refused(None, 3010):
        named = bound(capped, trader.pubkey()) | {"opener": creator.pubkey()}
        trade = capped.instruction("buy_exact_out", trader.pubkey(), CAP * 2, 2**63, **named)
        metas = [(meta.pubkey, meta.pubkey == trader.pubkey(), meta.is_writable) for meta in trade.accounts]
        unsigned = [AccountMeta(*meta) for meta in metas]
        capped.chain.send([Instruction(trade.program_id, bytes(trade.data), unsigned)], [trader])


def test_rules_that_bind_the_opener_bind_him(chain: Chain) -> None:
    market = ruled(chain, {**CAPPED, "binds_creator": True})
    opener = market.creator
    named = bound(market, opener.pubkey()) | {"opener": opener.pubkey()}
    with refused(CURVE, "MissingPosition"):
        market.buy_out(opener, CAP, **named)
    chain.send([open_position(market, opener.pubkey(), opener.pubkey())], [opener])
    with refused(CURVE, "WalletCapReached"):
        market.buy_out(opener, CAP + 1, **named)
    market.buy_out(opener, CAP, **named)


# What it costs


def test_rules_cost_a_buy_little_and_nothing_once_they_are_over(chain: Chain, market: Market) -> None:
    trader = market.trader()
    plain = [market.buy(trader, SOL).compute_units for _ in range(2)]
    everything = {**CAPPED, **SLOTTED, "allowlist": allowlist(Tree((Keypair().pubkey(),)).root, 1)}
    ruled_market = ruled(chain, everything)
    chain.set_time(NOW + 30)
    buyer = with_position(ruled_market)
    under = buy(ruled_market, buyer, CAP).compute_units
    chain.set_time(NOW + 60)
    after = ruled_market.buy(ruled_market.trader(), SOL, deadline=LATER).compute_units
    assert under <= RULED_BUY_LIMIT
    # Addresses are derived by trial, so two curves differ a little.
    assert abs(after - plain[1]) < 500
