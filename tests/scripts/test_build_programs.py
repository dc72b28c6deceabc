"""scripts/build_programs.py: what is built, what is left alone, and what it says."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Copies the source into the artifact, so that a changed source gives a changed artifact.
BUILDER = """#!/bin/sh
set -e
if [ "$1" = --idl ]; then shift; ext=json; else ext=so; fi
echo "$ext $(basename "$1")" >>"{calls}"
cat "$1/src/lib.rs" >"$2/$(basename "$1").$ext"
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small repository with two programs, one crate that both use, and a builder beside it."""
    repository, tools = tmp_path / "repository", tmp_path / "tools"
    for crate, kind, needs in (("shared", "lib", ""), ("one", "cdylib", "shared"), ("two", "cdylib", "")):
        folder = repository / "programs" / crate
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "lib.rs").write_text(f"// {crate}\n")
        dependency = f'{needs} = {{ path = "../{needs}" }}' if needs else ""
        (folder / "Cargo.toml").write_text(f'[lib]\ncrate-type = ["{kind}"]\n[dependencies]\n{dependency}\n')
    (repository / "Cargo.toml").write_text('[workspace]\nmembers = ["programs/*"]\n')
    (repository / "Cargo.lock").write_text("")
    (repository / "scripts").mkdir()
    script = (ROOT / "scripts" / "build_programs.py").read_text()
    (repository / "scripts" / "build_programs.py").write_text(script)
    tools.mkdir()
    builder = tools / "build"
    builder.write_text(BUILDER.format(calls=tmp_path / "calls"))
    builder.chmod(builder.stat().st_mode | stat.S_IXUSR)
    compiler = tools / "rustc"
    compiler.write_text("#!/bin/sh\necho rustc 1.0.0\n")
    compiler.chmod(0o755)
    # A cargo without the Solana tools, whatever the machine has.
    (tools / "cargo").write_text("#!/bin/sh\nexit 101\n")
    (tools / "cargo").chmod(0o755)
    return repository


@pytest.fixture
def run(checkout: Path) -> Run:
    """Runs the script there."""

    def call(*arguments: str, builder: bool = True) -> subprocess.CompletedProcess[str]:
        tools = checkout.parent / "tools"
        environment = {"PATH": f"{tools}:{os.environ['PATH']}", "SBF_RUSTC": str(tools / "rustc")}
        if builder:
            environment["SBF_BUILD"] = str(tools / "build")
        command = [sys.executable, "scripts/build_programs.py", *arguments]
        return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)

    return call


def calls(checkout: Path) -> list[str]:
    """What was built since the last look."""
    log = checkout.parent / "calls"
    lines = log.read_text().splitlines() if log.exists() else []
    log.write_text("")
    return lines


def record(checkout: Path) -> dict[str, object]:
    return dict(json.loads((checkout / "launchpad/chain/programs/BUILD.json").read_text()))


def test_every_program_and_idl_is_built_and_recorded(checkout: Path, run: Run) -> None:
    assert run().returncode == 0
    assert calls(checkout) == ["so one", "json one", "so two", "json two"]
    assert (checkout / "launchpad/chain/programs/one.so").read_text() == "// one\n"
    assert (checkout / "launchpad/chain/idl/two.json").is_file()
    assert record(checkout)["compiler"] == "rustc 1.0.0"


def test_what_did_not_change_is_left_alone(checkout: Path, run: Run) -> None:
    run()
    calls(checkout)
    assert "one.so: up to date" in run().stdout
    assert calls(checkout) == []


def test_a_change_rebuilds_only_what_is_compiled_from_it(checkout: Path, run: Run) -> None:
    run()
    calls(checkout)
    (checkout / "programs/shared/src/lib.rs").write_text("// changed\n")
    run()
    assert calls(checkout) == ["so one", "json one"]


def test_an_artifact_that_was_tampered_with_is_built_again(checkout: Path, run: Run) -> None:
    run()
    calls(checkout)
    (checkout / "launchpad/chain/programs/two.so").write_text("something else")
    run()
    assert calls(checkout) == ["so two"]


def test_another_compiler_rebuilds_everything(checkout: Path, run: Run) -> None:
    run()
    calls(checkout)
    (checkout.parent / "tools" / "rustc").write_text("#!/bin/sh\necho rustc 2.0.0\n")
    run()
    assert len(calls(checkout)) == 4
    assert record(checkout)["compiler"] == "rustc 2.0.0"


def test_only_idls_and_only_one_program(checkout: Path, run: Run) -> None:
    run("--idl", "two")
    assert calls(checkout) == ["json two"]
    assert not (checkout / "launchpad/chain/programs/two.so").exists()


def test_a_check_passes_where_the_files_are_what_the_source_gives(checkout: Path, run: Run) -> None:
    run()
    checked = run("--check")
    assert checked.returncode == 0
    assert checked.stdout.count("same") == 4


def test_a_check_fails_where_a_committed_file_differs_and_leaves_it(checkout: Path, run: Run) -> None:
    run()
    (checkout / "programs/two/src/lib.rs").write_text("// changed\n")
    checked = run("--check")
    assert checked.returncode == 1
    assert "two.so differs from its source: run `make programs`" in checked.stdout
    assert (checkout / "launchpad/chain/programs/two.so").read_text() == "// two\n"


def test_a_check_with_another_compiler_says_so_and_passes(checkout: Path, run: Run) -> None:
    run()
    (checkout / "programs/two/src/lib.rs").write_text("// changed\n")
    (checkout.parent / "tools" / "rustc").write_text("#!/bin/sh\necho rustc 2.0.0\n")
    checked = run("--check")
    assert checked.returncode == 0
    assert "rustc 2.0.0" in checked.stdout
    assert "rustc 1.0.0" in checked.stdout


def test_without_a_builder_one_sentence_says_what_to_do(run: Run) -> None:
    found = run(builder=False)
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "SBF_BUILD" in found.stderr


def test_a_builder_that_fails_is_named(checkout: Path, run: Run) -> None:
    (checkout.parent / "tools" / "build").write_text("#!/bin/sh\nexit 3\n")
    found = run()
    assert found.returncode == 1
    assert "build failed with status 3" in found.stderr


def test_an_unknown_program_is_refused_by_name(run: Run) -> None:
    found = run("three")
    assert found.returncode == 1
    assert "There is no program three; there are one, two." in found.stderr
