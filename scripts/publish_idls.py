"""Keeps which account stands where in every published instruction, and writes docs/idl-changelog.md of it.

    python scripts/publish_idls.py              take over the interfaces as they are built now
    python scripts/publish_idls.py --check      only say what differs from what was published
    python scripts/publish_idls.py --release    the same, and from now on they never change

A version is the one that the program's IDL names. While it is not released, taking over changes
it; once it is, a change of its orders is refused, and needs a new version of the program (a
released instruction that must change gets a successor under another name).
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.idls import FOLDER, ORDERS, PUBLISHED, Orders, orders_of

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "docs" / "idl-changelog.md"
_ADVICE = "Run `python scripts/publish_idls.py` if that is meant; it refuses what would break a released version."
_REFUSED = "is released: give the program a new version, and the instruction a successor under another name."

Entry = dict[str, Any]
Book = dict[str, list[Entry]]


class ReleasedError(Exception):
    """A sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    """Take over, check or release; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--release", action="store_true", help="mark the versions as released")
    options = parser.parse_args(arguments)
    book = read()
    broken = [line for name in PROGRAMS for line in moved(book.get(name, []), built(name))]
    if options.check:
        sys.stdout.write("\n".join([*broken, _ADVICE, ""]) if broken else "")
        return 1 if broken else 0
    try:
        for name in PROGRAMS:
            take_over(book.setdefault(str(name), []), built(name), release=options.release)
    except ReleasedError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    write(book, release=options.release)
    return 0


def read() -> Book:
    """What was published so far; nothing before the first time."""
    found: Book = json.loads(ORDERS.read_text(encoding="utf-8")) if ORDERS.exists() else {}
    return found


def built(name: str) -> Entry:
    """A program's version and orders as they are built now."""
    idl = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {"version": idl["metadata"]["version"], "released": False, "instructions": orders_of(idl)}


def moved(entries: list[Entry], now: Entry) -> list[str]:
    """What of any published version can no longer be called as it was published, as lines."""
    return [
        f"{now['version']}: {name} had the accounts {', '.join(accounts)}"
        f" and {'has ' + ', '.join(now['instructions'][name]) if name in now['instructions'] else 'is gone'}."
        for entry in entries
        for name, accounts in entry["instructions"].items()
        if now["instructions"].get(name) != accounts
    ]


def take_over(entries: list[Entry], now: Entry, *, release: bool) -> None:
    """Put the interface of now into a program's versions, newest first; ReleasedError where that would break one."""
    if broken := moved([entry for entry in entries if entry["released"]], now):
        raise ReleasedError(f"{broken[0]} That order {_REFUSED}")
    if entries and entries[0]["version"] == now["version"]:
        if entries[0]["released"] and entries[0]["instructions"] != now["instructions"]:
            raise ReleasedError(f"Version {now['version']} {_REFUSED}")
        now = now | {"released": entries[0]["released"]}
        entries.pop(0)
    entries.insert(0, now | {"released": now["released"] or release})


def write(book: Book, *, release: bool) -> None:
    """The orders, their changelog and, with a release, the whole IDLs."""
    PUBLISHED.mkdir(exist_ok=True)
    ORDERS.write_text(json.dumps(book, indent=1) + "\n", encoding="utf-8")
    CHANGELOG.write_text(changelog(book), encoding="utf-8")
    for name, entries in book.items() if release else ():
        shutil.copyfile(FOLDER / f"{name}.json", PUBLISHED / f"{name}-{entries[0]['version']}.json")


def changelog(book: Book) -> str:
    """The page: per program and version what came, changed and went."""
    lines = [
        "# Changes of the programs' interfaces",
        "",
        "Written by `scripts/publish_idls.py`. The order of an instruction's accounts never changes once its version",
        "is released; `GET /api/idl/{program}` serves the interfaces ([API](api.md)). After each account: `s` signs,",
        "`w` is written, `?` may be left out.",
    ]
    for name, entries in book.items():
        lines += ["", f"## {name}"]
        for entry, before in zip(entries, [*entries[1:], None], strict=True):
            state = "" if entry["released"] else " (not released yet: may still change)"
            lines += ["", f"### {entry['version']}{state}", ""]
            lines += changes(entry["instructions"], before["instructions"] if before else {})
    return "\n".join(lines) + "\n"


def changes(now: Orders, before: Orders) -> Iterator[str]:
    """One line for each instruction that is new, otherwise or gone."""
    for name, accounts in now.items():
        if name not in before:
            yield f"- new `{name}`: {', '.join(accounts)}"
        elif accounts != before[name]:
            yield f"- changed `{name}`: {', '.join(accounts)}; was {', '.join(before[name])}"
    yield from (f"- gone `{name}`" for name in before if name not in now)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
