"""Addresses against what the IDLs say about seeds and constants."""

import hashlib
import json
import struct

import pytest
from solders.pubkey import Pubkey

from launchpad.chain import pda
from launchpad.chain.addresses import (
    AMM,
    BONDING_CURVE,
    FEE_ROUTER,
    PROGRAMS,
    TOKEN,
    TOKEN_2022,
    TOKEN_LAUNCHER,
    VESTING,
    InvalidAddressError,
)
from launchpad.chain.amm_math import MINIMUM_LIQUIDITY
from launchpad.chain.curve_math import MAX_SEGMENTS, Segment
from launchpad.chain.instructions.launcher import LOCK_SCHEDULE_INDEX, TEAM_SCHEDULE_INDEX
from launchpad.chain.launching import (
    MAX_DECIMALS,
    MAX_NAME_BYTES,
    MAX_SYMBOL_BYTES,
    MAX_TEAM_BPS,
    MAX_URI_BYTES,
    MIN_MARKET_BPS,
)
from tests.chain.idls import PROGRAM_NAMES, idl

MINT = str(Pubkey(bytes(range(32))))
OWNER = str(Pubkey(bytes(range(1, 33))))


def constant(program, name):
    return json.loads(next(each["value"] for each in idl(program)["constants"] if each["name"] == name))


@pytest.mark.parametrize("program", PROGRAM_NAMES)
def test_program_ids_are_those_of_the_idls(program):
    assert PROGRAMS[program] == idl(program)["address"]


def test_seeds_are_the_programs_constants():
    assert (
        list(pda.CONFIG_SEED) == constant("bonding_curve", "CONFIG_SEED") == constant("token_launcher", "CONFIG_SEED")
    )
    assert list(pda.CURVE_SEED) == constant("bonding_curve", "CURVE_SEED")
    assert list(pda.REFERRER_SEED) == constant("bonding_curve", "REFERRER_SEED")
    assert list(pda.SHAPE_SEED) == constant("bonding_curve", "SHAPE_SEED")
    assert list(pda.LAUNCH_SEED) == constant("token_launcher", "LAUNCH_SEED")
    assert list(pda.SCHEDULE_SEED) == constant("vesting", "SCHEDULE_SEED")
    assert list(pda.POOL_SEED) == constant("amm", "POOL_SEED")
    assert list(pda.VAULT_SEED) == constant("amm", "VAULT_SEED")
    assert list(pda.LP_MINT_SEED) == constant("amm", "LP_MINT_SEED")
    for name in ("ROUTER_SEED", "PROPOSAL_SEED", "RELEASE_SEED"):
        assert list(getattr(pda, name)) == constant("fee_router", name)


def test_limits_are_the_programs_constants():
    assert constant("amm", "MINIMUM_LIQUIDITY") == MINIMUM_LIQUIDITY
    assert constant("bonding_curve", "MAX_SEGMENTS") == MAX_SEGMENTS
    launcher = {
        name: constant("token_launcher", name)
        for name in (
            *("MAX_DECIMALS", "MAX_NAME_BYTES", "MAX_SYMBOL_BYTES", "MAX_URI_BYTES", "MAX_TEAM_BPS", "MIN_MARKET_BPS"),
            *("TEAM_SCHEDULE_INDEX", "LOCK_SCHEDULE_INDEX"),
        )
    }
    assert launcher == {
        "MAX_DECIMALS": MAX_DECIMALS,
        "MAX_NAME_BYTES": MAX_NAME_BYTES,
        "MAX_SYMBOL_BYTES": MAX_SYMBOL_BYTES,
        "MAX_URI_BYTES": MAX_URI_BYTES,
        "MAX_TEAM_BPS": MAX_TEAM_BPS,
        "MIN_MARKET_BPS": MIN_MARKET_BPS,
        "TEAM_SCHEDULE_INDEX": TEAM_SCHEDULE_INDEX,
        "LOCK_SCHEDULE_INDEX": LOCK_SCHEDULE_INDEX,
    }


def test_addresses_are_derived_from_their_seeds():
    def derived(program, *seeds):
        return str(Pubkey.find_program_address(list(seeds), Pubkey.from_string(program))[0])

    mint, owner = bytes(Pubkey.from_string(MINT)), bytes(Pubkey.from_string(OWNER))
    assert pda.curve(MINT) == derived(BONDING_CURVE, b"curve", mint)
    assert pda.launch_record(MINT) == derived(TOKEN_LAUNCHER, b"launch", mint)
    assert pda.vesting_schedule(MINT, OWNER, 258) == derived(VESTING, b"vesting", mint, owner, b"\x02\x01")
    assert pda.referrer_fees(OWNER) == derived(BONDING_CURVE, b"referrer", owner)
    content = hashlib.sha256(b"\x01\0\0\0" + struct.pack("<QQQ", 9, 8, 7)).digest()
    assert pda.shape([Segment(9, 8, 7)]) == derived(BONDING_CURVE, b"shape", content)
    assert pda.event_authority(VESTING) == derived(VESTING, b"__event_authority")
    assert pda.canonical_pool(MINT) == derived(AMM, b"pool", mint)
    pool = pda.free_pool(MINT, OWNER, VESTING, 258)
    assert pool == derived(AMM, b"pool", mint, owner, bytes(Pubkey.from_string(VESTING)), b"\x02\x01")
    assert pda.pool_vault(pool, MINT) == derived(AMM, b"vault", bytes(Pubkey.from_string(pool)), mint)
    assert pda.lp_mint(pool) == derived(AMM, b"lp_mint", bytes(Pubkey.from_string(pool)))
    assert pda.fee_router(OWNER, 258) == derived(FEE_ROUTER, b"router", owner, b"\x02\x01")
    assert pda.fee_proposal(OWNER) == derived(FEE_ROUTER, b"proposal", owner)
    assert pda.fee_release(OWNER, MINT) == derived(FEE_ROUTER, b"release", owner, mint)
    assert len({pda.bonding_curve_config(), pda.launcher_config(), pda.amm_config()}) == 3


def test_the_two_token_programs_have_different_accounts_for_one_owner():
    assert pda.associated_token(OWNER, MINT) == pda.associated_token(OWNER, MINT, TOKEN_2022)
    assert pda.associated_token(OWNER, MINT) != pda.associated_token(OWNER, MINT, TOKEN)


@pytest.mark.parametrize("text", ["", "abc", "0" * 44, MINT + "1111", "é" * 32])
def test_what_is_no_address_is_named(text):
    with pytest.raises(InvalidAddressError):
        pda.curve(text)
