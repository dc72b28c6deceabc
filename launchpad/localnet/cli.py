"""`launchpad localnet`: run a local cluster."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from launchpad.errors import LaunchpadError
from launchpad.localnet.genesis import ADMIN_KEYPAIR
from launchpad.localnet.main import run_forever
from launchpad.localnet.options import Engine, LocalnetOptions

DEFAULT_LEDGER = Path(".launchpad") / "ledger"


def localnet(
    *,
    engine: Annotated[Engine, typer.Option(help="The embedded cluster, or solana-test-validator.")] = "embedded",
    reset: Annotated[bool, typer.Option("--reset", help="Begin a new, empty ledger.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    rpc_port: Annotated[int, typer.Option(help="JSON-RPC port; the WebSocket is one above.")] = 8899,
    ledger: Annotated[Path, typer.Option(help="The folder that keeps the chain.")] = DEFAULT_LEDGER,
    slot_ms: Annotated[int, typer.Option(help="The length of a slot in milliseconds.")] = 400,
    validator: Annotated[Path | None, typer.Option(help="solana-test-validator, if it is not on the PATH.")] = None,
) -> None:
    """Run a local Solana cluster until it is interrupted."""
    console = Console()
    options = LocalnetOptions(
        ledger=ledger,
        host=host,
        rpc_port=rpc_port,
        reset=reset,
        engine=engine,
        slot_ms=slot_ms,
        validator_path=validator,
    )

    def announce() -> None:
        console.print(f"JSON-RPC   {options.rpc_url}")
        console.print(f"WebSocket  {options.ws_url}")
        console.print(f"Admin key  {options.ledger / ADMIN_KEYPAIR}")
        console.print("Ready. Press Ctrl-C to stop; nothing is lost.")

    try:
        run_forever(options, announce)
    except LaunchpadError as error:
        Console(stderr=True).print(f"[red]{error.message}[/red]")
        raise typer.Exit(1) from error
