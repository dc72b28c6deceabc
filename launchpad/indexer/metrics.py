"""The indexer's figures for Prometheus, served by itself on INDEXER_METRICS_PORT."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from launchpad.indexer.loop import Indexer
from launchpad.indexer.multiplexer import Multiplexer
from launchpad.indexer.stage import DecodeStage


class Figures:
    """Reads the running parts whenever it is asked."""

    def __init__(self, indexer: Indexer, sources: Multiplexer, stage: DecodeStage) -> None:
        self._indexer = indexer
        self._sources = sources
        self._stage = stage

    def collect(self) -> Iterable[Metric]:
        """Every figure as it is now."""
        yield from self._slots()
        yield from self._queues()
        yield from self._health()

    def _slots(self) -> Iterable[Metric]:
        ledger = self._indexer.ledger
        holes = ledger.holes()
        yield _gauge("newest_slot", "Newest slot of the ledger.", ledger.newest or 0)
        yield _gauge("holes", "Holes in the ledger of slots.", len(holes))
        yield _gauge("missing_slots", "Slots in those holes.", sum(one.last - one.first + 1 for one in holes))
        known = GaugeMetricFamily("launchpad_indexer_slots", "Slots of the ledger by fate.", labels=["status"])
        for status in ("indexed", "skipped", "dead"):
            known.add_metric([status], sum(one.slots for one in ledger.spans if one.status == status))
        yield known

    def _queues(self) -> Iterable[Metric]:
        depths = GaugeMetricFamily("launchpad_indexer_queue", "What waits before each stage.", labels=["stage"])
        waiting = {"decode": self._stage.waiting, "pass_on": self._sources.waiting, "store": self._indexer.waiting}
        for stage, depth in waiting.items():
            depths.add_metric([stage], depth)
        yield depths

    def _health(self) -> Iterable[Metric]:
        best, scores = self._sources.best_head, self._sources.scores()
        labels = ["source"]
        score = GaugeMetricFamily("launchpad_indexer_source_score", "From 0, not connected, to 100.", labels=labels)
        lag = GaugeMetricFamily("launchpad_indexer_source_lag_slots", "Slots behind the best source.", labels=labels)
        first = CounterMetricFamily("launchpad_indexer_source_first", "Transactions brought first.", labels=labels)
        late = CounterMetricFamily("launchpad_indexer_source_late", "Those that others had brought.", labels=labels)
        for name, health in self._sources.health.items():
            score.add_metric([name], scores[name])
            lag.add_metric([name], health.lag(best))
            first.add_metric([name], health.first)
            late.add_metric([name], health.late)
        yield from (score, lag, first, late)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"launchpad_indexer_{name}", text, value=value)


def serve(figures: Figures, host: str, port: int) -> None:
    """Serve the figures from a thread of their own until this process ends."""
    registry = CollectorRegistry()
    registry.register(figures)
    start_http_server(port, addr=host, registry=registry)
