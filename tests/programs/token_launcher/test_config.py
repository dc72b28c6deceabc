"""The launcher's config: who creates it, who changes it, and its caps."""

from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import EVENT_TAG, LAUNCHER, SOL, VESTING, Chain, Receipt, refused
from tests.programs.token_launcher.launches import FEE, NOBODY, Pad, create_config, open_pad


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def state(pad: Pad) -> dict[str, Any]:
    return pad.chain.read(LAUNCHER, "Config", pad.config)


def manage(pad: Pad, name: str, args: dict[str, Any], by: Keypair | None = None, **accounts: Pubkey) -> Receipt:
    signer = by or pad.chain.admin
    named = {"authority": signer.pubkey(), "config": pad.config} | accounts
    return pad.chain.send([LAUNCHER.instruction(name, args, named)], [signer])


def accept(pad: Pad, by: Keypair, **accounts: Pubkey) -> Receipt:
    named = {"pending_authority": by.pubkey(), "config": pad.config} | accounts
    return pad.chain.send([LAUNCHER.instruction("accept_authority", {}, named)], [by])


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("update_config", {"args": {"treasury": Keypair().pubkey(), "creation_fee": 5}}),
    ("set_paused", {"paused": True}),
    ("propose_authority", {"new_authority": Keypair().pubkey()}),
]


def test_the_upgrade_authority_creates_the_config(chain: Chain) -> None:
    pad = Pad(chain, chain.wallet())
    event = chain.send([create_config(pad)], [chain.admin]).event(LAUNCHER, "ConfigChanged")
    assert state(pad) == {
        "version": 1,
        "bump": LAUNCHER.pda_and_bump(b"config")[1],
        "authority": chain.admin.pubkey(),
        "pending_authority": NOBODY,
        "treasury": pad.treasury,
        "creation_fee": FEE,
        "paused": False,
        "launches": 0,
        "reserved": bytes(128),
    }
    assert event.data == {name: state(pad)[name] for name in ("authority", "treasury", "creation_fee", "paused")} | {
        "timestamp": chain.now
    }


def test_lamports_sent_to_the_configs_address_do_not_block_it(chain: Chain) -> None:
    pad = Pad(chain, chain.wallet())
    chain.airdrop(pad.config, 0.5)
    chain.send([create_config(pad)], [chain.admin])
    assert state(pad)["creation_fee"] == FEE


def test_nobody_else_creates_it(chain: Chain) -> None:
    pad, thief = Pad(chain, chain.wallet()), chain.wallet()
    with refused(LAUNCHER, "NotUpgradeAuthority"):
        chain.send([create_config(pad, payer=thief.pubkey())], [thief])
    forged = Keypair().pubkey()
    data = chain.account(LAUNCHER.program_data).data
    chain.set_account(forged, data[:13] + bytes(thief.pubkey()) + data[45:100], thief.pubkey())
    for program_data in (forged, VESTING.program_data, LAUNCHER.id):
        with refused(LAUNCHER, "NotUpgradeAuthority"):
            chain.send([create_config(pad, payer=thief.pubkey(), program_data=program_data)], [thief])
    assert not chain.exists(pad.config)


def test_a_final_program_gets_no_config(chain: Chain) -> None:
    chain.load(LAUNCHER, None)
    with refused(LAUNCHER, "NotUpgradeAuthority"):
        chain.send([create_config(Pad(chain, chain.wallet()))], [chain.admin])


def test_it_is_created_once_and_at_its_own_address(pad: Pad) -> None:
    with refused(None, 0):
        pad.chain.send([create_config(pad)], [pad.chain.admin])
    with refused(None, 2006):
        pad.chain.send([create_config(pad, config=Keypair().pubkey())], [pad.chain.admin])


def test_the_authority_changes_fee_and_treasury(pad: Pad) -> None:
    treasury = Keypair().pubkey()
    receipt = manage(pad, "update_config", {"args": {"treasury": treasury, "creation_fee": SOL}})
    assert (state(pad)["treasury"], state(pad)["creation_fee"]) == (treasury, SOL)
    event = receipt.event(LAUNCHER, "ConfigChanged")
    assert (event["treasury"], event["creation_fee"]) == (treasury, SOL)


@pytest.mark.parametrize(
    ("treasury", "fee", "error"),
    [(NOBODY, FEE, "InvalidTreasury"), (Keypair().pubkey(), SOL + 1, "InvalidFee")],
)
def test_no_authority_passes_the_caps(pad: Pad, treasury: Pubkey, fee: int, error: str) -> None:
    with refused(LAUNCHER, error):
        manage(pad, "update_config", {"args": {"treasury": treasury, "creation_fee": fee}})
    assert state(pad)["creation_fee"] == FEE


def test_pausing_stops_launches_and_resuming_allows_them(pad: Pad) -> None:
    event = manage(pad, "set_paused", {"paused": True}).event(LAUNCHER, "ConfigChanged")
    assert event["paused"] is state(pad)["paused"] is True
    with refused(LAUNCHER, "Paused"):
        pad.launch()
    manage(pad, "set_paused", {"paused": False})
    pad.launch()


def test_the_authority_changes_in_two_steps_and_the_old_one_loses_its_power(pad: Pad) -> None:
    old, new = pad.chain.admin, pad.chain.wallet()
    proposed = manage(pad, "propose_authority", {"new_authority": new.pubkey()})
    assert proposed.event(LAUNCHER, "AuthorityProposed").data == {
        "authority": old.pubkey(),
        "pending_authority": new.pubkey(),
        "timestamp": pad.chain.now,
    }
    assert state(pad)["authority"] == old.pubkey()
    accepted = accept(pad, new)
    assert accepted.event(LAUNCHER, "AuthorityTransferred").data == {
        "old_authority": old.pubkey(),
        "new_authority": new.pubkey(),
        "timestamp": pad.chain.now,
    }
    assert (state(pad)["authority"], state(pad)["pending_authority"]) == (new.pubkey(), NOBODY)
    with refused(LAUNCHER, "InvalidAuthority"):
        manage(pad, "set_paused", {"paused": True})
    manage(pad, "set_paused", {"paused": True}, new)


def test_only_the_proposed_authority_accepts(pad: Pad) -> None:
    heir, thief = pad.chain.wallet(), pad.chain.wallet()
    with refused(LAUNCHER, "InvalidAuthority"):
        accept(pad, thief)
    manage(pad, "propose_authority", {"new_authority": heir.pubkey()})
    with refused(LAUNCHER, "InvalidAuthority"):
        accept(pad, thief)
    manage(pad, "propose_authority", {"new_authority": NOBODY})
    with refused(LAUNCHER, "InvalidAuthority"):
        accept(pad, heir)


@pytest.mark.parametrize(("name", "args"), CALLS)
def test_nobody_else_manages_the_config(pad: Pad, name: str, args: dict[str, Any]) -> None:
    thief, before = pad.chain.wallet(), state(pad)
    with refused(LAUNCHER, "InvalidAuthority"):
        manage(pad, name, args, thief)
    named = {"authority": pad.chain.admin.pubkey(), "config": pad.config}
    with refused(None, 3010):
        pad.chain.send([LAUNCHER.instruction(name, args, named, unsigned=["authority"])], [thief])
    assert state(pad) == before


@pytest.mark.parametrize(("name", "args"), [*CALLS, ("accept_authority", {})])
def test_forged_configs_are_refused(pad: Pad, name: str, args: dict[str, Any]) -> None:
    chain, thief = pad.chain, pad.chain.wallet()
    forged, copied, record = Keypair().pubkey(), Keypair().pubkey(), pad.launch().address
    own = LAUNCHER.encode_account(
        "Config", state(pad) | {"authority": thief.pubkey(), "pending_authority": thief.pubkey()}
    )
    chain.set_account(forged, own, thief.pubkey())
    chain.set_account(copied, own, LAUNCHER.id)
    signer = "pending_authority" if name == "accept_authority" else "authority"
    for config, code in ((forged, 3007), (copied, 2006), (record, 3002), (Keypair().pubkey(), 3012)):
        with refused(None, code):
            chain.send([LAUNCHER.instruction(name, args, {signer: thief.pubkey(), "config": config})], [thief])
    manage(pad, "propose_authority", {"new_authority": thief.pubkey()})
    by = thief if name == "accept_authority" else chain.admin
    named = {signer: by.pubkey(), "config": pad.config, "event_authority": thief.pubkey()}
    with refused(None, 2012):
        chain.send([LAUNCHER.instruction(name, args, named)], [by])


def test_a_forged_event_is_refused(pad: Pad) -> None:
    thief = pad.chain.wallet()
    body = next(bytes(each["discriminator"]) for each in LAUNCHER.idl["events"] if each["name"] == "TokensMinted")
    metas = [AccountMeta(LAUNCHER.event_authority, is_signer=False, is_writable=False)]
    with refused(None):
        pad.chain.send([Instruction(LAUNCHER.id, EVENT_TAG + body + bytes(96), metas)], [thief])
