"""What a launch must be before it is built."""

from dataclasses import replace

import pytest

from launchpad.chain import curve_math, keys
from launchpad.chain.accounts import LauncherConfig
from launchpad.chain.curve_math import Fees, InvalidLaunchFeeError, InvalidSegmentsError, LaunchFee, Segment
from launchpad.chain.events import Allocations
from launchpad.chain.instructions import launcher
from launchpad.chain.launching import FirstBuy, InvalidLaunchError, LaunchParams, Lock, Mintable, TeamVesting
from launchpad.chain.sale_terms import SaleTerms

WALLET, OTHER = (keys.address_of(keys.Keypair.from_seed(bytes([seed] * 32))) for seed in (1, 2))
PLAIN = LaunchParams(creator=WALLET, name="Name", symbol="SYM", uri="ipfs://x", supply=10**18)
CONFIG = LauncherConfig(1, 1, WALLET, None, OTHER, 1, paused=False, launches=0)


def test_the_classic_launch_fills_in_its_curve():
    checked = PLAIN.checked()
    assert checked.segments == tuple(curve_math.classic(793_100_000 * 10**9))
    assert checked.amounts.public + checked.amounts.liquidity == 10**18
    assert checked.checked() == checked


def test_liquidity_takes_what_rounding_leaves():
    amounts = replace(PLAIN, supply=10_007).amounts
    assert (amounts.public, amounts.liquidity) == (7_936, 2_071)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "é" * 17}, "name"),
        ({"symbol": "ELEVENBYTES"}, "symbol"),
        ({"uri": "u" * 201}, "uri"),
        ({"decimals": 10}, "decimals"),
        ({"supply": 0}, "supply"),
        ({"supply": 2**64}, "supply"),
        ({"supply_mode": "endless"}, "supply_mode"),
        ({"supply_mode": Mintable(WALLET, 10**18)}, "cap"),
        ({"allocations": Allocations(7_931, 2_068, 0, 0, 0)}, "allocations"),
        ({"allocations": Allocations(10_001, -1, 0, 0, 0)}, "allocations"),
        ({"allocations": Allocations(0, 10_000, 0, 0, 0)}, "allocations"),
        ({"allocations": Allocations(4_000, 999, 2_000, 1_500, 1_501)}, "allocations"),
        ({"allocations": Allocations(7_999, 0, 2_001, 0, 0)}, "allocations"),
        ({"allocations": Allocations(5_000, 4_999, 1, 0, 0), "supply": 9_999}, "allocations"),
        ({"allocations": Allocations(8_000, 0, 2_000, 0, 0)}, "team"),
        ({"allocations": Allocations(8_000, 0, 0, 2_000, 0)}, "ecosystem_owner"),
        ({"treasury_owner": WALLET}, "treasury_owner"),
        (
            {
                "allocations": Allocations(6_000, 2_000, 0, 0, 2_000),
                "treasury_owner": WALLET,
                "deadline": 2_000_000_000,
            },
            "deadline",
        ),
        ({"segments": tuple(curve_math.classic(10**9))}, "curve"),
    ],
    ids=str,
)
def test_what_cannot_be_launched_names_the_field(change, field):
    with pytest.raises(InvalidLaunchError) as caught:
        replace(PLAIN, **change).checked()
    assert caught.value.details["field"] == field


def test_a_curve_that_is_none_is_refused():
    with pytest.raises(InvalidSegmentsError):
        replace(PLAIN, segments=(Segment(5, 5, 5),)).checked()


def test_a_launch_fee_beyond_its_caps_is_refused():
    assert replace(PLAIN, sale=SaleTerms(LaunchFee(5_000, 600, 60))).checked()
    with pytest.raises(InvalidLaunchFeeError):
        replace(PLAIN, sale=SaleTerms(LaunchFee(5_001, 600))).checked()


def test_accounts_that_are_not_needed_are_left_out():
    bare = launcher.launch(PLAIN.checked(), OTHER, CONFIG, Fees(50, 30))
    assert sum(str(meta.pubkey) == launcher.TOKEN_LAUNCHER for meta in bare.accounts) == 16
    assert not any(meta.is_writable for meta in bare.accounts if str(meta.pubkey) == launcher.TOKEN_LAUNCHER)


def test_a_full_launch_names_every_account_and_quotes_the_first_buy():
    full = replace(
        PLAIN,
        allocations=Allocations(5_000, 2_000, 1_000, 1_000, 1_000),
        team=TeamVesting(OTHER, 1, 100),
        ecosystem_owner=OTHER,
        treasury_owner=WALLET,
        supply_mode=Mintable(WALLET, 2 * 10**18),
        update_authority=OTHER,
        first_buy=FirstBuy(10**9, lock=Lock(1, 100)),
    ).checked()
    made = launcher.launch(full, OTHER, CONFIG, Fees(50, 30))
    assert sum(str(meta.pubkey) == launcher.TOKEN_LAUNCHER for meta in made.accounts) == 5
    quote = curve_math.quote_buy_exact_in(full.segments, 0, 10**9, Fees(50, 30))
    assert quote.base_amount.to_bytes(8, "little") in bytes(made.data)
