"""Nodes that misbehave: real HTTP servers on loopback that answer as they are told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.loopback import Asked, Loopback, Told

Answer = Callable[[str, list[Any]], Any]


class Refuses(Exception):  # noqa: N818 - a node's JSON-RPC error, not ours
    def __init__(self, code: int, message: str = "no", data: Any = None) -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message, **({"data": data} if data is not None else {})}


@dataclass
class Node(Loopback):
    """One node. `answer(method, params)` gives results; `status` other than 200 gives that instead."""

    answer: Answer = lambda _method, _params: None
    status: int = 200
    raw: bytes | None = None
    calls: list[str] = field(default_factory=list)
    refused: int = 0

    async def respond(self, asked: Asked) -> Told:
        """Results of its methods, or what it was told to say instead."""
        self.refused += self.status != 200
        return Told(self.raw if self.raw is not None else orjson.dumps(self._reply(asked.body)), self.status)

    def _reply(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self._reply(each) for each in reversed(body)]
        self.calls.append(body["method"])
        reply = {"jsonrpc": "2.0", "id": body["id"]}
        try:
            return {**reply, "result": self.answer(body["method"], body["params"])}
        except Refuses as error:
            return {**reply, "error": error.body}
