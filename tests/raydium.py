"""Raydium's real CP-swap program for tests, on LiteSVM or on a cluster.

    @needs_raydium
    def test_...(chain):                              # LiteSVM, tests.programs.harness.Chain
        install(chain)
        pool = RaydiumPool.of(mint, token_program)    # launchpad.chain.venues.raydium.pools

    async def test_...(raydium_cluster):              # a cluster with the program; skips where it is missing

The program, a fee tier (index 0: 0.25 %, 0.15 SOL for a pool) and the account that takes that
fee stand where they stand on mainnet. RAYDIUM_CP_SWAP names the folder of `raydium_cp_swap.so`.
"""

import base64
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from solders.pubkey import Pubkey

from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from launchpad.chain.venues.raydium.pools import POOL_FEE_RECEIVER, RAYDIUM_CP_SWAP, amm_config
from tests.programs.harness import Chain

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "programs"
FOLDER = Path(os.environ.get("RAYDIUM_CP_SWAP") or _BESIDE)
PROGRAM = FOLDER / "raydium_cp_swap.so"
MISSING = "RAYDIUM_CP_SWAP does not name a folder with raydium_cp_swap.so"
needs_raydium = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)

# The key that may make fee tiers on mainnet.
ADMIN = "GThUX1Atko4tqhN2NaiTazWSeFWMuiUvfFnyJyUghFMJ"
TRADE_FEE, PROTOCOL_FEE, FUND_FEE, POOL_FEE = 2_500, 120_000, 40_000, 150_000_000
_TOKEN_ACCOUNT_RENT = 2_039_280


def config_data(*, index: int = 0, pool_fee: int = POOL_FEE, disabled: bool = False) -> bytes:
    """The bytes of a fee tier: rates in millionths, the fee for a pool in lamports."""
    seeds = [b"amm_config", index.to_bytes(2, "big")]
    bump = Pubkey.find_program_address(seeds, Pubkey.from_string(RAYDIUM_CP_SWAP))[1]
    head = struct.pack("<B?H4Q", bump, disabled, index, TRADE_FEE, PROTOCOL_FEE, FUND_FEE, pool_fee)
    return anchor_tag("AmmConfig", "account") + head + key_bytes(ADMIN) * 2 + bytes(8 + 120)


def receiver_data() -> bytes:
    """The bytes of the wrapped SOL account that takes the fee for new pools."""
    amount = struct.pack("<Q", 0) + bytes(36)
    native = b"\1" + struct.pack("<IQ", 1, _TOKEN_ACCOUNT_RENT) + bytes(8 + 36)
    return key_bytes(WRAPPED_SOL) + key_bytes(ADMIN) + amount + native


def accounts(*, pool_fee: int = POOL_FEE) -> dict[str, tuple[int, bytes, str]]:
    """What stands beside the program: lamports, bytes and owner by address."""
    return {
        amm_config(): (2_533_440, config_data(pool_fee=pool_fee), RAYDIUM_CP_SWAP),
        POOL_FEE_RECEIVER: (_TOKEN_ACCOUNT_RENT, receiver_data(), TOKEN),
    }


def install(chain: Chain, *, pool_fee: int = POOL_FEE) -> None:
    """Put Raydium on a LiteSVM chain."""
    chain.svm.add_program_from_file(Pubkey.from_string(RAYDIUM_CP_SWAP), PROGRAM)
    for address, (lamports, data, owner) in accounts(pool_fee=pool_fee).items():
        chain.set_account(Pubkey.from_string(address), data, Pubkey.from_string(owner), lamports=lamports)


def cluster_words(folder: Path) -> list[str]:
    """What `launchpad localnet` is started with to have Raydium; account files go into `folder`."""
    words = ["--program", f"{RAYDIUM_CP_SWAP}={PROGRAM}"]
    for address, (lamports, data, owner) in accounts().items():
        body: dict[str, Any] = {"lamports": lamports, "data": [base64.b64encode(data).decode(), "base64"]}
        body |= {"owner": owner, "executable": False, "rentEpoch": 2**64 - 1, "space": len(data)}
        path = folder / f"{address}.json"
        path.write_text(json.dumps({"pubkey": address, "account": body}))
        words += ["--account", f"{address}={path}"]
    return words


def start_cluster(make_cluster: Callable[..., Any], folder: Path, *more: str) -> Any:
    """A cluster of one's own with Raydium on it, our programs set up; skips where the program is missing."""
    if not PROGRAM.exists():
        pytest.skip(MISSING)
    return make_cluster(*cluster_words(folder), *more)
