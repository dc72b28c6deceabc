"""What programs say in their logs about trades, for readers that see nothing but logs.

The lines that curves print (`buy:`, `sell:`, `migrate:`), the names of the instructions that open
pools, and `ray_log:` of AMMs. Anybody can log any text, so each line is told with the program
whose call was open when it was printed: believe those of programs that you trust, and no row of ours
is made of them at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import orjson

_INVOKE = re.compile(r"Program (\w+) invoke \[\d+\]")
_END = re.compile(r"Program \w+ (?:success|failed)")
# `Migrate` and `CreatePool` of others; ours are called `Graduate` and `CreateCanonicalPool`.
_LINE = re.compile(
    r"Program log: (?:"
    r"(?P<side>buy|sell): mint=(?P<mint>\w{32,44}), sol_amount=(?P<sol>\d{1,20}), token_amount=(?P<tokens>\d{1,20})"
    r"|migrate: mint=(?P<migrated>\w{32,44}), pool=(?P<pool>\w{32,44})"
    r"|Instruction: (?P<marker>Migrate|CreatePool|Graduate|CreateCanonicalPool)"
    r"|ray_log: (?P<ray>\{.*\})"
    r")$"
)
_MARKERS: dict[str, Literal["migrate", "create_pool"]] = {
    "Migrate": "migrate",
    "Graduate": "migrate",
    "CreatePool": "create_pool",
    "CreateCanonicalPool": "create_pool",
}


@dataclass(frozen=True, slots=True)
class LogTrade:
    """A trade as a line tells it: lamports without fees, base units."""

    program: str
    side: Literal["buy", "sell"]
    mint: str
    sol_amount: int
    token_amount: int


@dataclass(frozen=True, slots=True)
class LogMigration:
    """A token's way into a pool began or ended; the mint and the pool are told where the program says them."""

    program: str
    kind: Literal["migrate", "create_pool"]
    mint: str | None = None
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class LogOfAmm:
    """What an AMM said of itself in JSON."""

    program: str
    data: dict[str, Any]


LogFact = LogTrade | LogMigration | LogOfAmm


def facts_in(lines: Iterable[str]) -> Iterator[LogFact]:
    """Every line that fits, in order, with its program; a log that was cut off holds fewer."""
    stack: list[str] = []
    for line in lines:
        if entered := _INVOKE.match(line):
            stack.append(entered[1])
        elif _END.match(line):
            if stack:
                stack.pop()
        elif stack and (found := _LINE.match(line)):
            fact = _fact(stack[-1], found)
            if fact is not None:
                yield fact


def _fact(program: str, found: re.Match[str]) -> LogFact | None:
    if found["side"]:
        side: Literal["buy", "sell"] = "buy" if found["side"] == "buy" else "sell"
        return LogTrade(program, side, found["mint"], int(found["sol"]), int(found["tokens"]))
    if found["migrated"]:
        return LogMigration(program, "migrate", found["migrated"], found["pool"])
    if found["marker"]:
        return LogMigration(program, _MARKERS[found["marker"]])
    try:
        data = orjson.loads(found["ray"])
    except orjson.JSONDecodeError:
        return None
    return LogOfAmm(program, data)
