"""Addresses that never change: our programs, and those of Solana that they work with."""

from typing import Literal

from solders.pubkey import Pubkey

from launchpad.errors import InvalidInputError

ProgramName = Literal["bonding_curve", "token_launcher", "vesting", "amm", "fee_router"]

BONDING_CURVE = "CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL"
TOKEN_LAUNCHER = "LaFq5jXYXDEiLFpomWQMx1ZAo9t63Ydem4CwaMAazgc"  # noqa: S105 - a program address
VESTING = "VeBW2GQxPNdE1EAKCF6ofiQ3W6JPJfjGnkhXpWwXGYX"
AMM = "AmmBvmBCCTmKrSu9aJqp6RoqQdh58xfyomJdB9h4nFVr"
FEE_ROUTER = "FeeR8JbPbN6mR7xpfYLFrKZ3wYHDwDMNPGQuvgELtnqF"

PROGRAMS: dict[ProgramName, str] = {
    "bonding_curve": BONDING_CURVE,
    "token_launcher": TOKEN_LAUNCHER,
    "vesting": VESTING,
    "amm": AMM,
    "fee_router": FEE_ROUTER,
}

SYSTEM = "11111111111111111111111111111111"
TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"  # noqa: S105 - a program address
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"  # noqa: S105 - a program address
ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"  # noqa: S105 - a program address
COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111"
MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
ADDRESS_LOOKUP_TABLE = "AddressLookupTab1e1111111111111111111111111"
UPGRADEABLE_LOADER = "BPFLoaderUpgradeab1e11111111111111111111111"
# A null address: the programs' word for "none" where a field is no option.
NONE = SYSTEM
# SOL as a token, of the classic program; the quote side of every pool that has it.
WRAPPED_SOL = "So11111111111111111111111111111111111111112"

TOKEN_PROGRAMS = (TOKEN, TOKEN_2022)


class InvalidAddressError(InvalidInputError):
    """Text that is no Solana address."""

    code = "INVALID_ADDRESS"


def pubkey(address: str) -> Pubkey:
    """The key behind base58 text; InvalidAddressError when there is none."""
    try:
        return Pubkey.from_string(address)
    except ValueError as error:
        raise InvalidAddressError(f"{address[:64]!r} is no Solana address: check that it is complete.") from error
