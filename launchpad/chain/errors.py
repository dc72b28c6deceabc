"""What a cluster or a program refuses, as errors that people can act on.

LaunchpadError
    RpcError                 a node answered with a JSON-RPC error (`number`)
    RpcUnavailableError      no node answers
    ProgramsNotSetUpError    our programs have no parameters on this cluster yet
    TransactionFailedError   a transaction was refused or failed; root of the next four
        ProgramFailedError   a program said no; `code` is the program's own error, such as SLIPPAGE_EXCEEDED
        InsufficientFundsError
        BlockhashExpiredError
        AlreadyProcessedError
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from launchpad.chain.addresses import (
    ASSOCIATED_TOKEN,
    COMPUTE_BUDGET,
    PROGRAMS,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
)
from launchpad.errors import ConflictError, InvalidInputError, LaunchpadError, UnavailableError

_IDL = Path(__file__).parent / "idl"
_NAMES = {address: name for name, address in PROGRAMS.items()} | {
    SYSTEM: "system",
    TOKEN: "token",
    TOKEN_2022: "token_2022",
    ASSOCIATED_TOKEN: "associated_token",
    COMPUTE_BUDGET: "compute_budget",
}
_FAILED = re.compile(r"^Program (\w{32,44}) failed: (?:custom program error: 0x([0-9a-f]+)|(.+))$")
_ANCHOR = re.compile(r"Error Code: (\w+)\. Error Number: (\d+)\. Error Message: (.*?)\.?$")
_SHORT_OF = re.compile(r"Transfer: insufficient lamports (\d+), need (\d+)")

_TOKEN_ERRORS = {
    0: ("NOT_RENT_EXEMPT", "A token account would hold less SOL than its rent: add SOL and try again."),
    1: ("INSUFFICIENT_TOKENS", "The wallet holds fewer tokens than this needs: enter a smaller amount."),
    3: ("MINT_MISMATCH", "This token account belongs to another token."),
    4: ("OWNER_MISMATCH", "This token account belongs to another wallet."),
    17: ("ACCOUNT_FROZEN", "This token account is frozen by the token's freeze authority."),
    18: ("DECIMALS_MISMATCH", "The token has other decimals than this transaction says."),
}


class RpcError(LaunchpadError):
    """A node understood the request and refused it. `number` is the JSON-RPC code."""

    code = "RPC_ERROR"
    status = 502

    def __init__(self, message: str, number: int, data: object = None) -> None:
        super().__init__(message, rpc_error=number)
        self.number = number
        self.data = data


class RpcUnavailableError(UnavailableError):
    """No node of the cluster answers; reads changed nothing and may be tried again. Nodes are named by host only."""

    code = "RPC_UNAVAILABLE"


class ProgramsNotSetUpError(UnavailableError):
    """Our programs have no parameters on this cluster yet; who runs it makes them once."""

    code = "PROGRAMS_NOT_SET_UP"

    def __init__(self) -> None:
        super().__init__("The programs are not set up on this cluster: run `launchpad programs init`.")


class TransactionFailedError(InvalidInputError):
    """A transaction that the cluster refused, or that failed on chain. `logs` and `instruction` say where."""

    code = "TRANSACTION_FAILED"

    def __init__(self, message: str, *, logs: list[str] | None = None, **details: object) -> None:
        super().__init__(message, **details)
        self.logs = logs or []

    def body(self) -> dict[str, object]:
        """The one JSON shape, with the program's log beside it."""
        return {"error": {"code": self.code, "message": self.message, **self.details, "logs": self.logs}}


class ProgramFailedError(TransactionFailedError):
    """A program said no.

    `program` is its name where we know it, else its address; `number` its error
    number. Every program error is a subclass of its own with its own `code`.
    """

    code = "PROGRAM_FAILED"

    def __init__(self, message: str, *, program: str, number: int | None, logs: list[str], **details: object) -> None:
        super().__init__(message, logs=logs, program=program, program_error=number, **details)
        self.program = program
        self.number = number


class InsufficientFundsError(TransactionFailedError):
    """The paying wallet has less SOL than the transaction needs."""

    code = "INSUFFICIENT_FUNDS"


class BlockhashExpiredError(TransactionFailedError, ConflictError):
    """The transaction was not included before its blockhash expired: it can never land any more."""

    code: ClassVar[str] = "TX_EXPIRED"
    status: ClassVar[int] = 409


class AlreadyProcessedError(TransactionFailedError, ConflictError):
    """Exactly this transaction has landed before."""

    code: ClassVar[str] = "ALREADY_PROCESSED"
    status: ClassVar[int] = 409


_EXPIRED = "The transaction's blockhash has expired, so it can never land: build and sign it anew."
_NO_FUNDS = "The wallet has too little SOL for this: add SOL or enter a smaller amount."
_PLAIN: dict[str, tuple[type[TransactionFailedError], str]] = {
    "BlockhashNotFound": (BlockhashExpiredError, _EXPIRED),
    "AlreadyProcessed": (AlreadyProcessedError, "This transaction has been processed already."),
    "AccountNotFound": (InsufficientFundsError, "The paying wallet has no SOL at all: add some first."),
    "InsufficientFundsForFee": (InsufficientFundsError, "The wallet cannot pay the network fee: add SOL."),
    "InsufficientFundsForRent": (InsufficientFundsError, _NO_FUNDS),
    "SignatureFailure": (TransactionFailedError, "A signature is missing or wrong: sign the transaction again."),
    "ProgramAccountNotFound": (
        TransactionFailedError,
        "A program is not deployed on this cluster: check RPC_URL and CLUSTER.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """The deepest failing program of a run."""

    address: str
    number: int | None
    text: str


def expired() -> BlockhashExpiredError:
    """The error of a transaction that ran out of time."""
    return BlockhashExpiredError(_EXPIRED)


def transaction_error(error: Any, logs: list[str] | None = None) -> TransactionFailedError:
    """The error behind a TransactionError as JSON, with the log of the run where there is one."""
    lines = logs or []
    if isinstance(error, dict) and "InstructionError" in error:
        index, reason = error["InstructionError"]
        return _instruction_error(index, reason, lines)
    name = next(iter(error)) if isinstance(error, dict) else str(error)
    kind, message = _PLAIN.get(name, (TransactionFailedError, f"The cluster refused the transaction: {name}."))
    return kind(message, logs=lines, reason=name)


def _instruction_error(index: int, reason: Any, logs: list[str]) -> TransactionFailedError:
    failure = _deepest(logs)
    number = reason.get("Custom") if isinstance(reason, dict) else None
    if failure is None:
        failure = _Failure("", number, str(reason))
    if _is_short_of_sol(failure, reason):
        return InsufficientFundsError(_NO_FUNDS, logs=logs, instruction=index, **_shortage(logs))
    if "exceeded CUs meter" in failure.text or reason == "ComputationalBudgetExceeded":
        return _program_error(failure, "COMPUTE_EXCEEDED", "The transaction needs more compute units.", index, logs)
    code, message = _describe(failure, number, logs)
    return _program_error(failure, code, message, index, logs)


def _describe(failure: _Failure, number: int | None, logs: list[str]) -> tuple[str, str]:
    """Code and message of a failure: by the program's IDL, by Anchor's own log line, by the token programs' table."""
    name, number = (
        _NAMES.get(failure.address, failure.address),
        failure.number if failure.number is not None else number,
    )
    if number is not None and (known := _program_table().get((name, number))):
        return known
    if name in {"token", "token_2022"} and number in _TOKEN_ERRORS:
        return _TOKEN_ERRORS[number]
    for line in logs:
        if (found := _ANCHOR.search(line)) and int(found[2]) == number:
            return _screaming(found[1]), f"{found[3]} (in program {name})."
    what = f"error {number}" if number is not None else failure.text
    return "PROGRAM_FAILED", f"The program {name or 'of the transaction'} refused the transaction: {what}."


def _program_error(failure: _Failure, code: str, message: str, index: int, logs: list[str]) -> ProgramFailedError:
    program = _NAMES.get(failure.address, failure.address)
    return _class_of(code)(message, program=program, number=failure.number, logs=logs, instruction=index)


@cache
def _class_of(code: str) -> type[ProgramFailedError]:
    name = "".join(word.capitalize() for word in code.split("_")) + "Error"
    return type(name, (ProgramFailedError,), {"code": code, "__doc__": ProgramFailedError.__doc__})


@cache
def _program_table() -> dict[tuple[str, int], tuple[str, str]]:
    """(program, number) -> code and message, from our programs' IDLs."""
    table: dict[tuple[str, int], tuple[str, str]] = {}
    for program in PROGRAMS:
        idl = json.loads((_IDL / f"{program}.json").read_text(encoding="utf-8"))
        for error in idl.get("errors", []):
            message = error.get("msg") or error["name"]
            table[program, error["code"]] = _screaming(error["name"]), f"{message.rstrip('.')}."
    return table


def _deepest(logs: list[str]) -> _Failure | None:
    """The first failure that the log tells of: the innermost program fails first."""
    for line in logs:
        if found := _FAILED.match(line):
            number = int(found[2], 16) if found[2] else None
            return _Failure(found[1], number, found[3] or "")
    return None


def _is_short_of_sol(failure: _Failure, reason: Any) -> bool:
    return (failure.address == SYSTEM and failure.number == 1) or reason == "InsufficientFunds"


def _shortage(logs: list[str]) -> dict[str, object]:
    for line in logs:
        if found := _SHORT_OF.search(line):
            return {"available": found[1], "needed": found[2]}
    return {}


def _screaming(name: str) -> str:
    """SlippageExceeded -> SLIPPAGE_EXCEEDED."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
