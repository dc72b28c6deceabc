"""What a transaction asks of the compute budget, what it costs, and how big it loads."""

from dataclasses import dataclass

from launchpad.localnet.keys import (
    BUILTINS,
    COMPUTE_BUDGET_PROGRAM,
    ED25519_PROGRAM,
    SECP256K1_PROGRAM,
    SECP256R1_PROGRAM,
    Key,
)
from launchpad.localnet.message import DecodedMessage, TransactionRejectedError
from launchpad.localnet.transaction_errors import instruction_error

LAMPORTS_PER_SIGNATURE = 5_000
MICROLAMPORTS = 1_000_000
DEFAULT_UNITS = 200_000
BUILTIN_UNITS = 3_000
MAX_UNITS = 1_400_000
MAX_LOADED_BYTES = 64 * 1024 * 1024
PAGE_BYTES = 32 * 1024
PAGE_COST = 8
SIGNATURE_COST = 720
ED25519_COST = 2_400
SECP256K1_COST = 6_690
SECP256R1_COST = 4_800
WRITE_LOCK_COST = 300
DATA_BYTES_PER_UNIT = 4
MIN_HEAP, MAX_HEAP, HEAP_STEP = 32 * 1024, 256 * 1024, 1024

PRECOMPILE_COSTS = {
    ED25519_PROGRAM: ED25519_COST,
    SECP256K1_PROGRAM: SECP256K1_COST,
    SECP256R1_PROGRAM: SECP256R1_COST,
}
BUILTIN_KEYS = frozenset(BUILTINS) - PRECOMPILE_COSTS.keys()
PRECOMPILES = frozenset(PRECOMPILE_COSTS)

REQUEST_HEAP, SET_LIMIT, SET_PRICE, SET_LOADED_LIMIT = 1, 2, 3, 4
ARGUMENT_LENGTHS = {REQUEST_HEAP: 4, SET_LIMIT: 4, SET_PRICE: 8, SET_LOADED_LIMIT: 4}


@dataclass(frozen=True, slots=True)
class ComputeBudget:
    """`units` a transaction may use, at `price` microlamports each, loading `loaded_bytes` at most."""

    units: int
    price: int
    loaded_bytes: int

    @property
    def prioritization_fee(self) -> int:
        """Lamports on top of the signature fee, rounded up."""
        return -(-self.price * self.units // MICROLAMPORTS)


def compute_budget(message: DecodedMessage) -> ComputeBudget:
    """What the compute budget instructions ask for; raises TransactionRejectedError on bad ones."""
    asked, default = _asked(message)
    if asked.get(SET_LOADED_LIMIT, (0, 1))[1] == 0:
        raise TransactionRejectedError("InvalidLoadedAccountsDataSizeLimit")
    position, heap = asked.get(REQUEST_HEAP, (0, MIN_HEAP))
    if heap % HEAP_STEP or not MIN_HEAP <= heap <= MAX_HEAP:
        raise TransactionRejectedError(instruction_error(position, "InvalidInstructionData"))
    return ComputeBudget(
        units=min(asked.get(SET_LIMIT, (0, default))[1], MAX_UNITS),
        price=asked.get(SET_PRICE, (0, 0))[1],
        loaded_bytes=min(asked.get(SET_LOADED_LIMIT, (0, MAX_LOADED_BYTES))[1], MAX_LOADED_BYTES),
    )


def check_budget_requests(message: DecodedMessage) -> None:
    """Refuse compute budget instructions that cannot be read or are repeated."""
    _asked(message)


def _asked(message: DecodedMessage) -> tuple[dict[int, tuple[int, int]], int]:
    """What is asked for, as `(position, value)` by kind, and the default of compute units."""
    asked: dict[int, tuple[int, int]] = {}
    builtin = others = 0
    for position, each in enumerate(message.instructions):
        program = message.static_keys[each.program]
        if program in BUILTIN_KEYS:
            builtin += 1
        elif program not in PRECOMPILES:
            others += 1
        if program == COMPUTE_BUDGET_PROGRAM:
            kind, value = _request(each.data, position)
            if kind in asked:
                raise TransactionRejectedError({"DuplicateInstruction": position})
            asked[kind] = (position, value)
    return asked, builtin * BUILTIN_UNITS + others * DEFAULT_UNITS


def _request(data: bytes, position: int) -> tuple[int, int]:
    length = ARGUMENT_LENGTHS.get(data[0]) if data else None
    if length is None or len(data) < 1 + length:
        raise TransactionRejectedError(instruction_error(position, "InvalidInstructionData"))
    return data[0], int.from_bytes(data[1 : 1 + length], "little")


def precompile_signatures(message: DecodedMessage) -> list[tuple[Key, int]]:
    """The signatures that precompiled programs check, by program."""
    return [
        (message.static_keys[each.program], each.data[0] if each.data else 0)
        for each in message.instructions
        if message.static_keys[each.program] in PRECOMPILES
    ]


def transaction_fee(message: DecodedMessage, budget: ComputeBudget) -> int:
    """Lamports that the first signer pays, whether the transaction succeeds or fails."""
    checked = sum(count for _, count in precompile_signatures(message))
    return (message.required_signatures + checked) * LAMPORTS_PER_SIGNATURE + budget.prioritization_fee


def cost_units(message: DecodedMessage, writable: int, units: int, loaded_bytes: int) -> int:
    """How much of a block's capacity a transaction takes."""
    precompiles = sum(PRECOMPILE_COSTS[program] * count for program, count in precompile_signatures(message))
    data_bytes = sum(len(each.data) for each in message.instructions)
    pages = -(-loaded_bytes // PAGE_BYTES)
    return (
        message.required_signatures * SIGNATURE_COST
        + precompiles
        + writable * WRITE_LOCK_COST
        + data_bytes // DATA_BYTES_PER_UNIT
        + units
        + pages * PAGE_COST
    )
