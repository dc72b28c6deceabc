"""What a curve would be, and what a transaction would take, before anything is signed."""

from fractions import Fraction

from launchpad.amounts import fraction_text
from launchpad.chain import curve_math
from launchpad.chain.accounts import CurveConfig
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import Fees, Segment
from launchpad.chain.launching import LaunchParams
from launchpad.errors import UnavailableError
from launchpad.tokens.launch_schemas import CurvePoint, CurvePreview, FirstBuyQuote

_POINTS = 64
_BPS = 10_000
_LAMPORTS_PER_SOL = 10**9


class NotSetUpError(UnavailableError):
    """The programs have no configuration on this cluster yet."""

    code = "PROGRAMS_NOT_SET_UP"


async def preview(chain: ChainClient, params: LaunchParams, first_buy: int | None) -> CurvePreview:
    """The curve of checked `params`, and what `first_buy` lamports would get as its first trade."""
    pieces = tuple(params.segments or ())
    sale = curve_math.sale_supply(pieces)
    config, creation_fee = await _configs(chain)
    start, end = curve_math.price(pieces, 0), curve_math.price(pieces, sale)
    return CurvePreview(
        sale_supply=str(sale),
        liquidity_supply=str(params.amounts.liquidity),
        raise_target=str(curve_math.raise_target(pieces)),
        start_price_sol=_sol(start, params.decimals),
        end_price_sol=_sol(end, params.decimals),
        start_market_cap_sol=fraction_text(start * params.supply / _LAMPORTS_PER_SOL),
        end_market_cap_sol=fraction_text(end * params.supply / _LAMPORTS_PER_SOL),
        creation_fee=str(creation_fee),
        first_buy=_first_buy(pieces, params.supply, first_buy, config) if first_buy is not None else None,
        points=[_point(pieces, sale * place // _POINTS, params.decimals) for place in range(_POINTS + 1)],
    )


async def _configs(chain: ChainClient) -> tuple[CurveConfig, int]:
    configs = await chain.fetch_configs()
    if configs.curve is None or configs.launcher is None:
        raise NotSetUpError("The programs are not set up on this cluster: run `launchpad programs init`.")
    return configs.curve, configs.launcher.creation_fee


def _first_buy(pieces: tuple[Segment, ...], supply: int, lamports: int, config: CurveConfig) -> FirstBuyQuote:
    fees = Fees(config.protocol_fee_bps, config.creator_fee_bps)
    trade = curve_math.quote_buy_exact_in(pieces, 0, lamports, fees)
    return FirstBuyQuote(
        amount_in=str(trade.total),
        amount_out=str(trade.base_amount),
        share_bps=trade.base_amount * _BPS // supply,
        protocol_fee=str(trade.protocol_fee),
        creator_fee=str(trade.creator_fee),
    )


def _point(pieces: tuple[Segment, ...], sold: int, decimals: int) -> CurvePoint:
    price = _sol(curve_math.price(pieces, sold), decimals)
    return CurvePoint(sold=str(sold), raised=str(curve_math.held(pieces, sold)), price_sol=price)


def _sol(price: Fraction, decimals: int) -> str:
    """SOL per whole token, from lamports per base unit."""
    return fraction_text(price * 10**decimals / _LAMPORTS_PER_SOL)


async def lamports_taken(chain: ChainClient, transaction: str, wallet: str) -> int:
    """By how much a transaction would lower the wallet's balance, network fee included, by simulation."""
    before = await chain.rpc.get_balance(wallet)
    config = {
        "encoding": "base64",
        "commitment": "confirmed",
        "sigVerify": False,
        "replaceRecentBlockhash": True,
        "accounts": {"encoding": "base64", "addresses": [wallet]},
    }
    value = (await chain.rpc.call("simulateTransaction", [transaction, config]))["value"]
    after = (value.get("accounts") or [None])[0]
    return before - int(after["lamports"]) if after else 0
