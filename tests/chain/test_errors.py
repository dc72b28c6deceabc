"""What clusters and programs refuse, as errors that say what to do."""

import pytest

from launchpad.chain import errors
from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS, SYSTEM, TOKEN_2022
from launchpad.chain.errors import (
    AlreadyProcessedError,
    BlockhashExpiredError,
    InsufficientFundsError,
    ProgramFailedError,
    TransactionFailedError,
    transaction_error,
)
from tests.chain.idls import PROGRAM_NAMES, idl


def failed(program, number):
    return [f"Program {program} failed: custom program error: {number:#x}"]


def custom(number, index=2):
    return {"InstructionError": [index, {"Custom": number}]}


@pytest.mark.parametrize("program", PROGRAM_NAMES)
def test_every_error_of_a_program_has_its_code_and_message(program):
    for listed in idl(program)["errors"]:
        error = transaction_error(custom(listed["code"]), failed(PROGRAMS[program], listed["code"]))
        assert isinstance(error, ProgramFailedError)
        assert error.code.replace("_", "").lower() == listed["name"].lower()
        assert error.message.rstrip(".") == listed["msg"].rstrip(".")
        assert (error.program, error.number, error.status) == (program, listed["code"], 422)


def test_the_number_belongs_to_the_innermost_program_that_failed():
    logs = [*failed(BONDING_CURVE, 6002), *failed(PROGRAMS["token_launcher"], 6002)]
    error = transaction_error(custom(6002), logs)
    assert (error.code, error.details["program"], error.details["instruction"]) == (
        "SLIPPAGE_EXCEEDED",
        "bonding_curve",
        2,
    )
    body = error.body()["error"]
    assert body["program_error"] == 6002
    assert body["logs"] == logs


def test_anchors_own_errors_are_read_from_its_log():
    said = "Error Code: ConstraintSeeds. Error Number: 2006. Error Message: A seeds constraint was violated."
    line = f"Program log: AnchorError caused by account: curve. {said}"
    error = transaction_error(custom(2006), [line, *failed(BONDING_CURVE, 2006)])
    assert error.code == "CONSTRAINT_SEEDS"
    assert "A seeds constraint was violated" in error.message


def test_too_few_tokens_and_too_little_sol_are_told_apart():
    tokens = transaction_error(custom(1), failed(TOKEN_2022, 1))
    assert tokens.code == "INSUFFICIENT_TOKENS"
    logs = ["Transfer: insufficient lamports 5, need 10", *failed(SYSTEM, 1)]
    lamports = transaction_error(custom(1), logs)
    assert isinstance(lamports, InsufficientFundsError)
    assert lamports.details == {"instruction": 2, "available": "5", "needed": "10"}


@pytest.mark.parametrize(
    ("reason", "kind", "code"),
    [
        ("BlockhashNotFound", BlockhashExpiredError, "TX_EXPIRED"),
        ("AlreadyProcessed", AlreadyProcessedError, "ALREADY_PROCESSED"),
        ("AccountNotFound", InsufficientFundsError, "INSUFFICIENT_FUNDS"),
        ("InsufficientFundsForFee", InsufficientFundsError, "INSUFFICIENT_FUNDS"),
        ({"InsufficientFundsForRent": {"account_index": 0}}, InsufficientFundsError, "INSUFFICIENT_FUNDS"),
        ("SignatureFailure", TransactionFailedError, "TRANSACTION_FAILED"),
        ("SomethingNew", TransactionFailedError, "TRANSACTION_FAILED"),
        ({"InstructionError": [0, "InsufficientFunds"]}, InsufficientFundsError, "INSUFFICIENT_FUNDS"),
        ({"InstructionError": [0, "ComputationalBudgetExceeded"]}, ProgramFailedError, "COMPUTE_EXCEEDED"),
        ({"InstructionError": [0, "InvalidAccountData"]}, ProgramFailedError, "PROGRAM_FAILED"),
        (custom(77), ProgramFailedError, "PROGRAM_FAILED"),
    ],
)
def test_every_reason_has_an_error(reason, kind, code):
    error = transaction_error(reason)
    assert isinstance(error, kind)
    assert error.code == code
    assert error.message


def test_running_out_of_compute_is_recognised_by_the_log():
    logs = [f"Program {BONDING_CURVE} failed: exceeded CUs meter at BPF instruction"]
    assert transaction_error({"InstructionError": [0, "ProgramFailedToComplete"]}, logs).code == "COMPUTE_EXCEEDED"


def test_an_unknown_program_is_named_by_its_address():
    address = "So11111111111111111111111111111111111111112"
    error = transaction_error(custom(5), failed(address, 5))
    assert address in error.message
    assert error.details["program"] == address


def test_the_expired_error_says_to_build_anew():
    assert "anew" in errors.expired().message
    assert errors.expired().status == 409
