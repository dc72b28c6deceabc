"""Curves as they are asked for, compiled to segments."""

from decimal import Decimal
from typing import NamedTuple

from launchpad.chain.curve_math import Segment
from launchpad.chain.launching import InvalidLaunchError, LaunchParams
from launchpad.chain.shapes import (
    KINDS,
    CompiledCurve,
    CurveTerms,
    InvalidShapeError,
    Kind,
    Supply,
    compile_points,
    compile_terms,
)
from launchpad.tokens.launch_schemas import CurveIn, CurveKind

_TERMS = ("start_market_cap", "end_market_cap", "start_price", "end_price", "multiple", "raise_amount")
# Of the launch, not of its curve.
_OUTSIDE = {"supply", "decimals", "curve"}


class Shaped(NamedTuple):
    """The segments of a curve, and their worst price error in basis points.

    The error is None for segments that the caller brought: they follow nothing but themselves.
    """

    segments: tuple[Segment, ...]
    error_bps: Decimal | None


def shaped(curve: CurveIn, params: LaunchParams) -> Shaped:
    """A curve for the supply of `params`.

    Raises InvalidLaunchError and InvalidShapeError, each with the field to change.
    """
    _check_belongings(curve)
    if curve.kind == "segments":
        brought = ((int(one.base_reserve), int(one.quote_reserve), int(one.base_for_sale)) for one in curve.segments)
        return Shaped(tuple(Segment(*numbers) for numbers in brought), None)
    supply = Supply(params.supply, params.amounts.public, params.decimals)
    try:
        compiled = _compiled(curve, supply)
    except InvalidShapeError as error:
        field = str(error.details.get("field", "curve"))
        raise InvalidShapeError(error.message, field=field if field in _OUTSIDE else f"curve.{field}") from error
    return Shaped(compiled.segments, compiled.error_bps)


def _compiled(curve: CurveIn, supply: Supply) -> CompiledCurve:
    rate = Decimal(curve.sol_price_usd) if curve.sol_price_usd else None
    wanted = curve.max_error_bps
    if curve.kind == "points":
        points = [(point.sold_bps, Decimal(point.market_cap)) for point in curve.points]
        return compile_points(points, supply, sol_price_usd=rate, wanted_bps=wanted)
    given = {name: Decimal(value) for name in _TERMS if (value := getattr(curve, name)) is not None}
    terms = CurveTerms(_shape(curve.kind), sol_price_usd=rate, steepness=curve.steepness, **given)
    return compile_terms(terms, supply, wanted_bps=wanted)


def _shape(kind: CurveKind) -> Kind:
    """The shape of that name; what the program holds as one shape may have two."""
    return next((known for known in KINDS if known == kind), "classic")


def _check_belongings(curve: CurveIn) -> None:
    """Refuses what another kind of curve would take."""
    for name, kind in (("segments", "segments"), ("points", "points")):
        if getattr(curve, name) and curve.kind != kind:
            message = f"Only a curve of {kind} takes {name}: leave them out, or choose that kind."
            raise InvalidLaunchError(message, field=f"curve.{name}")
        if curve.kind == kind and not getattr(curve, name):
            raise InvalidLaunchError(f"A curve of {kind} needs at least one of them.", field=f"curve.{name}")
    if curve.kind in {"segments", "points"}:
        for name in _TERMS:
            if getattr(curve, name) is not None:
                message = f"The {curve.kind} say everything about the curve: leave this out."
                raise InvalidLaunchError(message, field=f"curve.{name}")
