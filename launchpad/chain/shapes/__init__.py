"""Curves by what people choose: a shape in a creator's words becomes the segments that the program runs.

supply = Supply(total=10**18, sale=793 * 10**15, decimals=9)
curve = compile_terms(CurveTerms("linear", start_market_cap=Decimal(28), end_market_cap=Decimal(140)), supply)
curve.segments, curve.raise_lamports, curve.error_bps

`terms` turns words into prices, `ideal` holds the formulas, `breakpoints` chooses where to cut,
`compiling` makes whole numbers of it, `errors` says how far they are from the formula.
"""

from launchpad.chain.shapes.compiling import WANTED_BPS, CompiledCurve, compile_curve
from launchpad.chain.shapes.errors import InvalidShapeError
from launchpad.chain.shapes.ideal import LOG_STEEPNESS
from launchpad.chain.shapes.terms import KINDS, CurveTerms, Kind, Supply, compile_points, compile_terms

__all__ = [
    "KINDS",
    "LOG_STEEPNESS",
    "WANTED_BPS",
    "CompiledCurve",
    "CurveTerms",
    "InvalidShapeError",
    "Kind",
    "Supply",
    "compile_curve",
    "compile_points",
    "compile_terms",
]
