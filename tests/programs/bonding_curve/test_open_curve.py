"""open_curve: who may open what, with which tokens, on which segments."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import (
    CLASSIC,
    CONFIG,
    LIQUIDITY,
    SALE,
    Market,
    Opening,
    enough_liquidity,
    inline,
    launch_fee,
    open_market,
    opening,
    opens_a_pool,
    set_paused,
)
from tests.programs.harness import (
    CURVE,
    NOW,
    ROOT,
    SOL,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    WSOL,
    Chain,
    ata,
    create_ata,
    metadata_pointer,
    mint_data,
    refused,
)

VECTORS = json.loads((ROOT / "tests" / "vectors" / "curve.json").read_text())
TOKEN_2022_WSOL = Pubkey.from_string("9pan9bMn5HatX4EJdBwg9VgCa7Uz5HL8N1m5D3NdXejP")


def named(rows: list[list[int]]) -> list[dict[str, int]]:
    return [dict(zip(("base_reserve", "quote_reserve", "base_for_sale"), row, strict=True)) for row in rows]


def remint(ready: Opening, **changes: Any) -> None:
    """Rewrites the mint that is about to be opened."""
    chain = ready.chain
    extensions = metadata_pointer() if ready.token_program == TOKEN_2022 else None
    data = mint_data(**{"supply": SALE + LIQUIDITY, "extensions": extensions, **changes})
    chain.set_account(ready.mint, data, ready.token_program)


@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_a_depositor_of_the_whole_supply_opens_a_curve(chain: Chain, token_program: Pubkey) -> None:
    ready = opening(chain, token_program=token_program)
    receipt = ready.send()
    market = Market(ready)
    opened = {
        "mint": ready.mint,
        "creator": ready.authority.pubkey(),
        "authority": ready.authority.pubkey(),
        "token_program": token_program,
        "decimals": 9,
        "sale_supply": SALE,
        "liquidity_supply": LIQUIDITY,
        "raise_target": 85_005_359_057,
        "protocol_fee_bps": 50,
        "creator_fee_bps": 30,
        "referrer_share_bps": 2_000,
        "segments": CLASSIC,
    }
    size = len(chain.account(ready.curve).data)
    assert market.state == {
        **opened,
        "version": 1,
        "bump": CURVE.pda_and_bump(b"curve", ready.mint)[1],
        "base_vault": ready.vault,
        "status": "Trading",
        "sold": 0,
        "quote_reserve": 0,
        "protocol_fees": 0,
        "creator_fees": 0,
        "rent_reserve": chain.rent(size),
        "opened_at": NOW,
        "completed_at": 0,
        "deadline": 0,
        "launch_fee": {"start_bps": 0, "seconds": 0, "half_life": 0},
        "launch_fees": 0,
        "rules_end": 0,
        "team_payout": 0,
        "treasury_payout": 0,
        "terms": SYSTEM,
        "pool": SYSTEM,
        "graduated_at": 0,
        "lp_mint": SYSTEM,
        "reserved": bytes(24),
    }
    told = {"launch_fee": launch_fee(0, 0), "terms": None, "rules_end": 0, "batch": None, "deadline": 0}
    assert receipt.event(CURVE, "CurveOpened").data == {**opened, **told, "curve": ready.curve, "timestamp": NOW}
    assert chain.tokens(ready.vault) == SALE + LIQUIDITY
    assert market.held(ready.authority) == 0
    assert chain.lamports(ready.curve) == chain.rent(size)


def test_the_rates_of_a_curve_are_those_of_its_opening(chain: Chain) -> None:
    market = open_market(chain)
    before = market.state
    args = {
        "fee_recipient": Keypair().pubkey(),
        "protocol_fee_bps": 200,
        "creator_fee_bps": 200,
        "referrer_share_bps": 0,
        "keeper_bounty": 0,
        "lookup_table": SYSTEM,
    }
    update = CURVE.instruction("update_config", {"args": args}, {"authority": chain.admin.pubkey(), "config": CONFIG})
    chain.send([update], [chain.admin])
    assert market.state == before


def test_another_wallet_can_be_named_creator(chain: Chain) -> None:
    creator = Keypair().pubkey()
    assert open_market(chain, creator=creator).state["creator"] == creator


def test_the_mint_authority_opens_with_part_of_the_supply(chain: Chain) -> None:
    ready = opening(chain)
    remint(ready, supply=10 * (SALE + LIQUIDITY), authority=ready.authority.pubkey())
    ready.send()
    assert chain.tokens(ready.vault) == SALE + LIQUIDITY


def test_tokens_already_in_the_vault_need_no_depositor(chain: Chain) -> None:
    ready = opening(chain)
    chain.set_tokens(ready.curve, ready.mint, SALE + LIQUIDITY)
    ready.send(depositor_base=None)
    assert Market(ready).state["status"] == "Trading"


def test_the_depositor_adds_only_what_the_vault_lacks(chain: Chain) -> None:
    ready = opening(chain)
    chain.set_tokens(ready.curve, ready.mint, LIQUIDITY)
    ready.send()
    assert chain.tokens(ready.vault) == SALE + LIQUIDITY
    assert chain.tokens(ata(ready.authority.pubkey(), ready.mint)) == LIQUIDITY


def test_a_mint_has_one_curve(market: Market) -> None:
    before = market.chain.account(market.curve)
    with refused(None, 0):
        market.opening.send()
    assert market.chain.account(market.curve) == before


# Griefing: what a stranger may do first


def test_a_vault_made_by_a_stranger_is_used(chain: Chain) -> None:
    ready, stranger = opening(chain), chain.wallet()
    chain.send([create_ata(stranger.pubkey(), ready.curve, ready.mint)], [stranger])
    ready.send()
    assert chain.tokens(ready.vault) == SALE + LIQUIDITY


def test_lamports_sent_to_curve_and_vault_first_do_not_block_and_do_not_count(chain: Chain) -> None:
    ready = opening(chain)
    chain.airdrop(ready.curve, 3)
    chain.airdrop(ready.vault, 0.5)
    ready.send()
    market = Market(ready)
    assert market.state["quote_reserve"] == 0
    assert chain.lamports(ready.curve) == 3 * SOL
    trader = market.trader()
    market.buy(trader, SOL)
    market.sell(trader, market.held(trader))
    assert chain.lamports(ready.curve) == 3 * SOL + market.state["protocol_fees"] + market.state["creator_fees"]


# Arguments

SEGMENT_FAULTS: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = [
    ("sale supply one above the sum", lambda args: {"sale_supply": args["sale_supply"] + 1}),
    ("sale supply one below the sum", lambda args: {"sale_supply": args["sale_supply"] - 1}),
    ("no segments", lambda _: {"source": inline([]), "sale_supply": 0}),
    ("no virtual quote", lambda _: {"source": inline([{**CLASSIC[0], "quote_reserve": 0}])}),
    ("sells its whole virtual base", lambda _: {"source": inline([{**CLASSIC[0], "base_reserve": SALE}])}),
]


@pytest.mark.parametrize(("name", "fault"), SEGMENT_FAULTS)
def test_segments_that_are_no_curve_are_refused(
    chain: Chain, name: str, fault: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    ready = opening(chain)
    with refused(CURVE, "InvalidSegments"):
        ready.send(fault(ready.args))
    assert not chain.exists(ready.curve), name


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["name"])
def test_every_invalid_curve_of_the_vectors_is_refused(chain: Chain, case: dict[str, Any]) -> None:
    ready = opening(chain)
    with refused(CURVE, "InvalidSegments"):
        ready.send({"source": inline(named(case["segments"])), "sale_supply": case["sale_supply"]})


@pytest.mark.parametrize("curve", VECTORS["curves"], ids=lambda curve: curve["name"])
def test_every_valid_curve_of_the_vectors_opens_with_the_models_target(chain: Chain, curve: dict[str, Any]) -> None:
    if not opens_a_pool(named(curve["segments"])):
        with refused(CURVE, "PoolTooSmall"):
            open_market(chain, segments=named(curve["segments"]))
        return
    market = open_market(chain, segments=named(curve["segments"]))
    assert market.state["raise_target"] == curve["raise_target"]


def test_the_default_key_is_no_creator(chain: Chain) -> None:
    with refused(CURVE, "InvalidCreator"):
        opening(chain, creator=SYSTEM).send()


def test_supplies_beyond_64_bits_are_refused(chain: Chain) -> None:
    with refused(CURVE, "Overflow"):
        opening(chain).send({"liquidity_supply": 2**64 - 1})


def test_a_paused_program_opens_nothing(chain: Chain) -> None:
    ready = opening(chain)
    set_paused(chain, paused=True)
    with refused(CURVE, "Paused"):
        ready.send()
    set_paused(chain, paused=False)
    ready.send()


# Who may open


def test_without_a_mint_authority_part_of_the_supply_is_not_enough(chain: Chain) -> None:
    ready = opening(chain)
    remint(ready, supply=SALE + LIQUIDITY + 1)
    with refused(CURVE, "DepositShort"):
        ready.send()


def test_only_the_mint_authority_opens_where_there_is_one(chain: Chain) -> None:
    ready = opening(chain)
    remint(ready, authority=Keypair().pubkey())
    with refused(CURVE, "InvalidAuthority"):
        ready.send()


@pytest.mark.parametrize("held", [0, SALE + LIQUIDITY - 1])
def test_a_depositor_who_lacks_tokens_is_refused(chain: Chain, held: int) -> None:
    ready = opening(chain)
    chain.set_tokens(ready.authority.pubkey(), ready.mint, held)
    with refused(CURVE, "DepositShort"):
        ready.send()


def test_a_short_vault_without_a_depositor_is_refused(chain: Chain) -> None:
    ready = opening(chain)
    chain.set_tokens(ready.curve, ready.mint, SALE + LIQUIDITY - 1)
    with refused(CURVE, "DepositShort"):
        ready.send(depositor_base=None)


def test_tokens_of_somebody_else_cannot_be_deposited(chain: Chain) -> None:
    ready, victim = opening(chain), chain.wallet()
    stolen = chain.set_tokens(victim.pubkey(), ready.mint, SALE + LIQUIDITY)
    with refused(None, 2015):
        ready.send(depositor_base=stolen)
    assert chain.tokens(stolen) == SALE + LIQUIDITY


def test_tokens_of_another_mint_cannot_be_deposited(chain: Chain) -> None:
    ready = opening(chain)
    other = chain.new_mint(ready.authority.pubkey(), SALE + LIQUIDITY)
    with refused(None, 2014):
        ready.send(depositor_base=ata(ready.authority.pubkey(), other))


def test_the_vault_cannot_deposit_into_itself(chain: Chain) -> None:
    ready = opening(chain)
    chain.set_tokens(ready.curve, ready.mint, SALE)
    with refused(None, 2015):
        ready.send(depositor_base=ready.vault)


# Mints

FORBIDDEN = {
    "transfer fee": {1: bytes(108)},
    "close authority": {3: bytes(32)},
    "default account state": {6: b"\2"},
    "non-transferable": {9: b""},
    "interest bearing": {10: bytes(52)},
    "permanent delegate": {12: bytes(32)},
    "transfer hook": {14: bytes(64)},
    "scaled amount": {25: bytes(56)},
    "pausable": {26: bytes(33)},
    "one that is not known yet": {999: bytes(8)},
}


@pytest.mark.parametrize("extension", FORBIDDEN.values(), ids=FORBIDDEN.keys())
@pytest.mark.parametrize("position", ["first", "last"])
def test_a_mint_with_a_forbidden_extension_is_refused(chain: Chain, extension: dict[int, bytes], position: str) -> None:
    ready = opening(chain)
    harmless = metadata_pointer()
    remint(ready, extensions={**extension, **harmless} if position == "first" else {**harmless, **extension})
    with refused(CURVE, "ForbiddenExtension"):
        ready.send()


def test_metadata_in_the_mint_is_welcome(chain: Chain) -> None:
    ready = opening(chain)
    remint(ready, extensions={**metadata_pointer(ready.mint), 19: bytes(90)})
    ready.send()
    market = Market(ready)
    trader = market.trader()
    market.buy(trader, SOL)
    assert market.held(trader) > 0


@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_a_mint_that_can_freeze_is_refused(chain: Chain, token_program: Pubkey) -> None:
    ready = opening(chain, token_program=token_program)
    remint(ready, freeze=Keypair().pubkey())
    with refused(CURVE, "InvalidMint"):
        ready.send()


@pytest.mark.parametrize(("mint", "token_program"), [(WSOL, TOKEN), (TOKEN_2022_WSOL, TOKEN_2022)])
def test_wrapped_sol_is_refused(chain: Chain, mint: Pubkey, token_program: Pubkey) -> None:
    ready = replace(opening(chain, token_program=token_program), mint=mint)
    remint(ready, authority=ready.authority.pubkey())
    chain.set_tokens(ready.authority.pubkey(), mint, SALE + LIQUIDITY, program=token_program)
    with refused(CURVE, "InvalidMint"):
        ready.send()


# Sizes


def test_the_largest_curve_opens_within_the_default_compute_limit(chain: Chain) -> None:
    widest = next(curve for curve in VECTORS["curves"] if len(curve["segments"]) == 32)
    ready = opening(chain, segments=named(widest["segments"]))
    receipt = chain.send([ready.instruction()], [ready.authority], compute=None)
    assert receipt.compute_units < 200_000
    assert len(receipt.event(CURVE, "CurveOpened")["segments"]) == 32


def test_a_curve_whose_pool_could_not_open_at_its_last_price_is_refused(chain: Chain) -> None:
    needed = enough_liquidity(CLASSIC)
    with refused(CURVE, "LiquidityShort"):
        opening(chain, liquidity=needed - 1).send()
    opening(chain, liquidity=needed).send()
