"""What a curve would be before anything is signed."""

from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction

from launchpad.amounts import decimal_text, fraction_text
from launchpad.chain import curve_math, graduating
from launchpad.chain.accounts import CurveConfig
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS, Fees, Segment
from launchpad.chain.errors import ProgramsNotSetUpError
from launchpad.chain.launching import LaunchParams
from launchpad.chain.opening import wallet_cap
from launchpad.tokens import costing
from launchpad.tokens.buyers import Offer, buyers, short
from launchpad.tokens.launch_schemas import CurvePoint, CurvePreview, FirstBuyQuote, GraduationPreview, SegmentOut
from launchpad.tokens.rule_words import words
from launchpad.tokens.rules_schemas import LaunchFeeView, RulesPreview

_POINTS = 64
_LAMPORTS_PER_SOL = 10**9


async def preview(
    chain: ChainClient, params: LaunchParams, error_bps: Decimal | None, allowlisted: int = 0
) -> CurvePreview:
    """The curve of `params` that were checked, its first buy, what it means for buyers, and what its launch costs."""
    pieces = tuple(params.segments or ())
    sale = curve_math.sale_supply(pieces)
    config, creation_fee = await _configs(chain)
    ending = await _graduation(chain, params, curve_math.raise_target(pieces))
    fees = Fees(config.protocol_fee_bps, config.creator_fee_bps)
    sold = params.sale
    first_buy = _first_buy(pieces, params, params.first_buy_fees(fees))
    told = buyers(_offer(params, fees))
    told.words.append(_division(params))
    told.words.extend(words(sold, sale, params.decimals, params.deadline))
    told.words.extend(_price_of_venue(ending))
    start, end = curve_math.price(pieces, 0), curve_math.price(pieces, sale)
    return CurvePreview(
        sale_supply=str(sale),
        liquidity_supply=str(params.amounts.liquidity),
        raise_target=str(curve_math.raise_target(pieces)),
        start_price_sol=_sol(start, params.decimals),
        end_price_sol=_sol(end, params.decimals),
        start_market_cap_sol=fraction_text(start * params.supply / _LAMPORTS_PER_SOL),
        end_market_cap_sol=fraction_text(end * params.supply / _LAMPORTS_PER_SOL),
        multiple=fraction_text(end / start),
        error_bps=None if error_bps is None else decimal_text(error_bps),
        segments=[_segment(piece) for piece in pieces],
        buyers=told,
        creation_fee=str(creation_fee),
        first_buy=first_buy,
        cost=await costing.foretold(chain, params, creation_fee, int(first_buy.amount_in) if first_buy else 0),
        points=[_point(pieces, sale * place // _POINTS, params.decimals) for place in range(_POINTS + 1)],
        rules=_rules(params, sale, allowlisted),
        graduation=ending,
    )


async def _graduation(chain: ChainClient, params: LaunchParams, raised: int) -> GraduationPreview:
    """What the graduation takes from the raise; raises VenueUnavailableError."""
    terms = params.sale.graduation
    costs = await graduating.fetch_costs(chain, terms)
    reward = costs.reward(raised)
    return GraduationPreview(
        venue="raydium" if terms.venue == "raydium" else "amm",
        fee=str(costs.fee),
        rent=str(costs.rent),
        bounty=str(max(0, reward - costs.advance)),
        total=str(reward),
        liquidity=str((raised - reward) * terms.liquidity_bps // BPS),
    )


def _price_of_venue(ending: GraduationPreview) -> list[str]:
    if ending.venue == "amm":
        return []
    taken = short(Fraction(int(ending.total), _LAMPORTS_PER_SOL))
    return [f"Opening the pool at Raydium takes {taken} SOL of the raise: its fee, rent, and the keeper's bounty."]


def _division(params: LaunchParams) -> str:
    """Why the shares are what they are."""
    public, kept = params.allocations.public_bps / 100, params.allocations.liquidity_bps / 100
    return (
        f"{public:g} % of the supply is sold on the curve, and {kept:g} % waits for the pool, which opens at the "
        "last price: the flatter the curve, the more its pool needs. What does not fit is burned."
    )


def _offer(params: LaunchParams, fees: Fees) -> Offer:
    fee, opening, pieces = params.sale.launch_fee, params.sale.opening, tuple(params.segments or ())
    most = wallet_cap(opening, curve_math.sale_supply(pieces)) if opening.wallet_cap_bps else None
    return Offer(pieces, params.supply, params.decimals, fees, fee.bps_at(0) if fee.seconds else 0, most)


def _rules(params: LaunchParams, sale: int, allowlisted: int) -> RulesPreview | None:
    fee, opening = params.sale.launch_fee, params.sale.opening
    if not opening.seconds and not fee.start_bps:
        return None
    return RulesPreview(
        launch_fee=LaunchFeeView(**asdict(fee)) if fee.start_bps else None,
        window_seconds=opening.window_seconds,
        wallet_cap=str(wallet_cap(opening, sale)) if opening.wallet_cap_bps else None,
        one_buy_per_slot=opening.one_buy_per_slot,
        allowlist=allowlisted,
        allowlist_seconds=opening.allowlist.seconds if opening.allowlist else 0,
        holders_seconds=opening.holders.seconds if opening.holders else 0,
        public_after_seconds=opening.tier_seconds,
        binds_creator=opening.binds_creator,
        words=words(params.sale, sale, params.decimals),
    )


async def _configs(chain: ChainClient) -> tuple[CurveConfig, int]:
    configs = await chain.fetch_configs()
    if configs.curve is None or configs.launcher is None:
        raise ProgramsNotSetUpError
    return configs.curve, configs.launcher.creation_fee


def _first_buy(pieces: tuple[Segment, ...], params: LaunchParams, fees: Fees) -> FirstBuyQuote | None:
    if params.first_buy is None:
        return None
    trade = curve_math.quote_buy_exact_in(pieces, 0, params.first_buy.quote_in, fees)
    return FirstBuyQuote(
        amount_in=str(trade.total),
        amount_out=str(trade.base_amount),
        share_bps=trade.base_amount * BPS // params.supply,
        protocol_fee=str(trade.protocol_fee),
        creator_fee=str(trade.creator_fee),
    )


def _segment(piece: Segment) -> SegmentOut:
    return SegmentOut(
        base_reserve=str(piece.base_reserve),
        quote_reserve=str(piece.quote_reserve),
        base_for_sale=str(piece.base_for_sale),
    )


def _point(pieces: tuple[Segment, ...], sold: int, decimals: int) -> CurvePoint:
    price = _sol(curve_math.price(pieces, sold), decimals)
    return CurvePoint(sold=str(sold), raised=str(curve_math.held(pieces, sold)), price_sol=price)


def _sol(price: Fraction, decimals: int) -> str:
    """SOL per whole token, from lamports per base unit."""
    return fraction_text(price * 10**decimals / _LAMPORTS_PER_SOL)
