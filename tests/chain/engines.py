"""A block engine on loopback that speaks the documented shapes; what it takes it lands on a real cluster."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from launchpad.chain.keys import transaction_signature
from launchpad.chain.rpc import RpcPool
from tests.loopback import Asked, Loopback, Told


@dataclass
class Engine(Loopback):
    """One engine. `inflight` is what it says of every bundle; `refusal` is an HTTP status and a JSON-RPC error."""

    cluster: RpcPool | None = None
    accounts: list[str] = field(default_factory=list)
    inflight: str = "Pending"
    known: bool = False
    refusal: tuple[int, dict[str, Any] | None] | None = None
    refuses: frozenset[str] = frozenset()
    asked: list[tuple[str, str, list[Any], str]] = field(default_factory=list)
    bundles: dict[str, list[str]] = field(default_factory=dict)

    @property
    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [method for _, method, _, _ in self.asked]

    async def respond(self, asked: Asked) -> Told:
        """What it says of a bundle or a transaction."""
        method, params = asked.body["method"], asked.body["params"]
        self.asked.append((asked.target, method, params, asked.headers.get("x-jito-auth", "")))
        status, reply, more = await self._reply(method, params)
        return Told(orjson.dumps(reply) if reply is not None else b"Too many requests", status, more)

    async def _reply(self, method: str, params: list[Any]) -> tuple[int, dict[str, Any] | None, str]:
        if self.refusal and (not self.refuses or method in self.refuses):
            status, error = self.refusal
            return status, error and {"jsonrpc": "2.0", "error": error, "id": 1}, ""
        result, more = await getattr(self, f"_{method}")(params)
        return 200, {"jsonrpc": "2.0", "result": result, "id": 1}, more

    async def _getTipAccounts(self, _params):  # noqa: N802 - the method's name
        return self.accounts, ""

    async def _sendBundle(self, params):  # noqa: N802 - the method's name
        assert params[1] == {"encoding": "base64"}
        return await self._take(params[0]), ""

    async def _sendTransaction(self, params):  # noqa: N802 - the method's name
        assert params[1] == {"encoding": "base64"}
        bundle = await self._take([params[0]])
        return transaction_signature(params[0]), f"x-bundle-id: {bundle}\r\n"

    async def _getInflightBundleStatuses(self, params):  # noqa: N802 - the method's name
        values = [{"bundle_id": each, "status": self.inflight, "landed_slot": None} for each in params[0]]
        return {"context": {"slot": 280999028}, "value": values}, ""

    async def _getBundleStatuses(self, params):  # noqa: N802 - the method's name
        if not self.known:
            return None, ""
        values = [
            {
                "bundle_id": each,
                "transactions": self.bundles.get(each, []),
                "slot": 242806119,
                "confirmation_status": "confirmed",
                "err": {"Ok": None},
            }
            for each in params[0]
        ]
        return {"context": {"slot": 242806119}, "value": values}, ""

    async def _take(self, transactions: list[str]) -> str:
        signatures = [transaction_signature(each) for each in transactions]
        bundle = hashlib.sha256(",".join(signatures).encode()).hexdigest()
        self.bundles[bundle] = signatures
        if self.cluster:
            for each in transactions:
                await self.cluster.send(each)
        return bundle
