"""Findings and the numbers in their sentences."""

from datetime import UTC, datetime
from decimal import Decimal

from launchpad.amounts import decimal_text, shifted
from launchpad.chain.curve_math import BPS
from launchpad.verification.schemas import Fact, Finding, Severity, Verdict

_ORDER: dict[Severity, int] = {"danger": 0, "warning": 1, "good": 2, "info": 3}


def found(severity: Severity, code: str, account: str, sentence: str, /, **facts: Fact) -> Finding:
    """One finding; amounts among the facts are strings of base units."""
    return Finding(code=code, severity=severity, sentence=sentence, facts=facts, account=account)


def worst_first(findings: list[Finding]) -> list[Finding]:
    """The same, the worst at the top, otherwise in their order."""
    return sorted(findings, key=lambda one: _ORDER[one.severity])


def verdict(findings: list[Finding]) -> Verdict:
    """The worst of them."""
    severities = {one.severity for one in findings}
    return "danger" if "danger" in severities else "warning" if "warning" in severities else "good"


def amount(units: int, decimals: int) -> str:
    """Base units as whole tokens with separators; beyond two decimals only where there is nothing else."""
    value = shifted(Decimal(units), -decimals)
    shown = value.quantize(Decimal("0.01"), "ROUND_DOWN") if value >= 1 else value
    whole, _, rest = decimal_text(shown).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def share(part: int, whole: int) -> int:
    """A part in basis points, rounded down; 0 of nothing."""
    return part * BPS // whole if whole else 0


def percent(bps: int) -> str:
    """Basis points as per cent."""
    return f"{decimal_text(shifted(Decimal(bps), -2))} %"


def day(seconds: int) -> str:
    """The date of a Unix time, in UTC."""
    return datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC).strftime("%Y-%m-%d")


def short(address: str) -> str:
    """An address as people recognise it."""
    return f"{address[:4]}…{address[-4:]}"
