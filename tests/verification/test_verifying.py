"""Reports about real accounts of the cluster: launched here, made elsewhere, badly made, and programs."""

import hashlib

import pytest

from launchpad.chain import deployments, keys, pda
from launchpad.chain.accounts import Allocations
from launchpad.chain.addresses import BONDING_CURVE, TOKEN, VESTING
from launchpad.chain.deployments import NoProgramError
from launchpad.client import FirstBuy, Lock, TeamVesting, sol
from launchpad.media import queries as media
from launchpad.media.links import cid_of
from launchpad.verification import reading, service
from launchpad.verification.service import NothingThereError, NotVerifiableError
from tests.chain.mints import bad_mint, plain_mint
from tests.verification.conftest import codes

DOCUMENT = b'{"name":"Honest","symbol":"HON"}'


@pytest.fixture
async def stored(verifier):
    """The document in our own store; its address."""
    async with verifier.database.session() as session:
        await media.add(session, cid_of(DOCUMENT), "application/json", DOCUMENT, None)
    return f"ipfs://{cid_of(DOCUMENT)}"


async def test_an_honest_launch_has_nothing_to_warn_of(verifier, pad, stored):
    friend = keys.address_of(keys.generate())
    launch = await pad.launch(
        *("Honest", "HON", stored),
        supply=10**18,
        metadata_hash=hashlib.sha256(DOCUMENT).digest(),
        allocations=Allocations(7000, 2000, 1000, 0, 0),
        team=TeamVesting(friend, 0, 10**8),
        first_buy=FirstBuy(sol(1), lock=Lock(0, 10**8)),
    )
    report = await verifier.verify(launch.mint)
    assert (report.kind, report.name, report.ours, report.verdict) == ("token", "Honest", True, "good")
    expected = {
        *("MINT_AUTHORITY_NONE", "FREEZE_AUTHORITY_NONE", "EXTENSIONS_HARMLESS", "METADATA_CHANGEABLE_ON_RECORD"),
        *("DOCUMENT_MATCHES", "LAUNCHED_HERE", "SUPPLY_MATCHES_RECORD", "ALLOCATIONS", "TEAM_LOCKED"),
        *("CURVE_STATUS", "CURVE_BACKED", "CURVE_STOCKED", "LOCK_HELD", "FIRST_BUY_LOCKED", "HOLDERS"),
    }
    assert set(codes(report)) == expected
    accounts = {one.code: one.account for one in report.findings}
    assert accounts["FREEZE_AUTHORITY_NONE"] == launch.mint
    assert accounts["CURVE_BACKED"] == launch.curve
    assert accounts["TEAM_LOCKED"] == pda.launch_record(launch.mint)
    locks = [one for one in report.findings if one.code == "LOCK_HELD"]
    assert {one.facts["beneficiary"] for one in locks} == {friend, pad.address}
    assert {one.facts["amount"] for one in locks} > {str(10**17)}


async def test_what_a_launch_leaves_open_is_said(verifier, pad):
    launch = await pad.launch("Open", "OPN", "https://127.0.0.1/x.json", supply=10**18, first_buy=FirstBuy(sol(1)))
    report = await verifier.verify(launch.mint)
    found = codes(report)
    assert (found["FIRST_BUY_UNLOCKED"], found["DOCUMENT_UNAVAILABLE"], report.verdict) == (
        *("warning",) * 2,
        "warning",
    )
    assert report.findings[0].severity == "warning"


async def test_a_changed_document_is_found_out(verifier, pad, stored):
    promised = hashlib.sha256(b"another").digest()
    launch = await pad.launch("Changed", "CHG", stored, supply=10**18, metadata_hash=promised)
    report = await verifier.verify(launch.mint)
    (altered,) = (one for one in report.findings if one.code == "DOCUMENT_ALTERED")
    assert (altered.severity, altered.facts["recorded_hash"], report.verdict) == ("danger", promised.hex(), "danger")
    assert altered.facts["document_hash"] == hashlib.sha256(DOCUMENT).hexdigest()


async def test_a_bad_mint_from_elsewhere_is_called_dangerous(verifier, wallet):
    mint = await bad_mint(wallet, VESTING)
    report = await verifier.verify(mint)
    found = codes(report)
    dangers = {"MINT_AUTHORITY_HELD", "FREEZE_AUTHORITY_HELD", "PERMANENT_DELEGATE", "TRANSFER_HOOK"}
    assert {code for code, severity in found.items() if severity == "danger"} == dangers
    assert (report.ours, report.verdict, found["MADE_ELSEWHERE"]) == (False, "danger", "info")
    facts = {one.code: one.facts for one in report.findings}
    assert facts["PERMANENT_DELEGATE"] == {"delegate": wallet.address}
    assert facts["TRANSFER_HOOK"] == {"program": VESTING, "authority": wallet.address}
    assert {one.account for one in report.findings if one.severity == "danger"} == {mint}


async def test_a_plain_mint_from_elsewhere_is_read_too(verifier, wallet):
    report = await verifier.verify(await plain_mint(wallet))
    found = codes(report)
    assert (found["MINT_AUTHORITY_HELD"], found["FREEZE_AUTHORITY_NONE"]) == ("danger", "good")
    assert {"EXTENSIONS_HARMLESS", "METADATA_NONE", "NO_CURVE", "SUPPLY", "HOLDERS"} <= set(found)


async def test_our_programs_are_compared_byte_by_byte(verifier, cluster, monkeypatch):
    report = await verifier.verify(BONDING_CURVE)
    assert codes(report) == {
        "PROGRAM_MATCHES_BUILD": "good",
        "UPGRADE_AUTHORITY_HELD": "warning",
        "DEPLOYED_IN_SLOT": "info",
    }
    assert (report.kind, report.ours, report.name) == ("program", True, "bonding_curve")
    (held,) = (one for one in report.findings if one.code == "UPGRADE_AUTHORITY_HELD")
    assert held.facts["upgrade_authority"] == keys.address_of(cluster.admin)
    assert held.account == pda.program_data(BONDING_CURVE)
    monkeypatch.setattr(deployments, "built_hash", lambda _: "00" * 32)
    assert codes(await verifier.verify(VESTING))["PROGRAM_DIFFERS_FROM_BUILD"] == "danger"


async def test_somebody_elses_program_is_described(verifier):
    report = await verifier.verify(TOKEN)
    assert (codes(report)["PROGRAM_NOT_OURS"], report.ours) == ("info", False)


async def test_what_cannot_be_verified_is_refused(verifier, pad):
    with pytest.raises(NothingThereError):
        await verifier.verify(keys.address_of(keys.generate()))
    with pytest.raises(NotVerifiableError):
        await verifier.verify(pad.address)
    with pytest.raises(NoProgramError):
        await verifier.verify("11111111111111111111111111111111")


async def test_a_report_is_kept_and_given_again(verifier, wallet, monkeypatch):
    mint = await plain_mint(wallet)
    async with verifier.database.read() as session:
        assert (await reading.status(session, mint)).status == "unchecked"
    first = await verifier.verify(mint)
    assert (await verifier.verify(mint)).checked_at == first.checked_at
    async with verifier.database.read() as session:
        kept = await reading.status(session, mint)
    assert (kept.report, kept.status, kept.badge) == (first, "danger", False)
    monkeypatch.setattr(service, "_FRESH", service.timedelta(0))
    assert (await verifier.verify(mint)).checked_at > first.checked_at
