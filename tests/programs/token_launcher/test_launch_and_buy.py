"""launch_and_buy: the creator's first buy, and its lock."""

from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import create_terms, launch_fee, sale_terms, terms_of
from tests.programs.harness import CURVE, LAUNCHER, NOW, SOL, TOKEN_2022, VESTING, Chain, Receipt, ata, refused
from tests.programs.token_launcher.launches import (
    CLASSIC,
    DAY,
    FEE,
    FULL,
    LOCK,
    LOCK_INDEX,
    NOBODY,
    SUPPLY,
    TEAM_INDEX,
    Launched,
    Pad,
    first_buy,
    open_pad,
    schedule_of,
)

NEEDED = ("creator_base", "lock_schedule", "lock_escrow", "vesting_program", "vesting_event_authority")


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def test_what_was_bought_is_locked_in_full(pad: Pad) -> None:
    token = pad.launch(first_buy())
    traded = token.receipt.event(CURVE, "Traded")
    bought = traded["base_amount"]
    schedule = schedule_of(token.mint, pad.creator.pubkey(), LOCK_INDEX)
    assert bought == token.curve["sold"] == token.held(schedule) > 34_000_000 * 10**9
    assert token.held(pad.creator.pubkey()) == 0
    assert traded["trader"] == pad.creator.pubkey()
    locked = token.schedule(LOCK_INDEX)
    expected = {
        "grantor": pad.creator.pubkey(),
        "beneficiary": pad.creator.pubkey(),
        "amount": bought,
        "start": NOW,
        "cliff": NOW,
        "end": NOW + 30 * DAY,
        "period": DAY,
        "revocable": False,
        "index": LOCK_INDEX,
    }
    assert {name: locked[name] for name in expected} == expected
    assert (token.record["first_buy"], token.record["first_buy_lock"]) == (bought, schedule)
    event = token.receipt.event(LAUNCHER, "TokenLaunched")
    assert (event["first_buy"], event["first_buy_lock"]) == (bought, schedule)


def test_an_unlocked_first_buy_is_declared(pad: Pad) -> None:
    token = pad.launch(first_buy(lock=None))
    bought = token.curve["sold"]
    assert token.held(pad.creator.pubkey()) == bought
    assert (token.record["first_buy"], token.record["first_buy_lock"]) == (bought, NOBODY)
    event = token.receipt.event(LAUNCHER, "TokenLaunched")
    assert (event["first_buy"], event["first_buy_lock"]) == (bought, None)


def test_the_creator_pays_what_the_curve_says(pad: Pad) -> None:
    before, paid_to = pad.chain.lamports(pad.creator.pubkey()), pad.chain.lamports(pad.treasury)
    token = pad.launch(first_buy(lock=None))
    traded = token.receipt.event(CURVE, "Traded")
    cost = traded["quote_amount"] + traded["protocol_fee"] + traded["creator_fee"]
    made = [token.mint, token.address, CURVE.pda(b"curve", token.mint), ata(pad.creator.pubkey(), token.mint)]
    made.append(ata(CURVE.pda(b"curve", token.mint), token.mint))
    rents = sum(pad.chain.lamports(key) for key in made) - cost
    signatures = 2 * 5_000
    assert SOL - 10 < cost <= SOL
    assert pad.chain.lamports(pad.treasury) - paid_to == FEE
    assert before - pad.chain.lamports(pad.creator.pubkey()) == cost + FEE + rents + signatures


def test_a_lock_beside_a_team_of_the_same_wallet_has_its_own_schedule(pad: Pad) -> None:
    token = pad.launch(first_buy(), allocations=FULL)
    assert token.schedule(TEAM_INDEX)["amount"] == SUPPLY // 5
    assert token.schedule(LOCK_INDEX)["amount"] == token.record["first_buy"] == token.curve["sold"]


def test_an_allocation_of_the_creator_is_neither_counted_nor_locked(pad: Pad) -> None:
    pad.ecosystem = pad.creator.pubkey()
    allocations = CLASSIC | {"public_bps": 6_931, "ecosystem_bps": 1_000}
    token = pad.launch(first_buy(), allocations=allocations)
    assert token.held(pad.creator.pubkey()) == SUPPLY // 10
    assert token.schedule(LOCK_INDEX)["amount"] == token.record["first_buy"] == token.curve["sold"]


def test_a_first_buy_can_take_everything_and_complete_the_curve(pad: Pad) -> None:
    token = pad.launch(first_buy(quote_in=90 * SOL))
    assert (token.curve["status"], token.record["first_buy"]) == ("Complete", token.curve["sale_supply"])
    assert token.receipt.event(CURVE, "CurveCompleted")["quote_reserve"] == 85_005_359_057


def test_the_locked_tokens_come_free_day_by_day(pad: Pad) -> None:
    token = pad.launch(first_buy())
    schedule = schedule_of(token.mint, pad.creator.pubkey(), LOCK_INDEX)
    named = {
        "beneficiary": pad.creator.pubkey(),
        "mint": token.mint,
        "schedule": schedule,
        "escrow": ata(schedule, token.mint),
        "beneficiary_base": ata(pad.creator.pubkey(), token.mint),
        "token_program": pad.chain.account(token.mint).owner,
    }
    claim = VESTING.instruction("claim", {}, named)
    pad.chain.set_time(NOW + 15 * DAY)
    pad.chain.send([claim], [pad.creator])
    assert token.held(pad.creator.pubkey()) == token.record["first_buy"] // 2
    pad.chain.set_time(NOW + 30 * DAY)
    pad.chain.send([claim], [pad.creator])
    assert token.held(pad.creator.pubkey()) == token.record["first_buy"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"quote_in": 0}, "ZeroAmount"),
        ({"quote_in": 1}, "AmountTooSmall"),
        ({"min_base_out": 35_000_000 * 10**9}, "SlippageExceeded"),
        ({"deadline": NOW - 1}, "DeadlinePassed"),
    ],
)
def test_a_buy_that_fails_launches_nothing(pad: Pad, changes: dict[str, Any], error: str) -> None:
    mint, args, buy = Keypair(), pad.args(), first_buy(**changes)
    with refused(CURVE, error):
        pad.chain.send([pad.instruction(mint.pubkey(), args, buy)], [pad.creator, mint])
    assert not pad.chain.exists(mint.pubkey())


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"duration_seconds": 0}, "InvalidTimes"),
        ({"cliff_seconds": 31 * DAY}, "InvalidTimes"),
        ({"period_seconds": 0}, "InvalidPeriod"),
        ({"period_seconds": 31 * DAY}, "InvalidPeriod"),
    ],
)
def test_a_lock_that_locks_nothing_is_refused(pad: Pad, terms: dict[str, Any], error: str) -> None:
    with refused(VESTING, error):
        pad.launch(first_buy(lock=LOCK | terms))


@pytest.mark.parametrize("account", NEEDED)
def test_a_locked_buy_needs_its_accounts(pad: Pad, account: str) -> None:
    mint, args = Keypair(), pad.args()
    with refused(LAUNCHER, "MissingAccount"):
        pad.chain.send([pad.instruction(mint.pubkey(), args, first_buy(), {account: None})], [pad.creator, mint])


def test_bought_tokens_cannot_be_sent_elsewhere(pad: Pad) -> None:
    stranger, other = Keypair().pubkey(), pad.launch()
    for account in ("creator_base", "lock_schedule", "lock_escrow"):
        for wrong in (stranger, ata(pad.creator.pubkey(), other.mint)):
            mint, args = Keypair(), pad.args()
            with refused(None):
                instruction = pad.instruction(mint.pubkey(), args, first_buy(), {account: wrong})
                pad.chain.send([instruction], [pad.creator, mint])


def test_strangers_lamports_anywhere_do_not_block(pad: Pad) -> None:
    mint, args, buy = Keypair(), pad.args(), first_buy()
    accounts = pad.accounts(mint.pubkey(), args, buy)
    made = ("mint", "launch_record", "curve", "base_vault", "creator_base", "lock_schedule", "lock_escrow")
    for name in made:
        pad.chain.airdrop(accounts[name], 0.0001)
    pad.chain.send([pad.instruction(mint.pubkey(), args, buy)], [pad.creator, mint])
    assert pad.chain.supply(mint.pubkey()) == SUPPLY


def test_a_paused_launcher_refuses_the_buy_with_the_launch(pad: Pad) -> None:
    named = {"authority": pad.chain.admin.pubkey(), "config": pad.config}
    pad.chain.send([LAUNCHER.instruction("set_paused", {"paused": True}, named)], [pad.chain.admin])
    with refused(LAUNCHER, "Paused"):
        pad.launch(first_buy())


def test_unsigned_and_foreign_accounts_are_refused(pad: Pad) -> None:
    args, buy, stranger = pad.args(), first_buy(), Keypair().pubkey()
    for signer in ("creator", "mint"):
        mint, payer = Keypair(), pad.chain.wallet()
        with refused(None, 3010):
            unsigned = pad.instruction(mint.pubkey(), args, buy, unsigned=[signer])
            pad.chain.send([unsigned], [payer, mint] if signer == "creator" else [pad.creator])
    cases = [
        ({"treasury": stranger}, LAUNCHER.error("InvalidTreasury")),
        ({"launch_record": stranger}, 2006),
        ({"vesting_program": CURVE.id}, 3008),
        ({"vesting_event_authority": stranger}, 2012),
        ({"bonding_curve_event_authority": stranger}, 2012),
        ({"event_authority": stranger}, 2012),
    ]
    for wrong, code in cases:
        mint = Keypair()
        with refused(None, code):
            pad.chain.send([pad.instruction(mint.pubkey(), args, buy, wrong)], [pad.creator, mint])


def test_a_launch_fee_begins_behind_the_first_buy(pad: Pad) -> None:
    fee = launch_fee(5_000, 600, 60)
    token = launch_under(pad, sale_terms(launch_fee=fee))
    assert token.receipt.event(CURVE, "Traded")["launch_fee"] == 0
    assert (token.curve["launch_fee"], token.curve["launch_fees"]) == (fee, 0)
    event = buy(pad, token, pad.creator).event(CURVE, "Traded")
    assert event["launch_fee"] == -(-event["quote_amount"] // 2) == token.curve["launch_fees"]


def test_terms_that_bind_the_creator_take_the_launch_fee_of_the_first_buy(pad: Pad) -> None:
    usual = sale_terms(launch_fee=launch_fee(5_000, 600))
    token = launch_under(pad, usual | {"opening": usual["opening"] | {"binds_creator": True}})
    event = token.receipt.event(CURVE, "Traded")
    assert event["launch_fee"] == -(-event["quote_amount"] // 2) == token.curve["launch_fees"]


def launch_under(pad: Pad, sale: dict[str, Any]) -> Launched:
    """A launch with a first buy under terms that are put on chain before."""
    if not pad.chain.exists(terms_of(sale)):
        create_terms(pad.chain, pad.creator, sale)
    pad.sale = sale
    return pad.launch(first_buy())


def test_a_locked_first_buy_is_refunded_once_it_is_claimed(pad: Pad) -> None:
    chain, creator = pad.chain, pad.creator
    token = pad.launch(first_buy(), deadline=NOW + 60)
    curve = CURVE.pda(b"curve", token.mint)
    chain.set_time(NOW + 31 * DAY)
    chain.send([CURVE.instruction("expire", {}, {"curve": curve})], [creator])
    schedule = schedule_of(token.mint, creator.pubkey(), LOCK_INDEX)
    claim = {
        "beneficiary": creator.pubkey(),
        "mint": token.mint,
        "schedule": schedule,
        "escrow": ata(schedule, token.mint),
        "beneficiary_base": ata(creator.pubkey(), token.mint),
        "token_program": TOKEN_2022,
    }
    refund = {
        "holder": creator.pubkey(),
        "curve": curve,
        "mint": token.mint,
        "base_vault": ata(curve, token.mint),
        "holder_base": ata(creator.pubkey(), token.mint),
        "token_program": TOKEN_2022,
    }
    back = CURVE.instruction("refund", {"base_in": token.record["first_buy"]}, refund)
    with refused(None, 1):
        chain.send([back], [creator])
    chain.send([VESTING.instruction("claim", {}, claim), back], [creator])
    assert (token.curve["sold"], token.curve["quote_reserve"]) == (0, 0)


def test_a_deadline_needs_the_whole_supply_on_the_curve(pad: Pad) -> None:
    with refused(CURVE, "SupplyOutsideSale"):
        pad.launch(allocations=FULL, deadline=NOW + 60)


def buy(pad: Pad, token: Launched, trader: Keypair, **named: Pubkey) -> Receipt:
    """One SOL's worth, for somebody who has a token account."""
    curve = CURVE.pda(b"curve", token.mint)
    accounts = {
        "trader": trader.pubkey(),
        "config": CURVE.pda(b"config"),
        "curve": curve,
        "mint": token.mint,
        "base_vault": ata(curve, token.mint),
        "trader_base": ata(trader.pubkey(), token.mint),
        "token_program": TOKEN_2022,
    } | named
    args = {"quote_in": SOL, "min_base_out": 0, "deadline": NOW + 60}
    return pad.chain.send([CURVE.instruction("buy_exact_in", args, accounts)], [trader])


def binding(**rules: Any) -> dict[str, Any]:
    """Terms that bind the creator too."""
    return sale_terms(opening=sale_terms()["opening"] | {"binds_creator": True} | rules)


def test_rules_spare_the_first_buy(pad: Pad) -> None:
    spared = sale_terms(opening=sale_terms()["opening"] | {"window_seconds": 60, "wallet_cap_bps": 1})
    token = launch_under(pad, spared)
    assert token.curve["sold"] * 10_000 > token.curve["sale_supply"]
    with refused(CURVE, "MissingPosition"):
        buy(pad, token, pad.creator, terms=terms_of(spared))


def test_rules_that_bind_the_creator_hold_for_the_first_buy_which_opens_his_position(pad: Pad) -> None:
    sale = binding(window_seconds=60, wallet_cap_bps=500, one_buy_per_slot=True)
    with refused(CURVE, "MissingPosition"):
        launch_under(pad, sale)
    pad.binds = True
    token = launch_under(pad, sale)
    position = pad.chain.read(CURVE, "Position", CURVE.pda(b"position", token.mint, pad.creator.pubkey()))
    assert (position["wallet"], position["bought"]) == (pad.creator.pubkey(), token.curve["sold"])
    named = {"terms": terms_of(sale), "position": CURVE.pda(b"position", token.mint, pad.creator.pubkey())}
    with refused(CURVE, "OneBuyPerSlot"):
        buy(pad, token, pad.creator, **named)


def test_a_first_buy_above_the_cap_launches_nothing(pad: Pad) -> None:
    pad.binds = True
    with refused(CURVE, "WalletCapReached"):
        launch_under(pad, binding(window_seconds=60, wallet_cap_bps=1))


def test_a_creator_whom_a_tier_binds_has_no_first_buy(pad: Pad) -> None:
    pad.binds = True
    with refused(CURVE, "NotAdmitted"):
        launch_under(pad, binding(allowlist={"root": bytes(32), "seconds": 60}))
