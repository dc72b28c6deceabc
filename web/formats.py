"""How numbers, times and addresses are written for people.

Values come in as decimal text, Decimal or int, never float; what goes out is text.
web/static/js/format.js is the twin of this module: both read the same vectors
(tests/vectors/formats.json), so a page looks the same before and after its script runs.
"""

from datetime import UTC, datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

Number = Decimal | int | str

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EM DASH}"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SCALES = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))
COMPACT_FROM = Decimal(10_000)
# From this many zeros after the point on, they are written as a count.
COUNTED_ZEROS = 4
SIGNIFICANT = 4
LAMPORTS_DECIMALS = 9
MINUTE, HOUR, DAY = 60, 3600, 86_400
# Wide enough for any u64 with 20 decimals beside it: nothing is rounded before we round it.
_EXACT = Context(prec=80)


def price(value: Number | None) -> str:
    """A price in four significant digits, half to even: `0.0₅2742`, `1.204`, `12.35K`."""
    if value is None:
        return NOTHING
    number = Decimal(value)
    if number == 0:
        return "0"
    if abs(number) >= COMPACT_FROM:
        return _compact(number, ROUND_HALF_EVEN, trim=False)
    return _signed(number, _counted(_significant(abs(number), ROUND_HALF_EVEN)))


def amount(value: Number | None) -> str:
    """An amount in whole units, cut and never rounded up: `0.0125`, `1.502`, `9,999.99`, `34.61M`."""
    if value is None:
        return NOTHING
    number = Decimal(value)
    if abs(number) >= COMPACT_FROM:
        return _compact(number, ROUND_DOWN, trim=True)
    places = 2 if abs(number) >= 10 else 3  # noqa: PLR2004 - hundredths are enough from ten on
    if abs(number) >= 1 or number == 0:
        cut = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_DOWN, _EXACT)
    else:
        cut = _significant(abs(number), ROUND_DOWN)
    return _signed(number, _counted(_trimmed(cut)))


def units(base: Number, decimals: int) -> str:
    """Base units as an exact decimal text of whole units: `units(1_500_000_000, 9) == "1.5"`."""
    return f"{_trimmed(Decimal(base).scaleb(-decimals, _EXACT)):f}"


def sol(lamports: Number | None) -> str:
    """Lamports as an amount of SOL, without the unit."""
    return NOTHING if lamports is None else amount(units(lamports, LAMPORTS_DECIMALS))


def exact(value: Number | None) -> str:
    """Every digit, in groups of three: what stands in titles and for screen readers."""
    return NOTHING if value is None else _signed(Decimal(value), f"{_trimmed(abs(Decimal(value))):,f}")


def percent(bps: int | None) -> str:
    """Basis points as a percentage that carries its sign: `+12.3%`, and a minus sign for a fall."""
    if bps is None:
        return NOTHING
    share = abs(Decimal(bps)) / 100
    if share >= COMPACT_FROM:
        text = _compact(share, ROUND_DOWN, trim=True)
    else:
        places = 2 if share < 10 else 1 if share < 100 else 0  # noqa: PLR2004 - three digits, whatever the size
        text = f"{share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):,f}"
    sign = "+" if bps > 0 else MINUS if bps < 0 else ""
    return f"{sign}{text}%"


def share(bps: int | None) -> str:
    """Basis points as a part of a whole, unsigned: `79.31%`, `100%`."""
    return NOTHING if bps is None else f"{_trimmed(Decimal(bps) / 100):f}%"


def address(text: str | None) -> str:
    """Four and four characters of an address."""
    edge = 4
    if not text:
        return NOTHING
    return text if len(text) <= 2 * edge + 1 else f"{text[:edge]}…{text[-edge:]}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, under a day; else the date: `12 s`, `5 min`, `3 h`, `19 Nov`, `19 Nov 2025`."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < DAY:
        return duration(seconds)
    utc = moment.astimezone(UTC)
    year = "" if utc.year == now.astimezone(UTC).year else f" {utc.year}"
    return f"{utc.day} {utc:%b}{year}"


def day(moment: datetime, now: datetime) -> str:
    """The date; how soon for what comes within a day: `19 Nov 2026`, `in 3 h`."""
    seconds = int((moment - now).total_seconds())
    if 0 < seconds < DAY:
        return f"in {duration(seconds)}"
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y}"


def duration(seconds: int) -> str:
    """A span of time in its largest unit: `12 s`, `5 min`, `3 h`, `400 d`."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def moment(value: datetime | None) -> str:
    """A moment in full: `2026-11-21 10:15:00 UTC`."""
    return NOTHING if value is None else f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _significant(number: Decimal, rounding: str) -> Decimal:
    """`number` with four significant digits; trailing zeros kept."""
    step = Decimal(1).scaleb(number.adjusted() - SIGNIFICANT + 1)
    rounded = number.quantize(step, rounding, _EXACT)
    # 9.9996 became 10.000: one digit more than asked for.
    return rounded.quantize(step.scaleb(1), rounding, _EXACT) if rounded.adjusted() > number.adjusted() else rounded


def _compact(number: Decimal, rounding: str, *, trim: bool) -> str:
    """Thousands and above with a letter, four significant digits."""
    size, letter = next(pair for pair in SCALES if abs(number) >= pair[0])
    scaled = _significant(abs(number) / size, rounding)
    if scaled >= 1000 and letter != "T":  # noqa: PLR2004 - 999.96K became 1,000K
        size, letter = SCALES[[scale[1] for scale in SCALES].index(letter) - 1]
        scaled = _significant(abs(number) / size, rounding)
    scaled = _trimmed(scaled) if trim else scaled
    return _signed(number, f"{scaled:,f}{letter}")


def _counted(number: Decimal) -> str:
    """Plain digits in groups, the zeros of tiny numbers as a count."""
    text = f"{number:,f}"
    fraction = text.removeprefix("0.")
    zeros = len(fraction) - len(fraction.lstrip("0"))
    if text.startswith("0.") and zeros >= COUNTED_ZEROS and zeros < len(fraction):
        return f"0.0{str(zeros).translate(SUBSCRIPTS)}{fraction[zeros:]}"
    return text


def _trimmed(number: Decimal) -> Decimal:
    """Without zeros at the end of the fraction."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize(_EXACT)


def _signed(number: Decimal, text: str) -> str:
    return f"{MINUS}{text}" if number < 0 and text != "0" else text
