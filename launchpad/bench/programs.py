"""Compute units of every instruction, as the embedded cluster's runtime counts them, and the programs' sizes."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from launchpad.bench._scenario import Step, scenario
from launchpad.bench.measure import Measure, Measures
from launchpad.bench.stage import folder, running
from launchpad.chain import keys
from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS
from launchpad.chain.assemble import bytes_with_table, signed_transaction
from launchpad.chain.instructions.solana import compute_budget
from launchpad.chain.keys import MAX_TRANSACTION_BYTES
from launchpad.chain.rpc import RpcPool
from launchpad.chain.setup import shared_addresses
from launchpad.chain.venues.raydium.offering import fetch_offer
from launchpad.config import Settings
from launchpad.localnet.options import BUNDLED_PROGRAMS
from launchpad.processes import free_ports

_PROGRAMS = {address: name for name, address in PROGRAMS.items()}
_LIMIT = 1_400_000
_ENOUGH = 10**9
_BUDGET_UNITS = 300  # of the two instructions that ask for the limit
# A plain Anchor buy with one transfer, one token transfer and one event measures 28 000 in the same runtime.
# Raydium's CP-swap takes 50 000 for the same swap in the same runtime.
_AIMS = {"bonding_curve buy_exact_in": 30_000, "amm swap_exact_in": 40_000, "amm swap_exact_out": 40_000}
_CONSUMED = re.compile(r"^Program (\w+) consumed (\d+) of")


async def run(cluster_words: Sequence[str] = ()) -> Measures:
    """Do everything that the programs can do once, on a bare cluster, and read what each step consumed.

    A cluster that `cluster_words` of `launchpad localnet` give Raydium graduates a sale there too.
    """
    sizes = {
        f"{path.stem}.so": Measure(path.stat().st_size / 1024, "KiB", places=1)
        for path in sorted(BUNDLED_PROGRAMS.glob("*.so"))
    }
    with folder() as home:
        settings = Settings(launchpad_home=home, rpc_port=free_ports(2), rpc_url="", rpc_ws_url="", engine="embedded")
        with running(settings, ["localnet", "--slot-ms", "50", *cluster_words], f"{settings.rpc_urls[0]}/health"):
            async with RpcPool(settings.rpc_urls) as rpc:
                return await _units(rpc, settings) | sizes


async def _units(rpc: RpcPool, settings: Settings) -> Measures:
    found: Measures = {}
    admin = keys.load(settings.launchpad_home / "ledger" / "admin.json")
    raydium = (await fetch_offer(rpc)).fee is not None
    for step in scenario(admin, raydium=raydium):
        for keypair in step.signers:
            await _fund(rpc, keys.address_of(keypair))
        name, units = await _consumed(rpc, step)
        what = f"{name} {step.name}"
        if not step.silent:
            found[what] = Measure(units, "CU", at_most=_AIMS.get(what))
        if step.whole and not step.silent:
            found[f"{what}, size"] = Measure(_bytes(step), "bytes", at_most=MAX_TRANSACTION_BYTES)
    return found


async def _fund(rpc: RpcPool, address: str) -> None:
    """Give everybody enough once."""
    if await rpc.get_balance(address) < _ENOUGH:
        await _confirmed(rpc, await rpc.request_airdrop(address, 200 * 10**9))


async def _consumed(rpc: RpcPool, step: Step) -> tuple[str, int]:
    """Run a step; the program that it calls and the compute units of that call."""
    blockhash = await rpc.latest_blockhash()
    instructions = [*compute_budget(_LIMIT, 0), *step.instructions()]
    transaction = signed_transaction(step.signers, instructions, blockhash.blockhash)
    signature = await rpc.send(transaction, preflight=True)
    meta = (await _confirmed(rpc, signature))["meta"]
    program = str(instructions[-1].program_id)
    if step.whole:
        return _PROGRAMS[program], meta["computeUnitsConsumed"]
    told = [match[2] for line in meta["logMessages"] if (match := _CONSUMED.match(line)) and match[1] == program]
    # A long log is cut off before its last line; what the whole transaction took is known all the same.
    units = int(told[-1]) if told else meta["computeUnitsConsumed"] - _BUDGET_UNITS
    return _PROGRAMS[program], units


def _bytes(step: Step) -> int:
    """What the transaction takes of a packet, with the lookup table that every cluster of ours has."""
    instructions = [*compute_budget(_LIMIT, 1), *step.instructions()]
    return bytes_with_table(step.signers, instructions, shared_addresses(BONDING_CURVE))


async def _confirmed(rpc: RpcPool, signature: str) -> dict[str, Any]:
    """The transaction, once it is confirmed."""
    async with asyncio.timeout(20):
        while (transaction := await rpc.get_transaction(signature)) is None:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.02)
    return transaction
