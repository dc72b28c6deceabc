"""claim_creator_fees, sweep_protocol_fees, register_referrer, claim_referrer_fees, and how fees are divided."""

from typing import Any

import pytest
from solders.keypair import Keypair

from tests.programs.curve_market import (
    CONFIG,
    Market,
    claim_referrer_fees,
    create_config,
    open_market,
    referrer_account,
    register_referrer,
)
from tests.programs.harness import CURVE, NOW, SOL, SYSTEM, Chain, refused

FEE = 5_000


def referrer_state(chain: Chain, referrer: Keypair) -> dict[str, Any]:
    return chain.read(CURVE, "ReferrerFees", referrer_account(referrer.pubkey()))


# The creator's


def test_the_creator_is_paid_exactly_the_counter(market: Market) -> None:
    market.buy(market.trader(), SOL)
    owed, before = market.state["creator_fees"], market.chain.lamports(market.creator.pubkey())
    receipt = market.claim_creator_fees()
    assert market.chain.lamports(market.creator.pubkey()) - before == owed - FEE
    assert market.state["creator_fees"] == 0
    assert receipt.event(CURVE, "FeesClaimed").data == {
        "mint": market.mint,
        "kind": "Creator",
        "recipient": market.creator.pubkey(),
        "amount": owed,
        "timestamp": NOW,
    }


def test_creator_fees_are_paid_once(market: Market) -> None:
    market.buy(market.trader(), SOL)
    claim = CURVE.instruction("claim_creator_fees", {}, {"creator": market.creator.pubkey(), "curve": market.curve})
    with refused(CURVE, "NothingToClaim"):
        market.chain.send([claim, claim], [market.creator])
    market.chain.send([claim], [market.creator])
    with refused(CURVE, "NothingToClaim"):
        market.chain.send([claim], [market.creator])


def test_a_stranger_claims_no_creator_fees(market: Market) -> None:
    market.buy(market.trader(), SOL)
    with refused(CURVE, "NotCreator"):
        market.claim_creator_fees(market.chain.wallet())


# The protocol's


def test_anybody_sweeps_the_protocols_fees_to_the_recipient(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    recipient = market.chain.read(CURVE, "Config", CONFIG)["fee_recipient"]
    market.chain.airdrop(recipient, 1)
    owed = market.state["protocol_fees"]
    receipt = market.sweep_protocol_fees(market.chain.wallet())
    assert market.chain.lamports(recipient) == SOL + owed
    assert market.state["protocol_fees"] == 0
    assert receipt.event(CURVE, "FeesClaimed").data == {
        "mint": market.mint,
        "kind": "Protocol",
        "recipient": recipient,
        "amount": owed,
        "timestamp": NOW,
    }


def test_protocol_fees_are_swept_once(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    market.sweep_protocol_fees(trader)
    with refused(CURVE, "NothingToClaim"):
        market.sweep_protocol_fees(trader)


def test_the_sweep_has_one_destination(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    with refused(CURVE, "InvalidFeeRecipient"):
        market.sweep_protocol_fees(trader, fee_recipient=trader.pubkey())


def test_the_curve_itself_as_recipient_loses_nothing(bare: Chain) -> None:
    """A careless authority may name any address; the traders' reserve must not feel it."""
    create_config(bare)
    market = open_market(bare)
    args = {
        "fee_recipient": market.curve,
        "protocol_fee_bps": 50,
        "creator_fee_bps": 30,
        "referrer_share_bps": 0,
        "keeper_bounty": 0,
        "lookup_table": SYSTEM,
    }
    accounts = {"authority": bare.admin.pubkey(), "config": CONFIG}
    bare.send([CURVE.instruction("update_config", {"args": args}, accounts)], [bare.admin])
    trader = market.trader()
    market.buy(trader, SOL)
    held = bare.lamports(market.curve)
    with refused(None):
        market.sweep_protocol_fees(trader, fee_recipient=trader.pubkey())
    market.sweep_protocol_fees(trader)
    assert bare.lamports(market.curve) == held


# The referrer's


def test_a_referrer_is_registered_by_anybody_once(chain: Chain) -> None:
    payer, referrer = chain.wallet(), chain.wallet()
    account = referrer_account(referrer.pubkey())
    accounts = {"payer": payer.pubkey(), "referrer": referrer.pubkey(), "referrer_fees": account}
    register = CURVE.instruction("register_referrer", {}, accounts)
    receipt = chain.send([register], [payer])
    assert receipt.event(CURVE, "ReferrerRegistered").data == {"referrer": referrer.pubkey(), "timestamp": NOW}
    assert referrer_state(chain, referrer) == {
        "version": 1,
        "bump": CURVE.pda_and_bump(b"referrer", referrer.pubkey())[1],
        "referrer": referrer.pubkey(),
        "earned": 0,
        "unclaimed": 0,
        "reserved": bytes(64),
    }
    with refused(None, 0):
        chain.send([register], [payer])


def test_lamports_sent_first_do_not_block_a_referrer_and_are_not_earned(chain: Chain) -> None:
    payer, referrer = chain.wallet(), chain.wallet()
    chain.airdrop(referrer_account(referrer.pubkey()), 0.5)
    register_referrer(chain, payer, referrer.pubkey())
    assert referrer_state(chain, referrer)["unclaimed"] == 0


def test_the_default_key_refers_nobody(chain: Chain) -> None:
    with refused(CURVE, "InvalidReferrer"):
        register_referrer(chain, chain.wallet(), SYSTEM)


@pytest.mark.parametrize("name", ["buy_exact_in", "sell"])
def test_the_referrer_takes_his_part_out_of_the_protocols(market: Market, name: str) -> None:
    trader, referrer = market.trader(), market.chain.wallet()
    account = register_referrer(market.chain, trader, referrer.pubkey())
    market.buy(trader, SOL)
    before, held = market.state, market.chain.lamports(account)
    trade = market.instruction(name, trader.pubkey(), 10**8 if name != "sell" else 10**16, 0, referrer_fees=account)
    event = market.chain.send([trade], [trader]).event(CURVE, "Traded")
    whole = -(-event["quote_amount"] * 50 // 10_000)
    part = whole * 2_000 // 10_000
    assert (event["referrer"], event["referrer_fee"], event["protocol_fee"]) == (
        referrer.pubkey(),
        part,
        whole - part,
    )
    assert market.chain.lamports(account) - held == part > 0
    assert market.state["protocol_fees"] - before["protocol_fees"] == whole - part
    assert referrer_state(market.chain, referrer)["unclaimed"] == part
    assert referrer_state(market.chain, referrer)["earned"] == part


def test_a_trade_costs_the_same_with_and_without_a_referrer(chain: Chain) -> None:
    alone, referred = open_market(chain), open_market(chain)
    referrer = chain.wallet()
    account = register_referrer(chain, referrer, referrer.pubkey())
    spent = []
    for market, named in ((alone, None), (referred, account)):
        trader = market.trader()
        before = chain.lamports(trader.pubkey())
        market.buy(trader, SOL, referrer_fees=named)
        market.sell(trader, market.held(trader), referrer_fees=named)
        spent.append(before - chain.lamports(trader.pubkey()))
    assert spent[0] == spent[1]


def test_nobody_refers_himself(market: Market) -> None:
    trader = market.trader()
    own = register_referrer(market.chain, trader, trader.pubkey())
    with refused(CURVE, "InvalidReferrer"):
        market.buy(trader, SOL, referrer_fees=own)
    market.buy(trader, SOL)
    with refused(CURVE, "InvalidReferrer"):
        market.sell(trader, 10**15, referrer_fees=own)


def test_a_referrer_claims_what_all_curves_brought(chain: Chain) -> None:
    referrer = chain.wallet()
    account = register_referrer(chain, referrer, referrer.pubkey())
    for _ in range(2):
        market = open_market(chain)
        market.buy(market.trader(), SOL, referrer_fees=account)
    owed, before = referrer_state(chain, referrer)["unclaimed"], chain.lamports(referrer.pubkey())
    receipt = claim_referrer_fees(chain, referrer)
    assert chain.lamports(referrer.pubkey()) - before == owed - FEE
    state = referrer_state(chain, referrer)
    assert (state["earned"], state["unclaimed"]) == (owed, 0)
    assert chain.lamports(account) == chain.rent(len(chain.account(account).data))
    assert receipt.event(CURVE, "FeesClaimed").data == {
        "mint": None,
        "kind": "Referrer",
        "recipient": referrer.pubkey(),
        "amount": owed,
        "timestamp": NOW,
    }
    with refused(CURVE, "NothingToClaim"):
        claim_referrer_fees(chain, referrer)


def test_a_stranger_claims_no_referrers_fees(market: Market) -> None:
    trader, referrer, thief = market.trader(), market.chain.wallet(), market.chain.wallet()
    account = register_referrer(market.chain, trader, referrer.pubkey())
    market.buy(trader, SOL, referrer_fees=account)
    claim = CURVE.instruction("claim_referrer_fees", {}, {"referrer": thief.pubkey(), "referrer_fees": account})
    with refused(None, 2006):
        market.chain.send([claim], [thief])


def test_a_referrers_account_that_holds_too_little_refuses_to_pay(market: Market) -> None:
    trader, referrer = market.trader(), market.chain.wallet()
    account = register_referrer(market.chain, trader, referrer.pubkey())
    market.buy(trader, SOL, referrer_fees=account)
    found = market.chain.account(account)
    market.chain.set_account(account, found.data, CURVE.id, lamports=found.lamports - 1)
    with refused(None):
        claim_referrer_fees(market.chain, referrer)


# Rates


@pytest.mark.parametrize(
    ("rates", "fees"),
    [
        ({"protocol_fee_bps": 0, "creator_fee_bps": 0, "referrer_share_bps": 0}, (0, 0, 0)),
        ({"protocol_fee_bps": 200, "creator_fee_bps": 200, "referrer_share_bps": 5_000}, (1, 2, 1)),
        ({"protocol_fee_bps": 1, "creator_fee_bps": 0, "referrer_share_bps": 5_000}, (1, 0, 0)),
    ],
)
def test_shares_at_both_ends_of_their_range(bare: Chain, rates: dict[str, int], fees: tuple[int, int, int]) -> None:
    """A hundred lamports of cost: 2 % is 2, and half of the protocol's 2 goes to the referrer."""
    create_config(bare, **rates)
    segments = [{"base_reserve": 10**6, "quote_reserve": 10**9, "base_for_sale": 10**5}]
    market = open_market(bare, segments=segments)
    referrer = bare.wallet()
    account = register_referrer(bare, referrer, referrer.pubkey())
    cheap = [{"base_reserve": 10**12, "quote_reserve": 10**12, "base_for_sale": 10**11}]
    market = open_market(bare, segments=cheap)
    event = market.buy_out(market.trader(), 99, referrer_fees=account).event(CURVE, "Traded")
    assert event["quote_amount"] == 100
    assert (event["protocol_fee"], event["creator_fee"], event["referrer_fee"]) == fees
