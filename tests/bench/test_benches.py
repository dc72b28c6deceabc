"""The benches run, on small loads; what is counted rather than timed has to meet its aim."""

from launchpad import bench
from launchpad.bench import cluster, fanout, metrics, programs, shapes, sockets, stream
from launchpad.localnet.options import bundled_programs
from tests import raydium


async def test_a_buy_stays_within_thirty_thousand_compute_units_and_graduations_within_a_packet(tmp_path):
    words = raydium.cluster_words(tmp_path) if raydium.PROGRAM.exists() else []
    measures = await programs.run(words)
    assert [what for what, measure in measures.items() if not measure.met] == []
    assert measures["bonding_curve buy_exact_in"].at_most == 30_000
    assert len([what for what in measures if what.endswith(".so")]) == len(bundled_programs())
    assert any("graduate_to_raydium" in what for what in measures) == bool(words)


async def test_the_cluster_is_measured(monkeypatch):
    monkeypatch.setattr(cluster, "_TRANSFERS", 40)
    monkeypatch.setattr(cluster, "_READS", 40)
    measures = await cluster.run()
    assert all(measure.value > 0 for measure in measures.values())


def test_the_fan_out_is_measured_against_the_stock_servers(monkeypatch):
    small = {"SOCKETS": 10, "FRAMES": 5, "SINGLE_FRAMES": 2, "ROUNDS": 1, "MANY": 12, "MANY_FRAMES": 5}
    few = {"ROOM": 5, "ROOM_FRAMES": 5, "READERS": 2, "SLEEPERS": 1}
    for name, value in (small | few).items():
        monkeypatch.setattr(fanout, name, value)
    measures = fanout.run()
    assert all(measure.value > 0 for measure in measures.values())
    assert {"against python-socketio, 10 sockets", "against python-socketio, 12 sockets"} <= set(measures)
    assert measures["of 1 that read again, told to resync"].met


async def test_a_stream_loses_and_doubles_nothing_when_its_processes_are_killed(monkeypatch):
    monkeypatch.setattr(stream, "COUNTED", 2_000)
    measures = await stream.run(stream.StreamSize(trades=2_000, tokens=20, rate=400))
    counted = [what for what, measure in measures.items() if measure.at_most == 0]
    assert len(counted) == 5
    assert [what for what in counted if not measures[what].met] == []
    assert measures["indexer killed: to its next commit"].value > 0


def test_sockets_are_held(monkeypatch):
    monkeypatch.setattr(sockets, "SOCKETS", 20)
    monkeypatch.setattr(sockets, "HOLD_SECONDS", 0.1)
    measures = sockets.run()
    assert measures["still connected"].value == 20


def test_every_shape_is_as_close_as_promised():
    measures = shapes.run()
    assert [what for what, measure in measures.items() if not measure.met] == []
    promised = [measure.at_most for measure in measures.values() if measure.at_most]
    assert (promised.count(50), promised.count(100)) == (13, 4)
    assert measures["logarithmic to 15x, 32 segments"].value < measures["logarithmic to 15x, 16 segments"].value


async def test_figures_are_measured(monkeypatch):
    small = {"TOKENS": 30, "HOLDERS": 2, "PAST_TRADES": 100, "PER_SECOND": 40, "SECONDS": 2, "FEW": 3, "LOOKS": 2}
    for name, value in small.items():
        monkeypatch.setattr(metrics, name, value)
    measures = await metrics.run()
    assert {"turn over 40 trades, p50", "turn over 3 trades, p50", "list by score, p50"} <= set(measures)
    assert 0 < measures["rows written in a turn"].value <= 30
    assert "metrics" in bench.benches()


def test_every_bench_can_be_named():
    assert {"cluster", "fanout", "indexer", "programs", "shapes", "start"} <= set(bench.benches())
