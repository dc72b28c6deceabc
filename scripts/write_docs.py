"""Write the reference parts of docs/ from what they describe; `--check` only compares.

A page keeps its own text. What stands between `<!-- begin NAME -->` and
`<!-- end NAME -->` is written here: settings from launchpad.config, instructions,
events and errors from the IDLs, live events from launchpad.live, routes from the
API's schema, commands from the command line. `schema.graphql` is written whole.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
IDLS = ROOT / "launchpad" / "chain" / "idl"
Lines = Iterator[str]


def main(arguments: list[str]) -> int:
    """Write, or with `--check` report what is out of date; returns the exit status."""
    write = "--check" not in arguments
    stale = [page.name for page in sorted(DOCS.glob("*.md")) if update(page, write=write)]
    if update_schema(DOCS / "schema.graphql", write=write):
        stale.append("schema.graphql")
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run `make docs`.")
        return 1
    print(f"docs: {', '.join(stale) or 'nothing'} {'changed' if stale else 'to change'}")
    return 0


def update(page: Path, *, write: bool) -> bool:
    """Whether the page differed from what it should be."""
    old = page.read_text(encoding="utf-8")
    new = re.sub(r"<!-- begin (\w+) -->\n.*?<!-- end \1 -->", _fill, old, flags=re.DOTALL)
    if write and new != old:
        page.write_text(new, encoding="utf-8")
    return new != old


def update_schema(file: Path, *, write: bool) -> bool:
    """Whether the file differed from the schema of GraphQL."""
    from api.graphql.schema import sdl  # noqa: PLC0415 - each part imports what it describes

    new = sdl()
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if write and new != old:
        file.write_text(new, encoding="utf-8")
    return new != old


def _fill(match: re.Match[str]) -> str:
    name = match[1]
    return f"<!-- begin {name} -->\n" + "\n".join(WRITERS[name]()) + f"\n<!-- end {name} -->"


def settings() -> Lines:
    """Every setting with its default and what it does."""
    from launchpad.config import Settings  # noqa: PLC0415 - each part imports what it describes

    yield "| variable | default | what it does |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = "" if field.default in ("", None) else f"`{str(field.default).lower()}`"
        if isinstance(field.default, str | Path) and str(field.default):
            default = f"`{field.default}`"
        yield f"| `{name.upper()}` | {default} | {_cell(field.description or '')} |"


def live_events() -> Lines:
    """Every live event with its channels and fields."""
    from launchpad.live import EVENTS, MarketEvent, RoomEvent, UserEvent  # noqa: PLC0415 - as above

    yield "| type | channels | fields of `data` | what happened |"
    yield "|---|---|---|---|"
    for name, event in EVENTS.items():
        channels = "`token:<mint>`"
        if issubclass(event, MarketEvent):
            channels += ", `market`"
        if issubclass(event, RoomEvent):
            channels = "`room:<mint>`"
        if issubclass(event, UserEvent):
            channels = "`user:<address>`"
        fields = ", ".join(f"`{field}`" for field in event.model_fields if field != "seq")
        yield f"| `{name}` | {channels} | {fields} | {_cell(event.__doc__ or '')} |"


def programs() -> Lines:
    """Every instruction, event and error of every program."""
    for name in ("token_launcher", "bonding_curve", "vesting", "amm", "fee_router"):
        idl = json.loads((IDLS / f"{name}.json").read_text(encoding="utf-8"))
        yield from ("", f"## {name}", "", f"Address `{idl['address']}`.", "", "### Instructions", "")
        for instruction in idl["instructions"]:
            yield from _instruction(instruction)
        yield from ("### Events", "", "| event | fields |", "|---|---|")
        yield from _events(idl)
        yield from ("", "### Errors", "", "| number | name | message |", "|---|---|---|")
        for error in idl["errors"]:
            yield f"| {error['code']} | `{error['name']}` | {_cell(error['msg'])} |"


def _instruction(instruction: dict[str, Any]) -> Lines:
    arguments = ", ".join(f"{a['name']}: {_type(a['type'])}" for a in instruction["args"])
    yield from (f"#### `{instruction['name']}`", "", " ".join(instruction.get("docs", [])).strip(), "")
    yield f"Arguments: {f'`{arguments}`' if arguments else 'none'}."
    yield "Accounts: " + ", ".join(_account(account) for account in instruction["accounts"]) + "."
    yield ""


def _account(account: dict[str, Any]) -> str:
    marks = [word for key, word in (("signer", "signs"), ("writable", "written"), ("optional", "optional"))
             if account.get(key)]  # fmt: skip
    return f"`{account['name']}`" + (f" ({', '.join(marks)})" if marks else "")


def _events(idl: dict[str, Any]) -> Lines:
    types = {kind["name"]: kind["type"] for kind in idl["types"]}
    for event in idl["events"]:
        fields = ", ".join(f"`{f['name']}: {_type(f['type'])}`" for f in types[event["name"]]["fields"])
        yield f"| `{event['name']}` | {fields} |"


def _type(kind: Any) -> str:
    if isinstance(kind, str):
        return kind
    if "defined" in kind:
        return str(kind["defined"]["name"])
    if "option" in kind:
        return f"Option<{_type(kind['option'])}>"
    if "vec" in kind:
        return f"Vec<{_type(kind['vec'])}>"
    inner, length = kind["array"]
    return f"[{_type(inner)}; {length}]"


def routes() -> Lines:
    """Every route of the API with its summary."""
    from api.app import create_app  # noqa: PLC0415 - as above
    from launchpad.config import Settings  # noqa: PLC0415 - as above

    schema = create_app(Settings(_env_file=None)).openapi()
    yield "| route | what it does |"
    yield "|---|---|"
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            text = operation.get("description") or operation.get("summary", "")
            yield f"| `{method.upper()} {path}` | {_cell(text.partition(chr(10) * 2)[0])} |"


def commands() -> Lines:
    """Every command of the command line with its help."""
    from launchpad.cli import app, help_of_commands  # noqa: PLC0415 - as above

    yield "| command | what it does |"
    yield "|---|---|"
    for name, text in help_of_commands(app):
        yield f"| `launchpad {name}` | {_cell(text)} |"


def chat_events() -> Lines:
    """Every event that a Socket.IO client may send."""
    from chat import markets, rooms  # noqa: PLC0415 - as above

    yield "| emitted | fields | what it does |"
    yield "|---|---|---|"
    for event in (*rooms.EVENTS, *markets.EVENTS):
        names = ", ".join(f"`{name}`" for name in event.names)
        fields = ", ".join(
            f"`{name}`" + ("" if field.is_required() else "?") for name, field in event.schema.model_fields.items()
        )
        yield f"| {names} | {fields} | {_cell(event.handler.__doc__ or '')} |"


def chat_states() -> Lines:
    """What the server sends to the one socket that asked."""
    from launchpad.markets.snapshots import SENT  # noqa: PLC0415 - as above

    yield "| event | fields | what it holds |"
    yield "|---|---|---|"
    for state in SENT:
        fields = ", ".join(f"`{name}`" for name in state.model_fields)
        yield f"| `{state.event}` | {fields} | {_cell(state.__doc__ or '')} |"


def sizes() -> Lines:
    """What installations of three sizes need."""
    from launchpad.sizing import Audience, egress_mbit, parts  # noqa: PLC0415 - as above

    audiences = [Audience(1_000, 20, 5_000), Audience(10_000, 50, 20_000), Audience(100_000, 200)]
    heads = [f"{one.users:,} users, {one.trades:g} trades/s".replace(",", " ", 1) for one in audiences]
    yield "| | " + " | ".join(heads) + " |"
    yield "|---|" + "---|" * len(audiences)
    for row in zip(*map(parts, audiences), strict=True):
        cells = [f"{one.pods} of {one.mib} MiB, {one.cores:.2f} cores" for one in row]
        yield f"| {row[0].name} | " + " | ".join(cells) + " |"
    yield "| live events, Mbit/s | " + " | ".join(f"{egress_mbit(one):.0f}" for one in audiences) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


WRITERS: dict[str, Callable[[], Lines]] = {
    "settings": settings,
    "live_events": live_events,
    "chat_events": chat_events,
    "chat_states": chat_states,
    "programs": programs,
    "routes": routes,
    "commands": commands,
    "sizes": sizes,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
