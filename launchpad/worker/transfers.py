"""Balances that move without a trade: token accounts of the tokens in use, heard of as they change.

The indexer hears of transactions that touch our programs; a plain transfer touches none.
So the accounts of the tokens that move are watched, by programSubscribe over one WebSocket.
What is heard is only a hint: an account that still differs from its row after the indexer
had time to follow is read from the chain, as reconciliation does it for all of them.
"""

import contextlib
import itertools
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
import structlog
from websockets.asyncio.client import ClientConnection

from launchpad.chain.borsh import UndecodableError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sockets import SOCKET_LOST, keep_connected
from launchpad.chain.tokens import TokenAccount, accounts_of_mint, data_of, parse_token_account
from launchpad.config import Settings
from launchpad.db import Database, connect_directly
from launchpad.indexer import repair
from launchpad.worker import queries

log = structlog.get_logger(__name__)

# How long the indexer has to tell of a change itself.
PATIENCE_SECONDS = 2.0
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an account was said to hold, and when (time.monotonic())."""

    account: TokenAccount
    at: float


@dataclass
class TransferWatch:
    """The accounts of at most `settings.watched_tokens` tokens, those that moved last.

    `listen` never ends; `choose` and `settle` are to be done every few seconds.
    """

    settings: Settings
    database: Database
    rpc: RpcPool
    _heard: dict[str, _Heard] = field(default_factory=dict)
    _subscriptions: dict[str, int] = field(default_factory=dict)  # mint to subscription
    _asked: dict[int, str] = field(default_factory=dict)  # request to mint
    _socket: ClientConnection | None = None
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def listen(self) -> None:
        """Hear of changes until cancelled."""
        if self.settings.watched_tokens and self.settings.ws_urls:
            await keep_connected(self.settings.ws_urls, self._listen, "transfers")

    async def choose(self) -> None:
        """Follow the tokens that move now, and no others."""
        if self._socket is None:
            return
        async with self.database.read() as session:
            wanted = await queries.moving_tokens(session, self.settings.watched_tokens)
        # A connection that was lost meanwhile begins anew with the next one.
        with contextlib.suppress(*SOCKET_LOST):
            await self._follow(self._socket, wanted)

    async def settle(self) -> None:
        """Bring the rows up to date of what was heard long enough ago for the indexer to have told of it."""
        before = time.monotonic() - PATIENCE_SECONDS
        ripe = {address: heard.account for address, heard in self._heard.items() if heard.at <= before}
        for address in ripe:
            del self._heard[address]
        if ripe:
            await self._correct(ripe)

    async def _follow(self, socket: ClientConnection, wanted: Mapping[str, str]) -> None:
        for mint in self._subscriptions.keys() - wanted.keys():
            await self._send(socket, "programUnsubscribe", [self._subscriptions.pop(mint)])
        for mint in wanted.keys() - self._subscriptions.keys() - set(self._asked.values()):
            config = {"encoding": "base64", "commitment": "confirmed", "filters": accounts_of_mint(mint)}
            self._asked[await self._send(socket, "programSubscribe", [wanted[mint], config])] = mint

    async def _send(self, socket: ClientConnection, method: str, params: list[Any]) -> int:
        number = next(self._ids)
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        await socket.send(orjson.dumps(request).decode())
        return number

    async def _listen(self, socket: ClientConnection) -> None:
        self._subscriptions.clear()
        self._asked.clear()
        self._socket = socket
        try:
            await self._hear(socket)
        finally:
            self._socket = None

    async def _hear(self, socket: ClientConnection) -> None:
        async for frame in socket:
            message = orjson.loads(frame)
            if "method" in message:
                self._notice(message["params"]["result"]["value"])
            elif mint := self._asked.pop(message.get("id", 0), None):
                if "result" in message:
                    self._subscriptions[mint] = message["result"]
                else:
                    log.warning("transfers.subscription_refused", mint=mint, answer=message.get("error"))

    def _notice(self, value: dict[str, Any]) -> None:
        try:
            account = parse_token_account(data_of(value["account"]))
        except UndecodableError:  # a closed account has no bytes; its transfer is heard of by the receiver's
            return
        self._heard[value["pubkey"]] = _Heard(account, time.monotonic())

    async def _correct(self, heard: dict[str, TokenAccount]) -> None:
        """Read from the chain the accounts whose rows differ from what was heard of them."""
        async with self.database.read() as session:
            stored = await queries.stored_balances(session, list(heard))
        differing: defaultdict[str, list[str]] = defaultdict(list)
        for address, account in heard.items():
            known = stored.get(address, (account.owner, 0))
            if known != (account.owner, account.amount):
                differing[account.mint].append(address)
        if differing:
            connection = await connect_directly(self.settings.require_database())
            try:
                for mint, addresses in differing.items():
                    await self._mend(connection, mint, addresses)
            finally:
                connection.terminate()

    async def _mend(self, connection: asyncpg.Connection, mint: str, addresses: Sequence[str]) -> None:
        for start in range(0, len(addresses), _AT_ONCE):
            some = addresses[start : start + _AT_ONCE]
            mended = await repair.correct_balances(connection, self.rpc, mint, some)
            log.debug("transfers.followed", mint=mint, accounts=mended)
