"""`launchpad db checksum` and `launchpad db replay`."""

from collections.abc import Sequence

import typer

from launchpad.bus import open_bus
from launchpad.config import Settings
from launchpad.db import connect_directly
from launchpad.indexer.history import BusSource
from launchpad.indexer.loop import Indexer
from launchpad.indexer.replay import Checksum, checksums, replay


async def show_checksums(settings: Settings) -> None:
    """Print a line for each derived table."""
    connection = await connect_directly(settings.require_database())
    try:
        _print(await checksums(connection))
    finally:
        await connection.close()


async def replay_all(settings: Settings) -> bool:
    """Fold everything anew and print what there is then; whether it is what was there before.

    While an indexer writes, tables change by what it writes.
    """
    connection = await connect_directly(settings.require_database())
    try:
        before = await checksums(connection)
        tokens = await replay(connection)
        after = await checksums(connection)
    finally:
        await connection.close()
    _print(after)
    changed = [one.table for one, was in zip(after, before, strict=True) if one != was]
    typer.echo(f"{tokens} tokens folded anew: " + (f"changed {', '.join(changed)}." if changed else "nothing changed."))
    return not changed


async def rebuild_from_bus(settings: Settings) -> None:
    """Index everything that the bus holds of history, and print what there is then."""
    bus = open_bus(settings)
    try:
        await Indexer(settings.require_database(), BusSource(bus), ()).run()
    finally:
        await bus.close()
    await show_checksums(settings)


def _print(found: Sequence[Checksum]) -> None:
    for one in found:
        typer.echo(f"{one.digest}  {one.rows:>12}  {one.table}")
