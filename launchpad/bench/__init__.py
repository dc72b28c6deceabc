"""Measures this machine: `launchpad bench [NAME...]`.

Each module here with a `run()` (plain or async) is a bench of the module's name. It
returns `{what: Measure}`. Comparisons are made within one run; each run begins with
its own stores, cluster and folder, see `stage`.
"""

import asyncio
import inspect
import platform
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from launchpad.bench.measure import Measure, Measures
from launchpad.errors import NotFoundError

__all__ = ["Measure", "Measures", "benches", "run_benches"]

_HELPERS = {"measure", "queries", "stage"}


class UnknownBenchError(NotFoundError):
    """There is no bench of that name."""

    code = "UNKNOWN_BENCH"


def benches() -> list[str]:
    """The names of all benches, in alphabetical order."""
    names = (module.name for module in iter_modules(__path__))
    return [name for name in names if name not in _HELPERS and not name.startswith("_")]


def run_benches(names: list[str], output: Path, **options: Any) -> bool:
    """Run those benches, all where none is named; whether none missed its aim.

    `options` go to the benches that take them: `cluster_words` of `launchpad localnet`, and `stream_size`.

    Prints a table and writes `output` as JSON, keeping what earlier runs of other
    benches wrote there. Raises UnknownBenchError.
    """
    unknown = sorted(set(names) - set(benches()))
    if unknown:
        raise UnknownBenchError(f"There is no bench called {', '.join(unknown)}: choose from {', '.join(benches())}.")
    console = Console()
    results = {}
    for name in names or benches():
        console.print(f"[dim]{name}...[/dim]")
        results[name] = _run_one(name, options)
        console.print(_table(name, results[name]))
    _write(output, results)
    console.print(f"[dim]{output}[/dim]")
    return all(measure.met for measures in results.values() for measure in measures.values())


def _run_one(name: str, options: Mapping[str, Any]) -> Measures:
    run = import_module(f"{__name__}.{name}").run
    taken = inspect.signature(run).parameters
    given = {key: value for key, value in options.items() if key in taken}
    measures: Measures = asyncio.run(run(**given)) if inspect.iscoroutinefunction(run) else run(**given)
    return measures


def _table(name: str, measures: Measures) -> Table:
    table = Table(title=name, title_justify="left")
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("aim", justify="right")
    for what, measure in measures.items():
        style = None if measure.met else "red"
        table.add_row(what, f"{measure.value:,.{measure.places}f}", measure.unit, measure.aim_text, style=style)
    return table


def _write(output: Path, results: dict[str, Measures]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = orjson.loads(output.read_bytes()) if output.exists() else {}
    figures = kept.get("benches", {}) | {
        name: {what: measure.as_json() for what, measure in measures.items()} for name, measures in results.items()
    }
    document = {"machine": _machine(), "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    output.write_bytes(orjson.dumps(document | {"benches": figures}, option=orjson.OPT_INDENT_2))


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
    }
