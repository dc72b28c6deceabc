"""`/sync`: a WebSocket that pushes the state of projects, wallets and the system while they change."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime

import orjson
import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from api.addresses import address_key
from api.services import Services
from launchpad.analytics.market import market
from launchpad.cache import Compute, Policy
from launchpad.errors import InvalidInputError, LaunchpadError
from launchpad.portfolio import service as portfolios
from launchpad.portfolio.balances import sol_balance
from launchpad.syncing import Topic, parse_topic
from launchpad.tokens.syncing import sync_state

router = APIRouter()
log = structlog.get_logger(__name__)

MAX_TOPICS = 50
TOO_MANY = 4429
_LONGEST = 16_384
_POSITIONS = 50
# One slot: a curve cannot say anything new sooner.
_SLOT = 0.4
_open: Counter[str] = Counter()


class SyncRequest(BaseModel):
    """What clients send: topics to follow from now on, and topics to leave."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subscribe: list[str] = Field([], max_length=MAX_TOPICS)
    unsubscribe: list[str] = Field([], max_length=MAX_TOPICS)


@router.websocket("/sync")
async def sync(socket: WebSocket) -> None:
    """Follow topics; closed with 4429 where an address has too many sockets open."""
    services: Services = socket.app.state.services
    key = address_key(socket.scope, services.settings)
    await socket.accept()
    if _open[key] >= services.settings.sockets_per_address:
        await socket.close(TOO_MANY, "Too many sockets of your address are open: close one.")
        return
    _open[key] += 1
    try:
        await Follower(services, socket).run()
    finally:
        _open[key] -= 1
        if not _open[key]:
            del _open[key]


class Follower:
    """One socket and what it follows. State that did not change is not sent again."""

    def __init__(self, services: Services, socket: WebSocket) -> None:
        self._services = services
        self._socket = socket
        self._topics: dict[Topic, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Take requests until the socket closes."""
        try:
            while True:
                await self._take(await self._socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            # Gone, or a binary frame, which nobody sends who means this.
            return
        finally:
            for task in self._topics.values():
                task.cancel()
            await asyncio.gather(*self._topics.values(), return_exceptions=True)

    async def _take(self, text: str) -> None:
        try:
            wanted, unwanted = self._understood(text)
        except InvalidInputError as error:
            await self._send(error.body())
            return
        for topic in unwanted:
            if task := self._topics.pop(topic, None):
                task.cancel()
        for topic in wanted:
            if topic not in self._topics:
                self._topics[topic] = asyncio.create_task(self._push(topic), name=f"sync {topic.name}")

    def _understood(self, text: str) -> tuple[list[Topic], list[Topic]]:
        """The topics to follow and those to leave; InvalidInputError, and then nothing changes."""
        if len(text) > _LONGEST:
            raise InvalidInputError(f"A message has at most {_LONGEST} characters: send several.")
        try:
            request = SyncRequest.model_validate_json(text)
        except ValidationError as error:
            message = f'Send {{"subscribe": [topic], "unsubscribe": [topic]}}: {error.errors()[0]["msg"]}.'
            raise InvalidInputError(message) from error
        wanted = [parse_topic(name) for name in request.subscribe]
        unwanted = [parse_topic(name) for name in request.unsubscribe]
        if len({*self._topics, *wanted} - {*unwanted}) > MAX_TOPICS:
            raise InvalidInputError(f"One socket follows {MAX_TOPICS} topics: leave some first.")
        return wanted, unwanted

    async def _push(self, topic: Topic) -> None:
        sent = b""
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                body = await self._read(topic)
                if body is not None and body != sent:
                    await self._send({"topic": topic.name, "at": datetime.now(UTC), "data": orjson.Fragment(body)})
                    sent = body
                await asyncio.sleep(topic.seconds(self._services.settings))

    async def _read(self, topic: Topic) -> bytes | None:
        """The state as JSON; None while a store does not answer."""
        policy, compute, key = self._source(topic)
        try:
            return (await self._services.cache.get(key, policy, compute)).body
        except LaunchpadError as error:
            return orjson.dumps(error.body())
        except (RedisError, SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("sync.waiting", topic=topic.kind, error=str(error))
            return None

    def _source(self, topic: Topic) -> tuple[Policy, Compute, str]:
        """How the state is had, shared by all who follow it; a project's also with `GET /api/sync/launchpad/`."""
        services, seconds = self._services, topic.seconds(self._services.settings)
        if topic.kind == "project":
            policy = Policy(ttl=_SLOT, channel=f"token:{topic.address}")
            return policy, lambda: _project(services, topic.address), f"/api/sync/launchpad/{topic.address}?"
        compute = (lambda: _wallet(services, topic.address)) if topic.kind == "user" else (lambda: _system(services))
        return Policy(ttl=seconds), compute, f"sync:{topic.name}"

    async def _send(self, told: dict[str, object]) -> None:
        async with self._sending:
            await self._socket.send_text(orjson.dumps(told, option=orjson.OPT_UTC_Z).decode())


async def _project(services: Services, mint: str) -> bytes:
    return (await sync_state(services.database, services.chain, mint)).model_dump_json(by_alias=True).encode()


async def _wallet(services: Services, wallet: str) -> bytes:
    balance = await sol_balance(services.chain, wallet)
    async with services.database.read() as session:
        found = await portfolios.portfolio(session, services.settings, wallet, _POSITIONS, None, balance)
    return found.model_dump_json(by_alias=True).encode()


async def _system(services: Services) -> bytes:
    async with services.database.look(behind=True) as look:
        return (await market(look, services.settings)).model_dump_json(by_alias=True).encode()
