"""What many rows ask for at once, read with one statement.

Nothing is kept between turns of the loop: a subscription would be told old figures.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

from strawberry.dataloader import DataLoader

from api.services import Services
from launchpad.db import DatabaseAwayError, Look
from launchpad.errors import InvalidInputError
from launchpad.markets import charts
from launchpad.markets.intervals import Interval
from launchpad.markets.schemas import CandleView
from launchpad.metrics import reading
from launchpad.metrics.schemas import WindowMetrics
from launchpad.paging import Listing
from launchpad.tokens import catalog
from launchpad.tokens.schemas import HolderView, ProjectRow
from launchpad.trades import history

# Of one statement. What asks for more is read in several.
_MOST = 100

T = TypeVar("T")
A = TypeVar("A", bound=Hashable)


class PageAsked(NamedTuple):
    """A page of a list: how many rows, behind which cursor."""

    first: int
    after: str | None


class RangeAsked(NamedTuple):
    """A range of a chart in Unix seconds, None being the default, and the most candles of it."""

    interval: Interval
    start: int | None
    end: int | None
    limit: int


async def look(services: Services, read: Callable[[Look], Awaitable[T]]) -> T:
    """What one look into the database tells; raises DatabaseAwayError."""
    try:
        async with services.database.look() as connection:
            return await read(connection)
    except DatabaseAwayError:
        # It may have been restarted since the connection was last used: the next one is new.
        async with services.database.look() as connection:
            return await read(connection)


class Loaders:
    """One loader for each thing that tokens of a list are asked for."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.tokens = DataLoader(self._tokens, max_batch_size=_MOST, cache=False)
        self.windows = DataLoader(self._windows, max_batch_size=_MOST, cache=False)
        self.trades = DataLoader(self._trades, max_batch_size=_MOST, cache=False)
        self.holders = DataLoader(self._holders, max_batch_size=_MOST, cache=False)
        self.candles = DataLoader(self._candles, max_batch_size=_MOST, cache=False)

    async def _tokens(self, mints: list[str]) -> Sequence[ProjectRow | None]:
        asked = list(dict.fromkeys(mints))

        async def read(found: Look) -> dict[str, ProjectRow]:
            return await catalog.projects_of(found, self._services.settings, asked)

        rows = await look(self._services, read)
        return [rows.get(mint) for mint in mints]

    async def _windows(self, mints: list[str]) -> Sequence[dict[str, WindowMetrics]]:
        asked = list(dict.fromkeys(mints))

        async def read(found: Look) -> dict[str, dict[str, WindowMetrics]]:
            return await reading.windows_of(found, asked)

        rows = await look(self._services, read)
        return [rows.get(mint, {}) for mint in mints]

    async def _trades(self, asked: list[tuple[str, PageAsked]]) -> Sequence[Listing | InvalidInputError]:
        async def read(found: Look, mints: Sequence[str], page: PageAsked) -> dict[str, Listing]:
            return await history.trades_of_tokens(found, mints, page.first, page.after)

        return await self._grouped(asked, read)

    async def _holders(self, asked: list[tuple[str, int]]) -> Sequence[list[HolderView] | InvalidInputError]:
        return await self._grouped(asked, catalog.holders_of)

    async def _candles(self, asked: list[tuple[str, RangeAsked]]) -> Sequence[list[CandleView] | InvalidInputError]:
        async def read(found: Look, mints: Sequence[str], wanted: RangeAsked) -> dict[str, list[CandleView]]:
            within = charts.chart_range(wanted.interval, wanted.start, wanted.end, limit=wanted.limit)
            return await charts.candles_of_tokens(found, mints, within)

        return await self._grouped(asked, read)

    async def _grouped(
        self, asked: list[tuple[str, A]], read: Callable[[Look, Sequence[str], A], Awaitable[dict[str, T]]]
    ) -> Sequence[T | InvalidInputError]:
        """One statement for all tokens that are asked the same; what cannot be read is refused to its askers alone."""
        groups: dict[A, list[str]] = defaultdict(list)
        for mint, what in asked:
            groups[what].append(mint)

        async def read_one(found: Look, what: A) -> dict[str, T | InvalidInputError]:
            try:
                return {**await read(found, groups[what], what)}
            except InvalidInputError as error:
                return dict.fromkeys(groups[what], error)

        async def read_all(found: Look) -> dict[A, dict[str, T | InvalidInputError]]:
            return {what: await read_one(found, what) for what in groups}

        rows = await look(self._services, read_all)
        return [rows[what][mint] for mint, what in asked]
