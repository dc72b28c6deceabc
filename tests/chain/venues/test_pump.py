"""Pump.fun's instructions against the tables and bytes that its documentation gives."""

import struct

import pytest
from solders.keypair import Keypair

from launchpad.chain.venues import pump
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from tests.chain.venues.documented import ATA, RENT, SYSTEM, TOKEN, TOKEN_2022, WSOL, accounts_of, ata, pda, table

PUMP, FEES = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P", "pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ"
MAYHEM = "MAyhSmzXzV1pTf7LsNkrNwkWKTo4ougAJ1PPg47MD4e"
METAPLEX = "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s"
SOL = 10**9


def new_key():
    return str(Keypair().pubkey())


@pytest.fixture
def coin():
    return pump.Coin(new_key(), new_key(), new_key(), "Name", "SYM", "ipfs://x")


def global_data(**changes):
    """The Global account, field by field in the order of the IDL."""
    keys = {name: new_key() for name in ("fee", "reserved", "buyback")} | changes
    other = bytes(32)
    head = b"\1" + other + key_bytes(keys["fee"])
    sizes = struct.pack("<5Q", 1_073_000_000_000_000, 30 * SOL, 793_100_000_000_000, 10**15, 95)
    rest = other + b"\1" + struct.pack("<2Q", 15_000_001, 30) + other * 7 + other + other
    flags = bytes([keys.get("v2", 1)]) + other + key_bytes(keys["reserved"]) + b"\0" + other * 7 + b"\0"
    return (
        anchor_tag("Global", "account")
        + head
        + sizes
        + rest
        + flags
        + key_bytes(keys["buyback"])
        + other * 7
        + struct.pack("<2Q", 5_000, 0)
        + other
    )


def test_create_v2_has_the_documented_accounts_in_order(coin):
    curve, vault = pda(PUMP, b"bonding-curve", coin.mint), pda(MAYHEM, b"sol-vault")
    assert accounts_of(pump.create_v2(coin)) == table(
        (coin.mint, "sw"),
        pda(PUMP, b"mint-authority"),
        (curve, "w"),
        (ata(curve, coin.mint, TOKEN_2022), "w"),
        pda(PUMP, b"global"),
        (coin.user, "sw"),
        SYSTEM,
        TOKEN_2022,
        ATA,
        (MAYHEM, "w"),
        pda(MAYHEM, b"global-params"),
        (vault, "w"),
        (pda(MAYHEM, b"mayhem-state", coin.mint), "w"),
        (ata(vault, coin.mint, TOKEN_2022), "w"),
        pda(PUMP, b"__event_authority"),
        PUMP,
    )


def test_create_has_the_documented_accounts_in_order(coin):
    curve = pda(PUMP, b"bonding-curve", coin.mint)
    assert accounts_of(pump.create(coin)) == table(
        (coin.mint, "sw"),
        pda(PUMP, b"mint-authority"),
        (curve, "w"),
        (ata(curve, coin.mint), "w"),
        pda(PUMP, b"global"),
        METAPLEX,
        (pda(METAPLEX, b"metadata", METAPLEX, coin.mint), "w"),
        (coin.user, "sw"),
        SYSTEM,
        TOKEN,
        ATA,
        RENT,
        pda(PUMP, b"__event_authority"),
        PUMP,
    )


def test_the_bytes_are_the_discriminator_and_the_texts(coin):
    texts = b"\4\0\0\0Name" + b"\3\0\0\0SYM" + b"\x08\0\0\0ipfs://x" + key_bytes(coin.creator)
    assert bytes(pump.create(coin).data) == bytes([24, 30, 200, 40, 5, 28, 7, 119]) + texts
    assert bytes(pump.create_v2(coin).data) == bytes([214, 144, 76, 236, 95, 139, 49, 180]) + texts + b"\0\0"


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022], ids=["classic", "token-2022"])
def test_a_buy_has_the_documented_accounts_and_bytes(coin, program):
    fee, buyback = new_key(), new_key()
    parameters = pump.decode_global({"owner": PUMP}, global_data(fee=fee, buyback=buyback))
    bought = pump.buy_exact_quote_in_v2(coin, parameters, SOL, 7, program)
    curve, vault = pda(PUMP, b"bonding-curve", coin.mint), pda(PUMP, b"creator-vault", coin.creator)
    volume = pda(PUMP, b"user_volume_accumulator", coin.user)
    assert accounts_of(bought) == table(
        pda(PUMP, b"global"),
        coin.mint,
        WSOL,
        program,
        TOKEN,
        ATA,
        (fee, "w"),
        (ata(fee, WSOL), "w"),
        (buyback, "w"),
        (ata(buyback, WSOL), "w"),
        (curve, "w"),
        (ata(curve, coin.mint, program), "w"),
        (ata(curve, WSOL), "w"),
        (coin.user, "sw"),
        (ata(coin.user, coin.mint, program), "w"),
        (ata(coin.user, WSOL), "w"),
        (vault, "w"),
        (ata(vault, WSOL), "w"),
        pda(FEES, b"sharing-config", coin.mint),
        pda(PUMP, b"global_volume_accumulator"),
        (volume, "w"),
        (ata(volume, WSOL), "w"),
        pda(FEES, b"fee_config", PUMP),
        FEES,
        SYSTEM,
        pda(PUMP, b"__event_authority"),
        PUMP,
    )
    assert bytes(bought.data) == bytes([194, 171, 28, 70, 104, 77, 91, 47]) + struct.pack("<2Q", SOL, 7)


def test_parameters_are_read_and_foretell_the_first_buy():
    found = pump.decode_global({"owner": PUMP}, global_data())
    assert found.create_v2_enabled
    assert (found.fee_basis_points, found.creator_fee_basis_points, found.buyback_basis_points) == (95, 30, 5_000)
    # k = 1 073 000 000 x 30 SOL; fees of 1.25 % on top of what goes in.
    net = SOL * 10_000 // 10_125
    assert found.first_buy(SOL) == 1_073_000_000_000_000 * net // (30 * SOL + net)
    assert found.first_buy(10**6 * SOL) == 793_100_000_000_000


def test_another_programs_account_holds_no_parameters():
    assert pump.decode_global(None, b"") is None
    assert pump.decode_global({"owner": TOKEN}, global_data()) is None
    assert pump.decode_global({"owner": PUMP}, bytes(800)) is None
