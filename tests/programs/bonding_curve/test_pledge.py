"""Pledges: one holding admits one wallet, and comes back whole."""

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import Market
from tests.programs.harness import CURVE, NOW, TOKEN, TOKEN_2022, Chain, ata, refused
from tests.programs.opening import (
    MINIMUM,
    allowlist,
    buy,
    close_position,
    holders,
    open_position,
    pledge,
    pledged_accounts,
    position,
    position_of,
    ruled,
    with_position,
)

PROGRAMS = [TOKEN, TOKEN_2022]
TAXES, HOOK, DELEGATE, FROZEN, PAUSABLE = 1, 14, 12, 6, 26


def community(chain: Chain, program: Pubkey = TOKEN_2022, extensions: dict[int, bytes] | None = None) -> Pubkey:
    """The mint of the community's token."""
    return chain.new_mint(program=program, extensions=extensions)


def holder(market: Market, mint: Pubkey, program: Pubkey = TOKEN_2022, amount: int = MINIMUM) -> Keypair:
    """A trader with a position who holds some of the community's token."""
    trader = with_position(market)
    market.chain.set_tokens(trader.pubkey(), mint, amount, program=program)
    return trader


@pytest.fixture
def mint(chain: Chain) -> Pubkey:
    """A community's Token-2022 mint."""
    return community(chain)


@pytest.fixture
def market(chain: Chain, mint: Pubkey) -> Market:
    """Two minutes for holders."""
    return ruled(chain, {"holders": holders(mint, 120)})


@pytest.mark.parametrize("program", PROGRAMS, ids=["classic", "2022"])
def test_a_pledge_admits_and_comes_back_with_everything_in_the_escrow(chain: Chain, program: Pubkey) -> None:
    mint = community(chain, program)
    market = ruled(chain, {"holders": holders(mint, 120)})
    trader = holder(market, mint, program, MINIMUM + 7)
    key, escrow = trader.pubkey(), ata(position_of(market, trader.pubkey()), mint, program)
    with refused(CURVE, "NotAdmitted"):
        buy(market, trader, 10**15)
    event = chain.send([pledge(market, key, mint, program)], [trader]).event(CURVE, "Admitted")
    assert (event["wallet"], event["tier"]) == (key, "Holders")
    assert (chain.tokens(escrow), chain.tokens(ata(key, mint, program))) == (MINIMUM, 7)
    assert position(market, key)["pledged"] == MINIMUM
    buy(market, trader, 10**15)
    # Somebody's gift to the escrow hinders nothing.
    chain.set_tokens(position_of(market, key), mint, MINIMUM + 5, program=program)
    chain.set_time(NOW + 120)
    before = chain.lamports(key)
    rents = chain.lamports(escrow) + chain.lamports(position_of(market, key))
    chain.send([close_position(market, key, **pledged_accounts(market, key, mint, program))], [trader])
    assert chain.tokens(ata(key, mint, program)) == MINIMUM + 12
    assert chain.lamports(key) == before + rents - 5_000
    assert chain.lamports(escrow) == 0
    assert chain.lamports(position_of(market, key)) == 0


def test_holders_wait_for_the_allowlist(chain: Chain, mint: Pubkey) -> None:
    market = ruled(chain, {"allowlist": allowlist(bytes(32), 60), "holders": holders(mint, 60)})
    trader = holder(market, mint)
    chain.send([pledge(market, trader.pubkey(), mint)], [trader])
    with refused(CURVE, "NotAdmitted"):
        buy(market, trader, 10**15)
    chain.set_time(NOW + 60)
    buy(market, trader, 10**15)


def test_one_holding_cannot_be_passed_along(market: Market, mint: Pubkey) -> None:
    chain, first, second = market.chain, holder(market, mint), holder(market, mint, amount=0)
    chain.send([pledge(market, first.pubkey(), mint)], [first])
    named = pledged_accounts(market, first.pubkey(), mint)
    with refused(CURVE, "RulesStillHold"):
        chain.send([close_position(market, first.pubkey(), **named)], [first])
    with refused(CURVE, "PledgeShort"):
        chain.send([pledge(market, second.pubkey(), mint)], [second])
    # Neither the first one's escrow nor his account is the second one's.
    for source in (named["escrow"], named["wallet_account"]):
        with refused(None, 2015):
            chain.send([pledge(market, second.pubkey(), mint, wallet_account=source)], [second])
    with refused(CURVE, "AlreadyPledged"):
        chain.set_tokens(first.pubkey(), mint, MINIMUM)
        chain.send([pledge(market, first.pubkey(), mint)], [first])


def test_a_pledge_is_the_wallets_own(market: Market, mint: Pubkey) -> None:
    chain, owner, thief = market.chain, holder(market, mint), with_position(market)
    chain.set_tokens(thief.pubkey(), mint, MINIMUM)
    with refused(CURVE, "MissingPosition"):
        chain.send([pledge(market, thief.pubkey(), mint, position=position_of(market, owner.pubkey()))], [thief])
    elsewhere = ruled(chain, {"holders": holders(mint, 60)})
    with refused(CURVE, "MissingPosition"):
        own = position_of(market, owner.pubkey())
        chain.send([pledge(elsewhere, owner.pubkey(), mint, position=own)], [owner])
    # An escrow that the associated token program does not know.
    chain.set_tokens(thief.pubkey(), mint, MINIMUM)
    with refused(None):
        chain.send([pledge(market, owner.pubkey(), mint, escrow=ata(thief.pubkey(), mint))], [owner])


def test_only_the_community_of_the_terms_counts(market: Market, mint: Pubkey) -> None:
    chain, other = market.chain, community(market.chain)
    trader = holder(market, other)
    with refused(None, 2012):
        chain.send([pledge(market, trader.pubkey(), other)], [trader])
    forged = Keypair().pubkey()
    chain.set_account(forged, chain.account(mint).data, TOKEN)
    with refused(None, 3007):
        chain.send([pledge(market, trader.pubkey(), mint, token_program=TOKEN)], [trader])


def test_less_than_the_minimum_or_no_account_is_too_little(market: Market, mint: Pubkey) -> None:
    chain, trader, nobody = market.chain, holder(market, mint, amount=MINIMUM - 1), with_position(market)
    for each in (trader, nobody):
        with refused(CURVE, "PledgeShort"):
            chain.send([pledge(market, each.pubkey(), mint)], [each])


@pytest.mark.parametrize("extension", [TAXES, HOOK, DELEGATE, FROZEN, PAUSABLE, 99])
def test_tokens_that_might_not_come_back_are_refused(chain: Chain, extension: int) -> None:
    mint = community(chain, extensions={extension: bytes(64)})
    market = ruled(chain, {"holders": holders(mint, 60)})
    trader = holder(market, mint)
    with refused(CURVE, "PledgeRefused"):
        chain.send([pledge(market, trader.pubkey(), mint)], [trader])


def test_a_sale_without_that_tier_takes_no_pledge(chain: Chain, mint: Pubkey) -> None:
    market = ruled(chain, {"allowlist": allowlist(bytes(32), 60)})
    trader = holder(market, mint)
    with refused(CURVE, "NoSuchTier"):
        chain.send([pledge(market, trader.pubkey(), mint)], [trader])


def test_a_position_is_not_closed_without_its_pledge(market: Market, mint: Pubkey) -> None:
    """A position that goes while its escrow stays would leave the pledge to nobody."""
    chain, trader = market.chain, holder(market, mint)
    key = trader.pubkey()
    chain.send([pledge(market, key, mint)], [trader])
    named = pledged_accounts(market, key, mint)
    chain.set_time(NOW + 120)
    for missing in ("terms", "community_mint", "wallet_account", "escrow", "token_program"):
        with refused(CURVE, "PledgeAccountsMissing"):
            chain.send([close_position(market, key, **named | {missing: None})], [trader])
    with refused(None, 2015):
        chain.send([close_position(market, key, **named | {"escrow": named["wallet_account"]})], [trader])
    second, held = Keypair().pubkey(), chain.account(named["escrow"]).data
    chain.set_account(second, held[:64] + bytes(8) + held[72:], TOKEN_2022)
    with refused(CURVE, "PledgeShort"):
        chain.send([close_position(market, key, **named | {"escrow": second})], [trader])
    worthless = community(chain)
    fake = {"community_mint": worthless, "escrow": chain.set_tokens(named["position"], worthless, MINIMUM)}
    with refused(None, 2012):
        chain.send([close_position(market, key, **named | fake)], [trader])
    thief = chain.wallet()
    with refused(None, 2015):
        stolen = chain.set_tokens(thief.pubkey(), mint, 0)
        chain.send([close_position(market, key, **named | {"wallet_account": stolen})], [trader])
    chain.send([close_position(market, key, **named)], [trader])
    assert chain.tokens(named["wallet_account"]) == MINIMUM


def test_a_wallet_that_pledges_opens_its_position_in_the_same_transaction(market: Market, mint: Pubkey) -> None:
    chain, trader = market.chain, market.trader()
    chain.set_tokens(trader.pubkey(), mint, MINIMUM)
    key = trader.pubkey()
    chain.send([open_position(market, key, key), pledge(market, key, mint)], [trader])
    buy(market, trader, 10**15)
