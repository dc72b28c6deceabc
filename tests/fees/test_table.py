"""The table of a token's fees: what holds now, what never can be passed, and what it says of other venues."""

import re
import time
from pathlib import Path

import pytest

from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.curve_math import LaunchFee
from launchpad.chain.venues.raydium.accounts import AmmConfig as RaydiumTier
from launchpad.fees import table
from launchpad.fees.table import Facts

PROGRAMS = Path(__file__).resolve().parents[2] / "programs"
CREATOR, POOL = TOKEN, WRAPPED_SOL


def facts(**changed):
    values = {
        "mint": WRAPPED_SOL, "creator": CREATOR, "routed": False, "protocol_bps": 50, "creator_bps": 30,
        "referrer_share_bps": 2_000, "launch_fee": LaunchFee(0, 0), "opened_at": int(time.time()),
        "at_raydium": False, "pool": None, "pool_creator": None, "pool_creator_bps": None,
    }  # fmt: skip
    return Facts(**values | changed)


@pytest.mark.parametrize(
    ("constant", "program", "name"),
    [
        (table.MAX_CURVE_FEE_BPS, "bonding_curve", "MAX_PROTOCOL_FEE_BPS"),
        (table.MAX_CURVE_FEE_BPS, "bonding_curve", "MAX_CREATOR_FEE_BPS"),
        (table.MAX_REFERRER_SHARE_BPS, "bonding_curve", "MAX_REFERRER_SHARE_BPS"),
        (table.MAX_LAUNCH_FEE_BPS, "bonding_curve", "MAX_LAUNCH_FEE_BPS"),
        (table.MAX_KEEPER_BOUNTY, "bonding_curve", "MAX_KEEPER_BOUNTY"),
        (table.MAX_LP_FEE_BPS, "amm", "MAX_LP_FEE_BPS"),
        (table.MAX_POOL_PROTOCOL_FEE_BPS, "amm", "MAX_PROTOCOL_FEE_BPS"),
        (table.MAX_POOL_CREATOR_FEE_BPS, "amm", "MAX_CREATOR_FEE_BPS"),
    ],
)
def test_limits_are_those_of_the_programs(constant, program, name):
    source = (PROGRAMS / program / "src" / "constants.rs").read_text(encoding="utf-8")
    found = re.search(rf"pub const {name}: u\d+ = ([\d_]+);", source)
    assert found is not None
    assert constant == int(found[1].replace("_", ""))


def test_a_launch_fee_is_told_as_it_is_now():
    falling = LaunchFee(1_000, 100)
    begun = facts(launch_fee=falling, opened_at=int(time.time()) - 50)
    [line] = table._of_launch(begun, {"venue": "curve", "source": None, "changes": "never"})
    assert 480 <= line.bps <= 500
    assert (line.limit_bps, line.changes) == (5_000, "with_time")
    assert "10 % at the opening" in line.note
    over = facts(launch_fee=falling, opened_at=1)
    assert table._of_launch(over, {"venue": "curve", "source": None, "changes": "never"})[0].bps == 0


def test_a_pool_at_raydium_says_what_raydium_takes():
    tier = RaydiumTier(1, False, 0, 2_500, 120_000, 40_000, 150_000_000, CREATOR, CREATOR, 0)
    [line] = table._at_raydium(facts(at_raydium=True, pool=POOL), tier)
    assert (line.kind, line.bps, line.recipient, line.changes, line.limit_bps) == ("lp", 25, POOL, "by_venue", None)
    assert "Raydium keeps 16 %" in line.note
