"""How closely segments follow each shape: the worst price error by shape, end price and number of segments."""

from fractions import Fraction

from launchpad.bench.measure import Measure, Measures
from launchpad.chain.shapes.compiling import CompiledCurve, compile_curve, compile_with
from launchpad.chain.shapes.ideal import FORMULAS, shape

_SALE = 793_100_000 * 10**9
# The classic first price, in lamports per base unit.
_FIRST = Fraction(30 * 10**9, 1_073_000_000 * 10**9)
# The worst error that is allowed, in basis points, up to each end price by start price.
_AIMS = {2: 50, 5: 50, 15: 50, 50: 100}
_COUNTS = (8, 16, 32)
# The price that does not move needs 64 bits' worth of room above the supply: six decimals.
_FIXED_SALE = _SALE // 1_000


def run() -> Measures:
    """Compile everything; "fewest" are the segments that the aim needs."""
    found: Measures = {}
    for formula in FORMULAS:
        for multiple, aim in _AIMS.items():
            ideal = shape(formula, _SALE, _FIRST, _FIRST * multiple)
            fewest = compile_curve(ideal, wanted_bps=aim)
            found[f"{formula} to {multiple}x, fewest: {len(fewest.segments)} segments"] = _error(fewest, aim)
            counts = _COUNTS if len(fewest.segments) > 1 else ()
            found |= {
                f"{formula} to {multiple}x, {count} segments": _error(compile_with(ideal, count)) for count in counts
            }
    fixed = compile_curve(shape("linear", _FIXED_SALE, _FIRST * 1_000, _FIRST * 1_000))
    return found | {f"fixed, 6 decimals: {len(fixed.segments)} segment": _error(fixed, _AIMS[2])}


def _error(curve: CompiledCurve, aim: int | None = None) -> Measure:
    return Measure(float(curve.error_bps), "bps", at_most=aim, places=2)
