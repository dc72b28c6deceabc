"""Judgements from facts alone: every extension, and everything that does not add up."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from launchpad.chain import keys
from launchpad.chain.accounts import Allocations, CurveState, LaunchState, ScheduleState
from launchpad.chain.addresses import TOKEN, TOKEN_2022
from launchpad.chain.deployments import Deployment
from launchpad.chain.extensions import NAMES, Extension
from launchpad.chain.inspecting import CurveFacts, HolderFacts, TokenFacts
from launchpad.chain.inspecting_locks import LockFacts
from launchpad.chain.metaplex import ListedMetadata
from launchpad.chain.tokens import MintState
from launchpad.media.links import cid_of
from launchpad.verification.powers import powers
from launchpad.verification.programs import program_findings
from launchpad.verification.standing import standing
from launchpad.verification.texts import texts
from launchpad.verification.wording import amount, day, percent, share, verdict

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SOMEBODY = keys.address_of(keys.generate())
KEY = bytes(keys.generate().pubkey())
NOBODY = bytes(32)
MINT = MintState(SOMEBODY, TOKEN_2022, 6, 10**12, None, None)
PLAIN = TokenFacts(5, MINT, [], None, None, None, [], [])


def made(kind, **values):
    """A state with these fields, and nothing in the others."""
    return kind(**{each.name: values.get(each.name, 0) for each in fields(kind)})


def launched(**changes):
    values = {"supply": 10**12, "supply_mode": "fixed", "allocations": Allocations(8000, 2000, 0, 0, 0)}
    none = {"mint_authority": None, "update_authority": None, "first_buy_lock": None, "team_schedule": None}
    record = made(LaunchState, **(values | none | {"creator": SOMEBODY, "metadata_hash": NOBODY} | changes))
    return replace(PLAIN, launch=record)


def codes(findings):
    return {one.code: one.severity for one in findings}


@pytest.mark.parametrize(
    ("number", "value", "code", "severity"),
    [
        (1, KEY + bytes(74) + (250).to_bytes(2, "little"), "TRANSFER_FEE", "danger"),
        (1, NOBODY + bytes(74) + (250).to_bytes(2, "little"), "TRANSFER_FEE", "warning"),
        (3, KEY, "CLOSE_AUTHORITY", "info"),
        (4, bytes(65), "CONFIDENTIAL_AMOUNTS", "info"),
        (6, b"\x02", "FROZEN_BY_DEFAULT", "danger"),
        (9, b"", "NON_TRANSFERABLE", "danger"),
        (10, bytes(52), "DISPLAYED_AMOUNT_CHANGES", "warning"),
        (12, KEY, "PERMANENT_DELEGATE", "danger"),
        (14, KEY + KEY, "TRANSFER_HOOK", "danger"),
        (14, KEY + NOBODY, "TRANSFER_HOOK_POSSIBLE", "warning"),
        (25, bytes(56), "DISPLAYED_AMOUNT_CHANGES", "warning"),
        (26, KEY + b"\x01", "PAUSABLE", "danger"),
        (99, b"", "EXTENSION_UNKNOWN", "warning"),
    ],
)
def test_each_extension_is_judged(number, value, code, severity):
    assert codes(powers(replace(PLAIN, extensions=[Extension(number, value)])))[code] == severity


def test_an_extension_without_its_authority_is_harmless():
    none = [(3, NOBODY), (6, b"\x01"), (12, NOBODY), (14, NOBODY * 2), (26, NOBODY + b"\x00"), (18, NOBODY), (19, b"")]
    found = codes(powers(replace(PLAIN, extensions=[Extension(*each) for each in none])))
    assert found == {"MINT_AUTHORITY_NONE": "good", "FREEZE_AUTHORITY_NONE": "good", "EXTENSIONS_HARMLESS": "good"}


def test_every_named_extension_has_a_judge():
    for number in NAMES:
        assert "EXTENSION_UNKNOWN" not in codes(powers(replace(PLAIN, extensions=[Extension(number, bytes(200))])))


def test_a_paused_token_says_so():
    (said,) = (
        one.sentence
        for one in powers(replace(PLAIN, extensions=[Extension(26, KEY + b"\x01")]))
        if one.code == "PAUSABLE"
    )
    assert "paused" in said


def test_the_launchers_own_mint_authority_is_bound():
    ours = launched()
    held = replace(ours, mint=replace(MINT, mint_authority=ours.launch_record))
    assert codes(powers(held))["MINT_AUTHORITY_BOUND"] == "good"
    capped = replace(launched(supply_mode="mintable", mint_authority=SOMEBODY, mint_cap=2 * 10**12), mint=held.mint)
    (finding,) = (one for one in powers(capped) if one.code == "MINT_AUTHORITY_CAPPED")
    assert (finding.severity, finding.facts["cap"]) == ("warning", str(2 * 10**12))
    assert "2,000,000" in finding.sentence
    stolen = replace(ours, mint=replace(MINT, mint_authority=SOMEBODY))
    assert codes(powers(stolen))["MINT_AUTHORITY_HELD"] == "danger"


def curve(status="trading", lamports=10**9, vault=10**12):
    state = made(
        CurveState,
        status=status,
        base_vault=SOMEBODY,
        decimals=6,
        sale_supply=8 * 10**11,
        sold=10**11,
        liquidity_supply=2 * 10**11,
        quote_reserve=9 * 10**8,
        rent_reserve=10**7,
        reserved=b"",
        segments=(),
    )
    return CurveFacts(SOMEBODY, state, lamports, vault)


def lock(held=10**6, **changes):
    terms = {"beneficiary": SOMEBODY, "grantor": SOMEBODY, "amount": 10**6, "end": 1_000, "period": 1}
    state = made(ScheduleState, **(terms | {"revocable": False, "pending_beneficiary": None} | changes))
    return LockFacts(SOMEBODY, SOMEBODY, state, held)


@pytest.mark.parametrize(
    ("facts", "code", "severity"),
    [
        ({"curve": curve()}, "CURVE_BACKED", "good"),
        ({"curve": curve(lamports=10**8)}, "CURVE_SHORT_OF_SOL", "danger"),
        ({"curve": curve(vault=10**11)}, "CURVE_SHORT_OF_TOKENS", "danger"),
        ({"curve": curve("refunding")}, "CURVE_STATUS", "warning"),
        ({"curve": curve("something_new")}, "CURVE_STATUS", "info"),
        ({"locks": [lock()]}, "LOCK_HELD", "good"),
        ({"locks": [lock(held=1)]}, "LOCK_SHORT", "danger"),
        ({"locks": [lock(revocable=True)]}, "LOCK_REVOCABLE", "info"),
        ({"locks": [lock(end=400)]}, "LOCK_OVER", "info"),
        ({"holders": None}, "HOLDERS_UNKNOWN", "info"),
        ({"holders": [HolderFacts("a", "b", 6 * 10**11)]}, "HOLDERS_CONCENTRATED", "warning"),
        ({"holders": [HolderFacts("a", "b", 3 * 10**11)]}, "HOLDERS", "info"),
        ({"holders": [HolderFacts(SOMEBODY, "b", 9 * 10**11)], "curve": curve()}, "HOLDERS", "good"),
    ],
)
def test_where_the_supply_is_is_judged(facts, code, severity):
    assert codes(standing(replace(PLAIN, **facts), 500))[code] == severity


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({}, "FIRST_BUY_NONE", "good"),
        ({"first_buy": 10**10}, "FIRST_BUY_UNLOCKED", "warning"),
        ({"supply": 10**11}, "SUPPLY_EXCEEDS_RECORD", "danger"),
        ({"supply": 2 * 10**12}, "SUPPLY_MATCHES_RECORD", "good"),
        ({"allocations": Allocations(8000, 1000, 1000, 0, 0)}, "TEAM_UNLOCKED", "warning"),
    ],
)
def test_what_the_launch_record_says_is_judged(changes, code, severity):
    assert codes(standing(launched(**changes), 500))[code] == severity


def test_metadata_is_judged_by_who_may_change_it_and_by_its_hash():
    named = replace(PLAIN, mint=replace(MINT, name="N", uri="https://x.example/a", update_authority=SOMEBODY))
    assert codes(texts(named, b"{}", None)) == {"METADATA_CHANGEABLE": "warning", "DOCUMENT_UNSIGNED": "info"}
    listed = replace(PLAIN, mint=replace(MINT, token_program=TOKEN), listed=ListedMetadata("m", "N", "S", "", None))
    assert codes(texts(listed, None, None)) == {"METADATA_IMMUTABLE": "good", "DOCUMENT_NONE": "info"}
    cid = cid_of(b"{}")
    pinned = replace(named, mint=replace(named.mint, uri=f"ipfs://{cid}", update_authority=None))
    assert codes(texts(pinned, b"{}", cid)) == {"METADATA_IMMUTABLE": "good", "DOCUMENT_MATCHES": "good"}
    assert codes(texts(pinned, b"[]", cid))["DOCUMENT_ALTERED"] == "danger"
    fixed = replace(launched(update_policy="immutable"), mint=named.mint)
    assert codes(texts(fixed, None, None)) == {"METADATA_IMMUTABLE": "good", "DOCUMENT_UNAVAILABLE": "warning"}


def test_a_program_that_nobody_can_change_is_good():
    one = Deployment("p", "vesting", "p", None, None, "a", 1, "a")
    assert codes(program_findings(one)) == {"PROGRAM_MATCHES_BUILD": "good", "UPGRADE_AUTHORITY_NONE": "good"}
    assert verdict(program_findings(one)) == "good"


def test_every_code_is_explained():
    told = set(re.findall(r"`([A-Z0-9_]{4,})`", (REPOSITORY / "docs" / "verification.md").read_text()))
    sources = (REPOSITORY / "launchpad" / "verification").glob("*.py")
    said = {
        code
        for path in sources
        for code in re.findall(
            r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|SUPPLY|ALLOCATIONS|HOLDERS|PAUSABLE)"', path.read_text()
        )
    }
    assert said - {"NOT_VERIFIABLE", "ACCOUNT_NOT_FOUND", "ROUND_DOWN"} == told


def test_numbers_are_for_people():
    assert (amount(1_234_567_891, 6), amount(5, 6), amount(0, 6)) == ("1,234.56", "0.000005", "0")
    assert (percent(250), percent(10_000), share(1, 0)) == ("2.5 %", "100 %", 0)
    assert (day(0), day(2**63 - 1)) == ("1970-01-01", "9999-12-31")
