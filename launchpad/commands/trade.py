"""`launchpad buy`, `launchpad sell` and `launchpad quote`."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from launchpad.chain.curve_math import TradeQuote
from launchpad.chain.markets import TokenMarket
from launchpad.client import LaunchpadClient, Trade, sol, units, whole
from launchpad.commands.session import JsonOption, KeypairOption, RpcOption, SlippageOption, start
from launchpad.errors import InvalidInputError


class Executor(StrEnum):
    """By which road a trade is sent."""

    LEGACY = "legacy"
    JITO = "jito"


buy_app = typer.Typer(help="Buy tokens on their curve, or in their pool.")
sell_app = typer.Typer(help="Sell tokens on their curve, or in their pool.")
quote_app = typer.Typer(help="Ask what a trade would cost or bring.")

MintArgument = Annotated[str, typer.Argument(help="Address of the token.")]
ReferrerOption = Annotated[str | None, typer.Option(help="Wallet that earns part of the protocol's fee.")]
ExecutorOption = Annotated[
    Executor, typer.Option(help="legacy sends plainly, jito bids for a bundle (mainnet and testnet).")
]
TipOption = Annotated[str | None, typer.Option(help="SOL that executor jito bids with.")]
SOL_DECIMALS = 9


@buy_app.command()
def buy(
    mint: MintArgument,
    spend: Annotated[str | None, typer.Argument(help="SOL to spend, fees included.")] = None,
    tokens: Annotated[str | None, typer.Option("--tokens", help="Whole tokens to get instead.")] = None,
    slippage_bps: SlippageOption = 100,
    referrer: ReferrerOption = None,
    executor: ExecutorOption = Executor.LEGACY,
    tip: TipOption = None,
    keypair: KeypairOption = None,
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Buy for an amount of SOL, or buy an amount of tokens."""
    session = start(rpc, keypair, as_json)

    async def work(pad: LaunchpadClient) -> tuple[Trade, int]:
        decimals = await _decimals(pad, mint)
        quote_in, base_out = _one_of(spend, tokens, decimals)
        terms = _terms(slippage_bps, referrer, executor, tip)
        return await pad.buy(mint, quote_in=quote_in, base_out=base_out, **terms), decimals

    session.show("Bought", _facts(*session.run(work, signs=True)))


@sell_app.command()
def sell(
    mint: MintArgument,
    tokens: Annotated[str, typer.Argument(help='Whole tokens to sell, or "all".')],
    slippage_bps: SlippageOption = 100,
    referrer: ReferrerOption = None,
    executor: ExecutorOption = Executor.LEGACY,
    tip: TipOption = None,
    keypair: KeypairOption = None,
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sell an amount of tokens, or all of them."""
    session = start(rpc, keypair, as_json)

    async def work(pad: LaunchpadClient) -> tuple[Trade, int]:
        decimals = await _decimals(pad, mint)
        base_in = await pad.token_balance(mint) if tokens == "all" else units(tokens, decimals)
        return await pad.sell(mint, base_in=base_in, **_terms(slippage_bps, referrer, executor, tip)), decimals

    session.show("Sold", _facts(*session.run(work, signs=True)))


@quote_app.command()
def quote(
    side: Annotated[str, typer.Argument(help="buy or sell.")],
    mint: MintArgument,
    amount: Annotated[str | None, typer.Argument(help="SOL to spend, or whole tokens to sell.")] = None,
    tokens: Annotated[str | None, typer.Option("--tokens", help="Whole tokens to get, for a buy.")] = None,
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask what a trade would do now; nothing is sent."""
    if side not in {"buy", "sell"}:
        raise typer.BadParameter("side is buy or sell", param_hint="SIDE")
    session = start(rpc, None, as_json)

    async def work(pad: LaunchpadClient) -> tuple[TradeQuote, TokenMarket]:
        market = await pad.market(mint)
        decimals = market.curve.decimals
        if side == "sell":
            return market.quote_sell(units(amount or tokens or "0", decimals)), market
        quote_in, base_out = _one_of(amount, tokens, decimals)
        if quote_in is not None:
            return market.quote_buy_exact_in(quote_in), market
        return market.quote_buy_exact_out(base_out or 0), market

    found, market = session.run(work, signs=False)
    decimals = market.curve.decimals
    facts: dict[str, object] = {
        "venue": market.venue,
        "tokens": f"{whole(found.base_amount, decimals):f}",
        "curve_sol": f"{whole(found.curve_amount, SOL_DECIMALS):f}",
        "protocol_fee_sol": f"{whole(found.protocol_fee, SOL_DECIMALS):f}",
        "creator_fee_sol": f"{whole(found.creator_fee, SOL_DECIMALS):f}",
        "liquidity_fee_sol": f"{whole(found.liquidity_fee, SOL_DECIMALS):f}",
        "pay_sol" if side == "buy" else "receive_sol": f"{whole(found.total, SOL_DECIMALS):f}",
        "price_impact_bps": found.price_impact_bps,
    }
    session.show(f"Quote to {side}", facts)


async def _decimals(pad: LaunchpadClient, mint: str) -> int:
    return (await pad.chain.require_curve(mint)).decimals


def _one_of(spend: str | None, tokens: str | None, decimals: int) -> tuple[int | None, int | None]:
    """Lamports to spend or base units to get, whichever was said."""
    if (spend is None) == (tokens is None):
        raise InvalidInputError("Say either how much SOL to spend, or --tokens to get.")
    return (sol(spend), None) if spend is not None else (None, units(tokens or "0", decimals))


def _terms(slippage_bps: int, referrer: str | None, executor: Executor, tip: str | None) -> dict[str, Any]:
    """What buys and sells have in common, as the client takes it."""
    lamports = None if tip is None else sol(tip)
    return {"slippage_bps": slippage_bps, "referrer": referrer, "executor": executor.value, "tip": lamports}


def _facts(trade: Trade, decimals: int) -> dict[str, object]:
    facts: dict[str, object] = {
        "signature": trade.signature,
        "slot": trade.slot,
        "mint": trade.mint,
        "tokens": f"{whole(trade.base_amount, decimals):f}",
        "curve_sol": f"{whole(trade.quote_amount, SOL_DECIMALS):f}",
        "fees_sol": f"{whole(trade.fees, SOL_DECIMALS):f}",
        "tip_sol": f"{whole(trade.tip, SOL_DECIMALS):f}",
        "paid_sol" if trade.side == "buy" else "received_sol": f"{whole(trade.total, SOL_DECIMALS):f}",
    }
    return facts | ({"opened_pool": trade.pool} if trade.pool else {})
