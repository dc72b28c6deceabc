"""A sale that sells out and graduates, in the benches' one life of the programs."""

from collections.abc import Iterator
from typing import Any

from launchpad.bench._routing import Line
from launchpad.chain import curve_math, keys, pda
from launchpad.chain.accounts import LauncherConfig
from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.curve_math import Fees, Segment
from launchpad.chain.instructions import curve, graduation, launcher
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.curve import Market
from launchpad.chain.instructions.graduation import Sale
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms

SUPPLY = 10**18
LATER = 2**62
# Sold out for two SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)
_LOCK = 180 * 86_400


def steps(creator: Any, config: LauncherConfig, fees: Fees) -> Iterator[Line]:
    """A token of `creator` whose raise vests in part and whose shares are locked for him."""
    owner, key, by = keys.address_of(creator), keys.generate(), [creator]
    mint = keys.address_of(key)
    ending = GraduationTerms(liquidity_bps=7_000, liquidity_lock_seconds=_LOCK, payout=Payout(owner, owner, 6_000))
    sale = SaleTerms(graduation=ending)
    params = LaunchParams(owner, "Alumna", "ALUM", "ipfs://alumna", SUPPLY, segments=SEGMENTS, sale=sale).checked()
    opened = [curve.create_terms(owner, sale), launcher.launch(params, mint, config, fees)]
    yield "launch_token with terms", [creator, key], opened, True
    trader, everything = Market(mint), curve_math.sale_supply(SEGMENTS)
    account = create_token_account(owner, owner, mint, TOKEN_2022)
    yield "buy_exact_out", by, [account, curve.buy_exact_out(trader, owner, everything, 10**11, LATER)], True
    named = Sale(mint, TOKEN_2022, pda.terms(sale), _LOCK)
    yield "graduate", by, [graduation.graduate(named, owner)], False
    yield "graduate, again", by, [graduation.graduate(named, owner)], False
    yield "release_payout", by, [graduation.release_payout(named, owner, "team", owner, 0)], False
    shares = graduates_pool(mint).lp_mint
    yield "lock_liquidity", by, [graduation.lock_liquidity(named, owner, shares, owner)], False
