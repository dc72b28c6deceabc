"""What can be set, called, heard or sent is written down."""

import re
import subprocess
import sys
from pathlib import Path

from launchpad.config import Settings

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DOCS = REPOSITORY / "docs"


def test_settings_events_instructions_routes_and_commands_are_documented():
    command = [sys.executable, "scripts/write_docs.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_says_what_it_does():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_is_in_the_example_environment():
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    assert [name.upper() for name in Settings.model_fields if f"{name.upper()}=" not in text] == []


def test_every_page_of_the_docs_is_linked_from_another():
    pages = [REPOSITORY / "README.md", *DOCS.rglob("*.md")]
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    lonely = [
        page.name for page in pages[1:] if not any(page.name in text for other, text in texts.items() if other != page)
    ]
    assert lonely == []


def test_every_link_between_pages_leads_somewhere():

    broken = [
        f"{page.name}: {target}"
        for page in [REPOSITORY / "README.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
