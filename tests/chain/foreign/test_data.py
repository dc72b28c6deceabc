"""The IDLs and mappings that come with the product."""

import json
from hashlib import sha256

import pytest

from launchpad.chain.foreign.decoder import DATA, build_program, known_programs
from launchpad.chain.foreign.layout import layouts
from launchpad.chain.foreign.mapping import Scope, compile_value


def idl_of(name):
    return json.loads((DATA / f"{name}.idl.json").read_text())


@pytest.mark.parametrize("name", known_programs())
def test_every_discriminator_is_the_one_that_its_name_has(name):
    for kind, key in (("global", "instructions"), ("event", "events")):
        for one in idl_of(name)[key]:
            assert bytes(one["discriminator"]) == sha256(f"{kind}:{one['name']}".encode()).digest()[:8], one["name"]


@pytest.mark.parametrize("name", known_programs())
def test_every_mapping_speaks_of_what_its_idl_has(name):
    idl = idl_of(name)
    mapping = json.loads((DATA / f"{name}.map.json").read_text())
    named = {account["name"] for one in idl["instructions"] for account in one["accounts"]}
    fields = {kind["name"]: {field["name"] for field in kind["type"]["fields"]} for kind in idl["types"]}
    assert build_program(name, idl, mapping).rules
    for rule in mapping["trades"]:
        for root, field in paths(rule):
            assert field in (named if root == "account" else fields[rule["event"]]), (rule["event"], root, field)


def paths(form):
    """(root, name) of everything that a form speaks of."""
    if isinstance(form, str):
        root, dot, rest = form.partition(".")
        return [(root, rest.split(".")[0])] if dot and root in {"event", "account"} else []
    inner = form.values() if isinstance(form, dict) else form if isinstance(form, list) else ()
    return [path for one in inner for path in paths(one)]


def test_every_type_of_an_idl_is_read():
    fields = [
        ("flag", "bool", b"\1", True),
        ("small", "i8", b"\xff", -1),
        ("wide", {"array": ["u16", 2]}, b"\1\0\2\0", [1, 2]),
        ("huge", "u128", (2**100).to_bytes(16, "little"), 2**100),
        ("below", "i128", (-5).to_bytes(16, "little", signed=True), -5),
        ("name", "string", b"\3\0\0\0abc", "abc"),
        ("raw", "bytes", b"\2\0\0\0\0\1", b"\0\1"),
        ("none", {"option": "u64"}, b"\0", None),
        ("some", {"option": "u8"}, b"\1\7", 7),
        ("many", {"vec": {"defined": {"name": "Inner"}}}, b"\1\0\0\0\5", [{"x": 5}]),
        ("old", {"defined": "Inner"}, b"\6", {"x": 6}),
    ]
    kinds = [{"name": name, "type": kind} for name, kind, _, _ in fields]
    types = [
        {"name": "Outer", "type": {"kind": "struct", "fields": kinds}},
        {"name": "Inner", "type": {"kind": "struct", "fields": [{"name": "x", "type": "u8"}]}},
        {"name": "Mode", "type": {"kind": "enum", "variants": []}},
    ]
    data = b"".join(raw for _, _, raw, _ in fields)
    values, end = layouts({"types": types})["Outer"].read(data)
    assert values == {name: value for name, _, _, value in fields}
    assert end == len(data)


@pytest.mark.parametrize("kind", ["u7", {"set": "u8"}])
def test_a_type_that_borsh_has_not_is_refused(kind):
    types = [{"name": "One", "type": {"kind": "struct", "fields": [{"name": "x", "type": kind}]}}]
    with pytest.raises(ValueError, match="is not known here"):
        layouts({"types": types})


def test_what_is_missing_stays_missing():
    scope = Scope("11111111111111111111111111111111", {"a": None, "b": 3, "c": 5}, {})
    assert compile_value({"add": ["event.a", "event.b"]})(scope) is None
    assert compile_value({"sub": ["event.b", "event.c"]})(scope) is None
    assert compile_value({"pda": ["event.a"]})(scope) is None
    assert compile_value("event.a.deeper")(scope) is None
    assert compile_value({"first": ["account.payer", "event.a"]})(scope) is None


@pytest.mark.parametrize("form", ["log.line", "event", {"last": []}])
def test_a_mapping_that_says_nothing_known_is_refused(form):
    with pytest.raises(ValueError, match="A mapping cannot say"):
        compile_value(form)
