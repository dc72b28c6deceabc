"""Rules as options: what terms they become, and what people read of them."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from solders.pubkey import Pubkey

from launchpad.chain import allowlist
from launchpad.chain.curve_math import LaunchFee
from launchpad.chain.sale_terms import NO_FEE, GraduationTerms, OpeningRules, Payout, SaleTerms
from launchpad.tokens import presets, rules
from launchpad.tokens.launch_schemas import GraduationIn, LaunchRequest
from launchpad.tokens.rule_words import duration, words
from launchpad.tokens.rules_schemas import HoldersIn, LaunchFeeIn, RulesIn

OPENED = datetime(2027, 1, 1, tzinfo=UTC)
WALLETS = tuple(str(Pubkey(bytes([number] * 32))) for number in range(1, 4))
MINT = WALLETS[0]
SALE = 793_100_000 * 10**9
FULL = RulesIn(
    launch_fee=LaunchFeeIn(start_bps=500, seconds=60, half_life=10),
    wallet_cap_bps=200,
    one_buy_per_slot=True,
    allowlist=WALLETS,
    allowlist_seconds=120,
    holders=HoldersIn(mint=MINT, minimum="5000", seconds=180),
)


def terms(asked: RulesIn) -> SaleTerms:
    return SaleTerms(rules.launch_fee(asked.launch_fee), rules.opening(asked)).checked()


def test_options_become_the_terms_that_the_program_takes() -> None:
    found = terms(FULL).opening
    assert found.allowlist
    assert found.holders
    assert (found.allowlist.root, found.allowlist.seconds) == (allowlist.tree(WALLETS).root, 120)
    assert (found.holders.minimum, found.holders.seconds) == (5_000, 180)
    assert found.window_seconds == 120 + 180 + 60, "the window outlasts the tiers"
    assert rules.opening(None) == OpeningRules()
    assert rules.launch_fee(None) == NO_FEE


def test_a_window_is_only_there_with_a_rule_in_it() -> None:
    assert terms(RulesIn()).is_usual
    assert rules.opening(RulesIn(wallet_cap_bps=1)).window_seconds == 60
    assert rules.opening(RulesIn(one_buy_per_slot=True, window_seconds=9)).window_seconds == 9


def test_stored_terms_are_shown_in_times_and_base_units() -> None:
    shown = rules.view(orjson.loads(rules.terms_json(terms(FULL))), OPENED, SALE)
    assert shown
    assert shown.launch_fee
    assert shown.rules_end == shown.window_end == OPENED + timedelta(seconds=360)
    assert shown.wallet_cap == str(SALE // 50)
    first, second = shown.tiers
    assert (first.kind, first.ends_at) == ("allowlist", OPENED + timedelta(seconds=120))
    assert first.root == allowlist.tree(WALLETS).root.hex()
    assert (second.kind, second.ends_at) == ("holders", OPENED + timedelta(seconds=300))
    assert (second.mint, second.minimum) == (MINT, "5000")


def test_a_launch_fee_alone_has_no_end_of_rules_and_nothing_at_all_no_rules() -> None:
    fee = SaleTerms(launch_fee=LaunchFee(500, 60))
    shown = rules.view(orjson.loads(rules.terms_json(fee)), OPENED, SALE)
    assert shown
    assert (shown.rules_end, shown.window_end, shown.wallet_cap, shown.tiers) == (None, None, None, [])
    assert rules.view(orjson.loads(rules.terms_json(SaleTerms())), OPENED, SALE) is None


def test_every_rule_is_told_in_a_sentence() -> None:
    told = " ".join(words(terms(FULL), SALE, 9, 1_800_000_000))
    for part in (
        "5 % more",
        "half of it every 10 seconds",
        "2 minutes from the opening only wallets on the creator's list",
    ):
        assert part in told
    for part in ("3 minutes more", "after 5 minutes", "at most 15.86 M tokens, 2 % of the sale", "once a slot"):
        assert part in told
    assert "spared all this" in told
    assert "15 Jan 2027 08:00 UTC" in told
    bound = words(terms(FULL.model_copy(update={"binds_creator": True})), SALE, 9)
    assert "binds the creator's buy" in bound[-1]
    assert words(SaleTerms(), SALE, 9) == []


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1 second"), (90, "90 seconds"), (60, "1 minute"), (7_200, "2 hours")]
)
def test_times_are_said_in_the_largest_unit_that_fits(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_presets_are_valid_and_tell_what_they_mean() -> None:
    found = {preset.name: preset for preset in presets.listed()}
    assert set(found) == {"open", "fair", "team_raise", "batch"}
    assert all(preset.words for preset in found.values())
    fair = found["fair"].rules
    assert fair
    assert terms(fair) == SaleTerms(LaunchFee(500, 60), OpeningRules(60, 200, one_buy_per_slot=True))
    assert "30 % vests over 180 days: all of it is the team's" in found["team_raise"].words[0]


def test_presets_can_be_asked_for_as_they_are() -> None:
    names = {"creator": MINT, "name": "A", "symbol": "A", "uri": "ipfs://a", "supply": "1000"}
    for preset in presets.listed():
        options = preset.model_dump(mode="json", include={"rules", "graduation", "batch"}, exclude_none=True)
        asked = LaunchRequest.model_validate(names | options)
        assert (asked.rules, asked.graduation, asked.batch) == (preset.rules, preset.graduation, preset.batch)


def test_graduation_options_become_terms_whose_payout_is_the_creators_unless_named() -> None:
    assert rules.graduation(None, MINT) == GraduationTerms()
    whole = rules.graduation(GraduationIn(lock_days=180), MINT)
    assert whole == GraduationTerms(liquidity_lock_seconds=15_552_000)
    raised = rules.graduation(GraduationIn(liquidity_bps=7_000, treasury=WALLETS[1], team_bps=6_000), MINT)
    assert raised.payout == Payout(MINT, WALLETS[1], 6_000)
    told = words(SaleTerms(graduation=raised), SALE, 9)
    assert told == [
        (
            "70 % of the raise becomes liquidity. The other 30 % vests over 180 days: 60 % of it is the team's, "
            "the rest the treasury's."
        )
    ]
    assert "locked for 180 days" in words(SaleTerms(graduation=whole), SALE, 9)[0]
    SaleTerms(graduation=raised).checked()
