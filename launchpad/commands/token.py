"""`launchpad token launch`, `launchpad token show` and `launchpad token distribute`."""

from dataclasses import replace
from typing import Annotated

import typer

from launchpad.chain.dividing import fitted
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.launching import LaunchParams
from launchpad.chain.shapes import CompiledCurve
from launchpad.client import FirstBuy, Launch, LaunchpadClient, Lock, TeamVesting, Token, sol, units, whole
from launchpad.commands.bulk import distribute
from launchpad.commands.curve_options import (
    CapsOption,
    CurveOptions,
    GoalOption,
    MultipleOption,
    PointsOption,
    PricesOption,
    ShapeOption,
    Size,
    UsdOption,
)
from launchpad.commands.sale_options import SaleOption, sale_arguments
from launchpad.commands.session import JsonOption, KeypairOption, RpcOption, start
from launchpad.errors import InvalidInputError

app = typer.Typer(no_args_is_help=True, help="Launch a token, show one, or send it to many.")
app.command("distribute")(distribute)
DAY = 24 * 60 * 60
_BUCKETS = 5
AllocationsOption = Annotated[
    str | None,
    typer.Option(
        help="Basis points: public,liquidity,team,ecosystem,treasury. Left out, as much is sold as leaves "
        "enough liquidity for the curve: 7931,2069,0,0,0 for the classic one."
    ),
]
ClassicOption = Annotated[bool, typer.Option("--classic", help="A classic SPL mint, with Metaplex's metadata.")]
LockOption = Annotated[int | None, typer.Option(min=1, help="Lock the first buy, released over so many days.")]


@app.command()
def launch(  # noqa: PLR0917 - one parameter per option of the command
    name: Annotated[str, typer.Argument(help="1 to 32 bytes.")],
    symbol: Annotated[str, typer.Argument(help="1 to 10 bytes.")],
    uri: Annotated[str, typer.Argument(help="Address of the metadata JSON, such as ipfs://...")],
    supply: Annotated[str, typer.Option(help="Whole tokens, all of them created now.")],
    decimals: Annotated[int, typer.Option(min=0, max=9)] = 9,
    allocations: AllocationsOption = None,
    team: Annotated[str | None, typer.Option(help="Wallet of the team share, which is vested.")] = None,
    team_days: Annotated[int, typer.Option(min=1, help="Days over which the team share vests.")] = 365,
    team_cliff_days: Annotated[int, typer.Option(min=0, help="Days before which nothing of it vests.")] = 90,
    ecosystem_owner: Annotated[str | None, typer.Option(help="Wallet of the ecosystem share.")] = None,
    treasury_owner: Annotated[str | None, typer.Option(help="Wallet of the treasury share.")] = None,
    shape: ShapeOption = "classic",
    goal: GoalOption = None,
    caps: CapsOption = None,
    prices: PricesOption = None,
    multiple: MultipleOption = None,
    points: PointsOption = None,
    usd: UsdOption = None,
    first_buy: Annotated[str | None, typer.Option(help="SOL that you buy for in the launch itself.")] = None,
    lock_days: LockOption = None,
    sale: SaleOption = None,
    immutable: Annotated[bool, typer.Option("--immutable", help="Nobody can ever change the metadata.")] = False,
    classic: ClassicOption = False,
    keypair: KeypairOption = None,
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Launch a token and open its trading, on the classic curve unless told otherwise."""
    session = start(rpc, keypair, as_json)
    asked = LaunchParams("", name, symbol, uri, units(supply, decimals), decimals=decimals)
    divided, curve = _divided(asked, allocations, CurveOptions(shape, Size(goal, caps, prices, multiple, usd), points))

    async def work(pad: LaunchpadClient) -> Launch:
        return await pad.launch(
            *(name, symbol, uri),
            supply=asked.supply,
            decimals=decimals,
            allocations=divided.allocations,
            team=TeamVesting(team, team_cliff_days * DAY, team_days * DAY) if team else None,
            ecosystem_owner=ecosystem_owner,
            treasury_owner=treasury_owner,
            segments=curve.segments,
            first_buy=_first_buy(first_buy, lock_days),
            update_authority="immutable" if immutable else "creator",
            standard="spl" if classic else "token-2022",
            **sale_arguments(sale, pad.address),
        )

    session.show(f"Launched {symbol}", _launch_facts(session.run(work, signs=True), decimals))


@app.command()
def show(
    mint: Annotated[str, typer.Argument(help="Address of the token.")],
    rpc: RpcOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a token and its curve as they are on chain now."""
    session = start(rpc, None, as_json)

    async def work(pad: LaunchpadClient) -> Token:
        return await pad.token(mint)

    token = session.run(work, signs=False)
    session.show(token.mint.symbol or mint, _facts(token))


def _divided(
    params: LaunchParams, allocations: str | None, options: CurveOptions
) -> tuple[LaunchParams, CompiledCurve]:
    """With the shares that were asked for, else with those that follow from the curve; and the curve."""
    if allocations:
        params = replace(params, allocations=_allocations(allocations))
        return params, options.compiled(params)
    return fitted(params, options.compiled)


def _first_buy(amount: str | None, lock_days: int | None) -> FirstBuy | None:
    lock = Lock(cliff_seconds=0, duration_seconds=lock_days * DAY) if lock_days else None
    return FirstBuy(sol(amount), lock=lock) if amount else None


def _launch_facts(done: Launch, decimals: int) -> dict[str, object]:
    return {
        "mint": done.mint,
        "curve": done.curve,
        "signature": done.signature,
        "slot": done.slot,
        "first_buy": f"{whole(done.first_buy, decimals):f}",
        "first_buy_lock": done.first_buy_lock,
    }


def _facts(token: Token) -> dict[str, object]:
    mint, curve = token.mint, token.curve
    base, quote, _ = curve.spot
    price = whole(quote, 9) / whole(base, mint.decimals)
    return {
        "mint": mint.mint,
        "name": mint.name or None,
        "symbol": mint.symbol or None,
        "uri": mint.uri or None,
        "creator": curve.creator,
        "supply": f"{whole(mint.supply, mint.decimals):f}",
        "decimals": mint.decimals,
        "status": curve.status,
        "price_sol": f"{price:.18f}".rstrip("0").rstrip("."),
        "sold": f"{whole(curve.sold, mint.decimals):f}",
        "for_sale": f"{whole(curve.sale_supply, mint.decimals):f}",
        "raised_sol": f"{whole(curve.quote_reserve, 9):f}",
        "target_sol": f"{whole(curve.raise_target, 9):f}",
        "progress_bps": curve.progress_bps,
        "protocol_fee_bps": curve.protocol_fee_bps,
        "creator_fee_bps": curve.creator_fee_bps,
        "unclaimed_creator_fees_sol": f"{whole(curve.creator_fees, 9):f}",
        "update_authority": token.launch.update_authority if token.launch else mint.update_authority,
        "mint_authority": token.launch.mint_authority if token.launch else mint.mint_authority,
    }


def _allocations(text: str) -> Allocations:
    parts = text.split(",")
    if len(parts) != _BUCKETS or not all(part.strip().isdigit() for part in parts):
        message = "--allocations takes five numbers: public,liquidity,team,ecosystem,treasury."
        raise InvalidInputError(message, field="allocations")
    public, liquidity, team, ecosystem, treasury = (int(part) for part in parts)
    return Allocations(public, liquidity, team, ecosystem, treasury)
