"""What the rules of an opening say about a buy: whether this wallet may, how much, and when."""

import time
from datetime import UTC, datetime

from launchpad.chain.client import ChainClient
from launchpad.chain.markets import TokenMarket
from launchpad.chain.opening import (
    NotAdmittedError,
    Standing,
    WalletCapReachedError,
    fetch_rules,
    fetch_standing,
    rules_hold,
)
from launchpad.db import Database
from launchpad.tokens import allowlists
from launchpad.trades.schemas import OpeningView, QuoteRequest


async def standing_of(
    database: Database, chain: ChainClient, market: TokenMarket, asked: QuoteRequest
) -> Standing | None:
    """Where the wallet stands; None where no rules hold for this trade, or nobody is named."""
    now, curve = int(time.time()), market.curve
    if asked.side == "sell" or asked.wallet is None or market.in_pool or not rules_hold(curve, now):
        return None
    rules = await fetch_rules(chain.rpc, curve)
    root = rules.allowlist.root.hex() if rules.allowlist else None
    proof = await allowlists.proof_under(database, root, asked.wallet) if root else None
    return await fetch_standing(chain.rpc, curve, asked.wallet, now, proof)


def view(standing: Standing, base: int) -> OpeningView:
    """The same for people, of a buy of `base` units now."""
    now = int(time.time())
    room, refusal = standing.room(now), None
    try:
        standing.check(base, now)
    except (NotAdmittedError, WalletCapReachedError) as error:
        refusal = error
    return OpeningView(
        allowed=refusal is None,
        reason=refusal.code if refusal else None,
        message=refusal.message if refusal else None,
        stage=standing.stage,
        opens_at=datetime.fromtimestamp(standing.opens_at, UTC),
        room=None if room is None else str(room),
        bought=str(standing.bought),
        window_end=datetime.fromtimestamp(standing.window_end, UTC) if standing.rules.window_seconds else None,
        rules_end=datetime.fromtimestamp(standing.curve.rules_end, UTC),
        one_buy_per_slot=standing.rules.one_buy_per_slot and now < standing.window_end,
        pledges=standing.pledges(now),
    )
