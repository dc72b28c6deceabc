"""Token amounts as clients see them."""

from typing import Any

MAX_FLOAT_DECIMALS = 20


def amount_text(amount: int, decimals: int) -> str:
    """An amount of base units as a decimal number without trailing zeros."""
    if decimals == 0:
        return str(amount)
    digits = str(amount).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")


def ui_amount(amount: int, decimals: int, *, zero_is_null: bool = False) -> dict[str, Any]:
    """An amount object. `uiAmount`, a float for display alone, is null from 20 decimals on."""
    approximate: float | None = None
    if decimals < MAX_FLOAT_DECIMALS and not (zero_is_null and amount == 0):
        # A float on purpose: it is what the wire format defines, beside the exact `amount`.
        approximate = float(amount) / float(10**decimals)
    return {
        "amount": str(amount),
        "decimals": decimals,
        "uiAmount": approximate,
        "uiAmountString": amount_text(amount, decimals),
    }
