"""`launchpad ...`: every process and tool of the product behind one command.

Commands import what they run when they run it, so that `--help` is quick and a
machine that only serves pages needs no Solana libraries in memory.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from launchpad.config import Settings, get_settings
from launchpad.errors import LaunchpadError

# Commands that live with the code they drive: name -> (module:app, help).
_ELSEWHERE = {
    "token": ("launchpad.commands.token:app", "Launch a token, show one, or send it to many."),
    "buy": ("launchpad.commands.trade:buy_app", "Buy tokens on their curve."),
    "sell": ("launchpad.commands.trade:sell_app", "Sell tokens on their curve."),
    "quote": ("launchpad.commands.trade:quote_app", "Ask what a trade would cost or bring."),
}


class LaunchpadGroup(TyperGroup):
    """The command group: finds commands that live elsewhere, prints errors as one line."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Our own commands, then those that live elsewhere."""
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, imported now if it lives elsewhere."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        target, help_text = _ELSEWHERE[cmd_name]
        module, _, name = target.partition(":")
        command = typer.main.get_command(getattr(import_module(module), name))
        command.name = cmd_name
        command.help = command.help or help_text
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error that a user can meet ends it with one line and exit code 1."""
        try:
            return super().invoke(ctx)
        except LaunchpadError as error:
            Console(stderr=True, highlight=False).print(
                f"Error: {error.message}", style="red", markup=False, soft_wrap=True
            )
            raise typer.Exit(1) from error


app = typer.Typer(
    name="launchpad",
    cls=LaunchpadGroup,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="The open Solana launchpad: launch, trade and talk.",
)
database_app = typer.Typer(no_args_is_help=True, help="Bring the database to a revision of the schema.")
programs_app = typer.Typer(no_args_is_help=True, help="Set up the programs on a cluster, show and verify them.")
app.add_typer(database_app, name="db")
app.add_typer(programs_app, name="programs")
keys_app = typer.Typer(no_args_is_help=True, help="What API keys may ask for.")
app.add_typer(keys_app, name="keys")

Run = Callable[[Settings], Coroutine[Any, Any, None]]


def _settings() -> Settings:
    """This process's settings, pointed at the `launchpad dev` that runs in the same folder, if any."""
    from launchpad.dev import attach  # noqa: PLC0415 - commands import what they run

    return attach(get_settings())


def _run(name: str, work: Run, settings: Settings | None = None) -> None:
    """Run one process of the product until it ends or is told to."""
    import uvloop  # noqa: PLC0415 - commands import what they run

    from launchpad import log  # noqa: PLC0415 - the same
    from launchpad.signals import until_signal  # noqa: PLC0415 - the same

    chosen = settings or _settings()
    log.configure(chosen, name)
    uvloop.run(until_signal(work(chosen)))


@app.command()
def dev() -> None:
    """Run everything on this machine: stores, cluster, every process. Ctrl-C stops it."""
    from launchpad.dev import run  # noqa: PLC0415 - commands import what they run

    asyncio.run(run(get_settings()))


@app.command()
def serve(
    door: Annotated[str, typer.Argument(help="all, api, chat or web.")] = "all",
) -> None:
    """Serve pages, API and chat on one address, or one of them alone."""
    from launchpad.serving import serve as serve_door  # noqa: PLC0415 - commands import what they run

    serve_door(door, _settings())


@app.command()
def localnet(
    ledger: Annotated[Path | None, typer.Option(help="Folder of the chain; default LAUNCHPAD_HOME/ledger.")] = None,
    rpc_port: Annotated[int | None, typer.Option(help="JSON-RPC; the WebSocket is one above.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    engine: Annotated[str | None, typer.Option(help="embedded or validator.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Begin a new chain.")] = False,
    slot_ms: Annotated[int, typer.Option(help="Length of a slot in milliseconds.")] = 400,
    program: Annotated[list[str] | None, typer.Option(help="Another program: ADDRESS=FILE.so; repeatable.")] = None,
    account: Annotated[list[str] | None, typer.Option(help="An account: ADDRESS=FILE.json; repeatable.")] = None,
    geyser_port: Annotated[int | None, typer.Option(help="A Geyser (gRPC), too; embedded only.")] = None,
) -> None:
    """Run a local Solana cluster with the programs loaded."""
    from launchpad import localnet as cluster  # noqa: PLC0415 - commands import what they run
    from launchpad.localnet.extras import parse_pairs  # noqa: PLC0415 - the same
    from launchpad.localnet.options import LocalnetOptions  # noqa: PLC0415 - the same

    settings = get_settings()
    chosen = engine or settings.engine
    if chosen not in {"embedded", "validator"}:
        raise typer.BadParameter("engine is embedded or validator")
    options = LocalnetOptions(
        ledger=ledger or settings.launchpad_home / "ledger",
        host=host,
        rpc_port=settings.rpc_port if rpc_port is None else rpc_port,
        reset=reset,
        engine="validator" if chosen == "validator" else "embedded",
        slot_ms=slot_ms,
        validator_path=Path(settings.test_validator) if settings.test_validator else None,
        more_programs=parse_pairs(program or ()),
        accounts=parse_pairs(account or ()),
        geyser_port=geyser_port,
    )

    def announce() -> None:
        typer.echo(f"JSON-RPC   {options.rpc_url}\nWebSocket  {options.ws_url}")
        if options.geyser_port is not None:
            typer.echo(f"Geyser     http://{options.host}:{options.geyser_port}")
        typer.echo(f"Admin key  {options.ledger / cluster.ADMIN_KEYPAIR}\nReady. Ctrl-C stops it; nothing is lost.")

    _run("localnet", lambda _: cluster.run(options, announce), settings)


@app.command()
def indexer(
    what: Annotated[str, typer.Argument(help="run; gaps: show the slots that nobody has looked at; parse.")] = "run",
    transaction: Annotated[str, typer.Argument(help="For parse: a signature, or a recorded file.")] = "",
    raw: Annotated[bool, typer.Option("--raw", help="For parse: with the node's whole answer.")] = False,
) -> None:
    """Follow the chain and write what happened into the database; show its gaps; or a transaction's trades as JSON."""
    from launchpad import indexer as part  # noqa: PLC0415 - commands import what they run

    if what == "gaps":
        from launchpad.indexer.gaps import show  # noqa: PLC0415 - the same

        typer.echo(asyncio.run(show(_settings())))
    elif what == "parse" and transaction:
        from launchpad.commands import parse  # noqa: PLC0415 - the same

        asyncio.run(parse.show(_settings(), transaction, raw=raw))
    elif what == "run":
        _run("indexer", part.run)
    else:
        raise typer.BadParameter("say run, gaps, or parse with a signature")


@app.command()
def outbox() -> None:
    """Tell the live channels what was committed, in order."""
    from launchpad import outbox as part  # noqa: PLC0415 - commands import what they run
    from launchpad.indexer import spare_collections  # noqa: PLC0415 - the same

    spare_collections()
    _run("outbox", part.run)


@app.command()
def processor() -> None:
    """Keep prices, figures and rankings of tokens ready in Redis; several share the trades of the bus."""
    from launchpad import processor as part  # noqa: PLC0415 - commands import what they run

    _run("processor", part.run)


@app.command()
def keeper() -> None:
    """Open the pools of sold-out curves, release payouts, end overdue sales."""
    from launchpad import keeper as part  # noqa: PLC0415 - commands import what they run

    _run("keeper", part.run)


@app.command()
def worker() -> None:
    """Run the periodic jobs."""
    from launchpad import worker as part  # noqa: PLC0415 - commands import what they run

    _run("worker", part.run)


@app.command()
def demo() -> None:
    """Run a market of simulated traders and chatters; local clusters only."""
    from launchpad import demo as part  # noqa: PLC0415 - commands import what they run

    _run("demo", part.run)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Which to run; all where none is named.")] = None,
    output: Annotated[Path, typer.Option(help="Where the figures go.")] = Path("build/bench.json"),
    program: Annotated[list[str] | None, typer.Option(help="As of localnet, for `programs`: ADDRESS=FILE.so.")] = None,
    account: Annotated[list[str] | None, typer.Option(help="The same: ADDRESS=FILE.json; repeatable.")] = None,
    trades: Annotated[int, typer.Option(min=1000, help="For `stream`: how many.")] = 30_000,
    tokens: Annotated[int, typer.Option(min=2, help="For `stream`: of how many tokens.")] = 1_000,
    rate: Annotated[int, typer.Option(min=10, help="For `stream`: how many a second.")] = 1_500,
) -> None:
    """Measure this machine: compute units, cluster, indexer, API, chat, cold start."""
    from launchpad.bench import run_benches  # noqa: PLC0415 - commands import what they run
    from launchpad.bench.stream import StreamSize  # noqa: PLC0415 - the same

    more = [word for each in program or () for word in ("--program", each)]
    more += [word for each in account or () for word in ("--account", each)]
    size = StreamSize(trades=trades, tokens=tokens, rate=rate)
    if not run_benches(names or [], output, cluster_words=more, stream_size=size):
        sys.exit(1)


@app.command()
def sizing(
    users: Annotated[int, typer.Option(min=1, help="With a page open at once.")] = 100_000,
    trades: Annotated[float, typer.Option(min=0, help="A second, of all tokens.")] = 200,
    tokens: Annotated[int, typer.Option(min=1)] = 50_000,
) -> None:
    """Reckon the pods, cores and memory of an installation from what was measured."""
    from launchpad.sizing import Audience, egress_mbit, parts, within_reach  # noqa: PLC0415 - commands import what they run

    audience = Audience(users=users, trades=trades, tokens=tokens)
    for part in parts(audience):
        typer.echo(f"{part.name:9} {part.pods:4} pods  {part.cores:6.2f} cores in all  {part.mib:6} MiB each")
    typer.echo(f"live events: {egress_mbit(audience):,.0f} Mbit/s out")
    if not within_reach(audience):
        typer.echo("Indexer, outbox and worker are one process each, and one core is not enough for so many trades.")


@app.command()
def health() -> None:
    """Ask the database, Redis and the cluster; exit code 1 when one of them does not answer."""
    from launchpad.health import check  # noqa: PLC0415 - commands import what they run

    answers = asyncio.run(check(_settings()))
    for answer in answers:
        typer.echo(f"{answer.name}: {'ok' if answer.ok else answer.problem}")
    if not all(answer.ok for answer in answers):
        raise typer.Exit(1)


@database_app.command("upgrade")
def database_upgrade(revision: Annotated[str, typer.Argument()] = "head") -> None:
    """Migrate forward to a revision; the newest where none is named."""
    from launchpad import migrate  # noqa: PLC0415 - commands import what they run

    migrate.upgrade(_settings().require_database(), revision)
    typer.echo(f"The database is at {revision}.")


@database_app.command("downgrade")
def database_downgrade(revision: Annotated[str, typer.Argument(help="-1 for one back, base for nothing.")]) -> None:
    """Migrate back to a revision."""
    from launchpad import migrate  # noqa: PLC0415 - commands import what they run

    migrate.downgrade(_settings().require_database(), revision)
    typer.echo(f"The database is at {revision}.")


@database_app.command("revision")
def database_revision(message: Annotated[str, typer.Argument(help="What the migration does.")]) -> None:
    """Write a new migration from what differs between the tables and the database."""
    from launchpad import migrate  # noqa: PLC0415 - commands import what they run

    migrate.write_revision(_settings().require_database(), message)


@database_app.command("checksum")
def database_checksum() -> None:
    """Print what every table derived from the chain holds, as rows and a checksum that their order does not change."""
    from launchpad.commands.replay import show_checksums  # noqa: PLC0415 - commands import what they run

    asyncio.run(show_checksums(_settings()))


@database_app.command("replay")
def database_replay(
    from_bus: Annotated[bool, typer.Option("--from-bus", help="Index what BUS_HISTORY left on the bus.")] = False,
) -> None:
    """Fold every token anew from its stored events; exit code 1 when a table is not what it was."""
    from launchpad.commands.replay import rebuild_from_bus, replay_all  # noqa: PLC0415 - commands import what they run

    if from_bus:
        asyncio.run(rebuild_from_bus(_settings()))
    elif not asyncio.run(replay_all(_settings())):
        raise typer.Exit(1)


@programs_app.command("init")
def programs_init(
    treasury: Annotated[str, typer.Option(help="Address that fees go to; default: the admin's own.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Create the programs' configs and lookup table; signed by their upgrade authority (KEYPAIR)."""
    from launchpad.commands.programs import initialise  # noqa: PLC0415 - commands import what they run

    asyncio.run(initialise(_settings(), treasury, as_json=as_json))


@programs_app.command("show")
def programs_show(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Show the programs' addresses and configs on the cluster."""
    from launchpad.commands.programs import show  # noqa: PLC0415 - commands import what they run

    asyncio.run(show(_settings(), as_json=as_json))


@programs_app.command("verify")
def programs_verify(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Compare the deployed bytes of every program with the built ones; exit code 1 when one differs."""
    from launchpad.commands.programs import verify  # noqa: PLC0415 - commands import what they run

    asyncio.run(verify(_settings(), as_json=as_json))


@keys_app.command("tier")
def keys_tier(
    key: Annotated[str, typer.Argument(help="Id of the key, as its owner's list has it.")],
    tier: Annotated[str, typer.Argument(help="One of API_TIERS.")],
) -> None:
    """Move an API key to another tier."""
    from launchpad.commands.keys import move  # noqa: PLC0415 - commands import what they run

    asyncio.run(move(_settings(), key, tier))


def help_of_commands(group: typer.Typer) -> list[tuple[str, str]]:
    """Every command that stands in this file, as (words, help)."""
    commands = [(c.name or str(getattr(c.callback, "__name__", "")), c.callback) for c in group.registered_commands]
    own = [(name, (callback.__doc__ or "").strip()) for name, callback in commands if callback]
    inner = [
        (f"{g.name} {name}", text)
        for g in group.registered_groups
        if g.typer_instance
        for name, text in help_of_commands(g.typer_instance)
    ]
    return own + inner
