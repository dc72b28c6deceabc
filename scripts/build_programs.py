"""Compiles the on-chain programs and their IDLs into launchpad/chain, and records how.

    python scripts/build_programs.py                 build what changed
    python scripts/build_programs.py --idl           only the IDLs
    python scripts/build_programs.py --check         rebuild elsewhere and compare with what is committed

The builder is `cargo build-sbf` (with `anchor` for the IDLs) where it is
installed, else the program that the environment variable SBF_BUILD names:
`SBF_BUILD FOLDER OUT` writes OUT/NAME.so, `SBF_BUILD --idl FOLDER OUT` writes
OUT/NAME.json. BUILD.json keeps builder, compiler, and for each artifact the
hash of its sources and its own.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CRATES = ROOT / "programs"
PROGRAMS_OUT = ROOT / "launchpad" / "chain" / "programs"
IDL_OUT = ROOT / "launchpad" / "chain" / "idl"
RECORD = PROGRAMS_OUT / "BUILD.json"
CONVERTER = "launchpad.chain.convert_idl"

NO_BUILDER = (
    "Nothing here can compile Solana programs. Install the Solana tools (cargo build-sbf) and Anchor, "
    "or set SBF_BUILD to a builder; the committed programs work without either."
)
NO_IDL_BUILDER = "cargo build-sbf is here but `anchor`, which writes the IDLs, is not: install Anchor 1.2.2."


class BuildError(Exception):
    """A sentence for the person at the terminal."""


@dataclass(frozen=True)
class Builder:
    """A way to compile: `name` and `compiler` decide whether two builds can be compared."""

    name: str
    compiler: str
    script: Path | None = None

    def program(self, crate: str, out: Path) -> None:
        """Writes `out/crate.so`."""
        folder = CRATES / crate
        if self.script:
            _run([str(self.script), str(folder), str(out)])
        else:
            _run(["cargo", "build-sbf", "--manifest-path", str(folder / "Cargo.toml"), "--sbf-out-dir", str(out)])

    def idl(self, crate: str, out: Path) -> None:
        """Writes `out/crate.json`."""
        if self.script:
            _run([str(self.script), "--idl", str(CRATES / crate), str(out)])
            return
        if not shutil.which("anchor"):
            raise BuildError(NO_IDL_BUILDER)
        _run(["anchor", "idl", "build", "--program-name", crate, "--out", str(out / f"{crate}.json")])


@dataclass(frozen=True)
class Artifact:
    """One committed file that is made from the sources of `crate`."""

    crate: str
    kind: str

    @property
    def path(self) -> Path:
        """Where the file is committed."""
        folder, suffix = (PROGRAMS_OUT, "so") if self.kind == "program" else (IDL_OUT, "json")
        return folder / f"{self.crate}.{suffix}"

    def build(self, builder: Builder, out: Path) -> Path:
        """Builds the file in folder `out` and returns its path."""
        (builder.program if self.kind == "program" else builder.idl)(self.crate, out)
        return out / self.path.name


def find_builder() -> Builder:
    """The Solana tools where they are installed, else the builder of SBF_BUILD."""
    tools = _output(["cargo", "build-sbf", "--version"])
    if tools:
        return Builder("cargo build-sbf", " / ".join(tools.splitlines()))
    script = os.environ.get("SBF_BUILD")
    if script and Path(script).is_file():
        path = Path(script).resolve()
        name = f"sbf {_tree_hash(_builder_files(path.parent))[:16]}"
        return Builder(name, _compiler_of(path), path)
    raise BuildError(NO_BUILDER)


def _compiler_of(script: Path) -> str:
    """The version of the compiler that SBF_BUILD installs with its first call."""
    command = [os.environ.get("SBF_RUSTC", "/usr/bin/rustc"), "--version"]
    if not _output(command):
        with tempfile.TemporaryDirectory() as folder:
            Builder("", "", script).idl(crates()[0], Path(folder))
    return _output(command)


def crates() -> list[str]:
    """Names of the crates that become programs, in order."""
    manifests = {path.parent.name: tomllib.loads(path.read_text()) for path in CRATES.glob("*/Cargo.toml")}
    return sorted(name for name, toml in manifests.items() if "cdylib" in toml.get("lib", {}).get("crate-type", []))


def source_hash(crate: str) -> str:
    """Hash of everything of ours that decides what `crate` compiles to."""
    workspace = [ROOT / "Cargo.toml", ROOT / "Cargo.lock"]
    return _tree_hash(workspace + [path for name in sorted(_closure(crate)) for path in _sources(CRATES / name)])


def build(artifacts: list[Artifact], builder: Builder) -> None:
    """Builds the artifacts whose sources, builder or bytes differ from the record."""
    record = _read_record()
    if (record.get("builder"), record.get("compiler")) != (builder.name, builder.compiler):
        record = {"builder": builder.name, "compiler": builder.compiler, "artifacts": {}}
    for artifact in artifacts:
        key, source = str(artifact.path.relative_to(ROOT)), source_hash(artifact.crate)
        known = record["artifacts"].get(key, {})
        if known == {"source": source, "sha256": _file_hash(artifact.path)}:
            print(f"{key}: up to date")
            continue
        print(f"{key}: building", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            _replace(artifact.build(builder, Path(folder)), artifact.path)
        record["artifacts"][key] = {"source": source, "sha256": _file_hash(artifact.path)}
        _write_record(record)
    _convert_idls()


def check(artifacts: list[Artifact], builder: Builder) -> int:
    """Rebuilds in a temporary folder; 1 when a committed file is not what its source gives."""
    record = _read_record()
    if (record.get("builder"), record.get("compiler")) != (builder.name, builder.compiler):
        print(
            f"Built here with {builder.name}, {builder.compiler}; committed with {record.get('builder')}, "
            f"{record.get('compiler')}. Their bytes cannot be compared: the tests compare what they do."
        )
        return 0
    stale = [artifact for artifact in artifacts if not _matches(artifact, builder)]
    for artifact in stale:
        print(f"{artifact.path.relative_to(ROOT)} differs from its source: run `make programs` and commit the result.")
    return 1 if stale else 0


def _matches(artifact: Artifact, builder: Builder) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        fresh = artifact.build(builder, Path(folder))
        same = _file_hash(fresh) == _file_hash(artifact.path)
    print(f"{artifact.path.relative_to(ROOT)}: {'same' if same else 'DIFFERENT'}", flush=True)
    return same


def _convert_idls() -> None:
    """The older IDL shape that anchorpy reads follows from the newer."""
    if (ROOT / (CONVERTER.replace(".", "/") + ".py")).is_file():
        _run([sys.executable, "-m", CONVERTER])


def _closure(crate: str) -> set[str]:
    """`crate` and the crates of this workspace that it is compiled from."""
    found, todo = set(), [crate]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _path_dependencies(name)
    return found


def _path_dependencies(crate: str) -> list[str]:
    shared = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"].get("dependencies", {})
    toml = tomllib.loads((CRATES / crate / "Cargo.toml").read_text())
    found = []
    for name, spec in toml.get("dependencies", {}).items():
        source = shared.get(name, {}) if isinstance(spec, dict) and spec.get("workspace") else spec
        if isinstance(source, dict) and "path" in source:
            found.append(Path(source["path"]).name)
    return found


def _sources(folder: Path) -> list[Path]:
    return [folder / "Cargo.toml", *sorted((folder / "src").rglob("*.rs"))]


def _builder_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "target" not in path.parts)


def _tree_hash(paths: list[Path]) -> str:
    """Hash of names and contents; the folder that the tree lies in does not count."""
    digest = hashlib.sha256()
    base = ROOT if paths[0].is_relative_to(ROOT) else paths[0].parent
    for path in paths:
        digest.update(os.path.relpath(path, base).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _file_hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _replace(fresh: Path, target: Path) -> None:
    """Moves a finished file into place, so that a reader never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".new")
    shutil.copyfile(fresh, beside)
    beside.replace(target)


def _read_record() -> dict[str, Any]:
    return dict(json.loads(RECORD.read_text())) if RECORD.is_file() else {}


def _write_record(record: dict[str, Any]) -> None:
    record["artifacts"] = dict(sorted(record["artifacts"].items()))
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, cwd=ROOT, check=True)
    except subprocess.CalledProcessError as error:
        raise BuildError(f"{Path(command[0]).name} failed with status {error.returncode}; see above.") from error


def _output(command: list[str]) -> str:
    """What a command prints, or nothing when it is not there or fails."""
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _selected(names: list[str], kinds: list[str]) -> Iterator[Artifact]:
    known = crates()
    for name in names or known:
        if name not in known:
            raise BuildError(f"There is no program {name}; there are {', '.join(known)}.")
        yield from (Artifact(name, kind) for kind in kinds)


def main() -> int:
    """Reads the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="PROGRAM", help="only these programs")
    parser.add_argument("--idl", action="store_true", help="only the IDLs")
    parser.add_argument("--check", action="store_true", help="compare the committed files with a fresh build")
    args = parser.parse_args()
    try:
        artifacts = list(_selected(args.names, ["idl"] if args.idl else ["program", "idl"]))
        builder = find_builder()
        if args.check:
            return check(artifacts, builder)
        build(artifacts, builder)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
