"""Every bucket of a launch, and the vesting of the team."""

from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import CURVE, LAUNCHER, SOL, TOKEN_2022, VESTING, Chain, ata, create_ata, refused
from tests.programs.token_launcher.launches import (
    CLASSIC,
    DAY,
    FULL,
    NOBODY,
    SUPPLY,
    TEAM_INDEX,
    Pad,
    chain_of_segments,
    first_buy,
    open_pad,
    schedule_of,
)

NEEDED = {
    "team_bps": ("team_schedule", "team_escrow", "vesting_program", "vesting_event_authority"),
    "ecosystem_bps": ("ecosystem_owner", "ecosystem_base"),
    "treasury_bps": ("treasury_owner", "treasury_base"),
}


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def with_bucket(bucket: str, bps: int = 1_000) -> dict[str, int]:
    return CLASSIC | {"public_bps": 7_931 - bps, bucket: bps}


def test_a_full_launch_gives_every_bucket_its_share_and_nothing_more(pad: Pad) -> None:
    token = pad.launch(allocations=FULL)
    curve, team = CURVE.pda(b"curve", token.mint), schedule_of(token.mint, pad.creator.pubkey(), TEAM_INDEX)
    held = [token.held(owner) for owner in (curve, team, pad.ecosystem, pad.foundation)]
    assert held == [SUPPLY * share // 100 for share in (65, 20, 9, 6)]
    assert sum(held) == pad.chain.supply(token.mint) == SUPPLY
    assert (token.curve["sale_supply"], token.curve["liquidity_supply"]) == (SUPPLY // 2, SUPPLY * 15 // 100)
    event = token.receipt.event(LAUNCHER, "TokenLaunched")
    assert (event["allocations"], event["team_schedule"]) == (FULL, team)
    assert (event["ecosystem_owner"], event["treasury_owner"]) == (pad.ecosystem, pad.foundation)
    assert (token.record["allocations"], token.record["team_schedule"]) == (FULL, team)


def test_the_team_vests_by_its_terms(pad: Pad) -> None:
    token = pad.launch(allocations=FULL)
    schedule, now = token.schedule(TEAM_INDEX), pad.chain.now
    expected = {
        "grantor": token.address,
        "beneficiary": pad.creator.pubkey(),
        "amount": SUPPLY // 5,
        "claimed": 0,
        "start": now,
        "cliff": now + 360 * DAY,
        "end": now + 1_440 * DAY,
        "period": 30 * DAY,
        "revocable": True,
        "index": TEAM_INDEX,
    }
    assert {name: schedule[name] for name in expected} == expected
    created = token.receipt.event(VESTING, "ScheduleCreated")
    assert {name: created[name] for name in set(expected) - {"claimed"}} == {
        name: expected[name] for name in set(expected) - {"claimed"}
    }


def test_the_team_claims_after_its_cliff_and_not_before(pad: Pad) -> None:
    token = pad.launch(allocations=FULL)
    schedule = schedule_of(token.mint, pad.creator.pubkey(), TEAM_INDEX)
    named = {
        "beneficiary": pad.creator.pubkey(),
        "mint": token.mint,
        "schedule": schedule,
        "escrow": ata(schedule, token.mint),
        "beneficiary_base": ata(pad.creator.pubkey(), token.mint),
        "token_program": pad.chain.account(token.mint).owner,
    }
    claim = VESTING.instruction("claim", {}, named)
    with refused(VESTING, "NothingToClaim"):
        pad.chain.send([claim], [pad.creator])
    pad.chain.set_time(pad.chain.now + 360 * DAY)
    pad.chain.send([claim], [pad.creator])
    assert token.held(pad.creator.pubkey()) == SUPPLY // 20


@pytest.mark.parametrize("bucket", NEEDED)
def test_each_bucket_alone_can_be_launched(pad: Pad, bucket: str) -> None:
    token = pad.launch(allocations=with_bucket(bucket))
    vault = token.held(CURVE.pda(b"curve", token.mint))
    assert SUPPLY - vault == SUPPLY // 10
    assert pad.chain.supply(token.mint) == SUPPLY


@pytest.mark.parametrize(("bucket", "account"), [(b, a) for b, accounts in NEEDED.items() for a in accounts])
def test_a_bucket_without_its_accounts_is_refused(pad: Pad, bucket: str, account: str) -> None:
    mint, args = Keypair(), pad.args(allocations=with_bucket(bucket))
    with refused(LAUNCHER, "MissingAccount"):
        pad.chain.send([pad.instruction(mint.pubkey(), args, None, {account: None})], [pad.creator, mint])


def test_a_bucket_cannot_be_sent_elsewhere(pad: Pad) -> None:
    stranger, other = Keypair().pubkey(), pad.launch()
    for account in ("team_schedule", "team_escrow", "ecosystem_base", "treasury_base"):
        for wrong in (stranger, ata(pad.creator.pubkey(), other.mint), ata(stranger, other.mint)):
            mint, args = Keypair(), pad.args(allocations=FULL)
            instruction = pad.instruction(mint.pubkey(), args, None, {account: wrong})
            with refused(None):
                pad.chain.send([instruction], [pad.creator, mint])
            assert not pad.chain.exists(mint.pubkey())


def test_two_buckets_may_belong_to_one_wallet(pad: Pad) -> None:
    pad.foundation = pad.ecosystem
    token = pad.launch(allocations=FULL)
    assert token.held(pad.ecosystem) == SUPPLY * 15 // 100


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"duration_seconds": 0}, "InvalidTimes"),
        ({"cliff_seconds": 1_441 * DAY}, "InvalidTimes"),
        ({"period_seconds": 0}, "InvalidPeriod"),
        ({"period_seconds": 1_441 * DAY}, "InvalidPeriod"),
        ({"beneficiary": NOBODY}, "InvalidBeneficiary"),
        ({"duration_seconds": 2**32 - 1}, "InvalidTimes"),
    ],
)
def test_team_terms_that_cheat_are_refused_by_the_vesting_program(pad: Pad, terms: dict[str, Any], error: str) -> None:
    with refused(VESTING, error):
        pad.launch(allocations=FULL, team=pad.team(**terms))


def test_strangers_lamports_on_every_address_do_not_block_a_full_launch(pad: Pad) -> None:
    mint, args = Keypair(), pad.args(allocations=FULL)
    accounts = pad.accounts(mint.pubkey(), args)
    made = ("mint", "launch_record", "curve", "base_vault", "team_schedule", "team_escrow")
    for name in (*made, "ecosystem_base", "treasury_base"):
        pad.chain.airdrop(accounts[name], 0.0001)
    pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    assert pad.chain.supply(mint.pubkey()) == SUPPLY


def test_the_fullest_launch_fits_the_runtimes_64_instructions(pad: Pad) -> None:
    token = pad.launch(first_buy(), allocations=FULL, update_authority="Immutable")
    assert len(token.receipt.inner) + 3 <= 64


def test_the_largest_launch_there_is_fits_stack_heap_and_compute(pad: Pad) -> None:
    token = pad.launch(
        first_buy(quote_in=20 * SOL),
        allocations=FULL,
        segments=chain_of_segments(SUPPLY // 2, 32),
        name="n" * 32,
        symbol="s" * 10,
        uri="u" * 200,
        supply_mode={"Mintable": {"authority": Keypair().pubkey(), "cap": 2**64 - 1}},
        update_authority={"Governance": {"authority": Keypair().pubkey()}},
    )
    assert len(token.curve["segments"]) == 32
    assert token.receipt.event(LAUNCHER, "TokenLaunched")["name"] == "n" * 32


class TestRevokingTheTeam:
    """revoke_team: what the team had not earned is burned."""

    def accounts(self, pad: Pad, mint: Pubkey) -> dict[str, Pubkey]:
        record, schedule = LAUNCHER.pda(b"launch", mint), schedule_of(mint, pad.creator.pubkey(), TEAM_INDEX)
        return {
            "creator": pad.creator.pubkey(),
            "launch_record": record,
            "mint": mint,
            "team_schedule": schedule,
            "team_escrow": ata(schedule, mint),
            "staging": ata(record, mint),
            "token_program": TOKEN_2022,
            "vesting_event_authority": VESTING.event_authority,
        }

    def test_the_unvested_part_is_burned_and_the_vested_part_stays(self, pad: Pad) -> None:
        token = pad.launch(allocations=FULL)
        pad.chain.set_time(pad.chain.now + 720 * DAY)
        receipt = pad.chain.send(
            [LAUNCHER.instruction("revoke_team", {}, self.accounts(pad, token.mint))], [pad.creator]
        )
        assert receipt.event(LAUNCHER, "TeamRevoked").data == {
            "mint": token.mint,
            "schedule": token.record["team_schedule"],
            "burned": SUPPLY // 10,
            "timestamp": pad.chain.now,
        }
        assert token.schedule(TEAM_INDEX)["amount"] == SUPPLY // 10
        assert pad.chain.supply(token.mint) == SUPPLY - SUPPLY // 10
        assert token.held(token.address) == 0

    def test_what_others_sent_to_the_staging_account_is_not_burned(self, pad: Pad) -> None:
        token = pad.launch(allocations=FULL)
        stranger = pad.chain.wallet()
        pad.chain.send([create_ata(stranger.pubkey(), token.address, token.mint)], [stranger])
        pad.chain.set_tokens(token.address, token.mint, 77)
        pad.chain.send([LAUNCHER.instruction("revoke_team", {}, self.accounts(pad, token.mint))], [pad.creator])
        assert token.held(token.address) == 77
        assert pad.chain.supply(token.mint) == SUPPLY * 4 // 5

    def test_only_the_creator_revokes(self, pad: Pad) -> None:
        token, thief = pad.launch(allocations=FULL), pad.chain.wallet()
        accounts = self.accounts(pad, token.mint)
        with refused(LAUNCHER, "InvalidAuthority"):
            instruction = LAUNCHER.instruction("revoke_team", {}, accounts | {"creator": thief.pubkey()})
            pad.chain.send([instruction], [thief])
        with refused(None, 3010):
            pad.chain.send([LAUNCHER.instruction("revoke_team", {}, accounts, unsigned=["creator"])], [thief])
        direct = VESTING.instruction(
            "revoke",
            {},
            {
                "grantor": pad.creator.pubkey(),
                "mint": token.mint,
                "schedule": accounts["team_schedule"],
                "escrow": accounts["team_escrow"],
                "grantor_base": ata(pad.creator.pubkey(), token.mint),
                "token_program": pad.chain.account(token.mint).owner,
            },
        )
        with refused(VESTING, "NotGrantor"):
            pad.chain.send([direct], [pad.creator])

    def test_an_irrevocable_team_stays(self, pad: Pad) -> None:
        token = pad.launch(allocations=FULL, team=pad.team(revocable=False))
        with refused(VESTING, "NotRevocable"):
            pad.chain.send([LAUNCHER.instruction("revoke_team", {}, self.accounts(pad, token.mint))], [pad.creator])

    def test_a_token_without_a_team_has_nothing_to_revoke(self, pad: Pad) -> None:
        token = pad.launch()
        with refused(None, 2001):
            pad.chain.send([LAUNCHER.instruction("revoke_team", {}, self.accounts(pad, token.mint))], [pad.creator])

    def test_accounts_that_do_not_belong_are_refused(self, pad: Pad) -> None:
        token, other = pad.launch(allocations=FULL), pad.launch(allocations=FULL)
        stranger, accounts = Keypair().pubkey(), self.accounts(pad, token.mint)
        theirs = self.accounts(pad, other.mint)
        copied = Keypair().pubkey()
        pad.chain.set_account(copied, pad.chain.account(token.address).data, LAUNCHER.id)
        cases = [
            ({"launch_record": theirs["launch_record"]}, 2006),
            ({"launch_record": copied}, 2006),
            ({"launch_record": pad.config}, 3002),
            ({"mint": other.mint}, 2006),
            ({"team_schedule": theirs["team_schedule"]}, 2001),
            ({"team_escrow": theirs["team_escrow"]}, 2001),
            ({"staging": theirs["staging"]}, None),
            ({"staging": accounts["team_escrow"]}, None),
            ({"vesting_program": CURVE.id}, 3008),
            ({"vesting_event_authority": stranger}, 2012),
            ({"event_authority": stranger}, 2012),
        ]
        for wrong, code in cases:
            with refused(None, code):
                pad.chain.send([LAUNCHER.instruction("revoke_team", {}, accounts | wrong)], [pad.creator])
        assert pad.chain.supply(token.mint) == SUPPLY
