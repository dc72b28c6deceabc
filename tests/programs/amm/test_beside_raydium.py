"""A swap of ours beside the same one of Raydium's CP-swap, in the same runtime.

RAYDIUM_CP_SWAP names the folder that holds the real program and its account lists (raydium_cp_swap.so,
verify_raydium.py); without it there is nothing to compare with.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.programs.amm.test_compute import launched
from tests.programs.harness import SOL, TOKEN, TOKEN_2022, Chain

FOLDER = os.environ.get("RAYDIUM_CP_SWAP", "")
KINDS = {"classic": TOKEN, "metadata": TOKEN_2022}

pytestmark = pytest.mark.skipif(not FOLDER, reason="RAYDIUM_CP_SWAP does not name a folder with Raydium's program")


@pytest.fixture(scope="module")
def raydium() -> ModuleType:
    """The real program's accounts and instructions."""
    spec = importlib.util.spec_from_file_location("raydium", Path(FOLDER) / "verify_raydium.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def theirs(raydium: ModuleType, kind: str) -> int:
    """Compute units of Raydium's swap of one SOL into a pool of the classic raise."""
    world = raydium.World()
    user = world.user.pubkey()
    mint, program = world.create_mint(kind)
    sol, tokens = 85 * SOL, 206_900_000 * 10**6
    world.fund(user, mint, program, 2 * tokens, 2 * sol)
    pool = raydium.Pool(mint, program)
    world.send(raydium.initialize(pool, user, *pool.order(sol, tokens)))
    world.clock(add=20)
    side = pool.mints.index(raydium.WSOL)
    return int(world.send(raydium.swap("swap_base_input", pool, user, side, SOL, 0)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_swap_costs_no_more_than_raydiums(chain: Chain, raydium: ModuleType, kind: str) -> None:
    pool = launched(chain, KINDS[kind])
    chain.set_time(chain.now + 20)
    ours = pool.swap("buy_exact_in", pool.user(), SOL, deadline=chain.now).compute_units
    reference = theirs(raydium, kind)
    assert ours <= reference
