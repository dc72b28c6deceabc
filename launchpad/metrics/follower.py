"""Keeping the figures: a turn reads what moved since the last one and writes the rows that changed by it.

Nothing of it depends on having seen every turn. A start reads the longest window again; a token
whose totals differ from its curve's (a trade that came late, a fork, a repair) is read again on
its own. Figures are written as they are now, so that writing them twice changes nothing.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice

import asyncpg
import structlog

from launchpad.config import Settings
from launchpad.db import Database, commit_without_waiting, connect_directly
from launchpad.indexer.position import pack, slot_of
from launchpad.metrics import queries_store as store
from launchpad.metrics.milestones import Milestones
from launchpad.metrics.queries_store import Facts
from launchpad.metrics.rows import Judged, line
from launchpad.metrics.scores import Distribution
from launchpad.metrics.windows import HORIZON, Board, TokenWindows, Trade
from launchpad.prices import service as prices
from launchpad.prices.service import SolPrice

log = structlog.get_logger(__name__)

# Transactions of neighbouring slots may be stored in another order than they happened.
LOOK_BACK_SLOTS = 2
# Allocations until the collector looks at its generations: the younger two as usual, the oldest seldom.
COLLECTOR = (50_000, 20, 50)
# Tokens that nobody trades may wait for their turn when there are many.
ROWS_A_TURN = 5_000
AUDIT_SECONDS = 2.0
AUDIT_SHARE = 20
CLEAN_SECONDS = 300.0
DISTRIBUTIONS_AT_ONCE = 50
DISTRIBUTION_SECONDS = 0.1
# The more hold a token, the less often is it worked out who.
REST_SECONDS = 2.0
HOLDERS_A_SECOND = 100
SWEPT_AT_ONCE = 5_000
READ_AGAIN_AT_ONCE = 1_000
# As much is worked out while Postgres is busy with what it was asked before, and while others wait for the loop.
TRADES_AT_ONCE = 500
ROWS_AT_ONCE = 500
_MINUTE = 60


@dataclass
class Turn:
    """What one turn came to."""

    trades: int = 0
    rows: int = 0
    read_again: int = 0
    distributions: int = 0


@dataclass
class _Seen:
    """What a turn found: tokens to write, those to read again, those that trades moved, what is known by now."""

    facts: dict[str, Facts] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    distributions: int = 0


class Follower:
    """Keeps `token_metrics` true. One of several works, the others wait for its lock."""

    def __init__(self, settings: Settings, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._milestones = Milestones(settings)
        self._connection: asyncpg.Connection | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.board = Board(0)
        self._genesis: str | None = None
        self._position = 0
        self._recent: set[int] = set()
        self._retraction = 0
        self._facts: dict[str, Facts] = {}
        self._held: dict[str, Distribution] = {}
        self._held_at: dict[str, datetime | None] = {}
        self._pending: dict[str, None] = {}
        # When a distribution may be worked out again, and for whom it is waited.
        self._rest: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._next_audit = self._next_clean = 0.0

    async def run(self) -> Turn:
        """One turn; does nothing while another process keeps the figures."""
        try:
            connection = await self._connected()
            if connection is None:
                return Turn()
            return await self._turn(connection)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let go of the connection and of everything that is known."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
        self._begin_anew()

    async def _connected(self) -> asyncpg.Connection | None:
        if self._connection is None or self._connection.is_closed():
            self._begin_anew()
            self._connection = await connect_directly(self._settings.require_database())
            # Figures can be worked out again.
            await commit_without_waiting(self._connection)
            await store.make_room(self._connection)
        return self._connection if await store.try_lock(self._connection) else None

    async def _turn(self, connection: asyncpg.Connection) -> Turn:
        now = int(self._clock())
        turn = Turn()
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            genesis = await store.genesis(connection)
            if genesis != self._genesis or not self.board.now:
                await self._begin(connection, genesis, now)
            seen = await self._look(connection, now, turn)
            await self._read_again(connection, seen.again)
            mints = self._choose(seen)
            await self._learn(connection, seen, mints)
            turn.distributions = seen.distributions or await self._distribute(connection, mints)
        sol = await self._sol_price()
        # A ranking does without a fresh price; dollars that are told do not.
        turn.rows, turn.read_again = await self._write(connection, mints, sol.value if sol else None), len(seen.again)
        await self._clean(connection)
        rate = sol.value if sol and not sol.stale else None
        await self._milestones.tell(self._database, rate, self._reachers(mints))
        return turn

    # Reading

    async def _begin(self, connection: asyncpg.Connection, genesis: str | None, now: int) -> None:
        """Read the longest window of every token, as if nothing had been known."""
        began = time.monotonic()
        _spare_the_collector()
        self._begin_anew()
        self._genesis = genesis
        self._milestones.reached = await store.milestones(connection)
        self.board = Board(now)
        self._position = await store.newest_position(connection)
        self._retraction = await store.newest_retraction(connection)
        mints = await store.traded_since(connection, _since(now))
        await self._read_all(connection, mints, whole=True)
        self._pending = dict.fromkeys([*self.board.tokens, *await store.trading(connection)])
        floor = _floor(self._position)
        self._recent = {trade.position for trade in await store.trades_after(connection, floor)}
        _spare_the_collector()
        log.info("metrics.started", tokens=len(mints), seconds=round(time.monotonic() - began, 2))

    async def _look(self, connection: asyncpg.Connection, now: int, turn: Turn) -> _Seen:
        """What moved since the last turn."""
        seen = _Seen()
        trades = await store.trades_after(connection, _floor(self._position))
        fresh = [trade for trade in trades if trade.position not in self._recent]
        asking = asyncio.create_task(self._ask(connection, list(dict.fromkeys(trade.mint for trade in fresh)), seen))
        try:
            await self._take_all(fresh, seen)
        finally:
            await asking
        turn.trades = len(fresh)
        if trades:
            self._position = max(self._position, trades[-1].position)
        floor = _floor(self._position)
        self._recent = {trade.position for trade in trades if trade.position > floor}
        expired = self.board.advance(now)
        self._pending.update(dict.fromkeys(expired))
        seen.touched.update(dict.fromkeys([*seen.moved, *seen.again]))
        return seen

    async def _ask(self, connection: asyncpg.Connection, mints: Sequence[str], seen: _Seen) -> None:
        """What Postgres can look up while trades are taken in: `mints` are those that they move."""
        seen.facts = await store.facts(connection, mints)
        self._retraction, retracted = await store.retractions(connection, self._retraction)
        seen.again |= retracted
        seen.touched.update(dict.fromkeys(await store.without_figures(connection)))
        await self._audit(connection, seen)
        seen.distributions = await self._distribute(connection, ())

    async def _take_all(self, trades: Sequence[Trade], seen: _Seen) -> None:
        for start in range(0, len(trades), TRADES_AT_ONCE):
            await asyncio.sleep(0)
            for trade in trades[start : start + TRADES_AT_ONCE]:
                self._take(trade, seen)

    def _take(self, trade: Trade, seen: _Seen) -> None:
        token = self.board.tokens.get(trade.mint)
        if token is None or trade.position <= token.position:
            seen.again.add(trade.mint)
        elif trade.mint not in seen.again:
            self.board.add(trade)
        seen.moved.add(trade.mint)

    async def _audit(self, connection: asyncpg.Connection, seen: _Seen) -> None:
        """Compare every row with its curve now and then: what did not come by trades is found so."""
        began = time.monotonic()
        if began < self._next_audit:
            return
        seen.touched.update(dict.fromkeys(await store.differing(connection)))
        spent = time.monotonic() - began
        self._next_audit = began + max(AUDIT_SECONDS, AUDIT_SHARE * spent)

    async def _read_again(self, connection: asyncpg.Connection, mints: Iterable[str]) -> None:
        """Fold the longest window of these tokens anew."""
        wanted = sorted(mints)
        for start in range(0, len(wanted), READ_AGAIN_AT_ONCE):
            await self._read_all(connection, wanted[start : start + READ_AGAIN_AT_ONCE], whole=False)

    async def _read_all(self, connection: asyncpg.Connection, mints: Sequence[str], *, whole: bool) -> None:
        since = _since(self.board.now)
        before = await store.prices_before(connection, mints, since)
        self.board.close(mints)
        facts = await store.facts(connection, mints)
        self._facts.update(facts)
        for mint, price in before.items():
            if mint in facts:
                self.board.open(TokenWindows(mint, price, facts[mint].trades, facts[mint].volume))
        async for page in store.trades_since(connection, since, None if whole else mints):
            for trade in page:
                if trade.mint in self.board.tokens:
                    self.board.add(trade, counted=False)

    def _choose(self, seen: _Seen) -> list[str]:
        """Whom to write: all that moved, and as many of those that only lost something as there is room for."""
        room = max(0, ROWS_A_TURN - len(seen.touched))
        waiting = [mint for mint in self._pending if mint not in seen.touched][:room]
        chosen = [*seen.touched, *waiting]
        for mint in chosen:
            self._pending.pop(mint, None)
        return chosen

    async def _learn(self, connection: asyncpg.Connection, seen: _Seen, mints: Sequence[str]) -> None:
        """What the chain's rows say of the tokens that moved; whose totals differ is read again."""
        unknown = [mint for mint in mints if mint in seen.touched or mint not in self._facts]
        rest = [mint for mint in unknown if mint not in seen.facts]
        facts = seen.facts | await store.facts(connection, rest)
        for mint in unknown:
            if mint not in facts:
                self._facts.pop(mint, None)
                self.board.close([mint])
        self._facts.update(facts)
        differing = {mint for mint in facts if not self._agrees(facts[mint])} - seen.again
        seen.again |= differing
        await self._read_again(connection, differing)
        strangers = [mint for mint in mints if mint in self._facts and mint not in self._held]
        stored = await store.stored_distributions(connection, strangers)
        for mint in strangers:
            known = stored.get(mint)
            self._held[mint] = known.held if known else Distribution()
            self._held_at[mint] = known.at if known else None
            if known is None:
                self._due.setdefault(mint, 0.0)
        for mint in seen.moved | seen.again:
            self._due.setdefault(mint, self._rest.get(mint, 0.0))

    def _agrees(self, fact: Facts) -> bool:
        """Whether the windows have every trade that the curve counted; without windows there is nothing to compare."""
        token = self.board.tokens.get(fact.mint)
        if token is not None:
            return (token.trades, token.volume) == (fact.trades, fact.volume)
        last = fact.last_trade_at
        return last is None or last < _since(self.board.now)

    async def _distribute(self, connection: asyncpg.Connection, mints: Sequence[str]) -> int:
        """Work out who holds the tokens that are due, for as long as a turn has time for it."""
        began, done = time.monotonic(), 0
        present = set(mints)
        while not done or time.monotonic() - began < DISTRIBUTION_SECONDS:
            due = (mint for mint, moment in self._due.items() if moment <= began and mint in self._facts)
            chunk = list(islice(due, DISTRIBUTIONS_AT_ONCE))
            if not chunk:
                break
            found = await store.distributions(connection, chunk)
            moment = datetime.now(UTC)
            for mint in chunk:
                del self._due[mint]
                held = self._held[mint] = found.get(mint, Distribution())
                self._held_at[mint] = moment
                self._rest[mint] = began + REST_SECONDS + held.holders / HOLDERS_A_SECOND
                if mint not in present:
                    self._pending[mint] = None
            done += len(chunk)
        return done

    # Writing

    async def _write(self, connection: asyncpg.Connection, mints: Sequence[str], sol: Decimal | None) -> int:
        """Write a row for each, in one transaction; the next rows are worked out while Postgres stores those before."""
        by = Judged(self._settings.score_mode, sol, datetime.now(UTC))
        known = [self._facts[mint] for mint in mints if mint in self._facts]
        saving: asyncio.Task[None] | None = None
        async with connection.transaction():
            try:
                for piece, start in enumerate(range(0, len(known), ROWS_AT_ONCE)):
                    lines = self._lines(known[start : start + ROWS_AT_ONCE], by)
                    if saving is not None:
                        await saving
                    await store.hand_in(connection, lines, piece)
                    saving = asyncio.create_task(store.save(connection, piece, len(lines)))
                    await asyncio.sleep(0)
            finally:
                if saving is not None:
                    await saving
        return len(known)

    def _lines(self, facts: Sequence[Facts], by: Judged) -> list[str]:
        windows, held, held_at = self.board.tokens.get, self._held.get, self._held_at.get
        return [
            line(fact, windows(fact.mint), held(fact.mint) or Distribution(), held_at(fact.mint), by) for fact in facts
        ]

    def _reachers(self, mints: Sequence[str]) -> list[tuple[Facts, int]]:
        """Tokens with the highest price that they had since the last turn."""
        found = []
        for mint in mints:
            fact, token = self._facts.get(mint), self.board.tokens.get(mint)
            if fact is not None:
                peak = token.take_peak() if token else None
                fresh = token is not None and token.time >= self.board.now - prices.STALE_SECONDS
                found.append((fact, max(peak, fact.price) if peak is not None and fresh else fact.price))
        return found

    async def _clean(self, connection: asyncpg.Connection) -> None:
        """Forget who has gone quiet, and what belongs to tokens that are no more."""
        if time.monotonic() < self._next_clean:
            return
        self._next_clean = time.monotonic() + CLEAN_SECONDS
        for mint in self.board.forget_quiet():
            self._held.pop(mint, None)
            self._held_at.pop(mint, None)
            self._rest.pop(mint, None)
            if mint not in self._pending and mint not in self._due:
                self._facts.pop(mint, None)
        # Plain transfers move no trade: every token is looked at again some time.
        for mint in await store.stale_distributions(connection, SWEPT_AT_ONCE):
            self._due.setdefault(mint, 0.0)
            self._pending[mint] = None
        async with connection.transaction():
            await store.forget_gone(connection)

    async def _sol_price(self) -> SolPrice | None:
        async with self._database.look() as look:
            return await prices.sol_usd(look)


def _spare_the_collector() -> None:
    """Keep the collector from walking through millions of buckets, none of which can be part of a cycle."""
    gc.set_threshold(*COLLECTOR)
    gc.freeze()


def _since(now: int) -> datetime:
    """The whole minute from which on trades are read."""
    return datetime.fromtimestamp((now - HORIZON) // _MINUTE * _MINUTE, UTC)


def _floor(position: int) -> int:
    """The position before the slots that are looked at again."""
    return pack(max(slot_of(position) - LOOK_BACK_SLOTS, 0), 0) - 1
