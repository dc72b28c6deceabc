"""What the rule tests read: the syntax trees of the product's own files."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("launchpad", "api", "chat", "web")


@dataclass(frozen=True)
class Source:
    """One Python file of the repository."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root, such as launchpad/trades/queries.py."""
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def tree(self) -> ast.Module:
        return _tree(self.path)

    def imports(self) -> set[str]:
        """The dotted names of all modules that it imports, wherever in the file."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
        return found

    def calls(self) -> list[ast.Call]:
        """Every call in it."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _below(folder: str) -> list[Source]:
    return [Source(path) for path in sorted((REPOSITORY / folder).rglob("*.py"))]


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """The files of the four packages."""
    return [source for package in PACKAGES for source in _below(package)]


@pytest.fixture(scope="session")
def all_sources(sources) -> list[Source]:
    """The files of the packages, the scripts, the examples and the tests."""
    return [*sources, *(source for folder in ("scripts", "examples", "tests") for source in _below(folder))]
