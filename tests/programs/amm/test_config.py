"""create_config, set_fees, set_paused, propose_authority, accept_authority."""

from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import AMM, NOW, SYSTEM, Chain, Receipt, refused
from tests.programs.pool_market import CONFIG, TIERS, create_config, fee_args, manage

BAD_FEES = [
    ({"lp_fee_bps": 101}, "InvalidFee"),
    ({"protocol_fee_bps": 51}, "InvalidFee"),
    ({"tiers": [{"min_market_cap_quote": 0, "creator_fee_bps": 101}]}, "InvalidFee"),
    ({"tiers": []}, "InvalidTiers"),
    ({"tiers": TIERS[1:]}, "InvalidTiers"),
    ({"tiers": [TIERS[0], TIERS[2], TIERS[1]]}, "InvalidTiers"),
    ({"tiers": [TIERS[0], TIERS[1], TIERS[1]]}, "InvalidTiers"),
    ({"tiers": [{"min_market_cap_quote": each, "creator_fee_bps": 1} for each in range(17)]}, "InvalidTiers"),
    ({"fee_recipient": SYSTEM}, "InvalidFeeRecipient"),
]


def accept(chain: Chain, successor: Keypair) -> Receipt:
    accounts = {"pending_authority": successor.pubkey(), "config": CONFIG}
    return chain.send([AMM.instruction("accept_authority", {}, accounts)], [successor])


def config(chain: Chain) -> dict[str, Any]:
    return chain.read(AMM, "Config", CONFIG)


def test_the_upgrade_authority_creates_the_config(bare: Chain) -> None:
    receipt = create_config(bare)
    args = {"authority": bare.admin.pubkey(), **fee_args()}
    assert config(bare) == {
        "version": 1,
        "bump": AMM.pda_and_bump(b"config")[1],
        "pending_authority": SYSTEM,
        "paused": False,
        "reserved": bytes(128),
        **args,
    }
    assert receipt.event(AMM, "ConfigChanged").data == {**args, "paused": False, "timestamp": NOW}


def test_nobody_else_creates_the_config(bare: Chain) -> None:
    stranger = bare.wallet()
    accounts = {"payer": stranger.pubkey(), "config": CONFIG, "program_data": AMM.program_data}
    args = {"args": {"authority": stranger.pubkey(), "fees": fee_args()}}
    with refused(AMM, "NotUpgradeAuthority"):
        bare.send([AMM.instruction("create_config", args, accounts)], [stranger])


def test_the_config_is_created_once(chain: Chain) -> None:
    before = chain.account(CONFIG)
    with refused(None, 0):
        create_config(chain, lp_fee_bps=21)
    assert chain.account(CONFIG) == before


def test_lamports_sent_to_the_address_first_do_not_block_the_config(bare: Chain) -> None:
    bare.airdrop(CONFIG, 0.5)
    create_config(bare)
    assert config(bare)["version"] == 1


@pytest.mark.parametrize(("changes", "error"), BAD_FEES)
def test_no_config_starts_beyond_its_caps(bare: Chain, changes: dict[str, Any], error: str) -> None:
    with refused(AMM, error):
        create_config(bare, **changes)
    assert not bare.exists(CONFIG)


def test_no_config_starts_without_an_authority(bare: Chain) -> None:
    with refused(AMM, "InvalidAuthority"):
        create_config(bare, authority=SYSTEM)


def test_a_config_may_be_at_its_caps_and_at_zero(bare: Chain) -> None:
    most = [{"min_market_cap_quote": each, "creator_fee_bps": 100} for each in range(16)]
    create_config(bare, lp_fee_bps=100, protocol_fee_bps=50, tiers=most)
    least = [{"min_market_cap_quote": 0, "creator_fee_bps": 0}]
    manage(bare, "set_fees", {"fees": fee_args(lp_fee_bps=0, protocol_fee_bps=0, tiers=least)})
    assert config(bare)["tiers"] == least


def test_the_authority_changes_every_fee(chain: Chain) -> None:
    fees = fee_args(fee_recipient=Pubkey.new_unique(), lp_fee_bps=7, protocol_fee_bps=8, tiers=TIERS[:2])
    before = config(chain)
    receipt = manage(chain, "set_fees", {"fees": fees})
    assert config(chain) == {**before, **fees}
    told = {**fees, "authority": chain.admin.pubkey(), "paused": False, "timestamp": NOW}
    assert receipt.event(AMM, "ConfigChanged").data == told


@pytest.mark.parametrize(("changes", "error"), BAD_FEES)
def test_no_change_passes_a_cap(chain: Chain, changes: dict[str, Any], error: str) -> None:
    before = config(chain)
    with refused(AMM, error):
        manage(chain, "set_fees", {"fees": fee_args(**changes)})
    assert config(chain) == before


def test_the_authority_pauses_and_resumes(chain: Chain) -> None:
    for paused in (True, False):
        receipt = manage(chain, "set_paused", {"paused": paused})
        assert config(chain)["paused"] is paused
        assert receipt.event(AMM, "ConfigChanged")["paused"] is paused


def test_authority_passes_in_two_steps_and_the_old_one_loses_its_power(chain: Chain) -> None:
    successor, stranger = chain.wallet(), chain.wallet()
    proposed = manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    assert proposed.event(AMM, "AuthorityProposed")["pending_authority"] == successor.pubkey()
    assert config(chain)["authority"] == chain.admin.pubkey()
    with refused(AMM, "InvalidAuthority"):
        accept(chain, stranger)
    accepted = accept(chain, successor)
    assert accepted.event(AMM, "AuthorityTransferred")["new_authority"] == successor.pubkey()
    assert config(chain)["pending_authority"] == SYSTEM
    with refused(AMM, "InvalidAuthority"):
        manage(chain, "set_paused", {"paused": True})
    manage(chain, "set_paused", {"paused": True}, successor)


def test_an_offer_can_be_withdrawn(chain: Chain) -> None:
    successor = chain.wallet()
    manage(chain, "propose_authority", {"new_authority": successor.pubkey()})
    manage(chain, "propose_authority", {"new_authority": SYSTEM})
    with refused(AMM, "InvalidAuthority"):
        accept(chain, successor)


MANAGED = [
    ("set_paused", {"paused": True}),
    ("propose_authority", {"new_authority": Pubkey.new_unique()}),
    ("set_fees", {"fees": fee_args()}),
]


@pytest.mark.parametrize(("name", "args"), MANAGED)
def test_a_stranger_manages_nothing(chain: Chain, name: str, args: dict[str, Any]) -> None:
    before = config(chain)
    with refused(AMM, "InvalidAuthority"):
        manage(chain, name, args, chain.wallet())
    assert config(chain) == before


@pytest.mark.parametrize(("name", "args"), MANAGED)
def test_nothing_is_managed_before_the_config_exists(bare: Chain, name: str, args: dict[str, Any]) -> None:
    with refused(None, 3012):
        manage(bare, name, args)
