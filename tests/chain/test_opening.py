"""Wallets before the rules of an opening: when they may buy, how much, and what they send first."""

from dataclasses import replace
from typing import Any

import pytest
from solders.instruction import Instruction

from launchpad.chain.accounts import CurveState
from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.curve_math import classic
from launchpad.chain.instructions.opening import Community, close_position
from launchpad.chain.opening import NotAdmittedError, Standing, WalletCapReachedError, rules_hold, stage_begins
from launchpad.chain.sale_accounts import PositionState
from launchpad.chain.sale_terms import NO_FEE, Allowlist, HoldersTier, OpeningRules
from tests.programs.harness import CURVE

OPENED, SALE = 1_800_000_000, 10**18
MINT, WALLET, COMMUNITY = (str(CURVE.pda(name)) for name in (b"mint", b"wallet", b"community"))
TERMS = str(CURVE.pda(b"terms"))
TIERED = OpeningRules(90, 100, True, Allowlist(bytes(32), 60), HoldersTier(COMMUNITY, 500, 30))


def curve(rules: OpeningRules) -> CurveState:
    named: dict[str, Any] = dict.fromkeys(CurveState.__dataclass_fields__, 0)
    named |= {"mint": MINT, "terms": TERMS, "sale_supply": SALE, "opened_at": OPENED, "launch_fee": NO_FEE}
    return CurveState(**named | {"rules_end": OPENED + rules.seconds, "segments": tuple(classic(SALE))})


def position(bought: int = 0, pledged: int = 0, *, allowlisted: bool = False) -> PositionState:
    return PositionState(1, 255, MINT, WALLET, bought, 0, allowlisted, pledged, bytes(32))


def standing(rules: OpeningRules = TIERED, **changes: Any) -> Standing:
    return replace(Standing(curve(rules), rules, WALLET, None, community=Community(COMMUNITY, TOKEN_2022)), **changes)


def names(instructions: list[Instruction]) -> list[str]:
    kinds = {bytes(each["discriminator"]): each["name"] for each in CURVE.idl["instructions"]}
    return [kinds[bytes(each.data)[:8]] for each in instructions]


@pytest.mark.parametrize(
    ("changes", "stage", "opens"),
    [
        ({}, "public", 90),
        ({"held": 499}, "public", 90),
        ({"held": 500}, "holders", 60),
        ({"position": position(pledged=500)}, "holders", 60),
        ({"proof": []}, "allowlist", 0),
        ({"position": position(allowlisted=True)}, "allowlist", 0),
    ],
)
def test_a_wallet_waits_for_the_first_stage_that_admits_it(changes: dict[str, Any], stage: str, opens: int) -> None:
    wallet = standing(**changes)
    assert (wallet.stage, wallet.opens_at) == (stage, OPENED + opens)
    if opens:
        with pytest.raises(NotAdmittedError) as caught:
            wallet.check(1, OPENED + opens - 1)
        assert caught.value.details["opens_at"] == OPENED + opens
    wallet.check(1, OPENED + opens)


def test_rules_without_tiers_admit_everybody_at_once() -> None:
    rules = OpeningRules(60, 100)
    assert (standing(rules).stage, standing(rules).opens_at) == ("public", OPENED)
    assert [stage_begins(rules, stage) for stage in ("allowlist", "holders", "public")] == [0, 0, 0]


def test_the_cap_counts_what_was_bought_and_ends_with_its_window() -> None:
    wallet = standing(proof=[], position=position(bought=SALE // 200))
    assert wallet.room(OPENED) == SALE // 200
    wallet.check(SALE // 200, OPENED)
    with pytest.raises(WalletCapReachedError) as caught:
        wallet.check(SALE // 200 + 1, OPENED)
    assert caught.value.details["left"] == str(SALE // 200)
    wallet.check(SALE, OPENED + 90)
    assert standing(OpeningRules(60, 0, True)).room(OPENED) is None


@pytest.mark.parametrize(
    ("changes", "elapsed", "sent"),
    [
        ({"proof": []}, 0, ["open_position", "prove_allowlisted"]),
        ({"proof": [], "position": position()}, 89, ["prove_allowlisted"]),
        ({"proof": [], "position": position(allowlisted=True)}, 0, []),
        ({"held": 500}, 59, ["open_position"]),
        ({"held": 500}, 60, ["open_position", "pledge"]),
        ({"held": 500, "position": position(pledged=500)}, 60, []),
        ({"held": 500, "community": None}, 60, ["open_position"]),
        ({"held": 500}, 90, ["open_position"]),
        ({"proof": [], "position": position()}, 90, []),
    ],
)
def test_a_wallet_sends_what_is_missing_and_nothing_more(
    changes: dict[str, Any], elapsed: int, sent: list[str]
) -> None:
    wallet = standing(**changes)
    assert names(wallet.preparations(OPENED + elapsed)) == sent
    assert wallet.pledges(OPENED + elapsed) == ("pledge" in sent)


def test_accounts_are_named_a_little_longer_than_the_rules_hold() -> None:
    ruled, free = curve(TIERED), curve(OpeningRules())
    assert rules_hold(ruled, OPENED + 90)
    assert not rules_hold(ruled, OPENED + 1_000)
    assert not rules_hold(replace(free, rules_end=0), OPENED)


def test_closing_names_the_pledge_only_where_there_is_one() -> None:
    plain = close_position(MINT, WALLET)
    assert sum(str(meta.pubkey) == str(CURVE.id) for meta in plain.accounts) == 6
    full = close_position(MINT, WALLET, TERMS, Community(COMMUNITY, TOKEN_2022))
    assert COMMUNITY in {str(meta.pubkey) for meta in full.accounts}
