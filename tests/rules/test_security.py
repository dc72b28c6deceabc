"""docs/security.md names tests: each of them is there."""

import json
import re

import pytest

from tests.rules.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w./]+\.(?:py|rs))::(\w+)`", TEXT)))
SYSVARS = ("clock", "rent", "instructions_sysvar", "slot_hashes", "recent_blockhashes")
IDLS = sorted(path for path in (REPOSITORY / "launchpad/chain/idl").glob("*.json") if ".legacy" not in path.name)


def test_a_test_that_is_named_exists() -> None:
    gone = [f"{path}::{name}" for path, name in NAMED if not _defines(path, name)]
    assert not gone, f"docs/security.md names tests that are not there: {', '.join(gone)}"


@pytest.mark.parametrize(
    ("heading", "numbers"),
    [("Attacks on accounts", range(16)), ("Findings in curves and pools elsewhere", range(1, 31))],
)
def test_every_finding_has_its_row_and_its_test(heading: str, numbers: range) -> None:
    section = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| (\d+) \|.*::\w+`.*\|$", section, re.MULTILINE)
    assert [int(number) for number in found] == list(numbers)


def test_no_instruction_takes_a_sysvar_of_the_callers_choice() -> None:
    taken = [
        f"{path.stem}.{each['name']}"
        for path in IDLS
        for each in json.loads(path.read_text(encoding="utf-8"))["instructions"]
        if any(account["name"] in SYSVARS and "address" not in account for account in each["accounts"])
    ]
    assert not taken


def _defines(path: str, name: str) -> bool:
    file = REPOSITORY / path
    pattern = rf"(?m)^\s*(?:async def|def|fn|class) {name}\b|^{name} ="
    return file.exists() and re.search(pattern, file.read_text(encoding="utf-8")) is not None
