"""Setting the programs up on a cluster: their configs, and the lookup table that keeps transactions small.

Only the programs' upgrade authority can do it. Everything here looks first and does
what is missing, so it can be repeated, also after it was interrupted.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from solders.instruction import Instruction

from launchpad.chain import keys, pda, pools
from launchpad.chain.accounts import CurveConfig
from launchpad.chain.addresses import (
    ASSOCIATED_TOKEN,
    COMPUTE_BUDGET,
    PROGRAMS,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    WRAPPED_SOL,
)
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import amm, curve, launcher
from launchpad.chain.instructions.amm import PoolTerms
from launchpad.chain.instructions.curve import CurveTerms
from launchpad.chain.instructions.solana import create_lookup_table, extend_lookup_table, lookup_table_address
from launchpad.chain.keys import Keypair, address_of

CREATION_FEE = 20_000_000
ADMIN_KEYPAIR = "admin.json"
_PER_EXTENSION = 20
_SLOT_SECONDS = 0.1
_FUNDED_SECONDS = 60.0

Report = Callable[[str], None]


def shared_addresses(treasury: str) -> list[str]:
    """What nearly every transaction of ours mentions."""
    return [
        *PROGRAMS.values(),
        *(pda.bonding_curve_config(), pda.launcher_config(), pda.amm_config(), treasury),
        *(pda.event_authority(program) for program in PROGRAMS.values()),
        *(SYSTEM, TOKEN_2022, TOKEN, ASSOCIATED_TOKEN, COMPUTE_BUDGET, WRAPPED_SOL),
    ]


async def bootstrap(
    client: ChainClient, admin: Keypair, treasury: str | None = None, *, report: Report = lambda _: None
) -> None:
    """Make the lookup table and the configs where they are missing; fees go to `treasury` (default: the admin).

    `report` hears one line per step. Raises the program's NOT_UPGRADE_AUTHORITY when the
    admin may not do it.
    """
    address = address_of(admin)
    recipient = treasury or address
    configs = await client.fetch_configs(fresh=True)
    table = configs.curve.lookup_table if configs.curve else None
    if configs.launcher is None:
        report("Creating the launcher's config")
        await _run(client, admin, [launcher.create_config(address, address, recipient, CREATION_FEE)])
    if await pools.fetch_config(client.rpc) is None:
        report("Creating the pools' config")
        await _run(client, admin, [amm.create_config(address, address, PoolTerms(recipient))])
    if table is None:
        report("Creating the lookup table")
        table = await _make_table(client, admin, shared_addresses(recipient))
    if configs.curve is None:
        report("Creating the bonding curve's config")
        terms = CurveTerms(fee_recipient=recipient, lookup_table=table)
        await _run(client, admin, [curve.create_config(address, address, terms)])
    elif configs.curve.lookup_table is None:
        report("Naming the lookup table in the bonding curve's config")
        await _run(client, admin, [curve.update_config(address, _same_terms(configs.curve, table))])
    await client.fetch_configs(fresh=True)


async def bootstrap_local(client: ChainClient, ledger: Path) -> None:
    """Set up the programs on our own local cluster, whose upgrade authority is `ledger`/admin.json."""
    admin = keys.load(ledger / ADMIN_KEYPAIR)
    async with asyncio.timeout(_FUNDED_SECONDS):
        # A validator answers before the admin's first airdrop has landed.
        while not await client.rpc.get_balance(address_of(admin)):  # noqa: ASYNC110 - the cluster pays, no event tells
            await asyncio.sleep(_SLOT_SECONDS)
    await bootstrap(client, admin)


async def _make_table(client: ChainClient, admin: Keypair, addresses: Sequence[str]) -> str:
    authority = address_of(admin)
    # The table's program looks for the slot among those that have passed.
    slot = await client.rpc.get_slot("finalized")
    address, _ = lookup_table_address(authority, slot)
    await _run(client, admin, [create_lookup_table(authority, slot)])
    for start in range(0, len(addresses), _PER_EXTENSION):
        await _run(client, admin, [extend_lookup_table(address, authority, addresses[start : start + _PER_EXTENSION])])
    await _next_slot(client)
    return address


async def _next_slot(client: ChainClient) -> None:
    """Addresses of a table can be used from the slot after they were added."""
    begun = await client.rpc.get_slot()
    while await client.rpc.get_slot() <= begun + 1:  # noqa: ASYNC110 - the cluster, not this process, makes slots
        await asyncio.sleep(_SLOT_SECONDS)


async def _run(client: ChainClient, admin: Keypair, instructions: Sequence[Instruction]) -> None:
    built = await client.build(address_of(admin), instructions, [admin])
    signature = await client.submit(built.transaction, built.last_valid_block_height)
    await client.confirm(signature, built.last_valid_block_height)


def _same_terms(config: CurveConfig, table: str) -> CurveTerms:
    return CurveTerms(
        fee_recipient=config.fee_recipient,
        protocol_fee_bps=config.protocol_fee_bps,
        creator_fee_bps=config.creator_fee_bps,
        referrer_share_bps=config.referrer_share_bps,
        keeper_bounty=config.keeper_bounty,
        lookup_table=table,
    )
