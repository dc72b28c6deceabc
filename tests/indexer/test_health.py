"""Scores of sources, and the figures that the indexer serves."""

from types import SimpleNamespace

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from launchpad.config import Settings
from launchpad.errors import ConfigError
from launchpad.indexer.health import Health
from launchpad.indexer.ledger import Ledger, Span
from launchpad.indexer.metrics import Figures
from launchpad.indexer.multiplexer import Delivered, Multiplexer


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(clock)


def test_what_is_not_connected_scores_nothing(health):
    assert health.score(0) == 0
    health.heard(10, 1, 0)
    assert health.score(10) == 100
    health.failed()
    assert health.score(10) == 0


def test_lag_errors_and_silence_take_from_the_score(health, clock):
    health.heard(10, 1, 0)
    assert health.score(13) == 85
    assert health.score(500) == 60
    clock.now += 2
    assert health.score(10) == 90
    clock.now += 60
    assert health.score(10) == 75
    health.failed()
    health.heard(10, 0, 1)
    assert health.score(10) == 90
    clock.now += 61
    health.heard(10, 0, 1)
    assert health.score(10) == 100
    assert (health.first, health.late) == (1, 2)


def test_delivered_signatures_are_bounded():
    delivered = Delivered(limit=3)
    delivered.add("abcd")
    assert [one in delivered for one in "abcd"] == [False, True, True, True]
    delivered.clear()
    assert "d" not in delivered


async def test_the_figures_tell_slots_queues_and_sources():
    sources = Multiplexer(SimpleNamespace(), [SimpleNamespace(name="geyser:1")], Delivered())
    sources.health["geyser:1"].heard(20, 5, 2)
    ledger, _ = Ledger().noted([Span(1, 9, "indexed"), Span(10, 10, "skipped"), Span(15, 20, "indexed")])
    figures = Figures(SimpleNamespace(ledger=ledger, waiting=3), sources, SimpleNamespace(waiting=7))
    registry = CollectorRegistry()
    registry.register(figures)
    text = generate_latest(registry).decode()
    for line in (
        "launchpad_indexer_newest_slot 20.0",
        "launchpad_indexer_holes 1.0",
        "launchpad_indexer_missing_slots 4.0",
        'launchpad_indexer_slots{status="skipped"} 1.0',
        'launchpad_indexer_queue{stage="decode"} 7.0',
        'launchpad_indexer_queue{stage="store"} 3.0',
        'launchpad_indexer_source_score{source="geyser:1"} 100.0',
        'launchpad_indexer_source_score{source="rpc"} 0.0',
        'launchpad_indexer_source_first_total{source="geyser:1"} 5.0',
        'launchpad_indexer_source_late_total{source="geyser:1"} 2.0',
    ):
        assert line in text, line


def test_tokens_go_with_their_geysers():
    def geysers(urls, tokens):
        return Settings(_env_file=None, geyser_urls=urls, geyser_tokens=tokens).geysers

    assert geysers("", "") == []
    assert geysers("http://a:1,http://b:2", "") == [("http://a:1", ""), ("http://b:2", "")]
    assert geysers("http://a:1,http://b:2", "x") == [("http://a:1", "x"), ("http://b:2", "x")]
    assert geysers("http://a:1,http://b:2", "x,y") == [("http://a:1", "x"), ("http://b:2", "y")]
    with pytest.raises(ConfigError, match="2 tokens for 3 Geysers"):
        geysers("http://a:1,http://b:2,http://c:3", "x,y")
