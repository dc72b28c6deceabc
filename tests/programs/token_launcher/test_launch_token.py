"""launch_token: the token that comes out, and everything that must not go in."""

from typing import Any

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import create_shape, inline, shape_of
from tests.programs.harness import (
    ATA_PROGRAM,
    CURVE,
    LAUNCHER,
    SOL,
    TOKEN,
    TOKEN_2022,
    VESTING,
    Chain,
    ata,
    refused,
    transfer_sol,
)
from tests.programs.token_launcher.launches import (
    CLASSIC,
    FEE,
    FULL,
    NOBODY,
    SUPPLY,
    Pad,
    chain_of_segments,
    first_buy,
    mint_authorities,
    open_pad,
    record_of,
)


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def test_the_mint_is_what_was_asked_for(pad: Pad) -> None:
    token = pad.launch()
    account = pad.chain.account(token.mint)
    assert account.owner == TOKEN_2022
    assert (pad.chain.supply(token.mint), account.data[44]) == (SUPPLY, 9)
    assert mint_authorities(account.data) == (None, None)
    metadata = token.metadata
    assert (metadata.pointer, metadata.mint) == (token.mint, token.mint)
    assert metadata.pointer_authority == NOBODY
    assert metadata.update_authority == token.address
    assert (metadata.name, metadata.symbol, metadata.uri) == ("Example", "EXM", token.args["uri"])
    assert account.lamports == pad.chain.rent(len(account.data))


def test_the_longest_texts_fit_and_their_rent_is_paid(pad: Pad) -> None:
    token = pad.launch(name="é" * 16, symbol="0123456789", uri="https://" + "u" * 192)
    data = pad.chain.account(token.mint).data
    assert len(data) == 318 + 32 + 10 + 200
    assert token.metadata.uri == token.args["uri"]


@pytest.mark.parametrize(("uri_bytes", "size"), [(26, 354), (27, 357), (28, 356)])
def test_a_mint_is_never_as_long_as_a_multisig(pad: Pad, uri_bytes: int, size: int) -> None:
    token = pad.launch(uri="u" * uri_bytes)
    account = pad.chain.account(token.mint)
    assert (len(account.data), account.lamports) == (size, pad.chain.rent(size))


def test_the_record_keeps_what_was_promised(pad: Pad) -> None:
    token = pad.launch()
    assert token.record == {
        "version": 1,
        "bump": LAUNCHER.pda_and_bump(b"launch", token.mint)[1],
        "mint": token.mint,
        "creator": pad.creator.pubkey(),
        "pending_creator": NOBODY,
        "curve": CURVE.pda(b"curve", token.mint),
        "decimals": 9,
        "supply": SUPPLY,
        "supply_mode": "Fixed",
        "allocations": CLASSIC,
        "metadata_hash": bytes(range(32)),
        "update_authority": pad.creator.pubkey(),
        "mint_authority": NOBODY,
        "mint_cap": 0,
        "minted": 0,
        "created_at": pad.chain.now,
        "update_policy": "Creator",
        "first_buy": 0,
        "first_buy_lock": NOBODY,
        "team_schedule": NOBODY,
        "reserved": bytes(64),
    }
    assert pad.chain.read(LAUNCHER, "Config", pad.config)["launches"] == 1


def test_the_curve_holds_sale_and_liquidity(pad: Pad) -> None:
    token = pad.launch()
    curve = token.curve
    assert (curve["creator"], curve["authority"]) == (pad.creator.pubkey(), token.address)
    assert (curve["sale_supply"], curve["liquidity_supply"]) == (793_100_000 * 10**9, 206_900_000 * 10**9)
    assert token.held(vault_owner(token.mint)) == SUPPLY
    assert curve["raise_target"] == 85_005_359_057


def vault_owner(mint: Pubkey) -> Pubkey:
    return CURVE.pda(b"curve", mint)


def test_the_event_says_what_the_accounts_say(pad: Pad) -> None:
    token = pad.launch()
    event, record = token.receipt.event(LAUNCHER, "TokenLaunched"), token.record
    shared = set(event.data) & set(record) - {"supply_mode", "team_schedule", "first_buy_lock"}
    assert len(shared) == 9
    assert {name: event[name] for name in shared} == {name: record[name] for name in shared}
    assert {name: event[name] for name in set(event.data) - shared} == {
        "launch_record": token.address,
        "name": "Example",
        "symbol": "EXM",
        "uri": token.args["uri"],
        "supply_mode": "Fixed",
        "creation_fee": FEE,
        "first_buy_lock": None,
        "timestamp": pad.chain.now,
        "team_schedule": None,
        "ecosystem_owner": None,
        "treasury_owner": None,
    }


def test_the_creation_fee_goes_to_the_treasury(pad: Pad) -> None:
    before = pad.chain.lamports(pad.treasury)
    pad.launch()
    assert pad.chain.lamports(pad.treasury) - before == FEE


def test_a_launch_can_be_free(pad: Pad) -> None:
    named = {"authority": pad.chain.admin.pubkey(), "config": pad.config}
    args = {"args": {"treasury": pad.treasury, "creation_fee": 0}}
    pad.chain.send([LAUNCHER.instruction("update_config", args, named)], [pad.chain.admin])
    before = pad.chain.lamports(pad.treasury)
    assert pad.launch().receipt.event(LAUNCHER, "TokenLaunched")["creation_fee"] == 0
    assert pad.chain.lamports(pad.treasury) == before


@pytest.mark.parametrize("decimals", [0, 6, 9])
def test_decimals_are_the_launchers_choice(pad: Pad, decimals: int) -> None:
    token = pad.launch(decimals=decimals)
    assert pad.chain.account(token.mint).data[44] == token.record["decimals"] == decimals


def test_the_largest_supply_can_be_launched(pad: Pad) -> None:
    largest = 2**64 - 1
    sold = largest * 5_000 // 10_000
    segment = {"base_reserve": largest // 10 * 9, "quote_reserve": 30 * SOL, "base_for_sale": sold}
    half = CLASSIC | {"public_bps": 5_000, "liquidity_bps": 5_000}
    token = pad.launch(supply=largest, allocations=half, segments=[segment])
    assert pad.chain.supply(token.mint) == token.held(vault_owner(token.mint)) == largest


def test_rounding_goes_to_liquidity(pad: Pad) -> None:
    segments = [{"base_reserve": 10_731, "quote_reserve": SOL, "base_for_sale": 7_931}]
    token = pad.launch(supply=10_001, decimals=0, segments=segments)
    assert (token.curve["sale_supply"], token.curve["liquidity_supply"]) == (7_931, 2_070)


def test_a_burnable_supply_is_fixed_too(pad: Pad) -> None:
    token = pad.launch(supply_mode="Burnable")
    assert token.record["supply_mode"] == "Burnable"
    assert mint_authorities(pad.chain.account(token.mint).data) == (None, None)


def test_a_mintable_supply_stays_with_the_record(pad: Pad) -> None:
    minter = Keypair().pubkey()
    mode = {"Mintable": {"authority": minter, "cap": SUPPLY + 5}}
    token = pad.launch(supply_mode=mode)
    assert mint_authorities(pad.chain.account(token.mint).data) == (token.address, None)
    record = token.record
    assert (record["supply_mode"], record["mint_authority"], record["mint_cap"]) == ("Mintable", minter, SUPPLY + 5)
    assert token.receipt.event(LAUNCHER, "TokenLaunched")["supply_mode"] == mode


def test_immutable_metadata_belongs_to_nobody(pad: Pad) -> None:
    token = pad.launch(update_authority="Immutable")
    assert token.metadata.update_authority == token.record["update_authority"] == NOBODY
    assert token.receipt.event(LAUNCHER, "TokenLaunched")["update_authority"] == NOBODY


def test_metadata_can_be_governed(pad: Pad) -> None:
    council = Keypair().pubkey()
    token = pad.launch(update_authority={"Governance": {"authority": council}})
    assert (token.record["update_policy"], token.record["update_authority"]) == ("Governance", council)
    assert token.metadata.update_authority == token.address


SEGMENT = {"base_reserve": 1_073_000_000 * 10**9, "quote_reserve": 30 * SOL, "base_for_sale": 793_100_000 * 10**9}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": ""}, "InvalidName"),
        ({"name": "x" * 33}, "InvalidName"),
        ({"name": " padded"}, "InvalidName"),
        ({"name": "new\nline"}, "InvalidName"),
        ({"name": "abc\u202ecba"}, "InvalidName"),
        ({"symbol": ""}, "InvalidSymbol"),
        ({"symbol": "x" * 11}, "InvalidSymbol"),
        ({"symbol": "A B"}, "InvalidSymbol"),
        ({"symbol": "A\u200bB"}, "InvalidSymbol"),
        ({"uri": ""}, "InvalidUri"),
        ({"uri": "u" * 201}, "InvalidUri"),
        ({"uri": "ipfs://a b"}, "InvalidUri"),
        ({"uri": "ipfs://a\0b"}, "InvalidUri"),
        ({"decimals": 10}, "InvalidDecimals"),
        ({"supply": 0}, "InvalidSupply"),
        ({"supply_mode": {"Mintable": {"authority": NOBODY, "cap": SUPPLY + 1}}}, "InvalidSupplyMode"),
        ({"supply_mode": {"Mintable": {"authority": Keypair().pubkey(), "cap": SUPPLY}}}, "InvalidSupplyMode"),
        ({"update_authority": {"Governance": {"authority": NOBODY}}}, "InvalidAuthority"),
        ({"allocations": CLASSIC | {"public_bps": 7_930}}, "InvalidAllocations"),
        ({"allocations": CLASSIC | {"public_bps": 7_932}}, "InvalidAllocations"),
        ({"allocations": CLASSIC | {"public_bps": 0, "liquidity_bps": 10_000}}, "InvalidAllocations"),
        ({"allocations": CLASSIC | {"public_bps": 2_930, "treasury_bps": 5_001}}, "InvalidAllocations"),
        ({"allocations": CLASSIC | {"public_bps": 5_930, "team_bps": 2_001}}, "InvalidAllocations"),
        ({"supply": 1, "decimals": 0}, "InvalidAllocations"),
        ({"allocations": CLASSIC | {"public_bps": 6_931, "team_bps": 1_000}, "team": None}, "InvalidTeam"),
        ({"source": inline([])}, "SaleMismatch"),
        ({"source": inline([SEGMENT | {"base_for_sale": SEGMENT["base_for_sale"] - 1}])}, "SaleMismatch"),
        ({"source": inline([SEGMENT, SEGMENT])}, "SaleMismatch"),
        ({"source": inline([SEGMENT | {"base_for_sale": 2**64 - 1}] * 2)}, "Overflow"),
    ],
)
def test_unsound_arguments_are_refused(pad: Pad, changes: dict[str, Any], error: str) -> None:
    before = pad.chain.lamports(pad.creator.pubkey())
    args = pad.args() | changes
    mint = Keypair()
    with refused(LAUNCHER, error):
        pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    assert not pad.chain.exists(mint.pubkey())
    assert before - pad.chain.lamports(pad.creator.pubkey()) <= 10_000


def test_team_terms_without_an_allocation_are_refused(pad: Pad) -> None:
    with refused(LAUNCHER, "InvalidTeam"):
        pad.launch(team=pad.team())


def test_a_curve_that_falls_in_price_is_refused_by_the_curve(pad: Pad) -> None:
    with refused(CURVE, "InvalidSegments"):
        pad.launch(segments=[SEGMENT | {"base_reserve": 0}])


def test_a_paused_curve_program_stops_launches_too(pad: Pad) -> None:
    named = {"authority": pad.chain.admin.pubkey(), "config": CURVE.pda(b"config")}
    pad.chain.send([CURVE.instruction("set_paused", {"paused": True}, named)], [pad.chain.admin])
    with refused(CURVE, "Paused"):
        pad.launch()


def test_a_curve_too_long_for_a_packet_is_launched_from_its_shape(pad: Pad) -> None:
    args = pad.args(allocations=FULL)
    segments = chain_of_segments(SUPPLY // 2, 32)
    create_shape(pad.chain, pad.chain.wallet(), segments)
    mint, buy = Keypair(), first_buy(quote_in=20 * SOL)
    named = {"shape": shape_of(segments)}
    launch = pad.instruction(mint.pubkey(), args | {"source": "Shape"}, buy, named)
    pad.chain.send([launch], [pad.creator, mint])
    curve = pad.chain.read(CURVE, "Curve", CURVE.pda(b"curve", mint.pubkey()))
    assert (curve["segments"], curve["sale_supply"]) == (segments, SUPPLY // 2)
    assert curve["sold"] > 0


def test_a_shape_that_sells_another_amount_launches_nothing(pad: Pad) -> None:
    create_shape(pad.chain, pad.chain.wallet(), [SEGMENT | {"base_for_sale": 1}])
    mint = Keypair()
    args = pad.args() | {"source": "Shape"}
    wrong = {"shape": shape_of([SEGMENT | {"base_for_sale": 1}])}
    for accounts in (wrong, {}):
        with refused(CURVE, "InvalidShape"):
            pad.chain.send([pad.instruction(mint.pubkey(), args, None, accounts)], [pad.creator, mint])


def test_a_mint_is_launched_once(pad: Pad) -> None:
    mint, args = Keypair(), pad.args()
    pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    with refused(LAUNCHER, "MintInUse"):
        pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])


def test_an_existing_account_cannot_become_the_mint(pad: Pad) -> None:
    for data, owner in ((bytes(82), TOKEN_2022), (bytes(1), NOBODY), (b"", VESTING.id)):
        mint = Keypair()
        pad.chain.set_account(mint.pubkey(), data, owner, lamports=SOL)
        with refused(LAUNCHER, "MintInUse"):
            pad.chain.send([pad.instruction(mint.pubkey(), pad.args())], [pad.creator, mint])


@pytest.mark.parametrize("lamports", [1, 890_880, 5_000_000, SOL])
def test_a_funded_mint_does_not_block(pad: Pad, lamports: int) -> None:
    mint = Keypair()
    pad.chain.set_account(mint.pubkey(), b"", NOBODY, lamports=lamports)
    pad.chain.send([pad.instruction(mint.pubkey(), pad.args())], [pad.creator, mint])
    account = pad.chain.account(mint.pubkey())
    assert account.lamports == max(lamports, pad.chain.rent(len(account.data)))


def test_strangers_lamports_anywhere_do_not_block(pad: Pad) -> None:
    mint, args = Keypair(), pad.args()
    for name in ("launch_record", "curve", "base_vault"):
        pad.chain.airdrop(pad.accounts(mint.pubkey(), args)[name], 0.0001)
    pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    assert pad.chain.read(LAUNCHER, "LaunchRecord", record_of(mint.pubkey()))["supply"] == SUPPLY


def test_creator_and_mint_must_sign(pad: Pad) -> None:
    mint, other = Keypair(), pad.chain.wallet()
    whole = pad.instruction(mint.pubkey(), pad.args(), unsigned=["mint"])
    with refused(None, 3010):
        pad.chain.send([whole], [pad.creator])
    unsigned = pad.instruction(mint.pubkey(), pad.args(), unsigned=["creator"])
    with refused(None, 3010):
        pad.chain.send([unsigned], [other, mint])


def test_a_creator_without_the_money_changes_nothing(pad: Pad) -> None:
    pad.creator = pad.chain.wallet(sol=0.025)
    mint = Keypair()
    with refused(None, 1):
        pad.chain.send([pad.instruction(mint.pubkey(), pad.args())], [pad.creator, mint])
    assert not pad.chain.exists(record_of(mint.pubkey()))


def wrong_accounts(pad: Pad) -> list[tuple[dict[str, Pubkey | None], int | None]]:
    stranger, other = Keypair().pubkey(), pad.launch()
    curve = CURVE.pda(b"curve", other.mint)
    return [
        ({"config": CURVE.pda(b"config")}, 3007),
        ({"config": other.address}, 3002),
        ({"treasury": stranger}, LAUNCHER.error("InvalidTreasury")),
        ({"launch_record": other.address}, 2006),
        ({"launch_record": stranger}, 2006),
        ({"curve": curve}, None),
        ({"curve": stranger}, None),
        ({"base_vault": ata(curve, other.mint)}, None),
        ({"base_vault": ata(pad.creator.pubkey(), other.mint)}, None),
        ({"curve_config": pad.config}, 3007),
        ({"curve_config": curve}, 3002),
        ({"token_program": TOKEN}, 3008),
        ({"associated_token_program": TOKEN}, 3008),
        ({"system_program": TOKEN}, 3008),
        ({"bonding_curve_program": VESTING.id}, 3008),
        ({"bonding_curve_event_authority": stranger}, 2012),
        ({"event_authority": stranger}, 2012),
        ({"vesting_program": CURVE.id}, 3008),
    ]


def test_accounts_that_do_not_belong_are_refused(pad: Pad) -> None:
    for accounts, code in wrong_accounts(pad):
        mint = Keypair()
        with refused(None, code):
            pad.chain.send([pad.instruction(mint.pubkey(), pad.args(), None, accounts)], [pad.creator, mint])
        assert not pad.chain.exists(mint.pubkey())


def test_a_forged_config_is_refused(pad: Pad) -> None:
    forged, mint = Keypair().pubkey(), Keypair()
    pad.chain.set_account(forged, pad.chain.account(pad.config).data, LAUNCHER.id)
    with refused(None, 2006):
        pad.chain.send([pad.instruction(mint.pubkey(), pad.args(), None, {"config": forged})], [pad.creator, mint])


def test_missing_accounts_are_refused_and_extra_ones_ignored(pad: Pad) -> None:
    mint = Keypair()
    whole = pad.instruction(mint.pubkey(), pad.args())
    with refused(None, 3005):
        pad.chain.send([Instruction(whole.program_id, whole.data, whole.accounts[:-1])], [pad.creator, mint])
    pad.chain.send(
        [Instruction(whole.program_id, whole.data, whole.accounts + whole.accounts[:3])], [pad.creator, mint]
    )


def test_the_mint_cannot_be_the_creator(pad: Pad) -> None:
    args = pad.args()
    with refused(None):
        pad.chain.send([pad.instruction(pad.creator.pubkey(), args)], [pad.creator])


def test_one_account_for_two_roles_is_refused(pad: Pad) -> None:
    args = pad.args()
    for role, same in (
        ("curve", "launch_record"),
        ("base_vault", "curve"),
        ("curve", "mint"),
        ("curve_config", "config"),
    ):
        mint = Keypair()
        accounts = pad.accounts(mint.pubkey(), args)
        with refused(None):
            wrong = pad.instruction(mint.pubkey(), args, None, {role: accounts[same]})
            pad.chain.send([wrong], [pad.creator, mint])


def test_the_treasury_may_launch_a_token_itself(pad: Pad) -> None:
    treasury = pad.chain.wallet()
    named = {"authority": pad.chain.admin.pubkey(), "config": pad.config}
    args = {"args": {"treasury": treasury.pubkey(), "creation_fee": FEE}}
    pad.chain.send([LAUNCHER.instruction("update_config", args, named)], [pad.chain.admin])
    pad.creator, pad.treasury = treasury, treasury.pubkey()
    assert pad.launch().record["creator"] == treasury.pubkey()


def test_lamports_left_behind_by_strangers_are_never_taken(pad: Pad) -> None:
    mint, args = Keypair(), pad.args()
    gift = transfer_sol(pad.chain.admin.pubkey(), mint.pubkey(), SOL)
    pad.chain.send([gift], [pad.chain.admin])
    pad.chain.send([pad.instruction(mint.pubkey(), args)], [pad.creator, mint])
    assert pad.chain.lamports(mint.pubkey()) == SOL


def test_the_associated_token_program_is_the_real_one() -> None:
    launch = LAUNCHER.spec("launch_token")["accounts"]
    pinned = {each["name"]: each["address"] for each in launch if "address" in each}
    assert pinned["associated_token_program"] == str(ATA_PROGRAM)
    assert pinned["token_program"] == str(TOKEN_2022)
    assert pinned["bonding_curve_program"] == str(CURVE.id)
