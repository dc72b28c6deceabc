"""One life of the programs: every instruction once, in an order in which each can succeed."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from launchpad.bench import _graduating, _routing
from launchpad.chain import allowlist, keys, pda
from launchpad.chain.accounts import LauncherConfig
from launchpad.chain.addresses import TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.curve_math import MAX_SEGMENTS, Fees, LaunchFee, Segment
from launchpad.chain.instructions import amm, batch, curve, launcher, opening, vesting
from launchpad.chain.instructions.amm import Pool, PoolTerms
from launchpad.chain.instructions.curve import CurveTerms, Market, Ruled
from launchpad.chain.instructions.opening import Community
from launchpad.chain.instructions.solana import create_token_account, wrap_sol
from launchpad.chain.instructions.vesting import Escrow, ScheduleTerms
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.launching import FirstBuy, LaunchParams, Lock, Mintable, TeamVesting
from launchpad.chain.sale_terms import Allowlist, BatchTerms, HoldersTier, OpeningRules, SaleTerms

SOL = 10**9
SUPPLY = 10**18
FEES = Fees(50, 30)
LATER = 2**62
YEAR = 365 * 86_400
# Long enough for a launch and a buy, on a busy machine too.
_SALE_SECONDS = 8


@dataclass(frozen=True)
class Step:
    """One transaction. `silent` ones only prepare the next; of `whole` ones all of it counts, and its bytes."""

    name: str
    signers: Sequence[Any]
    instructions: Callable[[], list[Any]]
    silent: bool = False
    whole: bool = False


@dataclass(frozen=True)
class _Cast:
    """Everybody who signs something."""

    admin: Any
    creator: Any = field(default_factory=keys.generate)
    heir: Any = field(default_factory=keys.generate)
    trader: Any = field(default_factory=keys.generate)
    referrer: Any = field(default_factory=keys.generate)
    plain: Any = field(default_factory=keys.generate)
    full: Any = field(default_factory=keys.generate)
    failed: Any = field(default_factory=keys.generate)
    batch: Any = field(default_factory=keys.generate)
    ruled: Any = field(default_factory=keys.generate)
    treasury: Any = field(default_factory=keys.generate)


def scenario(admin: Any, *, raydium: bool = False) -> Iterator[Step]:
    """Every step; `admin` is the upgrade authority of the programs. With `raydium` a sale graduates there too."""
    cast = _Cast(admin)
    yield from _configs(cast)
    yield from _launches(cast)
    yield from _trades(cast)
    yield from _ownership(cast)
    yield from _schedules(cast)
    yield from _refunds(cast)
    yield from _openings(cast)
    yield from _batches(cast)
    yield from _pools(cast)
    config = LauncherConfig(1, 0, _at(admin), None, _at(cast.treasury), SOL // 50, paused=False, launches=0)
    for name, signers, instructions, silent in _graduating.steps(cast.creator, config, FEES):
        yield _step(name, signers, *instructions, silent=silent)
    for name, signers, instructions, silent in _graduating.whole_transactions(cast.creator, config, FEES):
        yield replace(_step(name, signers, *instructions, silent=silent), whole=True)
    for name, signers, instructions, silent in _graduating.at_raydium(cast.creator, config, FEES) if raydium else ():
        yield replace(_step(name, signers, *instructions, silent=silent), whole=True)
    for name, signers, instructions, silent in _routing.steps(cast.creator, _at(cast.full), (cast.trader, _pool(cast))):
        yield _step(name, signers, *instructions, silent=silent)


def _at(keypair: Any) -> str:
    return keys.address_of(keypair)


def _step(name: str, signers: Sequence[Any], *instructions: Any, silent: bool = False) -> Step:
    return Step(name, signers, lambda: list(instructions), silent)


def _configs(cast: _Cast) -> Iterator[Step]:
    admin, treasury = _at(cast.admin), _at(cast.treasury)
    terms = CurveTerms(treasury)
    by_admin = [cast.admin]
    yield _step("create_config", by_admin, curve.create_config(admin, admin, terms))
    yield _step("update_config", by_admin, curve.update_config(admin, terms))
    yield _step("create_config", by_admin, launcher.create_config(admin, admin, treasury, SOL // 50))
    yield _step("update_config", by_admin, launcher.update_config(admin, treasury, SOL // 50))
    for program in (curve, launcher):
        yield _step("set_paused", by_admin, program.set_paused(admin, paused=True))
        yield _step("set_paused", by_admin, program.set_paused(admin, paused=False), silent=True)
        yield _step("propose_authority", by_admin, program.propose_authority(admin, admin))
        yield _step("accept_authority", by_admin, program.accept_authority(admin))


def _launches(cast: _Cast) -> Iterator[Step]:
    config = LauncherConfig(1, 0, _at(cast.admin), None, _at(cast.treasury), SOL // 50, paused=False, launches=0)
    plain = LaunchParams(_at(cast.creator), "Orchard", "ORCH", "ipfs://orchard", SUPPLY).checked()
    yield _step("launch_token", [cast.creator, cast.plain], launcher.launch(plain, _at(cast.plain), config, FEES))
    full = LaunchParams(
        creator=_at(cast.creator),
        name="Tidepool",
        symbol="TIDE",
        uri="ipfs://tidepool",
        supply=SUPPLY,
        supply_mode=Mintable(_at(cast.creator), 2 * SUPPLY),
        allocations=Allocations(7_000, 2_000, 1_000, 0, 0),
        team=TeamVesting(_at(cast.heir), 0, YEAR, revocable=True),
        first_buy=FirstBuy(SOL, lock=Lock(0, YEAR)),
    ).checked()
    yield _step("launch_and_buy", [cast.creator, cast.full], launcher.launch(full, _at(cast.full), config, FEES))


def _trades(cast: _Cast) -> Iterator[Step]:
    mint, trader, referrer = _at(cast.plain), _at(cast.trader), _at(cast.referrer)
    market, by_trader = Market(mint), [cast.trader]
    yield _step("register_referrer", [cast.referrer], curve.register_referrer(referrer, referrer))
    account = create_token_account(trader, trader, mint, TOKEN_2022)
    first = curve.buy_exact_in(market, trader, SOL, 1, LATER)
    yield _step("buy_exact_in, account made before", by_trader, account, first, silent=True)
    yield _step("buy_exact_in", by_trader, curve.buy_exact_in(market, trader, SOL, 1, LATER))
    referred = curve.buy_exact_in(market, trader, SOL, 1, LATER, referrer)
    yield _step("buy_exact_in with referrer", by_trader, referred)
    yield _step("buy_exact_out", by_trader, curve.buy_exact_out(market, trader, 10**15, SOL, LATER))
    yield _step("sell", by_trader, curve.sell(market, trader, 10**15, 1, LATER))
    yield _step("claim_creator_fees", [cast.creator], curve.claim_creator_fees(mint, _at(cast.creator)))
    yield _step("claim_referrer_fees", [cast.referrer], curve.claim_referrer_fees(referrer))
    yield _step("sweep_protocol_fees", by_trader, curve.sweep_protocol_fees(mint, trader, _at(cast.treasury)))


def _ownership(cast: _Cast) -> Iterator[Step]:
    creator, heir, plain, full = _at(cast.creator), _at(cast.heir), _at(cast.plain), _at(cast.full)
    by_creator = [cast.creator]
    yield _step("revoke_team", by_creator, launcher.revoke_team(full, creator, heir))
    renamed = launcher.update_metadata(creator, plain, "name", "Orchards", bytes(32))
    yield _step("update_metadata", by_creator, renamed)
    handed = launcher.set_update_authority(creator, plain, heir, creator)
    yield _step("set_update_authority", [cast.creator, cast.heir], handed)
    yield _step("propose_creator", by_creator, launcher.propose_creator(plain, creator, heir))
    yield _step("accept_creator", [cast.heir], launcher.accept_creator(plain, heir))


def _schedules(cast: _Cast) -> Iterator[Step]:
    trader, heir, creator, mint = _at(cast.trader), _at(cast.heir), _at(cast.creator), _at(cast.plain)
    now = int(time.time())
    terms = ScheduleTerms(heir, 10**15, now - 1_000, now - 1_000, now + YEAR, revocable=True, index=7)
    escrow = Escrow(pda.vesting_schedule(mint, heir, 7), mint)
    yield _step("create_schedule", [cast.trader], vesting.create_schedule(trader, trader, mint, terms))
    yield _step("claim, account made", [cast.heir], vesting.claim(escrow, heir))
    proposed = vesting.propose_beneficiary(escrow.schedule, heir, creator)
    yield _step("propose_beneficiary", [cast.heir], proposed)
    yield _step("accept_beneficiary", [cast.creator], vesting.accept_beneficiary(escrow.schedule, creator))
    yield _step("revoke", [cast.trader], vesting.revoke(escrow, trader))


def _refunds(cast: _Cast) -> Iterator[Step]:
    """A sale of 32 segments that fails after a few seconds."""
    creator, failed, by_creator = _at(cast.creator), _at(cast.failed), [cast.creator]
    config = LauncherConfig(1, 0, _at(cast.admin), None, _at(cast.treasury), SOL // 50, paused=False, launches=0)
    over = int(time.time()) + _SALE_SECONDS
    # Pieces of one curve, each beginning where the one before it ends.
    segments, sale = [], SUPPLY // 2 // MAX_SEGMENTS
    base, quote = 2 * SUPPLY, 30 * SOL
    for _ in range(MAX_SEGMENTS):
        segments.append(Segment(base, quote, sale))
        base, quote = base - sale, -(-base * quote // (base - sale))
    terms = LaunchParams(
        creator=creator,
        name="Ember",
        symbol="EMB",
        uri="ipfs://ember",
        supply=2 * sale * MAX_SEGMENTS,
        allocations=Allocations(5_000, 5_000, 0, 0, 0),
        segments=tuple(segments),
        first_buy=FirstBuy(SOL),
        deadline=over,
        sale=SaleTerms(launch_fee=LaunchFee(5_000, 600, 60)),
    ).checked()
    yield _step("create_shape, 32 segments", by_creator, curve.create_shape(creator, segments))
    yield _step("create_terms", by_creator, curve.create_terms(creator, terms.sale))
    launch = launcher.launch(terms, failed, config, FEES, from_shape=True)
    yield _step("launch_and_buy, 32 segments of a shape", [cast.creator, cast.failed], launch)
    buy = curve.buy_exact_in(Market(failed), creator, SOL, 1, LATER)
    yield _step("buy_exact_in, 32 segments and a launch fee", by_creator, buy)
    time.sleep(max(0.0, over + 1 - time.time()))
    yield _step("expire", by_creator, curve.expire(failed))
    yield _step("refund", by_creator, curve.refund(Market(failed), creator, 10**15))


def _openings(cast: _Cast) -> Iterator[Step]:
    """A sale with every rule, for a few seconds."""
    creator, trader, mint = _at(cast.creator), _at(cast.trader), _at(cast.ruled)
    config = LauncherConfig(1, 0, _at(cast.admin), None, _at(cast.treasury), SOL // 50, paused=False, launches=0)
    tree, community = allowlist.tree([trader, creator]), Community(_at(cast.plain), TOKEN_2022)
    tiers = Allowlist(tree.root, _SALE_SECONDS), HoldersTier(community.mint, 1_000, 1)
    sale = SaleTerms(
        LaunchFee(500, 60),
        OpeningRules(_SALE_SECONDS, 200, one_buy_per_slot=True, allowlist=tiers[0], holders=tiers[1]),
    )
    yield _step("create_terms", [cast.creator], curve.create_terms(creator, sale), silent=True)
    params = LaunchParams(creator, "Gate", "GATE", "ipfs://gate", SUPPLY, sale=sale).checked()
    over, terms = time.time() + sale.opening.seconds, pda.terms(sale)
    signers = [cast.creator, cast.ruled]
    yield _step("launch_token", signers, launcher.launch(params, mint, config, FEES), silent=True)
    by_trader = [cast.trader]
    yield _step("open_position", by_trader, opening.open_position(trader, mint, trader))
    proof = opening.prove_allowlisted(mint, terms, trader, tree.proof(trader) or [])
    yield _step("prove_allowlisted", by_trader, proof)
    yield _step("pledge", by_trader, opening.pledge(mint, terms, trader, community))
    account = create_token_account(trader, trader, mint, TOKEN_2022)
    ruled = Ruled(terms, pda.position(mint, trader))
    buy = curve.buy_exact_in(Market(mint), trader, SOL // 10, 1, LATER, ruled=ruled)
    yield _step("buy_exact_in under every rule", by_trader, account, buy)
    time.sleep(max(0.0, over + 2 - time.time()))
    yield _step("close_position", by_trader, opening.close_position(mint, trader, terms, community))


def _pool(cast: _Cast) -> Pool:
    return Pool(pda.free_pool(_at(cast.plain), WRAPPED_SOL, _at(cast.trader), 0), _at(cast.plain))


def _batches(cast: _Cast) -> Iterator[Step]:
    """A sale that takes deposits for a few seconds."""
    creator, trader, mint = _at(cast.creator), _at(cast.trader), _at(cast.batch)
    config = LauncherConfig(1, 0, _at(cast.admin), None, _at(cast.treasury), SOL // 50, paused=False, launches=0)
    sale = SaleTerms(batch=BatchTerms(_SALE_SECONDS, _SALE_SECONDS, SOL))
    yield _step("create_terms", [cast.creator], curve.create_terms(creator, sale))
    terms = LaunchParams(creator, "Tide", "TIDE", "ipfs://tide", SUPPLY, sale=sale).checked()
    over = time.time() + _SALE_SECONDS
    yield _step("launch_token with a batch", [cast.creator, cast.batch], launcher.launch(terms, mint, config, FEES))
    by_trader = [cast.trader]
    yield _step("deposit, receipt made", by_trader, batch.deposit(mint, trader, SOL))
    yield _step("deposit", by_trader, batch.deposit(mint, trader, SOL))
    yield _step("withdraw_deposit", by_trader, batch.withdraw_deposit(mint, trader, SOL // 2))
    time.sleep(max(0.0, over + 2 - time.time()))
    yield _step("settle_batch", by_trader, batch.settle_batch(mint))
    yield _step("claim_batch, account made", by_trader, batch.claim_batch(Market(mint), trader, trader))


def _pools(cast: _Cast) -> Iterator[Step]:
    admin, trader, treasury = _at(cast.admin), _at(cast.trader), _at(cast.treasury)
    by_admin, by_trader = [cast.admin], [cast.trader]
    terms = PoolTerms(treasury)
    yield _step("create_config", by_admin, amm.create_config(admin, admin, terms))
    yield _step("set_fees", by_admin, amm.set_fees(admin, terms))
    yield _step("set_paused", by_admin, amm.set_paused(admin, paused=False))
    yield _step("propose_authority", by_admin, amm.propose_authority(admin, admin))
    yield _step("accept_authority", by_admin, amm.accept_authority(admin))
    pool = _pool(cast)
    opened = amm.create_pool(trader, pool, (10**15, SOL), creator=trader)
    yield _step("create_pool", by_trader, *wrap_sol(trader, 10 * SOL), opened)
    bought = amm.swap_exact_in(pool, trader, is_buy=True, amount_in=SOL // 10, min_amount_out=1, deadline=LATER)
    yield _step("swap_exact_in", by_trader, bought)
    sold = amm.swap_exact_out(pool, trader, is_buy=False, amount_out=SOL // 20, max_amount_in=SUPPLY, deadline=LATER)
    yield _step("swap_exact_out", by_trader, sold)
    yield _step("deposit", by_trader, amm.deposit(pool, trader, (10**14, SOL), 1, LATER))
    yield _step("withdraw", by_trader, amm.withdraw(pool, trader, 10**9, (1, 1)))
    yield _step("claim_creator_fees", by_trader, amm.claim_creator_fees(pool, trader))
    account = create_token_account(trader, treasury, WRAPPED_SOL, TOKEN)
    yield _step("sweep_protocol_fees", by_trader, account, amm.sweep_protocol_fees(pool, trader, treasury))
    yield _step("set_creator", by_trader, amm.set_creator(pool, trader, treasury))
