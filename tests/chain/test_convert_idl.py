"""The legacy IDLs: what anchorpy makes of them, and what cannot be converted."""

import copy
import json

import pytest
from anchorpy_core.idl import Idl

from launchpad.chain import convert_idl
from launchpad.chain.convert_idl import UnsupportedIdlError, convert, discriminator
from launchpad.chain.instructions.coding import program
from tests.chain.idls import PROGRAM_NAMES, idl


def small(**changes):
    """An IDL with one of everything, changed as told."""
    base = {
        "address": "11111111111111111111111111111111",
        "metadata": {"name": "tiny", "version": "0.1.0", "spec": "0.1.0"},
        "instructions": [
            {
                "name": "do_it",
                "docs": ["Does it."],
                "discriminator": discriminator("global", "do_it"),
                "accounts": [
                    {"name": "user_key", "writable": True, "signer": True},
                    {"name": "both", "accounts": [{"name": "some_vault", "optional": True}]},
                ],
                "args": [{"name": "to_whom", "type": {"option": "pubkey"}}, {"name": "how", "type": defined("Side")}],
                "returns": "u64",
            }
        ],
        "accounts": [{"name": "State", "discriminator": discriminator("account", "State")}],
        "events": [{"name": "Done", "discriminator": discriminator("event", "Done")}],
        "errors": [{"code": 6000, "name": "Bad", "msg": "Bad."}, {"code": 6001, "name": "Worse"}],
        "types": [
            {
                "name": "State",
                "type": {"kind": "struct", "fields": [{"name": "raw_bytes", "type": {"array": ["u8", 4]}}]},
            },
            {"name": "Done", "type": {"kind": "struct", "fields": [{"name": "is_buy", "type": "bool"}]}},
            {"name": "Pair", "type": {"kind": "struct", "fields": ["u64", {"vec": "pubkey"}]}},
            {"name": "Empty", "type": {"kind": "struct"}},
            {"name": "Name", "type": {"kind": "type", "alias": "string"}},
            {
                "name": "Side",
                "type": {
                    "kind": "enum",
                    "variants": [
                        {"name": "Buy"},
                        {"name": "Sell", "fields": [{"name": "at_least", "type": "u64"}]},
                        {"name": "Swap", "fields": ["u64", "pubkey"]},
                    ],
                },
            },
        ],
        "constants": [{"name": "MAX", "type": "u16", "value": "7"}],
    }
    return {**base, **changes}


def defined(name, **more):
    return {"defined": {"name": name, **more}}


def with_type(body, name="Extra"):
    return small(types=[*small()["types"], {"name": name, "type": body}])


def test_every_shape_is_converted_field_by_field():
    legacy = convert(small())
    assert legacy["name"] == "tiny"
    assert legacy["metadata"] == {"address": "11111111111111111111111111111111"}
    (instruction,) = legacy["instructions"]
    assert instruction["name"] == "doIt"
    assert instruction["accounts"][0] == {"name": "userKey", "isMut": True, "isSigner": True, "isOptional": False}
    assert instruction["accounts"][1]["accounts"][0]["isOptional"] is True
    assert instruction["args"][0] == {"name": "toWhom", "type": {"option": "publicKey"}}
    assert instruction["args"][1]["type"] == {"defined": "Side"}
    assert instruction["returns"] == "u64"
    assert legacy["accounts"][0]["type"]["fields"] == [{"name": "rawBytes", "type": {"array": ["u8", 4]}}]
    assert legacy["events"] == [{"name": "Done", "fields": [{"name": "isBuy", "type": "bool", "index": False}]}]
    types = {each["name"]: each["type"] for each in legacy["types"]}
    assert set(types) == {"Pair", "Empty", "Name", "Side"}
    assert [field["name"] for field in types["Pair"]["fields"]] == ["f0", "f1"]
    assert types["Empty"]["fields"] == []
    assert types["Name"] == {"kind": "alias", "value": "string"}
    assert types["Side"]["variants"] == [
        {"name": "Buy"},
        {"name": "Sell", "fields": [{"name": "atLeast", "type": "u64"}]},
        {"name": "Swap", "fields": ["u64", "publicKey"]},
    ]
    assert legacy["errors"][1] == {"code": 6001, "name": "Worse", "msg": None}


def test_an_event_that_is_used_as_a_type_stays_one():
    types = [
        *small()["types"],
        {"name": "Box", "type": {"kind": "struct", "fields": [{"name": "it", "type": defined("Done")}]}},
    ]
    assert "Done" in {each["name"] for each in convert(small(types=types))["types"]}


@pytest.mark.parametrize("program_name", PROGRAM_NAMES)
def test_anchorpy_reads_what_we_ship_and_derives_the_same_discriminators(program_name):
    current = idl(program_name)
    Idl.from_json(convert_idl.dumps(convert(current)))
    built = program(program_name)
    assert set(built.instruction) == {each["name"] for each in current["instructions"]}
    for each in current["instructions"]:
        assert [account["name"] for account in each["accounts"]] == [
            convert_idl.snake(account.name) for account in built.instruction[each["name"]].idl_ix.accounts
        ]


@pytest.mark.parametrize("program_name", PROGRAM_NAMES)
def test_the_shipped_legacy_files_are_fresh(program_name):
    path = convert_idl.IDL_FOLDER / f"{program_name}.json"
    assert convert_idl.legacy_path(path).read_text() == convert_idl.dumps(convert(json.loads(path.read_text())))
    assert convert_idl.main(["--check"]) == 0


def test_stale_files_are_told_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(convert_idl, "IDL_FOLDER", tmp_path)
    (tmp_path / "tiny.json").write_text(json.dumps(small()))
    assert convert_idl.main(["--check"]) == 1
    assert convert_idl.main([]) == 0
    assert convert_idl.main(["--check"]) == 0
    assert "Out of date: tiny.legacy.json" in capsys.readouterr().out


def custom_discriminator():
    changed = copy.deepcopy(small())
    changed["instructions"][0]["discriminator"] = [1]
    return changed


def lost_name():
    changed = copy.deepcopy(small())
    changed["instructions"][0] |= {"name": "buy_2x", "discriminator": discriminator("global", "buy_2x")}
    return changed


def doubled_type():
    return small(types=[*small()["types"], small()["types"][0]])


def missing_body():
    return small(types=[each for each in small()["types"] if each["name"] != "State"])


def generic_type():
    return small(types=[*small()["types"], {"name": "G", "generics": [{"kind": "type", "name": "T"}], "type": {}}])


@pytest.mark.parametrize(
    "refused",
    [
        custom_discriminator(),
        lost_name(),
        doubled_type(),
        missing_body(),
        generic_type(),
        with_type({"kind": "struct", "fields": [{"name": "big", "type": "u256"}]}),
        with_type({"kind": "struct", "fields": [{"name": "many", "type": {"array": ["u8", {"generic": "N"}]}}]}),
        with_type({"kind": "struct", "fields": [{"name": "any", "type": {"generic": "T"}}]}),
        with_type({"kind": "struct", "fields": [{"name": "g", "type": defined("Pair", generics=[{}])}]}),
    ],
    ids=["discriminator", "name", "doubled", "body", "generics", "u256", "length", "generic", "use"],
)
def test_what_has_no_faithful_legacy_form_is_refused(refused):
    with pytest.raises(UnsupportedIdlError):
        convert(refused)
