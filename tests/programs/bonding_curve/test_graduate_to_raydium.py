"""graduate_to_raydium: a sold-out curve opens its pool with Raydium's real program, at its own last price."""

from fractions import Fraction
from math import isqrt

import pytest
from solders.pubkey import Pubkey

from launchpad.chain.venues.raydium import instructions
from launchpad.chain.venues.raydium.pools import RaydiumPool, amm_config
from tests.programs.curve_market import (
    LIQUIDITY,
    config_args,
    launch_fee,
    manage,
    open_market,
    raise_of,
    sale_terms,
    set_paused,
)
from tests.programs.graduating import (
    BOUNTY,
    DAY,
    LOCK,
    PAYOUT,
    TEAM,
    Graduate,
    graduation,
    sold_out,
)
from tests.programs.harness import (
    CURVE,
    NOW,
    SOL,
    TOKEN,
    TOKEN_2022,
    VESTING,
    WSOL,
    Chain,
    ata,
    create_ata,
    refused,
    transfer_sol,
)
from tests.programs.pool_market import fund
from tests.programs.raydium_graduating import (
    AT_RAYDIUM,
    RaydiumGraduate,
    mint_key,
    raydium_chain,
    raydium_sale,
    sold_out_for_raydium,
)
from tests.raydium import needs_raydium

pytestmark = needs_raydium

RAISE = 85_005_359_057
FEE = 5_000
KEPT_SHARES = 100
MOST_CALLS = 64


@pytest.fixture
def chain() -> Chain:
    """A runtime with curves, pools, vesting and Raydium."""
    return raydium_chain()


def end_price(graduate: Graduate) -> Fraction:
    """Lamports for a base unit behind the last one sold."""
    last = graduate.market.opening.segments[-1]
    base = last["base_reserve"] - last["base_for_sale"]
    return Fraction(-(-last["base_reserve"] * last["quote_reserve"] // base), base)


def nothing_is_left(graduate: RaydiumGraduate) -> bool:
    """Whether the pool's creator and its accounts are as if they had never been."""
    keys = (graduate.creator, *graduate.passing.values())
    return all(graduate.chain.lamports(key) == 0 for key in keys)


@pytest.mark.parametrize("below_wsol", [False, True])
@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_everything_that_was_raised_becomes_a_pool_at_the_last_price(
    chain: Chain, token_program: Pubkey, below_wsol: bool
) -> None:
    mint = mint_key(below_wsol=below_wsol)
    graduate = sold_out_for_raydium(chain, token_program=token_program, mint=mint)
    keeper = chain.wallet()
    before, supply = chain.lamports(keeper.pubkey()), chain.supply(mint)
    event = graduate.send(keeper).event(CURVE, "Graduated")
    reward = graduate.costs() + BOUNTY
    quote = RAISE - reward
    base = graduate.expected_base(quote)
    assert event.data == {
        "mint": mint,
        "curve": graduate.market.curve,
        "pool": graduate.made["pool"],
        "venue": "RaydiumCpSwap",
        "base_amount": base,
        "quote_amount": quote,
        "burned": LIQUIDITY - base,
        "keeper": keeper.pubkey(),
        "reward": reward,
        "team_payout": 0,
        "treasury_payout": 0,
        "locked_until": 0,
        "timestamp": NOW,
    }
    assert chain.lamports(keeper.pubkey()) - before == BOUNTY - FEE
    assert graduate.vaults == (base, quote)
    assert Fraction(quote, base + 1) < end_price(graduate) <= Fraction(quote, base)
    assert (chain.supply(mint), chain.tokens(graduate.market.vault)) == (supply - (LIQUIDITY - base), 0)
    assert nothing_is_left(graduate)
    state = graduate.market.state
    assert (state["status"], state["quote_reserve"], state["launch_fees"]) == ("Graduated", 0, 0)
    assert (state["pool"], state["graduated_at"]) == (graduate.made["pool"], NOW)
    pool = graduate.state
    assert (pool.amm_config, pool.pool_creator) == (amm_config(), str(graduate.creator))
    assert (pool.token_0_mint, pool.token_1_mint) == graduate.theirs.mints
    assert pool.lp_supply == isqrt(base * quote)
    assert chain.supply(graduate.lp_mint) == 0, "nobody ever gets the shares"


def test_the_pool_trades_a_second_later(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain)
    graduate.send(chain.wallet())
    trader = graduate.market.trader()
    fund(chain, trader.pubkey(), WSOL, SOL, TOKEN)
    side = graduate.theirs.side_of(str(WSOL))
    with refused(None, 6_000):
        graduate.swap(trader, side, SOL // 2)
    chain.set_time(NOW + 1)
    graduate.swap(trader, side, SOL)
    bought = graduate.market.held(trader)
    assert bought > 0
    graduate.swap(trader, 1 - side, bought)
    assert graduate.market.held(trader) == 0


def test_whoever_comes_second_finds_it_done_and_pays_and_gets_nothing(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain)
    graduate.send(chain.wallet())
    late = chain.wallet()
    watched = [graduate.market.curve, graduate.market.vault, *graduate.made.values()]
    before, purse = [chain.account(key) for key in watched], chain.lamports(late.pubkey())
    assert not graduate.send(late).events(CURVE)
    assert not graduate.instead.send(late).events(CURVE)
    assert [chain.account(key) for key in watched] == before
    assert chain.lamports(late.pubkey()) == purse - 2 * FEE


def test_a_sale_graduates_once_in_a_transaction_too(chain: Chain) -> None:
    graduate, keeper = sold_out_for_raydium(chain), chain.wallet()
    receipt = chain.send([graduate.instruction(keeper.pubkey())] * 2, [keeper])
    assert len(receipt.events(CURVE, "Graduated")) == 1


def test_a_curve_that_is_not_sold_out_does_not_graduate(chain: Chain) -> None:
    market = open_market(chain, sale=AT_RAYDIUM)
    market.buy(market.trader(), SOL)
    with refused(CURVE, "NotComplete"):
        RaydiumGraduate(market).send(chain.wallet())


def test_a_sale_that_names_our_own_pools_does_not_go_to_raydium(chain: Chain) -> None:
    graduate = RaydiumGraduate(sold_out(chain, sale=graduation(liquidity_lock_seconds=LOCK)).market)
    with refused(CURVE, "WrongVenue"):
        graduate.send(chain.wallet())
    with refused(CURVE, "MissingTerms"):
        graduate.send(chain.wallet(), terms=sold_out_for_raydium(chain).accounts["terms"])


def test_a_pause_does_not_stop_it(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain)
    set_paused(chain, paused=True)
    graduate.send(chain.wallet())
    assert graduate.market.state["status"] == "Graduated"


def test_launch_fees_belong_to_the_pool_and_raise_its_price_where_they_do_not_fit(chain: Chain) -> None:
    sale = sale_terms(launch_fee=launch_fee(5_000, 600), graduation=AT_RAYDIUM["graduation"])
    graduate = sold_out_for_raydium(chain, sale=sale)
    fees = graduate.market.state["launch_fees"]
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["quote_amount"] == RAISE + fees - event["reward"]
    assert (event["base_amount"], event["burned"]) == (LIQUIDITY, 0)
    assert graduate.vaults == (LIQUIDITY, event["quote_amount"])
    assert Fraction(event["quote_amount"], LIQUIDITY) > end_price(graduate)


def test_a_team_raise_is_divided_and_paid_out_as_with_our_own_pools(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain, sale=raydium_sale(liquidity_bps=7_000, payout=PAYOUT))
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    rest = RAISE - graduate.costs() - BOUNTY
    liquidity = rest * 7_000 // 10_000
    team = (rest - liquidity) * 6_000 // 10_000
    assert graduate.vaults == (graduate.expected_base(liquidity), liquidity)
    assert (event["team_payout"], event["treasury_payout"]) == (team, rest - liquidity - team)
    for kind in ("Team", "Treasury"):
        graduate.release(chain.wallet(), kind)
    state = graduate.market.state
    assert (state["team_payout"], state["treasury_payout"]) == (0, 0)
    assert chain.read(VESTING, "Schedule", graduate.schedule(WSOL, TEAM.pubkey()))["end"] == NOW + 360 * DAY


def test_shares_that_are_given_out_one_day_are_locked_until_then_and_withdraw_the_liquidity(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain, sale=raydium_sale(liquidity_lock_seconds=LOCK))
    creator, keeper = graduate.market.creator, chain.wallet()
    before = chain.lamports(keeper.pubkey())
    event = graduate.send(keeper).event(CURVE, "Graduated")
    assert chain.lamports(keeper.pubkey()) - before == BOUNTY - FEE
    assert (event["reward"], event["locked_until"]) == (graduate.costs() + BOUNTY, NOW + LOCK)
    shares = chain.tokens(graduate.curve_lp)
    assert shares == graduate.state.lp_supply - KEPT_SHARES == chain.supply(graduate.lp_mint)
    assert graduate.market.state["lp_mint"] == graduate.lp_mint
    assert nothing_is_left(graduate)

    locked = graduate.lock(chain.wallet()).event(CURVE, "LiquidityLocked")
    assert (locked["shares"], locked["until"], locked["lp_mint"]) == (shares, NOW + LOCK, graduate.lp_mint)
    chain.set_time(NOW + LOCK)
    schedule = graduate.schedule(graduate.lp_mint, creator.pubkey())
    claim = {
        "beneficiary": creator.pubkey(),
        "schedule": schedule,
        "mint": graduate.lp_mint,
        "escrow": ata(schedule, graduate.lp_mint, TOKEN),
        "beneficiary_base": ata(creator.pubkey(), graduate.lp_mint, TOKEN),
        "token_program": TOKEN,
    }
    chain.send([VESTING.instruction("claim", {}, claim)], [creator])
    mine = creator.pubkey()
    chain.send([create_ata(mine, mine, WSOL, TOKEN)], [creator])
    withdraw = instructions.withdraw(graduate.theirs, str(mine), shares, (1, 1))
    chain.send([withdraw], [creator])
    assert chain.tokens(ata(mine, WSOL, TOKEN)) > event["quote_amount"] - 10


def test_a_locked_sale_names_the_curves_own_account_of_shares(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain, sale=raydium_sale(liquidity_lock_seconds=LOCK))
    for account in (None, graduate.market.vault, ata(chain.admin.pubkey(), graduate.lp_mint, TOKEN)):
        with refused(None):
            graduate.send(chain.wallet(), curve_lp=account)
    graduate.send(chain.wallet())


@pytest.mark.parametrize("lamports", [1, 890_880, 10 * SOL])
def test_a_strangers_lamports_on_the_coming_addresses_change_nothing(chain: Chain, lamports: int) -> None:
    """One lamport on each address makes the most calls, of which the runtime allows so many."""
    graduate = sold_out_for_raydium(chain, sale=raydium_sale(liquidity_lock_seconds=LOCK))
    stranger, keeper = chain.wallet(1_000), chain.wallet()
    coming = (*graduate.made.values(), *graduate.passing.values(), graduate.creator, graduate.curve_lp)
    gifts = [transfer_sol(stranger.pubkey(), key, lamports) for key in (*coming, graduate.market.curve)]
    chain.send(gifts, [stranger])
    before = chain.lamports(keeper.pubkey())
    receipt = graduate.send(keeper)
    event = receipt.event(CURVE, "Graduated")
    assert len(receipt.inner) + 3 < MOST_CALLS, "the limits of compute and of its price count too"
    # What lies where nothing stays is the keeper's; what lies where rent is due pays for it.
    assert chain.lamports(keeper.pubkey()) - before == BOUNTY - FEE + 4 * lamports
    assert event["quote_amount"] + event["reward"] == RAISE
    # Lamports on a vault's address are wrapped SOL once it is a vault: they are the pool's.
    given = max(0, lamports - chain.rent(165))
    assert graduate.vaults == (event["base_amount"], event["quote_amount"] + given)
    assert Fraction(event["quote_amount"], event["base_amount"]) >= end_price(graduate)
    assert nothing_is_left(graduate)


def test_strangers_accounts_of_the_pools_creator_are_left_alone(chain: Chain) -> None:
    graduate, stranger = sold_out_for_raydium(chain), chain.wallet()
    mint, program = graduate.market.mint, graduate.market.opening.token_program
    chain.send([create_ata(stranger.pubkey(), graduate.creator, mint, program)], [stranger])
    others = [chain.set_tokens(graduate.creator, mint, 777, program=program)]
    others.append(fund(chain, graduate.creator, WSOL, 3 * SOL, TOKEN))
    before = [chain.account(key) for key in others]
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert graduate.vaults == (event["base_amount"], event["quote_amount"])
    assert [chain.account(key) for key in others] == before
    assert nothing_is_left(graduate)


def test_a_pool_at_raydiums_own_address_is_not_in_the_way(chain: Chain) -> None:
    """Whoever holds some of both tokens can take that address before; ours only we sign for."""
    graduate, stranger = sold_out_for_raydium(chain), chain.wallet()
    mint, program = graduate.market.mint, graduate.market.opening.token_program
    fund(chain, stranger.pubkey(), WSOL, SOL, TOKEN)
    chain.set_tokens(stranger.pubkey(), mint, SOL, program=program)
    squatted = RaydiumPool.of(str(mint), str(program))
    chain.send([instructions.initialize(squatted, str(stranger.pubkey()), (SOL, SOL))], [stranger])
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert str(event["pool"]) != squatted.key
    assert graduate.vaults == (event["base_amount"], event["quote_amount"])


def test_nobody_else_opens_a_pool_at_the_address_that_waits_for_it(chain: Chain) -> None:
    graduate, stranger = sold_out_for_raydium(chain), chain.wallet()
    mint, program = graduate.market.mint, graduate.market.opening.token_program
    fund(chain, stranger.pubkey(), WSOL, SOL, TOKEN)
    chain.set_tokens(stranger.pubkey(), mint, SOL, program=program)
    unsigned = RaydiumPool(graduate.theirs.key, graduate.theirs.config, graduate.theirs.sides, signs=False)
    with refused(None):
        chain.send([instructions.initialize(unsigned, str(stranger.pubkey()), (SOL, SOL))], [stranger])


def test_tokens_that_others_sent_to_the_vault_are_not_touched(chain: Chain) -> None:
    graduate = sold_out_for_raydium(chain)
    market = graduate.market
    chain.set_tokens(market.curve, market.mint, LIQUIDITY + 777, program=market.opening.token_program)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["base_amount"] + event["burned"] == LIQUIDITY
    assert chain.tokens(market.vault) == 777


def of_raise(lamports: int) -> list[dict[str, int]]:
    """A curve that sells half of its virtual tokens for just so many lamports."""
    rows = [{"base_reserve": 2 * 10**15, "quote_reserve": lamports, "base_for_sale": 10**15}]
    assert raise_of(rows) == lamports
    return rows


def test_a_raise_that_could_not_carry_raydiums_costs_is_refused_before_anybody_buys(chain: Chain) -> None:
    with refused(CURVE, "RaiseTooSmall"):
        open_market(chain, sale=AT_RAYDIUM, segments=of_raise(3 * SOL - 1))
    open_market(chain, segments=of_raise(3 * SOL - 1))


def test_the_smallest_raise_pays_everything_and_the_highest_bounty(chain: Chain) -> None:
    bounty = 100_000_000
    args = config_args(chain, keeper_bounty=bounty)
    del args["authority"]
    manage(chain, "update_config", {"args": args})
    sale = raydium_sale(liquidity_lock_seconds=LOCK)
    graduate, keeper = sold_out_for_raydium(chain, sale=sale, segments=of_raise(3 * SOL)), chain.wallet()
    before = chain.lamports(keeper.pubkey())
    event = graduate.send(keeper).event(CURVE, "Graduated")
    assert event["reward"] == graduate.costs() + bounty <= 3 * SOL // 10
    assert chain.lamports(keeper.pubkey()) - before == bounty - FEE


def test_the_largest_sale_graduates(chain: Chain) -> None:
    huge = [{"base_reserve": 2**63, "quote_reserve": 2**58, "base_for_sale": 2**62}]
    graduate = sold_out_for_raydium(chain, segments=huge)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert graduate.vaults == (event["base_amount"], event["quote_amount"])
    assert event["quote_amount"] + event["reward"] == graduate.market.state["raise_target"]


@pytest.mark.parametrize("decimals", [0, 6, 9])
def test_decimals_do_not_matter(chain: Chain, decimals: int) -> None:
    base = 10**decimals
    rows = [{"base_reserve": 2_000_000 * base, "quote_reserve": 30 * SOL, "base_for_sale": 1_000_000 * base}]
    graduate = sold_out_for_raydium(chain, segments=rows)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    quote, found = event["quote_amount"], event["base_amount"]
    assert Fraction(quote, found + 1) < end_price(graduate) <= Fraction(quote, found)


def test_a_keeper_needs_no_purse_for_the_fee(chain: Chain) -> None:
    graduate, poor = sold_out_for_raydium(chain), chain.wallet(0.005)
    graduate.send(poor)
    assert chain.lamports(poor.pubkey()) == 5_000_000 + BOUNTY - FEE


def test_it_fits_one_transaction_and_leaves_compute_for_more(chain: Chain) -> None:
    graduate, keeper = sold_out_for_raydium(chain, sale=raydium_sale(liquidity_lock_seconds=LOCK)), chain.wallet()
    receipt = graduate.send(keeper)
    assert receipt.compute_units < 600_000


def test_the_last_buy_and_the_graduation_run_in_one_transaction(chain: Chain) -> None:
    market = open_market(chain, sale=AT_RAYDIUM)
    trader = market.trader(200)
    last = market.instruction("buy_exact_out", trader.pubkey(), market.state["sale_supply"], 2**62)
    receipt = chain.send([last, RaydiumGraduate(market).instruction(trader.pubkey())], [trader])
    assert receipt.event(CURVE, "CurveCompleted")
    assert receipt.event(CURVE, "Graduated")["keeper"] == trader.pubkey()
