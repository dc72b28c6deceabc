"""`--engine validator`: solana-test-validator as a child process."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from launchpad.localnet import genesis
from launchpad.localnet.errors import ValidatorFailedError, ValidatorMissingError
from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.startup import LedgerLock
from launchpad.processes import die_with_parent

BINARY = "solana-test-validator"
LOG_FILE = "validator.log"
LEDGER_FOLDER = "validator"
READY_SECONDS = 180.0
POLL_SECONDS = 0.2
STOP_SECONDS = 10.0
SHREDS_KEPT = 50_000
FAUCET_OFFSET = 2
GOSSIP_OFFSET = 3
DYNAMIC_PORTS = 40
LOG_TAIL = 3
ADMIN_LAMPORTS = 100_000 * genesis.LAMPORTS_PER_SOL


def find_validator(options: LocalnetOptions) -> Path:
    """The validator to run: the one that was named, else the one on the PATH."""
    if options.validator_path is not None:
        if os.access(options.validator_path, os.X_OK):
            return options.validator_path
        raise ValidatorMissingError(f"{options.validator_path} is no program that can be run.")
    found = shutil.which(BINARY)
    if found is None:
        raise ValidatorMissingError(
            f"{BINARY} is not on the PATH: install the Solana tools, set TEST_VALIDATOR, or use the embedded engine."
        )
    return Path(found)


def command_line(options: LocalnetOptions, binary: Path, admin: str) -> list[str]:
    """The arguments that start a validator with our programs, upgradeable by the admin key."""
    port = options.rpc_port
    arguments = [
        str(binary),
        "--ledger",
        str(options.ledger / LEDGER_FOLDER),
        "--rpc-port",
        str(port),
        "--faucet-port",
        str(port + FAUCET_OFFSET),
        "--gossip-port",
        str(port + GOSSIP_OFFSET),
        "--dynamic-port-range",
        f"{port + GOSSIP_OFFSET + 1}-{port + GOSSIP_OFFSET + 1 + DYNAMIC_PORTS}",
        "--bind-address",
        options.host,
        "--limit-ledger-size",
        str(SHREDS_KEPT),
        "--log",
    ]
    if options.reset:
        arguments.append("--reset")
    for address, path in options.program_files().items():
        arguments += ["--upgradeable-program", address, str(path), admin]
    for address, path in options.accounts.items():
        arguments += ["--account", address, str(path)]
    return arguments


async def run_validator(options: LocalnetOptions, ready: Callable[[], None]) -> None:
    """Run a validator until cancelled; raises ValidatorFailedError when it ends by itself."""
    binary = find_validator(options)
    lock = LedgerLock(options.ledger)
    try:
        admin = genesis.load_or_make_keypair(options.ledger / genesis.ADMIN_KEYPAIR)
        with (options.ledger / LOG_FILE).open("ab") as log_file:
            process = await asyncio.create_subprocess_exec(
                *command_line(options, binary, str(admin.pubkey())),
                stdout=log_file,
                stderr=log_file,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, signal.SIGTERM),
            )
            try:
                await _until_ready(options, process)
                await _fund(options, str(admin.pubkey()))
                ready()
                await process.wait()
                raise ValidatorFailedError(_ended(options, process))
            finally:
                await _stop(process)
    finally:
        lock.release()


async def _until_ready(options: LocalnetOptions, process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as client:
            while not await _healthy(client, options.rpc_url):
                if process.returncode is not None:
                    raise ValidatorFailedError(_ended(options, process))
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise ValidatorFailedError(
            f"{BINARY} did not answer within {READY_SECONDS:.0f} s; see {options.ledger / LOG_FILE}."
        ) from None


async def _healthy(client: httpx.AsyncClient, url: str) -> bool:
    """Whether the validator answers, and has produced a block to read from."""
    with suppress(httpx.HTTPError, ValueError, KeyError):
        health = await _call(client, url, "getHealth")
        slot: int = await _call(client, url, "getSlot")
        return health == "ok" and slot > 0
    return False


async def _call(client: httpx.AsyncClient, url: str, method: str, *params: Any) -> Any:
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    return (await client.post(url, json=request)).json()["result"]


async def _fund(options: LocalnetOptions, admin: str) -> None:
    async with httpx.AsyncClient() as client:
        balance = await _call(client, options.rpc_url, "getBalance", admin, {"commitment": "processed"})
        if balance["value"] < ADMIN_LAMPORTS // 2:
            await _call(client, options.rpc_url, "requestAirdrop", admin, ADMIN_LAMPORTS)


def _ended(options: LocalnetOptions, process: asyncio.subprocess.Process) -> str:
    path = options.ledger / LOG_FILE
    tail = " / ".join(path.read_text(errors="replace").strip().splitlines()[-LOG_TAIL:])
    return f"{BINARY} ended with status {process.returncode}: {tail} (all of it in {path})"


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
