"""The fees of one token: rate and limit, recipient, and the account that says so."""

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from launchpad.chain import pda, pools
from launchpad.chain.accounts import AmmConfig, CurveConfig
from launchpad.chain.addresses import FEE_ROUTER
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import LaunchFee
from launchpad.chain.errors import ProgramsNotSetUpError
from launchpad.chain.pools import LivePool, NoPoolError
from launchpad.chain.venues.raydium.accounts import AmmConfig as RaydiumTier
from launchpad.chain.venues.raydium.pools import amm_config
from launchpad.chain.venues.raydium.reading import NoFeeTierError, fetch_fee_tier
from launchpad.db import Look
from launchpad.errors import UnavailableError
from launchpad.fees import queries
from launchpad.fees.schemas import FeeLine, FeeTable

# The programs' own constants, which no authority can pass.
MAX_CURVE_FEE_BPS = 200
MAX_REFERRER_SHARE_BPS = 5_000
MAX_LAUNCH_FEE_BPS = 5_000
MAX_KEEPER_BOUNTY = 100_000_000
MAX_LP_FEE_BPS = 100
MAX_POOL_PROTOCOL_FEE_BPS = 50
MAX_POOL_CREATOR_FEE_BPS = 100
_PARAMETER_SECONDS = 30.0
_MILLIONTHS = 1_000_000
Parameters = tuple[AmmConfig | None, RaydiumTier | None]
_parameters: WeakKeyDictionary[ChainClient, tuple[float, Parameters]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the fees of a token depend on besides the programs' parameters. `pool` and its rate are of the graduate."""

    mint: str
    creator: str
    routed: bool
    protocol_bps: int
    creator_bps: int
    referrer_share_bps: int
    launch_fee: LaunchFee
    opened_at: int
    at_raydium: bool
    pool: str | None
    pool_creator: str | None
    pool_creator_bps: int | None


async def fee_table(chain: ChainClient, mint: str) -> FeeTable:
    """Every fee of a token as its accounts have it now; raises NoCurveError, ProgramsNotSetUpError."""
    curve = await chain.require_curve(mint)
    terms = await chain.fetch_terms(curve.terms) if curve.terms else None
    own = await _pool(chain, mint)
    venue = "amm" if own or terms is None else terms.sale.graduation.venue
    facts = Facts(
        mint=mint,
        creator=curve.creator,
        routed=await _is_router(chain, curve.creator),
        protocol_bps=curve.protocol_fee_bps,
        creator_bps=curve.creator_fee_bps,
        referrer_share_bps=curve.referrer_share_bps,
        launch_fee=curve.launch_fee,
        opened_at=curve.opened_at,
        at_raydium=venue != "amm",
        pool=curve.pool,
        pool_creator=own.state.creator if own else None,
        pool_creator_bps=own.state.creator_fee_bps if own else None,
    )
    return await _table(chain, facts)


async def indexed_table(chain: ChainClient, look: Look, mint: str) -> FeeTable | None:
    """The same by what is indexed of the token, with parameters at most half a minute old; None without them."""
    row = await queries.fee_facts(look, mint)
    if row is None:
        return None
    sale = orjson.loads(row["sale"]) if row["sale"] else {}
    venue = row["graduated_into"] or sale.get("graduation", {}).get("venue", "amm")
    facts = Facts(
        **{name: row[name] for name in ("mint", "creator", "routed", "pool", "pool_creator", "pool_creator_bps")},
        protocol_bps=row["protocol_fee_bps"],
        creator_bps=row["creator_fee_bps"],
        referrer_share_bps=row["referrer_share_bps"],
        launch_fee=LaunchFee(**sale.get("launch_fee", {"start_bps": 0, "seconds": 0})),
        opened_at=int(row["opened_at"].timestamp()),
        at_raydium=venue != "amm",
    )
    try:
        return await _table(chain, facts)
    except UnavailableError:
        return None


async def _table(chain: ChainClient, facts: Facts) -> FeeTable:
    config = (await chain.fetch_configs()).curve
    if config is None:
        raise ProgramsNotSetUpError
    ours, raydiums = await _pools_parameters(chain)
    if facts.at_raydium:
        pool = _at_raydium(facts, raydiums) if raydiums else []
    else:
        pool = _of_pool(facts, ours) if ours else []
    router = facts.creator if facts.routed else None
    return FeeTable(mint=facts.mint, creator=facts.creator, router=router, lines=[*_of_curve(facts, config), *pool])


async def _pools_parameters(chain: ChainClient) -> Parameters:
    """Those of our own pools and of Raydium's, at most half a minute old; None for what this cluster lacks."""
    known = _parameters.get(chain)
    if known is None or time.monotonic() - known[0] > _PARAMETER_SECONDS:
        ours = await pools.fetch_config(chain.rpc)
        try:
            raydiums = await fetch_fee_tier(chain.rpc)
        except NoFeeTierError:
            raydiums = None
        known = (time.monotonic(), (ours, raydiums))
        _parameters[chain] = known
    return known[1]


async def _pool(chain: ChainClient, mint: str) -> LivePool | None:
    try:
        return await pools.fetch_pool(chain.rpc, pda.canonical_pool(mint))
    except NoPoolError:
        return None


async def _is_router(chain: ChainClient, address: str) -> bool:
    account = await chain.rpc.get_account(address)
    return account is not None and account["owner"] == FEE_ROUTER


def _of_curve(facts: Facts, config: CurveConfig) -> list[FeeLine]:
    own: dict[str, Any] = {"venue": "curve", "source": pda.curve(facts.mint), "changes": "never"}
    of_all = {**own, "limit_bps": MAX_CURVE_FEE_BPS}
    most = MAX_CURVE_FEE_BPS * MAX_REFERRER_SHARE_BPS // 10_000
    return [
        _line("protocol", facts.protocol_bps, "Of every trade on the curve; a referrer's part comes out of it.",
              recipient=config.fee_recipient, **of_all),
        _line("creator", facts.creator_bps, "Of every trade on the curve.", recipient=facts.creator, **of_all),
        _line("referrer", facts.protocol_bps * facts.referrer_share_bps // 10_000,
              "Of trades that name a referrer, out of the protocol's part.", limit_bps=most, **own),
        *_of_launch(facts, own),
        _line("keeper", None, "To whoever opens the pool, with the rent it pays; at most a tenth of the raise.",
              venue="graduation", amount=str(config.keeper_bounty), limit_amount=str(MAX_KEEPER_BOUNTY),
              source=pda.bonding_curve_config(), changes="by_authority"),
    ]  # fmt: skip


def _of_launch(facts: Facts, own: dict[str, Any]) -> list[FeeLine]:
    fee = facts.launch_fee
    if not fee.start_bps:
        return []
    now = fee.bps_at(int(time.time()) - facts.opened_at)
    begins = f"{_percent(fee.start_bps)} at the opening"
    note = f"Of buys in the first {fee.seconds} s, {begins}; it goes into the pool's liquidity."
    return [_line("launch", now, note, limit_bps=MAX_LAUNCH_FEE_BPS, **{**own, "changes": "with_time"})]


def _of_pool(facts: Facts, rates: AmmConfig) -> list[FeeLine]:
    shared = pda.amm_config()
    of_all: dict[str, Any] = {"venue": "pool", "source": shared, "changes": "by_authority"}
    pool = pda.canonical_pool(facts.mint)
    steps = ", ".join(
        f"{_percent(tier.creator_fee_bps)} from {tier.min_market_cap_quote // 10**9} SOL" for tier in rates.tiers
    )
    said = {**of_all, "source": pool if facts.pool_creator else shared, "changes": "with_market_cap"}
    return [
        _line("lp", rates.lp_fee_bps, "Of every swap; stays in the pool.",
              recipient=pool, limit_bps=MAX_LP_FEE_BPS, **of_all),
        _line("protocol", rates.protocol_fee_bps, "Of every swap.",
              recipient=rates.fee_recipient, limit_bps=MAX_POOL_PROTOCOL_FEE_BPS, **of_all),
        _line("creator", facts.pool_creator_bps, f"Of every swap, by market cap: {steps}.",
              recipient=facts.pool_creator or facts.creator, limit_bps=MAX_POOL_CREATOR_FEE_BPS, **said),
    ]  # fmt: skip


def _at_raydium(facts: Facts, tier: RaydiumTier) -> list[FeeLine]:
    kept = (tier.protocol_fee_rate + tier.fund_fee_rate) * 100 // _MILLIONTHS
    note = f"Of what is paid in the pool at Raydium, rounded up; Raydium keeps {kept} % of it, the rest stays there."
    bps = -(-tier.trade_fee_rate * 10_000 // _MILLIONTHS)
    more: dict[str, Any] = {"venue": "pool", "source": amm_config(), "changes": "by_venue"}
    return [_line("lp", bps, note, recipient=facts.pool, **more)]


def _percent(bps: int) -> str:
    return f"{Decimal(bps) / 100:f} %"


def _line(kind: str, bps: int | None, note: str, **more: Any) -> FeeLine:
    empty = {"limit_bps": None, "amount": None, "limit_amount": None, "recipient": None}
    return FeeLine.model_validate({**empty, **more, "kind": kind, "bps": bps, "note": note})
