"""Figures know their aims."""

import orjson
import pytest

from launchpad import bench
from launchpad.bench.measure import Measure, percentile


def test_a_figure_without_an_aim_is_always_met():
    assert Measure(5, "s").met
    assert Measure(5, "s").aim_text == ""


def test_a_figure_meets_its_aim_or_not():
    assert Measure(5, "s", at_most=5).met
    assert not Measure(6, "s", at_most=5).met
    assert not Measure(6, "tx/s", at_least=7).met
    assert Measure(6, "s", at_most=5000).aim_text == "≤ 5,000"
    assert Measure(6, "s", at_least=7).aim_text == "≥ 7"


def test_percentiles_are_by_nearest_rank():
    values = list(range(1, 101))
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.95) == 96
    assert percentile([7], 0.99) == 7


def test_an_unknown_bench_is_named_with_those_there_are(tmp_path):
    with pytest.raises(bench.UnknownBenchError, match=r"nothing.*start"):
        bench.run_benches(["nothing"], tmp_path / "bench.json")


def test_results_are_written_beside_those_of_earlier_runs(tmp_path, monkeypatch):
    output = tmp_path / "bench.json"
    output.write_bytes(orjson.dumps({"benches": {"api": {"p50": {"value": 1}}}}))
    monkeypatch.setattr(bench, "_run_one", lambda _name, _options: {"first": Measure(20, "s", at_most=15)})
    assert not bench.run_benches(["start"], output)
    written = orjson.loads(output.read_bytes())
    assert written["benches"]["api"] == {"p50": {"value": 1}}
    assert written["benches"]["start"]["first"] == {"value": 20, "unit": "s", "at_most": 15, "met": False}
    assert written["machine"]["cores"] >= 1
