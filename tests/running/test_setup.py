"""Set-up says in one line what is missing and how to get it."""

import importlib.util
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """The set-up script, working on an empty checkout, with nothing at hand."""
    spec = importlib.util.spec_from_file_location("setup_script", REPOSITORY / "scripts" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "run", lambda *_, **__: False)
    monkeypatch.setattr(module, "apt_install", lambda _package: False)
    return module


def test_an_unknown_kind_is_named(setup, capsys):
    assert setup.main(["everything"]) == 1
    assert "run, dev, not everything" in capsys.readouterr().err


def test_a_missing_venv_is_named_with_its_remedy(setup, capsys):
    with pytest.raises(SystemExit):
        setup.make_virtualenv()
    assert "apt install python3-venv" in capsys.readouterr().err


def test_a_python_that_is_too_old_is_named(setup, capsys, monkeypatch):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit):
        setup.use_supported_python([])
    assert "Python 3.11 or 3.12 is missing" in capsys.readouterr().err


def test_packages_that_cannot_be_had_are_named(setup, capsys):
    with pytest.raises(SystemExit):
        setup.install_packages("run")
    assert "check the network" in capsys.readouterr().err


def test_a_missing_browser_does_not_stop_the_rest(setup, capsys, monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda _name: None)
    setup.install_chromium()
    assert "apt install chromium" in capsys.readouterr().out


def test_what_was_done_is_not_done_again(setup, monkeypatch):
    setup.VENV.mkdir(parents=True)
    done = []
    monkeypatch.setattr(setup, "run", lambda command, *_, **__: done.append(command) or True)
    setup.install_packages("run")
    first = len(done)
    setup.install_packages("run")
    assert first == len(done) == 2
    assert "--require-hashes" in done[0]


def test_what_tests_need_holds_what_running_needs(setup, monkeypatch):
    setup.VENV.mkdir(parents=True)
    monkeypatch.setattr(setup, "run", lambda *_, **__: True)
    setup.install_packages("dev")
    monkeypatch.setattr(setup, "run", lambda *_, **__: pytest.fail("nothing is left to do"))
    setup.install_packages("run")


def test_the_locks_agree():
    locks = [
        {
            line.partition("==")[0]: line.partition("==")[2].split()[0]
            for line in (REPOSITORY / name).read_text().splitlines()
            if "==" in line and not line.startswith(" ")
        }
        for name in ("requirements-run.lock", "requirements.lock")
    ]
    assert {name: version for name, version in locks[0].items() if locks[1].get(name) != version} == {}
    assert sys.version_info[:2] in {(3, 11), (3, 12)}
