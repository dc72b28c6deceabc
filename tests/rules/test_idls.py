"""Whoever calls a published instruction can go on calling it: the order of its accounts stays."""

from scripts import publish_idls


def test_no_published_instruction_has_its_accounts_in_another_order():
    book = publish_idls.read()
    broken = [
        line
        for name in publish_idls.PROGRAMS
        for line in publish_idls.moved(book.get(name, []), publish_idls.built(name))
    ]
    assert broken == [], "If no released version is broken and this is meant: python scripts/publish_idls.py"


def test_what_is_released_has_its_interface_kept_whole():
    missing = [
        f"{name}-{entry['version']}"
        for name, entries in publish_idls.read().items()
        for entry in entries
        if entry["released"] and not (publish_idls.PUBLISHED / f"{name}-{entry['version']}.json").exists()
    ]
    assert missing == []


def test_the_changelog_tells_of_what_was_published():
    assert publish_idls.CHANGELOG.read_text(encoding="utf-8") == publish_idls.changelog(publish_idls.read())
