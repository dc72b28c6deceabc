"""The little language in which a mapping says where a value stands.

"event.swap_result.output_amount"       a field of the event
"account.payer"                         an account of the instruction that told it, by its name in the IDL
{"text": "buy"}                         itself
{"first": [A, B]}                       the first that is there: neither missing, nor 0, nor the null key
{"add": [A, B]}, {"sub": [A, B]}        whole numbers; missing when one of them is, or below zero
{"when": A, "is": V, "then": B, "else": C}
{"pda": [A, B]}                         the address that these seeds derive under the program
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from launchpad.chain import pda
from launchpad.chain.addresses import NONE, InvalidAddressError, pubkey


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mapping can speak of: the program's address, the event's fields, the instruction's accounts."""

    program: str
    event: Mapping[str, Any]
    account: Mapping[str, str]


Value = Callable[[Scope], Any]


def compile_value(form: Any) -> Value:
    """The value that a form of the language stands for; ValueError for one that is none."""
    if isinstance(form, str):
        return _path(form)
    if "text" in form:
        return lambda _: form["text"]
    if "first" in form:
        return _first([compile_value(one) for one in form["first"]])
    if "add" in form or "sub" in form:
        sign = 1 if "add" in form else -1
        left, right = (compile_value(one) for one in form["add" if sign > 0 else "sub"])
        return _sum(left, right, sign)
    if "when" in form:
        subject, then, other = (compile_value(form[name]) for name in ("when", "then", "else"))
        return lambda scope: (then if subject(scope) == form["is"] else other)(scope)
    if "pda" in form:
        return _derived([compile_value(one) for one in form["pda"]])
    raise ValueError(f"A mapping cannot say {form!r}.")


def _path(text: str) -> Value:
    root, *names = text.split(".")
    if root == "account" and len(names) == 1:
        return lambda scope: scope.account.get(names[0])
    if root != "event" or not names:
        raise ValueError(f"A mapping cannot say {text!r}: it begins with event. or account.")

    def find(scope: Scope) -> Any:
        value: Any = scope.event
        for name in names:
            value = None if value is None else value[name]
        return value

    return find


def _first(choices: list[Value]) -> Value:
    return lambda scope: next((found for one in choices if (found := one(scope)) not in (None, 0, NONE)), None)


def _sum(left: Value, right: Value, sign: int) -> Value:
    def work(scope: Scope) -> int | None:
        one, other = left(scope), right(scope)
        if one is None or other is None:
            return None
        total: int = one + sign * other
        return total if total >= 0 else None

    return work


def _derived(seeds: list[Value]) -> Value:
    def derive(scope: Scope) -> str | None:
        parts = [one(scope) for one in seeds]
        return None if None in parts else pda.derive(scope.program, *map(_seed, parts))

    return derive


def _seed(part: str) -> bytes:
    """An address as its 32 bytes, any other text as it is."""
    try:
        return bytes(pubkey(part))
    except InvalidAddressError:
        return part.encode()
