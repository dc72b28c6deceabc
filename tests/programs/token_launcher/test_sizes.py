"""Launches fit a packet: the usual one as it is, the fullest one with a lookup table."""

from collections.abc import Mapping
from typing import Any

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from tests.programs.harness import CURVE, LAUNCHER, NOW, SOL, VESTING, Chain
from tests.programs.token_launcher.launches import FULL, LOCK, Pad, open_pad

PACKET = 1_232
LONGEST = {"name": "n" * 32, "symbol": "s" * 10}
BUY: dict[str, Any] = {"quote_in": SOL, "min_base_out": 1, "deadline": NOW, "lock": LOCK}


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def size(
    pad: Pad,
    buy: dict[str, Any] | None,
    accounts: Mapping[str, Pubkey] | None = None,
    *,
    table: bool,
    **changes: Any,
) -> int:
    """Bytes of the signed transaction, with the two compute budget instructions that clients add."""
    mint = Keypair()
    launch = pad.instruction(mint.pubkey(), pad.args(**changes), buy, accounts)
    tables = [lookup_table(launch)] if table else []
    instructions = [set_compute_unit_limit(600_000), set_compute_unit_price(1_000_000), launch]
    message = MessageV0.try_compile(pad.creator.pubkey(), instructions, tables, Hash.default())
    return len(bytes(VersionedTransaction(message, [pad.creator, mint])))


def lookup_table(launch: Instruction) -> AddressLookupTableAccount:
    """What an operator publishes once: everything that is the same for every launch."""
    spec = LAUNCHER.spec("launch_token")["accounts"]
    constant = {"config", "treasury", "curve_config", "vesting_program", "vesting_event_authority", "program"}
    constant |= {each["name"] for each in spec if "address" in each or each["name"].endswith("event_authority")}
    named = zip((each["name"] for each in spec), launch.accounts, strict=True)
    keys = {meta.pubkey for name, meta in named if name in constant}
    return AddressLookupTableAccount(Keypair().pubkey(), sorted(keys, key=bytes))


def test_the_default_launch_with_a_locked_buy_fits_without_a_table(pad: Pad) -> None:
    uri = "https://launchpad.example/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
    assert size(pad, BUY, table=False, uri=uri, **LONGEST) <= PACKET


def test_the_default_launch_fits_without_a_table_with_the_longest_texts(pad: Pad) -> None:
    assert size(pad, None, table=False, uri="u" * 200, **LONGEST) <= PACKET


def test_a_launch_with_every_bucket_and_the_longest_texts_fits_with_a_table(pad: Pad) -> None:
    assert size(pad, BUY, table=True, allocations=FULL, uri="u" * 200, **LONGEST) <= PACKET


def test_a_launch_with_every_option_fits_with_a_table(pad: Pad) -> None:
    mode = {"Mintable": {"authority": Keypair().pubkey(), "cap": 2**63}}
    governed = {"Governance": {"authority": Keypair().pubkey()}}
    everything = {"allocations": FULL, "supply_mode": mode, "update_authority": governed, "uri": "u" * 150}
    assert size(pad, BUY, table=True, **everything, **LONGEST) <= PACKET


def test_a_long_curve_fits_with_a_table(pad: Pad) -> None:
    segment = {"base_reserve": 2**60, "quote_reserve": SOL, "base_for_sale": 1}
    assert size(pad, BUY, table=True, segments=[segment] * 16, **LONGEST) <= PACKET


def test_a_launch_from_a_shape_fits_with_every_option(pad: Pad) -> None:
    mode = {"Mintable": {"authority": Keypair().pubkey(), "cap": 2**63}}
    everything = {"allocations": FULL, "supply_mode": mode, "uri": "u" * 150, "source": "Shape"}
    accounts = {"shape": Keypair().pubkey()}
    assert size(pad, BUY, accounts, table=True, **everything, **LONGEST) <= PACKET


def test_the_table_holds_nothing_of_one_launch(pad: Pad) -> None:
    first, second = (lookup_table(pad.instruction(Keypair().pubkey(), pad.args(), BUY)) for _ in range(2))
    assert first.addresses == second.addresses
    assert {CURVE.id, VESTING.id, VESTING.event_authority, pad.config} < set(first.addresses)
