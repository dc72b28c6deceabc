"""What can be set, called, heard or sent is written down."""

import json
from pathlib import Path

import pytest

from launchpad.config import Settings
from launchpad.live import EVENTS

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DOCS = REPOSITORY / "docs"
IDLS = REPOSITORY / "launchpad" / "chain" / "idl"


def _missing(page, names):
    text = (DOCS / page).read_text(encoding="utf-8")
    return [name for name in names if f"`{name}`" not in text]


def test_every_setting_is_documented():
    assert _missing("settings.md", [name.upper() for name in Settings.model_fields]) == []


def test_every_setting_is_in_the_example_environment():
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    assert [name.upper() for name in Settings.model_fields if f"{name.upper()}=" not in text] == []


def test_every_live_event_is_documented():
    assert _missing("events.md", EVENTS) == []


@pytest.mark.parametrize("program", ["bonding_curve", "token_launcher", "vesting"])
def test_every_instruction_is_documented(program):
    idl = json.loads((IDLS / f"{program}.json").read_text(encoding="utf-8"))
    assert _missing("programs.md", [instruction["name"] for instruction in idl["instructions"]]) == []


@pytest.mark.parametrize("program", ["bonding_curve", "token_launcher", "vesting"])
def test_every_event_of_a_program_is_documented(program):
    idl = json.loads((IDLS / f"{program}.json").read_text(encoding="utf-8"))
    assert _missing("programs.md", [event["name"] for event in idl.get("events", [])]) == []


def test_every_route_is_documented():
    from api.app import create_app  # noqa: PLC0415 - the other rules need no server libraries

    schema = create_app(Settings(_env_file=None)).openapi()
    routes = [f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods]
    assert _missing("api.md", routes) == []


def test_every_page_of_the_docs_is_linked_from_the_readme_or_another_page():
    pages = [page for page in DOCS.rglob("*.md") if page.name != "README.md"]
    texts = "".join(p.read_text(encoding="utf-8") for p in [REPOSITORY / "README.md", *DOCS.rglob("*.md")])
    assert [page.name for page in pages if page.name not in texts] == []
