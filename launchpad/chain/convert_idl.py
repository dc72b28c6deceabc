"""Turns a current Anchor IDL (spec 0.1.0) into the shape from before Anchor 0.30, which anchorpy reads.

`python -m launchpad.chain.convert_idl` writes `<program>.legacy.json` beside every
`idl/<program>.json`; `--check` only says whether they are what they should be.
"""

import argparse
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from launchpad.errors import LaunchpadError

IDL_FOLDER = Path(__file__).parent / "idl"

_Json = dict[str, Any]
_DISCRIMINATOR = 8
_SIMPLE = frozenset(
    "bool u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 f32 f64 bytes string".split()  # noqa: SIM905 - reads better
)


class UnsupportedIdlError(LaunchpadError):
    """An IDL that has no faithful legacy form; the message names the culprit."""

    code = "UNSUPPORTED_IDL"


def convert(idl: _Json) -> _Json:
    """The legacy form of an IDL.

    Raises UnsupportedIdlError for discriminators that are not derived from the names,
    for generics, doubled types, accounts or events without a body, and integers of
    256 bits: anchorpy would silently encode those wrongly or not at all.
    """
    types = _types_by_name(idl.get("types", []))
    events = {event["name"] for event in idl.get("events", [])}
    accounts = {account["name"] for account in idl.get("accounts", [])}
    used = _names_used(idl)
    legacy = {
        "version": str(idl["metadata"]["version"]),
        "name": idl["metadata"]["name"],
        "instructions": [_instruction(one) for one in idl["instructions"]],
        "accounts": [_account(one, types) for one in idl.get("accounts", [])],
        "types": [
            {"name": name, "type": _body(one["type"])}
            for name, one in types.items()
            if name not in accounts and (name not in events or name in used)
        ],
        "events": [_event(one, types) for one in idl.get("events", [])],
        "errors": [{key: one.get(key) for key in ("code", "name", "msg")} for one in idl.get("errors", [])],
        "constants": [
            {"name": one["name"], "type": _type(one["type"]), "value": str(one["value"])}
            for one in idl.get("constants", [])
        ],
        "metadata": {"address": idl["address"]},
    }
    for member in ("accounts", "types", "events", "errors", "constants"):
        if not legacy[member]:
            del legacy[member]
    return legacy


def discriminator(kind: str, name: str) -> list[int]:
    """The 8 bytes that Anchor derives for `global`, `account` or `event` things."""
    return list(sha256(f"{kind}:{name}".encode()).digest()[:_DISCRIMINATOR])


def camel(name: str) -> str:
    """Snake case to camel case: buy_exact_in -> buyExactIn."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def dumps(legacy: _Json) -> str:
    """The text that a legacy file holds."""
    return json.dumps(legacy, indent=2, ensure_ascii=False) + "\n"


def legacy_path(path: Path) -> Path:
    """Where the legacy form of an IDL file stands."""
    return path.with_name(f"{path.stem}.legacy.json")


def main(arguments: list[str] | None = None) -> int:
    """Write or check every legacy file; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file would change")
    check = parser.parse_args(arguments).check
    stale = []
    for path in sorted(IDL_FOLDER.glob("*.json")):
        if path.name.endswith(".legacy.json"):
            continue
        text, target = dumps(convert(json.loads(path.read_text(encoding="utf-8")))), legacy_path(path)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(target.name)
        if not check:
            target.write_text(text, encoding="utf-8")
    if stale:
        sys.stdout.write(f"{'Out of date' if check else 'Wrote'}: {', '.join(stale)}\n")
    return 1 if stale and check else 0


def _types_by_name(types: list[_Json]) -> dict[str, _Json]:
    named: dict[str, _Json] = {}
    for one in types:
        if one["name"] in named:
            raise UnsupportedIdlError(f"Two types are called {one['name']}.")
        if one.get("generics"):
            raise UnsupportedIdlError(f"The type {one['name']} is generic: give each use a type of its own.")
        named[one["name"]] = one
    return named


def _instruction(one: _Json) -> _Json:
    name = one["name"]
    if name != snake(camel(name)):
        raise UnsupportedIdlError(
            f"anchorpy would lose the name of the instruction {name}: no underscore before digits."
        )
    _require_derived("global", name, one)
    return {
        "name": camel(name),
        **({"docs": one["docs"]} if one.get("docs") else {}),
        "accounts": [_account_item(item) for item in one["accounts"]],
        "args": [_field(arg) for arg in one["args"]],
        **({"returns": _type(one["returns"])} if "returns" in one else {}),
    }


def _account_item(item: _Json) -> _Json:
    if "accounts" in item:
        return {"name": camel(item["name"]), "accounts": [_account_item(inner) for inner in item["accounts"]]}
    return {
        "name": camel(item["name"]),
        "isMut": bool(item.get("writable")),
        "isSigner": bool(item.get("signer")),
        "isOptional": bool(item.get("optional")),
    }


def _account(one: _Json, types: dict[str, _Json]) -> _Json:
    _require_derived("account", one["name"], one)
    return {"name": one["name"], "type": _body(_body_of(one, types))}


def _event(one: _Json, types: dict[str, _Json]) -> _Json:
    _require_derived("event", one["name"], one)
    fields = _body(_body_of(one, types))["fields"]
    return {"name": one["name"], "fields": [{**field, "index": False} for field in fields]}


def _body_of(one: _Json, types: dict[str, _Json]) -> _Json:
    if one["name"] not in types:
        raise UnsupportedIdlError(f"{one['name']} has no body among the types.")
    body: _Json = types[one["name"]]["type"]
    return body


def _body(body: _Json) -> _Json:
    if body["kind"] == "struct":
        return {"kind": "struct", "fields": _fields(body.get("fields") or [])}
    if body["kind"] == "enum":
        return {"kind": "enum", "variants": [_variant(one) for one in body["variants"]]}
    return {"kind": "alias", "value": _type(body["alias"])}


def _fields(fields: list[Any]) -> list[_Json]:
    """Struct fields; those of a tuple struct get the names f0, f1 ..."""
    if fields and not _is_named(fields):
        return [{"name": f"f{number}", "type": _type(one)} for number, one in enumerate(fields)]
    return [_field(one) for one in fields]


def _variant(one: _Json) -> _Json:
    fields = one.get("fields")
    if not fields:
        return {"name": one["name"]}
    return {
        "name": one["name"],
        "fields": [_field(each) for each in fields] if _is_named(fields) else [_type(each) for each in fields],
    }


def _is_named(fields: list[Any]) -> bool:
    return isinstance(fields[0], dict) and "name" in fields[0]


def _field(one: _Json) -> _Json:
    docs = {"docs": one["docs"]} if one.get("docs") else {}
    return {"name": camel(one["name"]), **docs, "type": _type(one["type"])}


def _type(kind: Any) -> Any:
    if isinstance(kind, str):
        if kind == "pubkey":
            return "publicKey"
        if kind not in _SIMPLE:
            raise UnsupportedIdlError(f"anchorpy has no coder for {kind}: use an array of bytes.")
        return kind
    (word, inner), *_ = kind.items()
    if word == "defined":
        if inner.get("generics"):
            raise UnsupportedIdlError(f"A use of {inner['name']} is generic: give it a type of its own.")
        return {"defined": inner["name"]}
    if word == "array":
        if not isinstance(inner[1], int):
            raise UnsupportedIdlError("An array's length must be a number, not a generic.")
        return {"array": [_type(inner[0]), inner[1]]}
    if word in {"option", "vec"}:
        return {word: _type(inner)}
    raise UnsupportedIdlError(f"The type {kind} has no legacy form.")


def _require_derived(kind: str, name: str, one: _Json) -> None:
    if list(one["discriminator"]) != discriminator(kind, name):
        raise UnsupportedIdlError(f"{name} has a discriminator of its own, which anchorpy cannot know.")


def _names_used(idl: _Json) -> set[str]:
    """Types that instructions or other types mention."""
    mentioned: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("defined"), dict):
                mentioned.add(node["defined"]["name"])
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(idl["instructions"])
    walk(idl.get("types", []))
    return mentioned


def snake(name: str) -> str:
    """Camel case to snake case the way anchorpy does it: swapV2 -> swap_v2, buy2x -> buy2x."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


if __name__ == "__main__":
    sys.exit(main())
