"""Who made what with one token: a wallet's fills by average cost, as its portfolio counts them."""

from collections import Counter, defaultdict
from decimal import Decimal

from launchpad.analytics import queries
from launchpad.analytics.queries import Trader
from launchpad.analytics.schemas import TraderOrder, Traders, TraderView
from launchpad.db import Look
from launchpad.portfolio.profit import Fill, Position
from launchpad.tokens.errors import unknown_token

_RANKED: tuple[TraderOrder, ...] = ("profit", "loss")


async def traders(look: Look, mint: str, order: TraderOrder, limit: int, most: int = queries.MOST_FILLS) -> Traders:
    """The first `limit` traders of a token by `order`; raises TokenNotFoundError."""
    source = await queries.depth_source(look, mint)
    if source is None:
        raise unknown_token(mint)
    ranked = order in _RANKED
    found = await queries.traders(look, mint, order, 2 * limit if ranked else limit)
    positions: dict[str, Position] = defaultdict(Position)
    counts: Counter[str] = Counter()
    for fill in await queries.fills(look, mint, found, most):
        counts[fill.trader] += 1
        positions[fill.trader].apply(Fill(fill.is_buy, int(fill.base), fill.lamports))
    data = [
        _view(one, positions[one.owner], source["price"])
        if counts[one.owner] <= most
        else _summed(one, source["price"])
        for one in found
    ]
    if ranked:
        # The database ranks by one average of all buys; each trade in its turn may say a little else.
        data.sort(key=_result, reverse=order == "profit")
    return Traders(mint=mint, order=order, data=data[:limit])


def _result(view: TraderView) -> int:
    return int(view.realized_pnl) + int(view.unrealized_pnl)


def _summed(trader: Trader, price: Decimal) -> TraderView:
    """By the average of all buys: what the sums alone tell."""
    everything = Position()
    everything.apply(Fill(is_buy=True, base=trader.bought, lamports=trader.spent))
    if trader.sold:
        everything.apply(Fill(is_buy=False, base=trader.sold, lamports=trader.received))
    return _view(trader, everything, price, exact=False)


def _view(trader: Trader, position: Position, price: Decimal, *, exact: bool = True) -> TraderView:
    value = int(price * trader.balance)
    return TraderView(
        wallet=trader.owner,
        is_creator=trader.is_creator,
        bought=str(trader.bought),
        sold=str(trader.sold),
        spent=str(trader.spent),
        received=str(trader.received),
        balance=str(trader.balance),
        value=str(value),
        realized_pnl=str(position.realized),
        unrealized_pnl=str(value - position.cost_of(trader.balance)),
        exact=exact,
        first_trade_at=trader.first_trade_at,
        last_trade_at=trader.last_trade_at,
    )
