"""An aggregator on loopback that speaks the documented shapes, honestly or not."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message, MessageV0
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from launchpad.chain import pda
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL, pubkey
from tests.loopback import Asked, Loopback, Told

Answer = tuple[int, Any]


@dataclass
class Aggregator(Loopback):
    """One aggregator: `quote(params)` and `swap(body)` give a status and a body (bytes go out as they are)."""

    quote: Callable[[dict[str, str]], Awaitable[Answer]]
    swap: Callable[[dict[str, Any]], Awaitable[Answer]] | None = None
    more_headers: str = ""
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it quotes and builds swaps."""
        return f"{super().url}/swap/v1"

    async def respond(self, asked: Asked) -> Told:
        """A quote or a swap."""
        status, body = await self._answer(asked.method, urlsplit(asked.target), asked.headers, asked.body or {})
        return Told(body if isinstance(body, bytes) else orjson.dumps(body), status, self.more_headers)

    async def _answer(self, method, target, headers, body) -> Answer:
        self.asked.append((f"{method} {target.path}", headers, body))
        if (method, target.path) == ("GET", "/swap/v1/quote"):
            return await self.quote({name: values[0] for name, values in parse_qs(target.query).items()})
        assert (method, target.path) == ("POST", "/swap/v1/swap")
        assert self.swap
        return await self.swap(body)


def quote_body(params: dict[str, str], out: int, **changes: Any) -> dict[str, Any]:
    """A quote by the documented shape, over one pool."""
    amount, slippage = int(params["amount"]), int(params["slippageBps"])
    exact_in = params["swapMode"] == "ExactIn"
    paid, got = (amount, out) if exact_in else (out, amount)
    worst = out * (10_000 - slippage) // 10_000 if exact_in else -(-out * (10_000 + slippage) // 10_000)
    mints = {"inputMint": params["inputMint"], "outputMint": params["outputMint"]}
    amounts = {"inAmount": str(paid), "outAmount": str(got)}
    pool = changes.pop("pool", "HXpGFJGCEEFdV31tDmjDBaJMEB1fKLiAoKoWr3Fnonid")
    info = {"ammKey": pool, "label": "Raydium CP", **mints, **amounts, "feeAmount": "1", "feeMint": mints["inputMint"]}
    body = {
        **mints,
        **amounts,
        "otherAmountThreshold": str(worst),
        "swapMode": params["swapMode"],
        "slippageBps": slippage,
        "priceImpactPct": "0.0001",
        "platformFee": None,
        "routePlan": [{"swapInfo": info, "percent": 100, "bps": 10_000}],
        "contextSlot": 324307186,
        "timeTaken": 0.012,
        "simplerRouteUsed": False,
    }
    return body | changes


def unsigned(payer, instructions, blockhash, *, tables=(), legacy=False):
    """A transaction that nobody has signed, as an aggregator sends it."""
    if legacy:
        message = Message.new_with_blockhash(instructions, pubkey(payer), Hash.from_string(blockhash))
    else:
        message = MessageV0.try_compile(pubkey(payer), instructions, list(tables), Hash.from_string(blockhash))
    blank = [Signature.default()] * message.header.num_required_signatures
    return base64.b64encode(bytes(VersionedTransaction.populate(message, blank))).decode()


def close(owner):
    """The wrapped SOL account of a wallet, closed into the wallet."""
    account = pda.associated_token(owner, WRAPPED_SOL, TOKEN)
    metas = [AccountMeta(pubkey(each), is_signer=False, is_writable=True) for each in (account, owner)]
    return Instruction(pubkey(TOKEN), b"\x09", [*metas, AccountMeta(pubkey(owner), is_signer=True, is_writable=False)])
