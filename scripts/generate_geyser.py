"""Make launchpad/chain/geyser/generated out of geyser.proto; `--check` only compares.

Needs grpcio-tools, which is a dependency of development alone.
"""

import sys
import tempfile
from importlib import resources
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "launchpad" / "chain" / "geyser"
GENERATED = PACKAGE / "generated"
FILES = ("geyser_pb2.py", "geyser_pb2.pyi")


def main(arguments: list[str]) -> int:
    """Write, or with `--check` report what is out of date; returns the exit status."""
    made = generate()
    stale = [name for name, text in made.items() if not _same(GENERATED / name, text)]
    if "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}." if stale else "geyser: nothing to change")
        return 1 if stale else 0
    for name in stale:
        (GENERATED / name).write_text(made[name], encoding="utf-8")
    print(f"geyser: {', '.join(stale) or 'nothing'} changed")
    return 0


def generate() -> dict[str, str]:
    """The generated files by name."""
    from grpc_tools import protoc  # noqa: PLC0415 - a dependency of development

    known = str(resources.files("grpc_tools") / "_proto")
    with tempfile.TemporaryDirectory() as folder:
        words = ["protoc", f"-I{PACKAGE}", f"-I{known}", f"--python_out={folder}", f"--pyi_out={folder}"]
        if protoc.main([*words, "geyser.proto"]) != 0:
            raise SystemExit("protoc failed: see above.")
        return {name: (Path(folder) / name).read_text(encoding="utf-8") for name in FILES}


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
