"""What can go wrong, towards people (LaunchpadError) and towards RPC clients (RpcError).

LaunchpadError
    LedgerInUseError        another cluster runs on the same ledger folder
    LedgerUnreadableError   the ledger folder holds something else, or is damaged
    PortInUseError          something listens on the port already
    ProgramFileError        a program's .so cannot be loaded
    AccountFileError        an account's file cannot be loaded
    ValidatorMissingError   `--engine validator` without a solana-test-validator
    ValidatorFailedError    the validator ended, or never answered
RpcError                    one JSON-RPC error object
"""

from typing import Any

from launchpad.errors import ConfigError, ConflictError, UnavailableError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
BLOCK_CLEANED_UP = -32001
PREFLIGHT_FAILURE = -32002
BLOCK_NOT_AVAILABLE = -32004
UNSUPPORTED_TRANSACTION_VERSION = -32015
MIN_CONTEXT_SLOT_NOT_REACHED = -32016


class LedgerInUseError(ConflictError):
    """Another cluster holds the ledger folder."""

    code = "LEDGER_IN_USE"


class LedgerUnreadableError(ConfigError):
    """The ledger folder cannot be used."""

    code = "LEDGER_UNREADABLE"


class PortInUseError(ConflictError):
    """Something listens on a port that the cluster needs."""

    code = "PORT_IN_USE"


class ProgramFileError(ConfigError):
    """A program's binary is missing or no program."""

    code = "PROGRAM_FILE"


class AccountFileError(ConfigError):
    """A file that should hold an account does not, or no address stands before it."""

    code = "ACCOUNT_FILE"


class ValidatorMissingError(UnavailableError):
    """There is no solana-test-validator to run."""

    code = "VALIDATOR_MISSING"


class ValidatorFailedError(UnavailableError):
    """The validator ended or never became healthy; its log says why."""

    code = "VALIDATOR_FAILED"


class RpcError(Exception):
    """One JSON-RPC error: `code` and `message`, and `data` where the method defines it."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def body(self) -> dict[str, Any]:
        """The `error` member of a reply; `data` is left out when there is none."""
        shape: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            shape["data"] = self.data
        return shape


def invalid_params(message: str, data: Any = None) -> RpcError:
    """-32602, the caller's parameters cannot be used."""
    return RpcError(INVALID_PARAMS, message, data)


def invalid_request(message: str = "Invalid request") -> RpcError:
    """-32600, the request as a whole cannot be served."""
    return RpcError(INVALID_REQUEST, message)


def method_not_found() -> RpcError:
    """-32601."""
    return RpcError(METHOD_NOT_FOUND, "Method not found")


def min_context_slot_not_reached(slot: int) -> RpcError:
    """-32016, the bank that would answer is at `slot`, older than was asked for."""
    return RpcError(
        MIN_CONTEXT_SLOT_NOT_REACHED,
        "Minimum context slot has not been reached",
        {"contextSlot": slot},
    )
