"""release_payout and lock_liquidity: what a graduation left is paid out by anybody, in any order, once."""

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.graduating import (
    DAY,
    LOCK,
    LOCKED,
    PAYOUT,
    TEAM,
    TEAM_RAISE,
    TREASURY,
    Graduate,
    graduation,
    new_chain,
    sold_out,
)
from tests.programs.harness import (
    CURVE,
    NOW,
    SOL,
    TOKEN,
    VESTING,
    WSOL,
    Chain,
    ata,
    create_ata,
    refused,
    transfer_sol,
)
from tests.programs.pool_market import fund

FEE = 5_000


@pytest.fixture
def chain() -> Chain:
    """A runtime with curves, pools and vesting."""
    return new_chain()


def graduated(chain: Chain, **changes: object) -> Graduate:
    graduate = sold_out(chain, **changes)
    graduate.send(chain.wallet())
    return graduate


def squat(chain: Chain, mint: Pubkey, beneficiary: Pubkey, amount: int = 1) -> None:
    """A stranger takes the first schedule of somebody."""
    stranger = chain.wallet()
    source = fund(chain, stranger.pubkey(), mint, amount, TOKEN)
    schedule = VESTING.pda(b"vesting", mint, beneficiary, bytes(2))
    args = {"beneficiary": beneficiary, "amount": amount, "start": NOW, "cliff": NOW, "end": NOW + 10, "period": 1}
    accounts = {
        "payer": stranger.pubkey(),
        "grantor": stranger.pubkey(),
        "mint": mint,
        "source": source,
        "schedule": schedule,
        "escrow": ata(schedule, mint, TOKEN),
        "token_program": TOKEN,
    }
    create = VESTING.instruction("create_schedule", {"args": {**args, "revocable": False, "index": 0}}, accounts)
    chain.send([create], [stranger])


@pytest.mark.parametrize(("kind", "beneficiary"), [("Team", TEAM), ("Treasury", TREASURY)])
def test_a_payout_becomes_a_schedule_of_wrapped_sol(chain: Chain, kind: str, beneficiary: Keypair) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    owed = graduate.market.state[f"{kind.lower()}_payout"]
    chain.set_time(NOW + 5 * DAY)
    caller = chain.wallet()
    before = chain.lamports(caller.pubkey())
    event = graduate.release(caller, kind).event(CURVE, "PayoutReleased")
    schedule = graduate.schedule(WSOL, beneficiary.pubkey())
    rent = chain.lamports(schedule) + chain.rent(165)
    assert event.data == {
        "mint": graduate.market.mint,
        "curve": graduate.market.curve,
        "kind": kind,
        "beneficiary": beneficiary.pubkey(),
        "amount": owed - rent,
        "schedule": schedule,
        "timestamp": NOW + 5 * DAY,
    }
    assert chain.lamports(caller.pubkey()) == before - FEE
    assert chain.tokens(ata(schedule, WSOL, TOKEN)) == owed - rent
    state = chain.read(VESTING, "Schedule", schedule)
    times = (state["start"], state["cliff"], state["end"], state["period"])
    assert times == (NOW, NOW + PAYOUT["cliff_seconds"], NOW + PAYOUT["duration_seconds"], DAY)
    assert (state["amount"], state["revocable"]) == (owed - rent, False)
    assert (state["grantor"], state["beneficiary"]) == (graduate.market.curve, beneficiary.pubkey())
    assert graduate.market.state[f"{kind.lower()}_payout"] == 0


def test_the_team_claims_what_was_vested_for_it(chain: Chain) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    graduate.release(chain.wallet(), "Team")
    schedule = graduate.schedule(WSOL, TEAM.pubkey())
    amount = chain.tokens(ata(schedule, WSOL, TOKEN))
    chain.set_time(NOW + 360 * DAY)
    chain.airdrop(TEAM.pubkey(), 1)
    account = ata(TEAM.pubkey(), WSOL, TOKEN)
    accounts = {
        "beneficiary": TEAM.pubkey(),
        "schedule": schedule,
        "mint": WSOL,
        "escrow": ata(schedule, WSOL, TOKEN),
        "beneficiary_base": account,
        "token_program": TOKEN,
    }
    chain.send([VESTING.instruction("claim", {}, accounts)], [TEAM])
    assert chain.tokens(account) == amount


def test_payouts_are_released_once_each_in_any_order(chain: Chain) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    for kind in ("Treasury", "Team"):
        graduate.release(chain.wallet(), kind)
        with refused(CURVE, "PayoutMissing"):
            graduate.release(chain.wallet(), kind, 1)
    state = graduate.market.state
    owed = state["protocol_fees"] + state["creator_fees"]
    assert chain.lamports(graduate.market.curve) == state["rent_reserve"] + owed


def test_nothing_is_released_or_locked_before_the_graduation(chain: Chain) -> None:
    graduate = sold_out(chain, sale=graduation(**{**TEAM_RAISE["graduation"], "liquidity_lock_seconds": LOCK}))
    with refused(CURVE, "PayoutMissing"):
        graduate.release(chain.wallet(), "Team")
    with refused(CURVE, "InvalidMint"):
        graduate.lock(chain.wallet())


def test_a_taken_schedule_is_passed_over(chain: Chain) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    squat(chain, WSOL, TEAM.pubkey())
    with refused(None):
        graduate.release(chain.wallet(), "Team", 0)
    assert graduate.market.state["team_payout"] > 0
    graduate.release(chain.wallet(), "Team", 1)
    assert graduate.market.state["team_payout"] == 0


@pytest.mark.parametrize("lamports", [1, 3 * SOL])
def test_strangers_cannot_block_an_escrow(chain: Chain, lamports: int) -> None:
    graduate, stranger = graduated(chain, sale=TEAM_RAISE), chain.wallet()
    schedule = graduate.schedule(WSOL, TEAM.pubkey())
    escrow = ata(schedule, WSOL, TOKEN)
    first = [transfer_sol(stranger.pubkey(), key, lamports) for key in (schedule, escrow)]
    chain.send([*first, create_ata(stranger.pubkey(), schedule, WSOL, TOKEN)], [stranger])
    event = graduate.release(chain.wallet(), "Team").event(CURVE, "PayoutReleased")
    assert chain.tokens(escrow) >= event["amount"]
    assert chain.read(VESTING, "Schedule", schedule)["amount"] == event["amount"]


def test_terms_of_another_sale_name_nobody(chain: Chain) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    thief = chain.wallet()
    own = graduation(liquidity_bps=7_000, payout={**PAYOUT, "team": thief.pubkey()})
    other = sold_out(chain, sale=own)
    accounts = graduate.payout_accounts(thief.pubkey(), thief.pubkey()) | {"terms": other.accounts["terms"]}
    release = CURVE.instruction("release_payout", {"kind": "Team", "index": 0}, accounts)
    with refused(CURVE, "MissingTerms"):
        chain.send([release], [thief])


def test_a_schedule_of_anybody_else_is_refused(chain: Chain) -> None:
    graduate, thief = graduated(chain, sale=TEAM_RAISE), chain.wallet()
    accounts = graduate.payout_accounts(thief.pubkey(), thief.pubkey())
    release = CURVE.instruction("release_payout", {"kind": "Team", "index": 0}, accounts)
    with refused(None):
        chain.send([release], [thief])


@pytest.mark.parametrize("later", [0, LOCK + 5])
def test_shares_are_locked_for_the_creator_until_the_end(chain: Chain, later: int) -> None:
    graduate = graduated(chain, sale=LOCKED)
    shares = chain.tokens(graduate.curve_lp)
    chain.set_time(NOW + later)
    event = graduate.lock(chain.wallet()).event(CURVE, "LiquidityLocked")
    schedule = graduate.schedule(graduate.pool.lp_mint, graduate.market.creator.pubkey())
    assert event.data == {
        "mint": graduate.market.mint,
        "curve": graduate.market.curve,
        "lp_mint": graduate.pool.lp_mint,
        "shares": shares,
        "schedule": schedule,
        "until": NOW + LOCK,
        "timestamp": NOW + later,
    }
    state = chain.read(VESTING, "Schedule", schedule)
    assert (state["start"], state["cliff"], state["end"]) == (NOW, NOW + LOCK, NOW + LOCK)
    assert (state["amount"], state["beneficiary"]) == (shares, graduate.market.creator.pubkey())
    assert chain.tokens(ata(schedule, graduate.pool.lp_mint, TOKEN)) == shares
    assert chain.tokens(graduate.curve_lp) == 0
    with refused(CURVE, "PayoutMissing"):
        graduate.lock(chain.wallet(), 1)


def test_shares_that_nobody_gets_cannot_be_locked(chain: Chain) -> None:
    graduate = graduated(chain, sale=TEAM_RAISE)
    with refused(CURVE, "InvalidMint"):
        graduate.lock(chain.wallet())


def test_a_taken_schedule_does_not_keep_shares_unlocked(chain: Chain) -> None:
    graduate = graduated(chain, sale=LOCKED)
    squat(chain, graduate.pool.lp_mint, graduate.market.creator.pubkey())
    with refused(None):
        graduate.lock(chain.wallet(), 0)
    graduate.lock(chain.wallet(), 1)
    assert chain.tokens(graduate.curve_lp) == 0


def test_steps_are_finished_by_strangers_after_a_failure(chain: Chain) -> None:
    sale = graduation(**{**TEAM_RAISE["graduation"], "liquidity_lock_seconds": LOCK})
    graduate = graduated(chain, sale=sale)
    poor = chain.wallet(0.001)
    for attempt in (lambda: graduate.release(poor, "Team"), lambda: graduate.lock(poor)):
        with refused(None):
            attempt()
    graduate.lock(chain.wallet())
    graduate.release(chain.wallet(), "Treasury")
    graduate.release(chain.wallet(), "Team")
    state = graduate.market.state
    assert (state["team_payout"], state["treasury_payout"]) == (0, 0)


def test_all_steps_in_one_transaction(chain: Chain) -> None:
    graduate, caller = sold_out(chain, sale=TEAM_RAISE), chain.wallet()

    def release(kind: str, beneficiary: Keypair) -> Instruction:
        accounts = graduate.payout_accounts(caller.pubkey(), beneficiary.pubkey())
        return CURVE.instruction("release_payout", {"kind": kind, "index": 0}, accounts)

    steps = [graduate.instruction(caller.pubkey()), release("Team", TEAM), release("Treasury", TREASURY)]
    chain.send(steps, [caller])
    state = graduate.market.state
    assert (state["status"], state["team_payout"], state["treasury_payout"]) == ("Graduated", 0, 0)
