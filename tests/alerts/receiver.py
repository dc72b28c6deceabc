"""A real HTTP server that takes what webhooks and push services take, and answers as a test wants."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Post:
    """One request: its path, headers in lower case, and body."""

    path: str
    headers: dict
    body: bytes


@dataclass
class Receiver:
    """`answers` are statuses, one for each request, then 204; None never answers."""

    url: str = ""
    posts: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.posts.append(Post(head[0].split()[1], headers, body))
        self.came.set()
        status = self.answers.pop(0) if self.answers else 204
        if status is None:
            return
        place = "Location: http://127.0.0.1:9/\r\n" if 300 <= status < 400 else ""
        writer.write(f"HTTP/1.1 {status} X\r\n{place}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async def wait(self, count):
        """The posts, once there are so many."""
        async with asyncio.timeout(90):
            while len(self.posts) < count:
                self.came.clear()
                await self.came.wait()
        return self.posts


@asynccontextmanager
async def receiving(port=0):
    """A receiver on a port of its own."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
