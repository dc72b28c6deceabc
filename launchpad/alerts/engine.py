"""Evaluating: what was told of tokens since the last turn, against the rules of these tokens.

The outbox is followed in the order in which it was told. A turn's findings, what rules remember
and the position are one transaction: killed anywhere, the next turn begins where the last one
ended. What is known in memory is read again whenever somebody else moved the position.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import structlog
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.alerts import queries_engine as store
from launchpad.alerts.book import RuleBook
from launchpad.alerts.firing import fire
from launchpad.alerts.kinds import BY_PRICE, WINDOWS
from launchpad.alerts.queries_engine import Position
from launchpad.alerts.rules import (
    FiguresSeen,
    Hit,
    Rule,
    State,
    Token,
    TradeSeen,
    Usual,
    crosses_price,
    in_unit,
    value_of_figures,
    value_of_trade,
)
from launchpad.amounts import SOL_DECIMALS, price_in_sol
from launchpad.db import Database
from launchpad.prices import service as prices

log = structlog.get_logger(__name__)

PAGE = 5_000
PAGES_A_TURN = 20
# Rules are committed a moment after they were stamped.
OVERLAP = timedelta(seconds=10)
FIGURES_EVERY = timedelta(seconds=1)
TOKENS_EVERY = timedelta(seconds=60)
# Nobody reads more: what fires beyond it within an hour is let go.
MOST_AN_HOUR = 500


class AlertEngine:
    """Evaluates every rule. Several may run: one at a time holds the position, the others pass."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forget()

    def _forget(self) -> None:
        self.book = RuleBook()
        self._position: Position | None = None
        self._stored: Position | None = None
        self._rules_since: datetime | None = None
        self._figures_since: datetime | None = None
        self._figures_at: datetime | None = None
        self._tokens_at: datetime | None = None
        self._sol_usd: Decimal | None = None
        self._hour: tuple[int, Counter[str]] = (0, Counter())

    async def run(self) -> int:
        """One turn; how many alerts it raised."""
        raised = 0
        try:
            for _ in range(PAGES_A_TURN):
                found, more = await self._page()
                raised += found
                if not more:
                    break
        except BaseException:
            # What memory holds may be ahead of what was committed.
            self._forget()
            raise
        return raised

    async def _page(self) -> tuple[int, bool]:
        """Evaluate a page of the outbox in one transaction; what fired, and whether there is more."""
        async with self._database.session() as session:
            stored = await store.take_position(session)
            if stored is None:
                await store.begin(session)
                return 0, False
            if stored != self._stored:
                self._forget()
                self._stored = self._position = stored
            now = await store.clock(session)
            await self._learn(session, now)
            return await self._evaluate(session, now)

    # Reading

    async def _learn(self, session: AsyncSession, now: datetime) -> None:
        """Take up the rules that changed, and the tokens that they speak of."""
        changed = await store.rules_since(session, self._rules_since and self._rules_since - OVERLAP)
        self._rules_since = now
        rules = [Rule(**(dict(row) | {"mints": tuple(row["mints"]), "channels": tuple(row["channels"])}))
                 for row in changed]  # fmt: skip
        states: dict[UUID, dict[str, State]] = {rule.id: {} for rule in rules}
        for row in await store.states_of(session, list(states)) if rules else []:
            states[row["rule_id"]][row["mint"]] = State(row["beyond"], row["reference"], row["fired_at"])
        for rule in rules:
            if rule.lives(now):
                self.book.put(rule, states[rule.id])
            else:
                self.book.drop(rule.id)
        await self._learn_tokens(session, now, all_of_them=bool(rules))

    async def _learn_tokens(self, session: AsyncSession, now: datetime, *, all_of_them: bool) -> None:
        mints, creators = self.book.mints, self.book.creators
        late = self._tokens_at is None or now - self._tokens_at > TOKENS_EVERY
        if (mints or creators) and (all_of_them or late):
            self._tokens_at = now
            self.book.know(map(_token, await store.tokens(session, mints, creators)))
        elif creators:
            self.book.know(map(_token, await store.newest_tokens(session, creators)))

    # Evaluating

    async def _evaluate(self, session: AsyncSession, now: datetime) -> tuple[int, bool]:
        head = await store.head(session)
        after = self._position
        if head is None or after is None:
            return 0, False
        if not len(self.book):
            await self._move(session, head, worked=False)
            return 0, False
        # Read after the head: a token that was told of by then is known.
        await self._learn_tokens(session, now, all_of_them=False)
        rows = [Told.read(row) for row in await store.told(session, after, head, list(self.book.tokens), PAGE)]
        more = len(rows) == PAGE
        await self._learn_sol(session)
        turn = _Turn(self.book, now, self._sol_usd)
        await self._usual(session, turn, rows)
        for row in rows:
            turn.take(row)
        if not more:
            turn.tick()
            await self._take_figures(session, turn, now)
        raised = await self._write(session, turn, now)
        reached = rows[-1].position if more else head
        await self._move(session, reached, worked=bool(turn.hits or turn.moved))
        return raised, more

    async def _learn_sol(self, session: AsyncSession) -> None:
        self._sol_usd = await prices.fresh_usd(session)

    async def _usual(self, session: AsyncSession, turn: "_Turn", rows: Sequence["Told"]) -> None:
        """What is usual for the tokens of a page, where rules ask for it."""
        moved = {row.mint for row in rows if row.type == "trade"}
        asked = [mint for mint in moved if any(rule.type == "volume_spike" for rule in self.book.of(mint))]
        for row in await store.usual(session, asked) if asked else []:
            turn.usual[row["mint"]] = {w: Usual(row[f"trades_{w}"], row[f"volume_{w}"]) for w in WINDOWS}

    async def _take_figures(self, session: AsyncSession, turn: "_Turn", now: datetime) -> None:
        if self._figures_at is not None and now - self._figures_at < FIGURES_EVERY:
            return
        self._figures_at = now
        mints = self.book.watched_by_figures()
        since = self._figures_since and self._figures_since - OVERLAP
        for row in await store.figures(session, mints, since) if mints else []:
            changes: dict[str, int] = {window: row[f"change_bps_{window}"] for window in WINDOWS}
            turn.take_figures(FiguresSeen(row["mint"], changes, row["liquidity"]))
            self._figures_since = max(self._figures_since or row["updated_at"], row["updated_at"])

    # Writing

    async def _write(self, session: AsyncSession, turn: "_Turn", now: datetime) -> int:
        if turn.moved:
            await store.save_states(
                session,
                [
                    {"rule_id": rule_id, "mint": mint, "beyond": s.beyond, "reference": s.reference,
                     "fired_at": s.fired_at}
                    for (rule_id, mint), s in turn.moved.items()
                ],
            )  # fmt: skip
        new = await fire(session, [hit for hit in turn.hits if self._has_room(hit, now)], now)
        return len(new)

    def _has_room(self, hit: Hit, now: datetime) -> bool:
        hour = int(now.timestamp()) // 3600
        if self._hour[0] != hour:
            self._hour = (hour, Counter())
        count = self._hour[1]
        count[hit.rule.owner] += 1
        if count[hit.rule.owner] == MOST_AN_HOUR + 1:
            log.warning("alerts.too_many", owner=hit.rule.owner, most_an_hour=MOST_AN_HOUR)
        return count[hit.rule.owner] <= MOST_AN_HOUR

    async def _move(self, session: AsyncSession, to: Position, *, worked: bool) -> None:
        """Remember how far this turn came. Where nothing fired it need not be written each time: it can be repeated."""
        self._position = to
        stored = self._stored
        if worked or stored is None or to.published_at - stored.published_at > FIGURES_EVERY:
            await store.move(session, to)
            self._stored = to


class Told(NamedTuple):
    """One row of the outbox."""

    mint: str
    type: str
    data: dict[str, Any]
    created_at: datetime
    position: Position

    @classmethod
    def read(cls, row: RowMapping) -> "Told":
        """The row with its data read."""
        data = orjson.loads(row["data"])
        return cls(data["mint"], row["type"], data, row["created_at"], Position(row["published_at"], row["id"]))


def _token(row: RowMapping) -> Token:
    price = price_in_sol(row["price"], row["decimals"])
    return Token(row["mint"], row["symbol"], row["creator"], row["decimals"], price)


class _Turn:
    """What one page came to: what fired, and which memories moved."""

    def __init__(self, book: RuleBook, now: datetime, sol_usd: Decimal | None) -> None:
        self.hits: list[Hit] = []
        self.moved: dict[tuple[UUID, str], State] = {}
        self.usual: dict[str, dict[str, Usual]] = {}
        self._book = book
        self._now = now
        self._sol_usd = sol_usd

    def take(self, row: "Told") -> None:
        """Evaluate what was told of a token: a trade or its graduation."""
        token = self._book.tokens[row.mint]
        graduated = row.type == "token.graduated"
        trade = None if graduated else _trade(row.data, token.decimals)
        at = datetime.fromisoformat(row.data["graduated_at"]) if trade is None else trade.at
        for rule in self._living(token):
            # A rule hears nothing of what was written before it became what it is.
            if row.created_at < rule.changed_at:
                continue
            if trade is not None:
                self._judge_trade(rule, token, trade)
            elif rule.type == "graduation":
                self._hit(rule, token, None, f"graduated:{token.mint}", at)
        if trade is not None:
            token.price = trade.price

    def _living(self, token: Token) -> list[Rule]:
        return [rule for rule in self._book.of(token.mint) if rule.lives(self._now)]

    def _judge_trade(self, rule: Rule, token: Token, trade: TradeSeen) -> None:
        state = self._book.state(rule, token.mint)
        before = state.beyond
        usual = self.usual.get(token.mint, {}).get(rule.window or "")
        fires, value = value_of_trade(rule, state, trade, token, self._sol_usd, usual)
        self._note(rule, token, state, moved=state.beyond is not before)
        if fires:
            self._hit(rule, token, value, f"trade:{trade.key}", trade.at, trade)

    def tick(self) -> None:
        """Evaluate price rules in dollars on what SOL costs now: prices move without a trade."""
        if self._sol_usd is None:
            return
        for mint in self._book.watched_in_dollars():
            token = self._book.tokens[mint]
            for rule in self._living(token):
                if rule.type in BY_PRICE and rule.unit == "usd":
                    self._judge_price(rule, token)

    def _judge_price(self, rule: Rule, token: Token) -> None:
        state = self._book.state(rule, token.mint)
        before = state.beyond
        value = in_unit(token.price, rule.unit, self._sol_usd)
        fires = crosses_price(rule, state, value)
        self._note(rule, token, state, moved=state.beyond is not before)
        if fires:
            self._hit(rule, token, value, self._moment("dollars", rule, token), self._now)

    def take_figures(self, figures: FiguresSeen) -> None:
        """Evaluate the stored figures of a token."""
        token = self._book.tokens[figures.mint]
        for rule in self._living(token):
            if rule.type not in {"price_change", "liquidity_change"}:
                continue
            state = self._book.state(rule, token.mint)
            before = (state.beyond, state.reference)
            fires, value = value_of_figures(rule, state, figures, rests=state.rests(rule, self._now))
            self._note(rule, token, state, moved=(state.beyond, state.reference) != before)
            if fires:
                self._hit(rule, token, value, self._moment("figures", rule, token), self._now)

    def _moment(self, what: str, rule: Rule, token: Token) -> str:
        """What names a moment that no trade names: within a cooldown it is the same."""
        bucket = int(self._now.timestamp()) // max(rule.cooldown_seconds, 1)
        return f"{what}:{token.mint}:{bucket}"

    def _note(self, rule: Rule, token: Token, state: State, *, moved: bool) -> None:
        if moved:
            self.moved[rule.id, token.mint] = state

    def _hit(
        self, rule: Rule, token: Token, value: Decimal | None, cause: str, at: datetime, trade: TradeSeen | None = None
    ) -> None:
        state = self._book.state(rule, token.mint)
        if state.rests(rule, self._now):
            return
        state.fired_at = self._now
        self._note(rule, token, state, moved=True)
        self.hits.append(Hit(rule, token, value, cause, at, trade))
        rule.enabled = rule.repeats


def _trade(data: dict[str, Any], decimals: int) -> TradeSeen:
    names = ("signature", "instruction", "inner", "position", "side", "trader", "base_amount", "quote_amount", "venue")
    price = price_in_sol(Decimal(data["price"]), decimals)
    before = price_in_sol(Decimal(data["price_before"]), decimals)
    balance = data["trader_balance"]
    return TradeSeen(
        mint=data["mint"],
        key=f"{data['signature']}:{data['instruction']}:{data['inner']}",
        side=data["side"],
        trader=data["trader"],
        amount=Decimal(data["quote_amount"]).scaleb(-SOL_DECIMALS),
        price=price,
        price_before=before,
        base_amount=int(data["base_amount"]),
        trader_balance=None if balance is None else int(balance),
        at=datetime.fromisoformat(data["traded_at"]),
        told={name: data[name] for name in names} | {"traded_at": data["traded_at"]},
    )
