"""How much of a vesting schedule has vested: pure functions of its terms and the time.

Number for number what the program computes (programs/vesting/src/math).
Amounts are token base units, times Unix seconds.
"""

from typing import Protocol


class Release(Protocol):
    """The terms that decide a release; every schedule state and event has them."""

    @property
    def amount(self) -> int:
        """Base units granted; after a revocation what had vested."""

    @property
    def start(self) -> int:
        """Unix seconds from which the release counts."""

    @property
    def cliff(self) -> int:
        """Unix seconds before which nothing is released."""

    @property
    def end(self) -> int:
        """Unix seconds from which everything is released."""

    @property
    def period(self) -> int:
        """Seconds of one step, at least 1."""


def vested(release: Release, now: int, *, revoked_at: int = 0) -> int:
    """Base units vested at `now`, rounded down.

    Nothing before the cliff, everything from the end on, between them in
    proportion to the whole periods since the start. A revoked schedule
    (`revoked_at` not 0) keeps exactly what had vested, which is its amount.
    """
    if revoked_at:
        return release.amount
    if now < release.cliff:
        return 0
    if now >= release.end:
        return release.amount
    elapsed = (now - release.start) // release.period * release.period
    return release.amount * elapsed // (release.end - release.start)


def claimable(release: Release, claimed: int, now: int, *, revoked_at: int = 0) -> int:
    """Base units that the beneficiary may take at `now`, having taken `claimed`; never below zero."""
    return max(vested(release, now, revoked_at=revoked_at) - claimed, 0)


def next_release(release: Release, now: int, *, revoked_at: int = 0) -> int | None:
    """Unix seconds of the next step that releases something, None when all has vested."""
    if revoked_at or now >= release.end:
        return None
    if now < release.cliff and vested(release, release.cliff):
        return release.cliff
    from_time = max(now, release.cliff, release.start)
    steps = (from_time - release.start) // release.period + 1
    return min(release.start + steps * release.period, release.end)
