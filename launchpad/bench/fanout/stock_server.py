"""Stock python-socketio as it comes: emits one event to everybody, as often as each line of input says."""

import asyncio
import sys
from time import monotonic_ns

import socketio
import uvicorn


async def main() -> None:
    """Serve on a free port, which is printed, until the input ends."""
    sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
    app = socketio.ASGIApp(sio)
    config = uvicorn.Config(app, port=0, log_level="error", loop="uvloop", ws_per_message_deflate=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells no other way
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.gather(serving, _broadcast(sio, server))


async def _broadcast(sio: socketio.AsyncServer, server: uvicorn.Server) -> None:
    seq = 0
    while line := await asyncio.to_thread(sys.stdin.readline):
        count, size = map(int, line.split())
        for _ in range(count):
            seq += 1
            data = {"at": monotonic_ns(), "pad": "x" * size}
            await sio.emit("live", {"v": 1, "type": "trade", "channel": "market", "seq": seq, "data": data})
    server.should_exit = True


if __name__ == "__main__":
    asyncio.run(main())
