"""Publishing interfaces: what may change before a release, and what never may after it."""

import json

import pytest

from launchpad.chain import idls
from launchpad.chain.addresses import PROGRAMS
from scripts import publish_idls


def built(version="0.1.0", **instructions):
    return {"version": version, "released": False, "instructions": instructions}


def test_before_a_release_orders_may_change_on_purpose():
    entries = []
    publish_idls.take_over(entries, built(buy=["trader:s", "mint"]), release=False)
    assert publish_idls.moved(entries, built(buy=["mint", "trader:s"]))
    publish_idls.take_over(entries, built(buy=["mint", "trader:s"]), release=False)
    assert entries == [built(buy=["mint", "trader:s"])]


def test_after_a_release_orders_stay_and_instructions_only_come():
    entries = []
    publish_idls.take_over(entries, built(buy=["mint"]), release=True)
    assert entries[0]["released"]
    publish_idls.take_over(entries, built(buy=["mint"]), release=False)
    assert entries[0]["released"]
    for changed in (built(buy=["mint"], sell=["mint"]), built("0.2.0", buy=["other"]), built("0.2.0")):
        with pytest.raises(publish_idls.ReleasedError):
            publish_idls.take_over(entries, changed, release=False)
    publish_idls.take_over(entries, built("0.2.0", buy=["mint"], sell=["mint"]), release=False)
    assert [entry["version"] for entry in entries] == ["0.2.0", "0.1.0"]


def test_the_changelog_names_what_came_changed_and_went():
    book = {"curve": [built("0.2.0", buy=["mint:w"], sell=["mint"]), built(buy=["mint"], halt=[])]}
    page = publish_idls.changelog(book)
    for line in ("### 0.2.0 (not released yet", "- new `sell`: mint", "changed `buy`: mint:w; was mint", "gone `halt`"):
        assert line in page


def test_accounts_are_told_with_their_flags_and_groups_are_spread():
    accounts = [{"name": "a", "signer": True, "writable": True}, {"accounts": [{"name": "b", "optional": True}]}]
    assert idls.orders_of({"instructions": [{"name": "x", "accounts": accounts}]}) == {"x": ["a:sw", "b?"]}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The script over a folder of its own, with the IDLs of now."""
    for name in PROGRAMS:
        (tmp_path / f"{name}.json").write_bytes((idls.FOLDER / f"{name}.json").read_bytes())
    for place, path in (("FOLDER", tmp_path), ("PUBLISHED", tmp_path / "published")):
        monkeypatch.setattr(publish_idls, place, path)
    monkeypatch.setattr(publish_idls, "ORDERS", tmp_path / "published" / "orders.json")
    monkeypatch.setattr(publish_idls, "CHANGELOG", tmp_path / "log.md")
    return tmp_path


def test_the_script_takes_over_checks_and_releases(elsewhere, capsys):
    assert publish_idls.main([]) == 0
    assert publish_idls.main(["--check"]) == 0
    assert publish_idls.main(["--release"]) == 0
    assert (elsewhere / "published" / "vesting-0.1.0.json").exists()
    idl = json.loads((elsewhere / "vesting.json").read_text())
    idl["instructions"][0]["accounts"].reverse()
    (elsewhere / "vesting.json").write_text(json.dumps(idl))
    assert publish_idls.main(["--check"]) == 1
    assert publish_idls.main([]) == 1
    assert "is released" in capsys.readouterr().out
