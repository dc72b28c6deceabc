"""create_config, update_config, set_paused, propose_authority, accept_authority."""

import struct
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import CONFIG, config_args, create_config, manage
from tests.programs.harness import CURVE, LOADER, NOW, SYSTEM, Chain, Receipt, refused

UPDATE = ("fee_recipient", "protocol_fee_bps", "creator_fee_bps", "referrer_share_bps", "keeper_bounty", "lookup_table")


def update_args(chain: Chain, **changes: Any) -> dict[str, Any]:
    args = config_args(chain, **changes)
    return {"args": {name: args[name] for name in UPDATE}}


def accept(chain: Chain, successor: Keypair) -> Receipt:
    accounts = {"pending_authority": successor.pubkey(), "config": CONFIG}
    return chain.send([CURVE.instruction("accept_authority", {}, accounts)], [successor])


def config(chain: Chain) -> dict[str, Any]:
    return chain.read(CURVE, "Config", CONFIG)


# create_config


def test_the_upgrade_authority_creates_the_config(bare: Chain) -> None:
    receipt = create_config(bare)
    args = config_args(bare)
    assert config(bare) == {
        "version": 1,
        "bump": CURVE.pda_and_bump(b"config")[1],
        "pending_authority": SYSTEM,
        "paused": False,
        "reserved": bytes(128),
        **args,
    }
    assert receipt.event(CURVE, "ConfigChanged").data == {**args, "paused": False, "timestamp": NOW}


def test_nobody_else_creates_the_config(bare: Chain) -> None:
    stranger = bare.wallet()
    accounts = {"payer": stranger.pubkey(), "config": CONFIG, "program_data": CURVE.program_data}
    with refused(CURVE, "NotUpgradeAuthority"):
        bare.send([CURVE.instruction("create_config", {"args": config_args(bare)}, accounts)], [stranger])


def test_a_program_without_upgrade_authority_gets_no_config(bare: Chain) -> None:
    bare.load(CURVE, None)
    with refused(CURVE, "NotUpgradeAuthority"):
        create_config(bare)


@pytest.mark.parametrize("owner", [LOADER, Pubkey.new_unique()])
def test_forged_program_data_is_refused(bare: Chain, owner: Pubkey) -> None:
    stranger, forged = bare.wallet(), Keypair().pubkey()
    bare.set_account(forged, struct.pack("<IQB", 3, 0, 1) + bytes(stranger.pubkey()), owner)
    accounts = {"payer": stranger.pubkey(), "config": CONFIG, "program_data": forged}
    with refused(CURVE, "NotUpgradeAuthority"):
        bare.send([CURVE.instruction("create_config", {"args": config_args(bare)}, accounts)], [stranger])


def test_the_config_is_created_once(chain: Chain) -> None:
    before = chain.account(CONFIG)
    with refused(None, 0):
        create_config(chain, creator_fee_bps=31)
    assert chain.account(CONFIG) == before


def test_lamports_sent_to_the_address_first_do_not_block_the_config(bare: Chain) -> None:
    bare.airdrop(CONFIG, 0.5)
    create_config(bare)
    assert config(bare)["version"] == 1


def test_the_config_has_one_address(bare: Chain) -> None:
    elsewhere = Pubkey.create_program_address([b"config", bytes([_lower_bump()])], CURVE.id)
    accounts = {"payer": bare.admin.pubkey(), "config": elsewhere, "program_data": CURVE.program_data}
    with refused(None, 2006):
        bare.send([CURVE.instruction("create_config", {"args": config_args(bare)}, accounts)], [bare.admin])


def _lower_bump() -> int:
    """A bump that also gives an address off the curve, but not the canonical one."""
    for bump in range(CURVE.pda_and_bump(b"config")[1] - 1, -1, -1):
        try:
            Pubkey.create_program_address([b"config", bytes([bump])], CURVE.id)
        except Exception:  # noqa: BLE001, S112 - solders' PubkeyError, which it does not export
            continue
        return bump
    raise AssertionError


BAD_PARAMETERS = [
    ({"protocol_fee_bps": 201}, "InvalidFee"),
    ({"creator_fee_bps": 201}, "InvalidFee"),
    ({"referrer_share_bps": 5_001}, "InvalidFee"),
    ({"keeper_bounty": 100_000_001}, "InvalidFee"),
    ({"fee_recipient": SYSTEM}, "InvalidFeeRecipient"),
]


@pytest.mark.parametrize(("changes", "error"), [*BAD_PARAMETERS, ({"authority": SYSTEM}, "InvalidAuthority")])
def test_no_config_starts_beyond_its_caps(bare: Chain, changes: dict[str, Any], error: str) -> None:
    with refused(CURVE, error):
        create_config(bare, **changes)
    assert not bare.exists(CONFIG)


def test_a_config_may_start_at_its_caps_and_at_zero(bare: Chain) -> None:
    create_config(bare, protocol_fee_bps=200, creator_fee_bps=200, referrer_share_bps=5_000, keeper_bounty=100_000_000)
    manage(
        bare,
        "update_config",
        update_args(bare, protocol_fee_bps=0, creator_fee_bps=0, referrer_share_bps=0, keeper_bounty=0),
    )
    assert config(bare)["keeper_bounty"] == 0


# update_config


def test_the_authority_changes_every_parameter(chain: Chain) -> None:
    changes = {
        "fee_recipient": Pubkey.new_unique(),
        "protocol_fee_bps": 10,
        "creator_fee_bps": 20,
        "referrer_share_bps": 3_000,
        "keeper_bounty": 5,
        "lookup_table": Pubkey.new_unique(),
    }
    before = config(chain)
    receipt = manage(chain, "update_config", {"args": changes})
    assert config(chain) == {**before, **changes}
    assert receipt.event(CURVE, "ConfigChanged").data == {
        **changes,
        "authority": chain.admin.pubkey(),
        "paused": False,
        "timestamp": NOW,
    }


@pytest.mark.parametrize(("changes", "error"), BAD_PARAMETERS)
def test_no_update_passes_a_cap(chain: Chain, changes: dict[str, Any], error: str) -> None:
    before = config(chain)
    with refused(CURVE, error):
        manage(chain, "update_config", update_args(chain, **changes))
    assert config(chain) == before


# set_paused


def test_the_authority_pauses_and_resumes(chain: Chain) -> None:
    for paused in (True, False):
        receipt = manage(chain, "set_paused", {"paused": paused})
        assert config(chain)["paused"] is paused
        assert receipt.event(CURVE, "ConfigChanged")["paused"] is paused


# propose_authority, accept_authority


def test_authority_passes_in_two_steps(chain: Chain) -> None:
    successor = chain.wallet()
    proposed = manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    assert proposed.event(CURVE, "AuthorityProposed").data == {
        "authority": chain.admin.pubkey(),
        "pending_authority": successor.pubkey(),
        "timestamp": NOW,
    }
    assert config(chain)["authority"] == chain.admin.pubkey()
    accepted = accept(chain, successor)
    assert accepted.event(CURVE, "AuthorityTransferred").data == {
        "old_authority": chain.admin.pubkey(),
        "new_authority": successor.pubkey(),
        "timestamp": NOW,
    }
    assert config(chain)["authority"] == successor.pubkey()
    assert config(chain)["pending_authority"] == SYSTEM


def test_the_old_authority_loses_its_power(chain: Chain) -> None:
    successor = chain.wallet()
    manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    accept(chain, successor)
    with refused(CURVE, "InvalidAuthority"):
        manage(chain, "set_paused", {"paused": True})
    manage(chain, "set_paused", {"paused": True}, successor)


def test_an_offer_is_accepted_once_and_only_by_the_proposed(chain: Chain) -> None:
    successor, stranger = chain.wallet(), chain.wallet()
    manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    with refused(CURVE, "InvalidAuthority"):
        accept(chain, stranger)
    accept(chain, successor)
    with refused(CURVE, "InvalidAuthority"):
        accept(chain, successor)


def test_an_offer_can_be_withdrawn(chain: Chain) -> None:
    successor = chain.wallet()
    manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    manage(chain, "propose_authority", {"new_authority": SYSTEM})
    with refused(CURVE, "InvalidAuthority"):
        accept(chain, successor)


def test_nobody_accepts_before_an_offer(chain: Chain) -> None:
    with refused(CURVE, "InvalidAuthority"):
        accept(chain, chain.wallet())


MANAGED = [
    ("set_paused", {"paused": True}),
    ("propose_authority", {"new_authority": Pubkey.new_unique()}),
    ("update_config", None),
]


@pytest.mark.parametrize(("name", "args"), MANAGED)
def test_a_stranger_manages_nothing(chain: Chain, name: str, args: dict[str, Any] | None) -> None:
    before = config(chain)
    with refused(CURVE, "InvalidAuthority"):
        manage(chain, name, args or update_args(chain), chain.wallet())
    assert config(chain) == before


@pytest.mark.parametrize(("name", "args"), MANAGED)
def test_nothing_is_managed_before_the_config_exists(bare: Chain, name: str, args: dict[str, Any] | None) -> None:
    with refused(None, 3012):
        manage(bare, name, args or update_args(bare))
