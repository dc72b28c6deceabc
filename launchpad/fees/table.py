"""The fees of one token as the chain has them now: rate, recipient, and the account that says so."""

from launchpad.chain import pda, pools
from launchpad.chain.accounts import AmmConfig, CurveConfig, CurveState
from launchpad.chain.addresses import FEE_ROUTER
from launchpad.chain.client import ChainClient
from launchpad.chain.pools import LivePool, NoPoolError
from launchpad.errors import UnavailableError
from launchpad.fees.schemas import FeeLine, FeeTable


class NotSetUpError(UnavailableError):
    """The programs have no parameters on this cluster."""

    code = "NOT_SET_UP"


async def fee_table(chain: ChainClient, mint: str) -> FeeTable:
    """Every fee of a token; raises NoCurveError, NotSetUpError."""
    curve = await chain.require_curve(mint)
    config = (await chain.fetch_configs()).curve
    if config is None:
        raise NotSetUpError("The programs are not set up on this cluster: run `launchpad programs init`.")
    rates, pool = await pools.fetch_config(chain.rpc), await _pool(chain, mint)
    lines = _of_curve(mint, curve, config) + (_of_pool(mint, curve, rates, pool) if rates else [])
    routed = await _is_router(chain, curve.creator)
    return FeeTable(mint=mint, creator=curve.creator, router=curve.creator if routed else None, lines=lines)


async def _pool(chain: ChainClient, mint: str) -> LivePool | None:
    try:
        return await pools.fetch_pool(chain.rpc, pda.canonical_pool(mint))
    except NoPoolError:
        return None


async def _is_router(chain: ChainClient, address: str) -> bool:
    account = await chain.rpc.get_account(address)
    return account is not None and account["owner"] == FEE_ROUTER


def _of_curve(mint: str, curve: CurveState, config: CurveConfig) -> list[FeeLine]:
    own, shared, launch = pda.curve(mint), pda.bonding_curve_config(), curve.launch_fee
    referrer = curve.protocol_fee_bps * curve.referrer_share_bps // 10_000
    whole = "Of every trade on the curve; a referrer's part comes out of it."
    referred = "Of trades that name a referrer, out of the protocol's part."
    falls = f"Of buys in the first {launch.seconds} s, falling to nothing; it goes into the pool's liquidity."
    keeper = str(config.keeper_bounty)
    bounty = "To whoever opens the pool, out of the raise."
    return [
        _line("protocol", "curve", curve.protocol_fee_bps, config.fee_recipient, own, whole),
        _line("creator", "curve", curve.creator_fee_bps, curve.creator, own, "Of every trade on the curve."),
        _line("referrer", "curve", referrer, None, own, referred),
        *([_line("launch", "curve", launch.start_bps, None, own, falls)] if launch.start_bps else []),
        FeeLine(kind="keeper", venue="graduation", bps=None, amount=keeper, recipient=None, source=shared, note=bounty),
    ]


def _of_pool(mint: str, curve: CurveState, rates: AmmConfig, pool: LivePool | None) -> list[FeeLine]:
    shared = pda.amm_config()
    now, said = (pool.state.creator_fee_bps, pool.key) if pool else (None, shared)
    steps = ", ".join(f"{tier.creator_fee_bps} from {tier.min_market_cap_quote // 10**9} SOL" for tier in rates.tiers)
    note = f"Of every swap, by market cap: {steps}."
    creator = pool.state.creator if pool else curve.creator
    return [
        _line("lp", "pool", rates.lp_fee_bps, pda.canonical_pool(mint), shared, "Of every swap; stays in the pool."),
        _line("protocol", "pool", rates.protocol_fee_bps, rates.fee_recipient, shared, "Of every swap."),
        _line("creator", "pool", now, creator, said, note),
    ]


def _line(kind: str, venue: str, bps: int | None, recipient: str | None, source: str, note: str) -> FeeLine:
    values = {"kind": kind, "venue": venue, "bps": bps, "recipient": recipient, "source": source, "note": note}
    return FeeLine.model_validate({**values, "amount": None})
