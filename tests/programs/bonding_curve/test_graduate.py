"""graduate: a sold-out curve opens its pool at its own last price, once, and whoever calls is repaid."""

from fractions import Fraction

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import LIQUIDITY, SALE, launch_fee, open_market, sale_terms, set_paused
from tests.programs.graduating import BOUNTY, LOCKED, TEAM_RAISE, Graduate, graduation, new_chain, sell_out, sold_out
from tests.programs.harness import (
    AMM,
    CURVE,
    NOW,
    SOL,
    TOKEN,
    TOKEN_2022,
    Chain,
    refused,
    transfer_sol,
)

RAISE = 85_005_359_057
# Pool 669, shares' mint 82, two vaults 165 bytes each.
FEE = 5_000


@pytest.fixture
def chain() -> Chain:
    """A runtime with curves, pools and vesting."""
    return new_chain()


def rents(chain: Chain, graduate: Graduate) -> int:
    """What the accounts of the pool hold for their rent."""
    pool = graduate.pool
    spaces = [len(chain.account(key).data) for key in (pool.key, pool.lp_mint)] + [165, 165]
    if graduate.locked:
        spaces.append(165)
    return sum(chain.rent(space) for space in spaces)


def end_price(graduate: Graduate) -> Fraction:
    """Lamports for a base unit behind the last one sold."""
    last = graduate.market.opening.segments[-1]
    base = last["base_reserve"] - last["base_for_sale"]
    return Fraction(-(-last["base_reserve"] * last["quote_reserve"] // base), base)


@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_everything_that_was_raised_becomes_the_pool_at_the_last_price(chain: Chain, token_program: Pubkey) -> None:
    graduate = sold_out(chain, token_program=token_program)
    keeper = chain.wallet()
    before, supply = chain.lamports(keeper.pubkey()), chain.supply(graduate.market.mint)
    event = graduate.send(keeper).event(CURVE, "Graduated")
    reward = rents(chain, graduate) + BOUNTY
    quote = RAISE - reward
    base = graduate.expected_base(quote)
    assert chain.lamports(keeper.pubkey()) - before == BOUNTY - FEE
    assert event.data == {
        "mint": graduate.market.mint,
        "curve": graduate.market.curve,
        "pool": graduate.pool.key,
        "venue": "Amm",
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
    assert graduate.pool.vaults == (base, quote)
    assert Fraction(quote, base + 1) < end_price(graduate) <= Fraction(quote, base)
    assert chain.supply(graduate.market.mint) == supply - (LIQUIDITY - base)
    assert chain.tokens(graduate.market.vault) == 0
    state = graduate.market.state
    assert (state["status"], state["quote_reserve"], state["launch_fees"]) == ("Graduated", 0, 0)
    assert (state["pool"], state["graduated_at"], state["sold"]) == (graduate.pool.key, NOW, SALE)
    assert graduate.pool.state["creator"] == graduate.market.creator.pubkey()
    assert chain.supply(graduate.pool.lp_mint) == 0


def test_whoever_comes_second_finds_it_done_and_pays_and_gets_nothing(chain: Chain) -> None:
    graduate = sold_out(chain)
    graduate.send(chain.wallet())
    late = chain.wallet()
    watched = [graduate.market.curve, graduate.market.vault, graduate.pool.key, graduate.pool.quote_vault]
    before, purse = [chain.account(key) for key in watched], chain.lamports(late.pubkey())
    receipt = graduate.send(late)
    assert not receipt.events(CURVE)
    assert [chain.account(key) for key in watched] == before
    assert chain.lamports(late.pubkey()) == purse - FEE


def test_a_curve_that_is_not_sold_out_does_not_graduate(chain: Chain) -> None:
    market = open_market(chain)
    with refused(CURVE, "NotComplete"):
        Graduate(market).send(chain.wallet())
    market.buy(market.trader(), SOL)
    with refused(CURVE, "NotComplete"):
        Graduate(market).send(chain.wallet())


def test_fees_are_claimed_and_swept_after_the_graduation_too(chain: Chain) -> None:
    graduate = sold_out(chain)
    fees = graduate.market.state
    graduate.send(chain.wallet())
    before = chain.lamports(graduate.market.creator.pubkey())
    graduate.market.claim_creator_fees()
    assert chain.lamports(graduate.market.creator.pubkey()) == before + fees["creator_fees"] - FEE
    recipient = Keypair.from_seed(bytes([8] * 32)).pubkey()
    chain.airdrop(recipient, 1)
    graduate.market.sweep_protocol_fees(chain.wallet())
    state = graduate.market.state
    assert (state["creator_fees"], state["protocol_fees"]) == (0, 0)
    assert chain.lamports(graduate.market.curve) == state["rent_reserve"]


def test_a_pause_does_not_stop_it(chain: Chain) -> None:
    graduate = sold_out(chain)
    set_paused(chain, paused=True)
    graduate.send(chain.wallet())
    assert graduate.market.state["status"] == "Graduated"


def test_nobody_trades_or_refunds_on_a_curve_that_graduated(chain: Chain) -> None:
    graduate = sold_out(chain)
    graduate.send(chain.wallet())
    market, trader = graduate.market, graduate.market.trader()
    for attempt in (lambda: market.buy(trader, SOL), lambda: market.sell(trader, 1)):
        with refused(CURVE, "CurveNotTrading"):
            attempt()
    with refused(CURVE, "CurveNotTrading"):
        market.expire(trader)
    with refused(CURVE, "NotRefunding"):
        market.refund(trader, 1)


def test_launch_fees_belong_to_the_pool_and_raise_its_price_where_they_do_not_fit(chain: Chain) -> None:
    graduate = sold_out(chain, sale=sale_terms(launch_fee=launch_fee(5_000, 600)))
    fees = graduate.market.state["launch_fees"]
    assert fees > RAISE // 3
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["quote_amount"] == RAISE + fees - event["reward"]
    assert (event["base_amount"], event["burned"]) == (LIQUIDITY, 0)
    assert Fraction(event["quote_amount"], LIQUIDITY) > end_price(graduate)


def test_the_rest_of_a_team_raise_waits_on_the_curve(chain: Chain) -> None:
    graduate = sold_out(chain, sale=TEAM_RAISE)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    rest = RAISE - event["reward"]
    liquidity = rest * 7_000 // 10_000
    team = (rest - liquidity) * 6_000 // 10_000
    assert event["quote_amount"] == liquidity
    assert (event["team_payout"], event["treasury_payout"]) == (team, rest - liquidity - team)
    assert event["base_amount"] == graduate.expected_base(liquidity)
    state = graduate.market.state
    assert (state["team_payout"], state["treasury_payout"]) == (team, rest - liquidity - team)
    owed = state["rent_reserve"] + state["protocol_fees"] + state["creator_fees"] + rest - liquidity
    assert chain.lamports(graduate.market.curve) == owed


def test_shares_that_are_given_out_one_day_lie_with_the_curve(chain: Chain) -> None:
    graduate = sold_out(chain, sale=LOCKED)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["locked_until"] == NOW + 180 * 86_400
    assert chain.tokens(graduate.curve_lp) == graduate.pool.state["lp_supply"] - 1_000 > 0
    assert graduate.market.state["lp_mint"] == graduate.pool.lp_mint


def test_the_terms_cannot_be_left_out_or_exchanged(chain: Chain) -> None:
    graduate, other = sold_out(chain, sale=TEAM_RAISE), sold_out(chain, sale=LOCKED)
    for terms in (None, other.accounts["terms"]):
        with refused(CURVE, "MissingTerms"):
            graduate.send(chain.wallet(), terms=terms)


def test_the_shares_account_cannot_be_left_out_or_exchanged(chain: Chain) -> None:
    graduate, other = sold_out(chain, sale=LOCKED), sold_out(chain, sale=LOCKED)
    other.send(chain.wallet())
    for account in (None, other.curve_lp, graduate.market.vault):
        with refused(None):
            graduate.send(chain.wallet(), curve_lp=account)


@pytest.mark.parametrize("lamports", [1, 890_880, 10 * SOL])
def test_a_strangers_lamports_on_the_coming_addresses_change_nothing(chain: Chain, lamports: int) -> None:
    graduate, stranger = sold_out(chain, sale=LOCKED), chain.wallet(1_000)
    pool = graduate.pool
    coming = (pool.key, pool.lp_mint, pool.base_vault, pool.quote_vault, graduate.curve_lp, graduate.market.curve)
    chain.send([transfer_sol(stranger.pubkey(), key, lamports) for key in coming], [stranger])
    keeper = chain.wallet()
    before = chain.lamports(keeper.pubkey())
    event = graduate.send(keeper).event(CURVE, "Graduated")
    assert chain.lamports(keeper.pubkey()) == before + BOUNTY - FEE
    assert Fraction(event["quote_amount"], event["base_amount"]) >= end_price(graduate)
    state = pool.state
    assert (state["base_reserve"], state["quote_reserve"]) == (event["base_amount"], event["quote_amount"])
    assert event["quote_amount"] + event["reward"] == RAISE


def test_tokens_that_others_sent_to_the_vault_are_not_touched(chain: Chain) -> None:
    market = open_market(chain)
    sell_out(market)
    graduate = Graduate(market)
    chain.set_tokens(market.curve, market.mint, LIQUIDITY + 777, program=market.opening.token_program)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["base_amount"] + event["burned"] == LIQUIDITY
    assert chain.tokens(market.vault) == 777


def test_a_mint_that_can_grow_graduates_by_its_own_vault(chain: Chain) -> None:
    authority = chain.wallet()
    mint = chain.new_mint(authority.pubkey(), 2 * (SALE + LIQUIDITY), authority=authority.pubkey(), program=TOKEN)
    market = open_market(chain)
    prepared = type(market.opening)(chain, authority, mint, TOKEN)
    prepared.send()
    grown = type(market)(prepared)
    sell_out(grown)
    event = Graduate(grown).send(chain.wallet()).event(CURVE, "Graduated")
    assert event["base_amount"] + event["burned"] == LIQUIDITY


def test_a_reward_is_at_most_a_tenth_of_the_raise(chain: Chain) -> None:
    tiny = [{"base_reserve": 4_000_000_000, "quote_reserve": 20_000_000, "base_for_sale": 2_000_000_000}]
    graduate = sold_out(chain, segments=tiny)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert (event["reward"], event["quote_amount"]) == (2_000_000, 18_000_000)
    assert Fraction(event["quote_amount"], event["base_amount"]) >= end_price(graduate)


def test_a_raise_that_could_not_open_a_pool_is_refused_before_anybody_buys(chain: Chain) -> None:
    with refused(CURVE, "PoolTooSmall"):
        open_market(chain, segments=[{"base_reserve": 40, "quote_reserve": 20, "base_for_sale": 20}])


def test_the_largest_sale_graduates(chain: Chain) -> None:
    huge = [{"base_reserve": 2**63, "quote_reserve": 2**58, "base_for_sale": 2**62}]
    graduate = sold_out(chain, segments=huge)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["quote_amount"] + event["reward"] == graduate.market.state["raise_target"]
    assert Fraction(event["quote_amount"], event["base_amount"]) >= end_price(graduate)


@pytest.mark.parametrize("decimals", [0, 6, 9])
def test_decimals_do_not_matter(chain: Chain, decimals: int) -> None:
    base = 10**decimals
    rows = [{"base_reserve": 2_000_000 * base, "quote_reserve": 30 * SOL, "base_for_sale": 1_000_000 * base}]
    graduate = sold_out(chain, segments=rows)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    quote, found = event["quote_amount"], event["base_amount"]
    assert Fraction(quote, found + 1) < end_price(graduate) <= Fraction(quote, found)


def test_the_last_buy_and_the_graduation_fit_one_transaction(chain: Chain) -> None:
    market = open_market(chain, sale=graduation(liquidity_lock_seconds=180 * 86_400))
    graduate, trader = Graduate(market), market.trader(200)
    last = market.instruction("buy_exact_out", trader.pubkey(), SALE, 2**62)
    receipt = chain.send([last, graduate.instruction(trader.pubkey())], [trader])
    assert receipt.event(CURVE, "CurveCompleted")
    assert receipt.event(CURVE, "Graduated")["keeper"] == trader.pubkey()
    assert receipt.event(AMM, "PoolCreated")["canonical"]
    assert receipt.compute_units < 400_000


def test_a_keeper_who_cannot_pay_the_rent_moves_nothing(chain: Chain) -> None:
    graduate, poor = sold_out(chain), chain.wallet(0.002)
    before = chain.account(graduate.market.curve)
    with refused(None):
        graduate.send(poor)
    assert chain.account(graduate.market.curve) == before
    graduate.send(chain.wallet())
