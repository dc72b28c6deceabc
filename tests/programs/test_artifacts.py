"""What is committed beside the sources: programs, IDLs, their record, golden vectors."""

import hashlib
import json
from pathlib import Path

import pytest

from launchpad.chain.deployments import security_text
from scripts import make_amm_vectors, make_vectors
from tests.programs.harness import AMM, CHAIN, CURVE, LAUNCHER, ROOT, ROUTER, VESTING, Program

RECORD = json.loads((CHAIN / "programs" / "BUILD.json").read_text())
PROGRAMS = [AMM, CURVE, LAUNCHER, ROUTER, VESTING]
ADDRESSES = {
    "amm": "AmmBvmBCCTmKrSu9aJqp6RoqQdh58xfyomJdB9h4nFVr",
    "fee_router": "FeeR8JbPbN6mR7xpfYLFrKZ3wYHDwDMNPGQuvgELtnqF",
    "bonding_curve": "CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL",
    "token_launcher": "LaFq5jXYXDEiLFpomWQMx1ZAo9t63Ydem4CwaMAazgc",
    "vesting": "VeBW2GQxPNdE1EAKCF6ofiQ3W6JPJfjGnkhXpWwXGYX",
}


@pytest.mark.parametrize("path", sorted(RECORD["artifacts"]))
def test_an_artifact_is_the_one_that_was_recorded(path: str) -> None:
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == RECORD["artifacts"][path]["sha256"]


def test_every_program_and_idl_is_recorded() -> None:
    names = [f"launchpad/chain/programs/{each.name}.so" for each in PROGRAMS]
    idls = [f"launchpad/chain/idl/{each.name}.json" for each in PROGRAMS]
    assert sorted(RECORD["artifacts"]) == sorted(names + idls)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_addresses_are_the_same_everywhere(program: Program) -> None:
    address = ADDRESSES[program.name]
    source = (ROOT / "programs" / program.name / "src" / "lib.rs").read_text()
    assert str(program.id) == address
    assert f'declare_id!("{address}")' in source
    assert (ROOT / "Anchor.toml").read_text().count(f'{program.name} = "{address}"') == 2


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_says_in_its_code_where_to_report_faults(program: Program) -> None:
    said = security_text(program.code)
    assert said["name"] == f"Launchpad {program.name}"
    assert said["contacts"].startswith("link:https://")
    assert said["policy"].endswith("/docs/security.md")
    assert "## Reporting" in (ROOT / "docs" / "security.md").read_text()
    assert said["source_release"] == program.idl["metadata"]["version"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_discriminators_are_those_of_the_names(program: Program) -> None:
    for kind, prefix in (("instructions", "global"), ("accounts", "account"), ("events", "event")):
        for each in program.idl[kind]:
            derived = hashlib.sha256(f"{prefix}:{each['name']}".encode()).digest()[:8]
            assert bytes(each["discriminator"]) == derived, each["name"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_no_name_loses_an_underscore_in_older_clients(program: Program) -> None:
    """A client that turns names to camel case and back cannot tell `mint_0` from `mint0`."""
    text = json.dumps([program.idl[kind] for kind in ("instructions", "types", "events")])
    assert not [digit for digit in "0123456789" if f"_{digit}" in text.replace("token_2022", "")]


VECTORS = {"curve.json": make_vectors, "amm.json": make_amm_vectors}


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_are_what_their_model_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    fresh, model = tmp_path / name, VECTORS[name]
    monkeypatch.setattr(model, "TARGET", fresh)
    assert model.main() == 0
    assert fresh.read_bytes() == (ROOT / "tests" / "vectors" / name).read_bytes()


def test_the_pools_know_the_curves_program() -> None:
    """Only its addresses may open the pools of graduates."""
    constants = {each["name"]: each["value"] for each in AMM.idl["constants"]}
    assert constants["CURVE_PROGRAM"] == str(CURVE.id)
