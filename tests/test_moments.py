"""Moments as text."""

from datetime import UTC, datetime, timedelta, timezone

from launchpad.moments import iso


def test_a_moment_is_written_in_utc_to_the_millisecond():
    assert iso(datetime(2026, 1, 2, 3, 4, 5, 678_999, tzinfo=UTC)) == "2026-01-02T03:04:05.678Z"
    assert iso(datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-02T01:04:05.000Z"


def test_texts_sort_as_moments_do():
    first = datetime(2026, 1, 2, tzinfo=UTC)
    moments = [first + timedelta(milliseconds=n) for n in (0, 1, 10, 999, 1000)]
    assert sorted(map(iso, moments)) == list(map(iso, moments))
