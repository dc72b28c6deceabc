"""What simulated people do all day, at a pace that leaves the machine to its owner."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from random import Random, SystemRandom
from typing import TypeVar

import httpx
import structlog
from websockets.exceptions import WebSocketException

from launchpad.config import Settings
from launchpad.demo import ideas, pictures
from launchpad.demo.guard import call_rpc
from launchpad.demo.habits import Habits, Token, is_crowded
from launchpad.demo.people import SOL, Person
from launchpad.demo.talk import Talker
from launchpad.demo.visitor import Visitor
from launchpad.errors import LaunchpadError

log = structlog.get_logger(__name__)

_FIRST_LAUNCHES = 4
_MOST_TOKENS = len(ideas.IDEAS)
_OPENING_TRADES = 60  # at a quick pace, so that the first charts have a shape
_SUPPLY = 10**18  # a billion whole tokens of nine decimals
_LEAST_BALANCE = 5 * SOL
_ALLOWANCE = 100 * SOL
_FAILURES = (LaunchpadError, httpx.HTTPError, WebSocketException, OSError, TimeoutError)

T = TypeVar("T")


@dataclass(frozen=True)
class News:
    """A trade that was just made, and that somebody may talk about."""

    visitor: Visitor
    token: Token
    side: str
    lamports: int


class Market:
    """Everybody's sessions, and the three things that they do."""

    def __init__(self, settings: Settings, people: list[Person], choice: Random | None = None) -> None:
        self._rpc_url = settings.rpc_urls[0]
        self._choice = choice or SystemRandom()
        self._stack = AsyncExitStack()
        self.visitors = [Visitor(person, settings, number) for number, person in enumerate(people)]
        self._talkers = {v.person.name: Talker(v) for v in self.visitors if v.person.talkative}
        self._habits = Habits(self._choice)
        self._launched: set[str] = set()
        self._said_last: dict[str, str] = {}
        self._news: list[News] = []

    async def open(self) -> None:
        """Give everybody something to spend."""
        for visitor in self.visitors:
            await self._stack.enter_async_context(visitor)
            self._stack.push_async_callback(self._hang_up, visitor.person.name)
            await self._fund(visitor)

    async def close(self) -> None:
        """End every session."""
        await self._stack.aclose()

    async def keep_launching(self) -> None:
        """A few tokens at once, later one every few minutes, until every idea is used."""
        while True:
            tokens = await self._quietly(self._tokens) or []
            if len(tokens) < _MOST_TOKENS:
                await self._quietly(partial(self.launch, {token["symbol"] for token in tokens}))
            await asyncio.sleep(4 if len(tokens) < _FIRST_LAUNCHES else self._choice.uniform(180, 420))

    async def keep_trading(self) -> None:
        """A trade every few seconds; quicker while there is little to see."""
        made = 0
        while True:
            if await self._quietly(self.trade):
                made += 1
            quick = made < _OPENING_TRADES
            await asyncio.sleep(self._choice.uniform(0.4, 1.0) if quick else self._choice.uniform(2, 6))

    async def keep_talking(self) -> None:
        """A line, an answer or a reaction every few seconds."""
        while True:
            await asyncio.sleep(self._choice.uniform(4, 14))
            await self._quietly(self.talk)

    async def launch(self, known: set[str]) -> str | None:
        """Somebody launches the next idea; the mint, or None where every idea was had."""
        fresh = [idea for idea in ideas.IDEAS if idea.symbol not in known | self._launched]
        if not fresh:
            return None
        idea, visitor = self._choice.choice(fresh), self._choice.choice(self.visitors)
        fields = {"name": idea.name, "symbol": idea.symbol, "description": idea.description}
        uri = await visitor.upload(fields, pictures.draw(idea.name))
        order = {
            "creator": visitor.person.address,
            "name": idea.name,
            "symbol": idea.symbol,
            "uri": uri,
            "supply": str(_SUPPLY),
            "first_buy": {"amount": str(self._habits.spending(visitor.person))},
        }
        built = await visitor.post("/api/launchpad/deploy-token", order)
        for transaction in built["transactions"]:
            await visitor.send(transaction)
        self._launched.add(idea.symbol)
        log.info("demo launched", symbol=idea.symbol, mint=built["mint"])
        return str(built["mint"])

    async def trade(self) -> bool:
        """Somebody buys or sells something; whether there was anything to trade."""
        tokens = [token for token in await self._tokens() if token["status"] == "trading" or token["venue"] != "curve"]
        if not tokens:
            return False
        visitor, token = self._choice.choice(self.visitors), self._habits.favourite(tokens)
        held = await self._held(visitor, token["mint"])
        if held and self._habits.sells(visitor.person, token):
            return await self._order(visitor, token, "sell", self._habits.part_of(held))
        if token["venue"] == "curve" and is_crowded(token):
            return False
        await self._fund(visitor)
        return await self._order(visitor, token, "buy", self._habits.spending(visitor.person))

    async def _order(self, visitor: Visitor, token: Token, side: str, amount: int) -> bool:
        order = {"mint": token["mint"], "wallet": visitor.person.address, "side": side, "amount": str(amount)}
        built = await visitor.post("/api/trade/build", order | {"slippage_bps": 1000})
        await visitor.send(built["transaction"])
        self._news = [*self._news[-5:], News(visitor, token, side, int(built["quote"]["curve_amount"]))]
        return True

    async def talk(self) -> None:
        """Somebody who just traded says so, or somebody says anything, answers, or reacts."""
        tokens = await self._tokens()
        speakers = [v for v in self.visitors if v.person.name in self._talkers]
        if not tokens or not speakers:
            return
        news = self._news.pop() if self._news else None
        if news is not None and news.visitor in speakers:
            visitor, token = news.visitor, news.token
            line = ideas.say(self._choice, token["symbol"], news.side, news.lamports)
        else:
            visitor, token = self._choice.choice(speakers), self._habits.favourite(tokens)
            line = ideas.say(self._choice, token["symbol"])
        await self._speak(self._talkers[visitor.person.name], token["mint"], line)

    async def _speak(self, talker: Talker, mint: str, line: str) -> None:
        last, dice = self._said_last.get(mint), self._choice.random()
        if last and dice < 0.25:  # noqa: PLR2004 - one in four
            await talker.react(mint, last, self._choice.choice(ideas.REACTIONS))
            return
        extra = {"reply_to": last} if last and dice < 0.45 else {}  # noqa: PLR2004 - one in five
        body = ideas.reply(self._choice) if extra else line
        ack = await talker.ask("message:send", mint, body=body, client_id=str(uuid.uuid4()), **extra)
        self._said_last[mint] = ack["id"]

    async def _tokens(self) -> list[Token]:
        page = await self.visitors[0].get("/api/v1/tokens", sort="launched_at", limit=30)
        return list(page["data"])

    async def _held(self, visitor: Visitor, mint: str) -> int:
        portfolio = await visitor.get(f"/api/v1/portfolio/{visitor.person.address}")
        return next((int(p["balance"]) for p in portfolio["data"] if p["mint"] == mint), 0)

    async def _fund(self, visitor: Visitor) -> None:
        address = visitor.person.address
        balance = await call_rpc(self._rpc_url, "getBalance", address)
        if isinstance(balance, dict) and int(balance["value"]) < _LEAST_BALANCE:
            await call_rpc(self._rpc_url, "requestAirdrop", address, _ALLOWANCE)

    async def _hang_up(self, name: str) -> None:
        if name in self._talkers:
            await self._talkers[name].close()

    async def _quietly(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do it; what goes wrong is noted, and tried again after a pause."""
        try:
            return await work()
        except _FAILURES as error:
            log.info("demo was refused", error=str(error))
            await asyncio.sleep(2)
            return None
