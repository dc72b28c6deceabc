"""Thousands of Socket.IO clients in one process of their own, that only count.

They have to cost less than the server that they measure: one epoll loop over plain
sockets, one buffer, and no frame taken apart. All text on these connections is
ASCII, so byte strings that only a header can hold find the few frames that have to
be answered. Commands come as lines of JSON, answers go the same way.
"""

import os
import re
import select
import socket
import sys
import time
from base64 import b64encode
from typing import Any

import orjson

MARK = b'["live",'
RESYNC = b'["resync",'
_STAMPED = b'"at":'
_STAMP = re.compile(rb'"at":(\d+),')
# When it came (nanoseconds), to which socket, and what it is.
Chunk = tuple[int, int, bytes]
_SHORT = 64
_ENGINE_PING, _PING_HEAD = b"\x81\x012", b"\x89\x04"
_AT_ONCE = 100
_READ = 1 << 18
# Longer than a frame: what is kept of a chunk whose last frame is not complete.
_KEPT = 2048


class Listener:
    """One connection: its place in the handshake, and the end of its last chunk."""

    __slots__ = ("greeted", "joined", "opened", "rest", "socket", "stalled")

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.rest = b""
        self.opened = self.greeted = self.joined = self.stalled = False


class Listeners:
    """`size` sockets to one server, each greeting with `hello` once it is in."""

    def __init__(self, port: int, size: int, hello: str, receive_buffer: int) -> None:
        self._port, self._hello, self._receive_buffer = port, hello, receive_buffer
        self._poll = select.epoll()
        self._all: dict[int, Listener] = {}
        self._buffer = bytearray(_READ)
        self._view = memoryview(self._buffer)
        self._joined = self.counted = self.resynced = self.lost = 0
        self.chunks: list[Chunk] | None = None
        for first in range(0, size, _AT_ONCE):
            wanted = min(first + _AT_ONCE, size)
            for _ in range(wanted - first):
                self._connect()
            while self._joined < wanted:
                self.turn(1.0)

    def __len__(self) -> int:
        return len(self._all)

    def watch_input(self) -> None:
        """Let `turn` return when a command has come."""
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)

    def turn(self, timeout: float) -> bool:
        """Read whatever has come to any socket; whether a command has come."""
        commanded = False
        for number, _ in self._poll.poll(timeout, len(self._all) + 1):
            listener = self._all.get(number)
            if listener is None:
                commanded = True
            else:
                self._read(listener)
        return commanded

    def stall(self, count: int) -> None:
        """Let the newest `count` sockets stop reading."""
        for number in list(self._all)[-count:]:
            self._all[number].stalled = True
            self._poll.unregister(number)

    def read_again(self) -> int:
        """Let those that were stalled read again; how many they are."""
        stalled = [number for number, listener in self._all.items() if listener.stalled]
        for number in stalled:
            self._all[number].stalled = False
            self._poll.register(number, select.EPOLLIN)
        return len(stalled)

    def _connect(self) -> None:
        connected = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if self._receive_buffer:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        connected.connect(("127.0.0.1", self._port))
        key = b64encode(os.urandom(16)).decode()
        connected.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        connected.setblocking(False)
        self._all[connected.fileno()] = Listener(connected)
        self._poll.register(connected.fileno(), select.EPOLLIN)

    def _read(self, listener: Listener) -> None:
        try:
            size = listener.socket.recv_into(self._buffer)
        except OSError:
            size = 0
        if not size:
            self._lose(listener)
        elif not listener.joined:
            self._greet(listener, bytes(self._view[:size]))
        elif self.chunks is not None:
            self._time(listener, size, self.chunks)
        else:
            self._count(listener, size)

    def _lose(self, listener: Listener) -> None:
        del self._all[listener.socket.fileno()]
        listener.socket.close()
        self.lost += 1

    def _greet(self, listener: Listener, chunk: bytes) -> None:
        data = listener.rest = listener.rest + chunk
        if not listener.opened and b'0{"sid"' in data:
            listener.opened = True
            _say(listener.socket, "40")
        if b'40{"sid"' in data and self._hello and not listener.greeted:
            listener.greeted = True
            _say(listener.socket, self._hello)
        if (b"430[" if self._hello else b'40{"sid"') in data:
            listener.joined, listener.rest = True, b""
            self._joined += 1

    def _count(self, listener: Listener, size: int) -> None:
        buffer, edge = self._buffer, len(MARK) - 1
        found = buffer.count(MARK, 0, size)
        if listener.rest:
            found += (listener.rest + self._view[: min(edge, size)]).count(MARK)
        self.counted += found
        listener.rest = bytes(self._view[max(0, size - edge) : size])
        self._answer(listener, buffer, size)

    def _answer(self, listener: Listener, buffer: bytearray | bytes, size: int) -> None:
        if buffer.find(_ENGINE_PING, 0, size) >= 0:
            _say(listener.socket, "3")
        at = buffer.find(_PING_HEAD, 0, size)
        if at >= 0:
            listener.socket.send(b"\x8a\x84\0\0\0\0" + buffer[at + 2 : at + 6])
        if buffer.find(RESYNC, 0, size) >= 0:
            self.resynced += 1

    def _time(self, listener: Listener, size: int, chunks: list[Chunk]) -> None:
        """Only note what came when: taking it apart here would delay the sockets that are read next."""
        chunks.append((time.monotonic_ns(), listener.socket.fileno(), bytes(self._view[:size])))
        self.counted += self._buffer.count(_STAMPED, 0, size)
        if size < _SHORT:
            self._answer(listener, self._buffer, size)


def _say(connected: socket.socket, text: str) -> None:
    """Send a short text frame, masked with zeros."""
    body = text.encode()
    connected.send(bytes((0x81, 0x80 | len(body), 0, 0, 0, 0)) + body)


class Desk:
    """Carries out the commands, one at a time."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    def count(self, frames: int, seconds: float) -> dict[str, Any]:
        """Wait for that many frames over all sockets; when they were there, and how busy this process was."""
        listeners = self._listeners
        listeners.counted = 0
        _write({"ready": True})
        started, worked = time.perf_counter(), time.process_time()
        while listeners.counted < frames and time.perf_counter() - started < seconds:
            listeners.turn(0.5)
        now = time.perf_counter()
        return {
            "at": now,
            "counted": listeners.counted,
            "busy": (time.process_time() - worked) / (now - started),
            "lost": listeners.lost,
        }

    def time(self, frames: int, seconds: float) -> dict[str, Any]:
        """The delays in milliseconds of that many stamped frames."""
        listeners = self._listeners
        chunks: list[Chunk] = []
        listeners.chunks, listeners.counted = chunks, 0
        _write({"ready": True})
        deadline = time.perf_counter() + seconds
        while listeners.counted < frames and time.perf_counter() < deadline:
            listeners.turn(0.5)
        listeners.chunks = None
        delays = _delays(chunks)
        ordered = sorted(delays)
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        at = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1e6 for name, share in shares.items()}
        return {"counted": len(delays), **at}

    def stall(self, sockets: int) -> dict[str, Any]:
        """Let some stop reading."""
        self._listeners.stall(sockets)
        return {}

    def read_again(self, seconds: float) -> dict[str, Any]:
        """Let them read on; how many were told to resync."""
        listeners = self._listeners
        stalled = listeners.read_again()
        deadline = time.perf_counter() + seconds
        while listeners.resynced < stalled and time.perf_counter() < deadline:
            listeners.turn(0.5)
        return {"resynced": listeners.resynced, "lost": listeners.lost}

    def hold(self, seconds: float) -> dict[str, Any]:
        """Only answer pings for so long; how many are still connected."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self._listeners.turn(left)
        return {"open": len(self._listeners)}


def _delays(chunks: list[Chunk]) -> list[int]:
    """From the stamp of each frame to when its chunk came, in nanoseconds."""
    rests: dict[int, bytes] = {}
    delays = []
    for came, number, chunk in chunks:
        data, end = rests.get(number, b"") + chunk, 0
        for found in _STAMP.finditer(data):
            delays.append(came - int(found[1]))
            end = found.end()
        rests[number] = data[end:][-_KEPT:]
    return delays


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Connect, then do what the lines of input say until it ends."""
    port, size, hello, receive_buffer = sys.argv[1:]
    started = time.perf_counter()
    listeners = Listeners(int(port), int(size), hello, int(receive_buffer))
    _write({"joined": len(listeners), "seconds": time.perf_counter() - started})
    listeners.watch_input()
    desk = Desk(listeners)
    while True:
        if not listeners.turn(1.0):
            continue
        line = sys.stdin.buffer.readline()
        if not line:
            return
        command = orjson.loads(line)
        _write(getattr(desk, command.pop("do"))(**command))


if __name__ == "__main__":
    main()
