"""The sockets of this process: who is behind each, and how fast it may talk."""

import time
from collections import Counter
from dataclasses import dataclass, field

EVENTS_PER_SECOND = 20
EVENT_BURST = 40
CHANNELS_PER_SOCKET = 50


@dataclass
class Bucket:
    """A token bucket: `rate` per second, at most `burst` at once."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    filled_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, cost: float = 1) -> float:
        """Take `cost` tokens; 0.0 when they were there, else how many seconds to wait for them."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens >= cost:
            self.tokens -= cost
            return 0.0
        return (cost - self.tokens) / self.rate


@dataclass
class Connection:
    """One socket. `session` is the hash of the session behind it, None for a reader."""

    sid: str
    engine_sid: str
    ip: str
    session: str | None
    rooms: set[str] = field(default_factory=set)
    events: Bucket = field(default_factory=lambda: Bucket(EVENTS_PER_SECOND, EVENT_BURST))


class Connections:
    """Every socket of this process, by its Socket.IO id, counted per network address."""

    def __init__(self, per_address: int) -> None:
        self._per_address = per_address
        self._by_sid: dict[str, Connection] = {}
        self._per_ip: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._by_sid)

    def has_place(self, ip: str) -> bool:
        """Whether one more socket from `ip` is welcome."""
        return self._per_ip[ip] < self._per_address

    def add(self, connection: Connection) -> None:
        """Remember a socket."""
        self._by_sid[connection.sid] = connection
        self._per_ip[connection.ip] += 1

    def get(self, sid: str) -> Connection | None:
        """The socket, unless it is gone."""
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> Connection | None:
        """Forget a socket and return it."""
        connection = self._by_sid.pop(sid, None)
        if connection is not None:
            self._per_ip[connection.ip] -= 1
            if not self._per_ip[connection.ip]:
                del self._per_ip[connection.ip]
        return connection
