"""How much an installation needs: a model made of what `launchpad bench` measured (docs/performance.md).

Work is reckoned in processor time of a unit, on the cores on which it was measured, and nothing is
measured here. Processes that are one for all (indexer, outbox) are told by the share of a core they need.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

MICRO = 1e-6

# Microseconds of a core.
PAGE = 12_000.0  # a page that the server draws
CACHED_READ = 64.0
DATABASE_READ = 1_150.0  # in the door, and as much in Postgres
JOIN = 1_000.0  # a socket, from its handshake to its first snapshot
HEARTBEAT = 4.0  # a socket, each second
TELLING = 6.8  # an event to one socket, written by itself
TELLING_AT_ONCE = 0.9  # an event to one socket, written with others of the same turn
INDEXING = 130.0  # a trade
PUBLISHING = 32.0  # its two frames, and the bus
STORING = 155.0  # in Postgres: trade, holders, candles, frames
PUBSUB = 9.0  # in Redis
FIGURING = 90.0  # a trade's part in the figures of its token

SOCKET_KIB = 38
TOKEN_KIB = 15  # of figures, in the worker
FRAME_BYTES = 400
BASE_MIB = 256
LIMIT_MIB = 1024

# What of a core a door should use on average: its autoscaler adds one at 70 %.
USED = 0.6
READS_A_PAGE = 3
# Of reads, those that no memory answers.
MISSED = 0.1


@dataclass(frozen=True)
class Audience:
    """Who comes and what they do: `users` have a page open at once, `trades` happen each second in all tokens."""

    users: int
    trades: float
    tokens: int = 50_000
    pages: float = 1.5  # that each user opens in a minute
    on_lists: float = 0.25  # share of users who follow the market as a whole
    on_token: float = 0.01  # share of users who look at the token of an average trade

    @property
    def pages_a_second(self) -> float:
        """Of all users."""
        return self.users * self.pages / 60

    @property
    def tellings(self) -> tuple[float, float]:
        """Deliveries a second: to those who look at a token, and to those who follow the market."""
        return self.trades * self.users * self.on_token, self.trades * self.users * self.on_lists


@dataclass(frozen=True)
class Part:
    """One kind of process: how many, what all of them use, and what each may take."""

    name: str
    pods: int
    cores: float
    mib: int


def parts(audience: Audience) -> Iterator[Part]:
    """Every kind of process that the audience needs, doors first."""
    pages, reads = audience.pages_a_second, audience.pages_a_second * READS_A_PAGE
    yield _doors("web", pages * PAGE * MICRO)
    yield _doors("api", reads * ((1 - MISSED) * CACHED_READ + MISSED * DATABASE_READ) * MICRO)
    yield _chat(audience)
    yield _one("indexer", audience.trades * INDEXING * MICRO)
    yield _one("outbox", audience.trades * PUBLISHING * MICRO)
    yield _one("worker", audience.trades * FIGURING * MICRO, BASE_MIB + audience.tokens * TOKEN_KIB // 1024)
    yield _one("keeper", 0.05)
    stored = audience.trades * (STORING + FIGURING) + reads * MISSED * DATABASE_READ
    yield _one("Postgres", stored * MICRO, 8 * LIMIT_MIB)
    yield _one("Redis", (audience.trades * PUBSUB + reads * MISSED * CACHED_READ) * MICRO, 2 * LIMIT_MIB)


def egress_mbit(audience: Audience) -> float:
    """Megabits a second of live events alone, headers and pages left out."""
    return sum(audience.tellings) * FRAME_BYTES * 8 / 1e6


def within_reach(audience: Audience) -> bool:
    """Whether those processes of which there is one get by with a core."""
    return all(part.cores <= 1 for part in parts(audience) if part.name in ("indexer", "outbox", "worker"))


def _chat(audience: Audience) -> Part:
    to_token, to_market = audience.tellings
    work = audience.users * HEARTBEAT + audience.pages_a_second * JOIN
    work += to_token * TELLING + to_market * TELLING_AT_ONCE
    sockets_each = (LIMIT_MIB - BASE_MIB) * 1024 // SOCKET_KIB
    door = _doors("chat", work * MICRO)
    return Part("chat", max(door.pods, math.ceil(audience.users / sockets_each)), door.cores, LIMIT_MIB)


def _doors(name: str, cores: float) -> Part:
    """As many processes of one core each as keep below what they should use, two at least."""
    return Part(name, max(2, math.ceil(cores / USED)), cores, LIMIT_MIB)


def _one(name: str, cores: float, mib: int = LIMIT_MIB) -> Part:
    return Part(name, 1, cores, mib)
