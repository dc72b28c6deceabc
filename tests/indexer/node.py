# ruff: noqa: N802, ARG002 - methods are called what the node's are called, and take what they take
"""A node with a script: it serves, over real HTTP and WebSocket, the blocks that a test gives it.

It can do what a lone cluster never does: let a fork die, stay silent on the WebSocket,
become another chain, go away and come back.
"""

import asyncio
from base64 import b64encode
from contextlib import suppress

import orjson
import uvicorn
from based58 import b58decode
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from websockets.asyncio.server import serve
from websockets.exceptions import WebSocketException

from launchpad.chain.addresses import TOKEN_2022
from launchpad.processes import free_port


class ScriptedNode:
    """`blocks` maps slots to `getTransaction` answers in the order of the block."""

    def __init__(self):
        self.genesis_hash = "genesis-1"
        self.blocks = {}
        self.head = self.finalized = 0
        self.first_available = 0
        self.silent = False
        self.calls = []
        self.token_accounts = []  # (mint, owner, account, amount)
        self._sockets = set()
        self.port = free_port()
        self.ws_port = free_port()

    @property
    def rpc_url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self):
        return f"ws://127.0.0.1:{self.ws_port}"

    async def start(self):
        app = Starlette(routes=[Route("/", self._serve, methods=["POST"])])
        config = uvicorn.Config(app, port=self.port, log_level="error", lifespan="off")
        self._http = uvicorn.Server(config)
        self._http.install_signal_handlers = lambda: None
        self._task = asyncio.create_task(self._http.serve())
        while not self._http.started:
            await asyncio.sleep(0.005)
        self._ws = await serve(self._hear, "127.0.0.1", self.ws_port)

    async def stop(self):
        self._ws.close()
        await self.hang_up()
        self._http.should_exit = True
        self._http.force_exit = True
        await self._task

    async def hang_up(self):
        """Close every WebSocket connection."""
        for socket in list(self._sockets):
            await socket.close(1012)

    # The script

    async def produce(self, answers):
        """Put answers into the blocks of their slots and tell the listeners."""
        for answer in answers:
            self.blocks.setdefault(answer["slot"], []).append(answer)
            self.head = max(self.head, answer["slot"])
        if not self.silent:
            for answer in answers:
                await self._notify(answer)

    def kill_fork(self, slots):
        """Those blocks were never on the chain."""
        for slot in slots:
            self.blocks.pop(slot, None)

    # Serving

    async def _notify(self, answer):
        value = {"signature": answer["transaction"]["signatures"][0], "err": answer["meta"]["err"], "logs": []}
        result = {"context": {"slot": answer["slot"]}, "value": value}
        for socket in list(self._sockets):
            for subscription in range(3):
                params = {"result": result, "subscription": subscription}
                note = {"jsonrpc": "2.0", "method": "logsNotification", "params": params}
                with suppress(OSError, WebSocketException):
                    await socket.send(orjson.dumps(note).decode())

    async def _hear(self, socket):
        self._sockets.add(socket)
        try:
            async for frame in socket:
                request = orjson.loads(frame)
                await socket.send(
                    orjson.dumps({"jsonrpc": "2.0", "id": request["id"], "result": request["id"]}).decode()
                )
        finally:
            self._sockets.discard(socket)

    async def _serve(self, request):
        body = orjson.loads(await request.body())
        answers = [self._answer(one) for one in body] if isinstance(body, list) else self._answer(body)
        return Response(orjson.dumps(answers), media_type="application/json")

    def _answer(self, request):
        method, params = request["method"], request.get("params") or []
        self.calls.append(method)
        result = getattr(self, f"_{method}")(*params)
        key = "error" if isinstance(result, dict) and "code" in result else "result"
        return {"jsonrpc": "2.0", "id": request["id"], key: result}

    def _all(self):
        return [answer for slot in sorted(self.blocks) for answer in self.blocks[slot]]

    def _find(self, signature):
        return next((one for one in self._all() if one["transaction"]["signatures"][0] == signature), None)

    def _getGenesisHash(self):
        return self.genesis_hash

    def _getFirstAvailableBlock(self):
        return self.first_available

    def _getSlot(self, config):
        return self.finalized if config["commitment"] == "finalized" else self.head

    def _getSignaturesForAddress(self, address, config):
        listed = []
        before = config.get("before")
        for answer in reversed(self._all()):
            signature = answer["transaction"]["signatures"][0]
            if signature == config.get("until"):
                break
            if before is None and address in answer["transaction"]["message"]["accountKeys"]:
                listed.append({"signature": signature, "slot": answer["slot"], "err": answer["meta"]["err"]})
            if signature == before:
                before = None
        return listed[: config["limit"]]

    def _getTransaction(self, signature, config):
        return self._find(signature)

    def _getBlocks(self, first, last, config):
        return [slot for slot in sorted(self.blocks) if first <= slot <= last]

    def _getBlock(self, slot, config):
        if slot not in self.blocks:
            return {"code": -32007, "message": f"Slot {slot} was skipped"}
        if config["transactionDetails"] == "signatures":
            return {"signatures": [one["transaction"]["signatures"][0] for one in self.blocks[slot]]}
        entries = [{name: one[name] for name in ("transaction", "meta", "version")} for one in self.blocks[slot]]
        return {"blockTime": self.blocks[slot][0]["blockTime"], "transactions": entries}

    def _getSignatureStatuses(self, signatures, config):
        return {"value": [self._status(self._find(signature)) for signature in signatures]}

    def _status(self, answer):
        if answer is None:
            return None
        level = "finalized" if answer["slot"] <= self.finalized else "confirmed"
        return {"slot": answer["slot"], "err": answer["meta"]["err"], "confirmationStatus": level}

    def _getAccountInfo(self, address, config):
        return {"value": {"owner": TOKEN_2022, "data": ["", "base64"]}}

    def _getProgramAccounts(self, program, config):
        mint = config["filters"][0]["memcmp"]["bytes"]
        slices = {
            account: b58decode(owner.encode()) + amount.to_bytes(8, "little")
            for of, owner, account, amount in self.token_accounts
            if of == mint
        }
        return [
            {"pubkey": account, "account": {"data": [b64encode(data).decode(), "base64"]}}
            for account, data in slices.items()
        ]
