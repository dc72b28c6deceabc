"""What the chain commands share: options, the client of the chosen wallet, and how results are printed."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table

from launchpad.client import LaunchpadClient
from launchpad.config import Settings, get_settings
from launchpad.dev import attach

T = TypeVar("T")
DEFAULT_KEYPAIR = Path("~/.config/solana/id.json")

KeypairOption = Annotated[
    Path | None, typer.Option("--keypair", "-k", help="Keypair file; default KEYPAIR, then ~/.config/solana/id.json.")
]
RpcOption = Annotated[str | None, typer.Option("--rpc", help="JSON-RPC address; default RPC_URL.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
SlippageOption = Annotated[
    int, typer.Option("--slippage-bps", min=0, max=10_000, help="How much worse than now is still good, in 0.01 %.")
]


@dataclass(frozen=True)
class Session:
    """One run of a command."""

    settings: Settings
    rpc: str | None = None
    keypair: Path | None = None
    as_json: bool = False

    def run(self, work: Callable[[LaunchpadClient], Coroutine[Any, Any, T]], *, signs: bool) -> T:
        """Do the work with a client, showing its steps on the terminal; `signs` says whether it needs the wallet."""
        return asyncio.run(self._run(work, signs=signs))

    async def _run(self, work: Callable[[LaunchpadClient], Coroutine[Any, Any, T]], *, signs: bool) -> T:
        console = Console(stderr=True)
        with ExitStack() as stack:
            status = stack.enter_context(console.status("Connecting")) if console.is_terminal else None
            client = LaunchpadClient(
                url=self.rpc or ",".join(self.settings.rpc_urls),
                keypair=keypair_path(self.settings, self.keypair) if signs else None,
                priority_fee=self.settings.priority_fee_microlamports,
                report=status.update if status else _silent,
                jito_url=self.settings.jito_url,
                jito_auth=self.settings.jito_auth_uuid,
                jito_max_tip=self.settings.jito_max_tip_lamports,
                ws_url="" if self.rpc else ",".join(self.settings.ws_urls),
            )
            async with client:
                return await work(client)

    def show(self, title: str, facts: dict[str, object]) -> None:
        """Print facts as a table for people, or as one JSON object."""
        show(title, facts, as_json=self.as_json)


def start(rpc: str | None, keypair: Path | None, as_json: bool) -> Session:
    """A session on this process's settings, or on the `launchpad dev` that runs in the same folder."""
    return Session(attach(get_settings()), rpc, keypair, as_json)


def keypair_path(settings: Settings, chosen: Path | None = None) -> Path:
    """The keypair file to sign with: the option, KEYPAIR, or where Solana's tools keep theirs."""
    return (chosen or (Path(settings.keypair) if settings.keypair else DEFAULT_KEYPAIR)).expanduser()


def show(title: str, facts: dict[str, object], *, as_json: bool) -> None:
    """Print facts as a table for people, or as one JSON object."""
    if as_json:
        typer.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2, default=str).decode())
        return
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(name.replace("_", " "), "-" if value is None else str(value))
    Console().print(table)


def _silent(_: str) -> None:
    """Steps are told to people only."""
