"""The options of `launchpad token launch` that choose a curve."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import typer

from launchpad.chain.launching import LaunchParams
from launchpad.chain.shapes import KINDS, CompiledCurve, CurveTerms, Kind, Supply, compile_points, compile_terms
from launchpad.errors import InvalidInputError

ShapeOption = Annotated[str, typer.Option(help=f"{', '.join(KINDS)}; two of the next options say its size.")]
GoalOption = Annotated[str | None, typer.Option(help="What the curve raises, in SOL.")]
CapsOption = Annotated[str | None, typer.Option(help="Market cap at the start and at the end, in SOL: 28,280.")]
PricesOption = Annotated[str | None, typer.Option(help="First and last price of a whole token in SOL: 0.1,0.9.")]
MultipleOption = Annotated[str | None, typer.Option(help="Last price by first price.")]
PointsOption = Annotated[
    str | None, typer.Option(help="Straight lines instead: per cent sold and market cap, 0:28,50:60,100:400.")
]
UsdOption = Annotated[str | None, typer.Option(help="USD for one SOL; the amounts are USD then.")]


@dataclass(frozen=True)
class Size:
    """The options that say how high and how steep a curve is."""

    goal: str | None
    caps: str | None
    prices: str | None
    multiple: str | None
    usd: str | None


@dataclass(frozen=True)
class CurveOptions:
    """All options of a curve."""

    shape: str
    size: Size
    points: str | None

    def compiled(self, params: LaunchParams) -> CompiledCurve:
        """What the options ask for, selling the public allocation; the classic preset where they ask for nothing."""
        supply, size = Supply(params.supply, params.amounts.public, params.decimals), self.size
        given = any((size.goal, size.caps, size.prices, size.multiple))
        if self.points:
            if given or self.shape != "classic":
                raise InvalidInputError(
                    "--points says everything about a curve: leave the other options out.", field="curve"
                )
            drawn = [_point(part) for part in self.points.split(",")]
            return compile_points(drawn, supply, sol_price_usd=_number("--usd", size.usd))
        kind = next((known for known in KINDS if known == self.shape), None)
        if kind is None:
            raise InvalidInputError(f"There is no shape {self.shape}: choose {', '.join(KINDS)}.", field="curve")
        return compile_terms(_terms(kind, size), supply)


def _terms(kind: Kind, size: Size) -> CurveTerms:
    first_cap, last_cap = _pair("--caps", size.caps)
    first_price, last_price = _pair("--prices", size.prices)
    return CurveTerms(
        kind,
        start_market_cap=first_cap,
        end_market_cap=last_cap,
        start_price=first_price,
        end_price=last_price,
        multiple=_number("--multiple", size.multiple),
        raise_amount=_number("--goal", size.goal),
        sol_price_usd=_number("--usd", size.usd),
    )


def _pair(option: str, text: str | None) -> tuple[Decimal | None, Decimal | None]:
    """Two numbers, or one of them: `28,280`, `28,` or `,280`."""
    if text is None:
        return None, None
    first, comma, last = text.partition(",")
    if not comma and not first:
        raise InvalidInputError(f"{option} takes numbers such as 28,280.", field="curve")
    return _number(option, first or None), _number(option, last or None)


def _point(text: str) -> tuple[int, Decimal]:
    share, _, cap = text.partition(":")
    bps = (_number("--points", share) or Decimal(0)) * 100
    if bps != int(bps) or not cap:
        raise InvalidInputError("--points takes shares and market caps such as 0:28,50:60,100:400.", field="curve")
    return int(bps), _number("--points", cap) or Decimal(0)


def _number(option: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise InvalidInputError(f"{option} takes a number, not {text}.", field="curve") from error
    if not number.is_finite():
        raise InvalidInputError(f"{option} takes a number, not {text}.", field="curve")
    return number
