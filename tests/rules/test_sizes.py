"""The house numbers: what is too long to be read at once is cut."""

import ast
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LONGEST_FUNCTION = 50
LONGEST_FILE = 500


def test_no_function_is_longer_than_fifty_lines(all_sources):
    guilty = [
        f"{source.name}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1})"
        for source in all_sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert guilty == []


def test_no_file_is_longer_than_five_hundred_lines(all_sources):
    others = [
        path
        for pattern in ("programs/**/*.rs", "web/static/js/**/*.js", "web/templates/**/*.html")
        for path in REPOSITORY.glob(pattern)
    ]
    paths = [*(source.path for source in all_sources), *others]
    guilty = [
        f"{path.relative_to(REPOSITORY)} ({lines})"
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert guilty == []
