"""The closed set of live events, and the one way to tell the world.

`publish` writes what waits for the publisher inside the caller's transaction: what is
rolled back is never told, what is committed is told at least once, in order per channel.
Channels: `market`, `token:<mint>` and `room:<mint>`, and `user:<address>`, which only
that person hears. Amounts are decimal strings
of base units (lamports, token units), times are ISO 8601 in UTC.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypedDict

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.live import OutboxEntry

# Events in one row for the publisher: it takes a row whole.
AT_ONCE = 500

# Raw, these stand only between the parts of JSON.
_RAW = str.maketrans("\t\n\r", "   ")

Amount = Annotated[str, Field(pattern=r"^\d+$")]


class LiveEvent(BaseModel):
    """Root of the set. `type` names it on the wire, `channels()` says who hears it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: ClassVar[str]

    mint: str

    def channels(self) -> tuple[str, ...]:
        """The channels that carry this event."""
        return (f"token:{self.mint}",)


class MarketEvent(LiveEvent):
    """An event for the token's channel and for the market's."""

    def channels(self) -> tuple[str, ...]:
        """The token's channel, and `market`."""
        return _token_and_market(self.mint)


def _token_and_market(mint: str) -> tuple[str, ...]:
    return (f"token:{mint}", "market")


class TradeExecuted(MarketEvent):
    """A trade was confirmed. Prices are lamports per base unit, before and after it, as decimal strings.

    `sold` and `quote_reserve` are the curve's; `liquidity` is what there is to trade against,
    in lamports: the curve's reserve, or both sides of the pool.
    """

    type: ClassVar[str] = "trade"

    signature: str
    instruction: int
    inner: int
    position: str
    slot: int
    side: Literal["buy", "sell"]
    trader: str
    base_amount: Amount
    quote_amount: Amount
    protocol_fee: Amount
    creator_fee: Amount
    referrer_fee: Amount
    launch_fee: Amount
    liquidity_fee: Amount
    venue: Literal["curve", "amm", "raydium"]
    pool: str | None
    price: str
    price_before: str
    sold: Amount
    quote_reserve: Amount
    liquidity: Amount
    trader_balance: Amount | None
    traded_at: str


class TradeRetracted(MarketEvent):
    """The fork that held this trade died."""

    type: ClassVar[str] = "trade.retracted"

    signature: str
    instruction: int
    inner: int


class TokenLaunched(MarketEvent):
    """A token was launched and its curve is open."""

    type: ClassVar[str] = "token.launched"

    name: str
    symbol: str
    uri: str
    image_uri: str | None
    creator: str
    decimals: int
    supply: Amount
    raise_target: Amount
    price: str
    launched_at: str


class TokenUpdated(MarketEvent):
    """What is shown of a token changed: name, picture, links, creator."""

    type: ClassVar[str] = "token.updated"

    name: str
    symbol: str
    image_uri: str | None
    creator: str


class CurveCompleted(MarketEvent):
    """The last token of a curve was sold."""

    type: ClassVar[str] = "curve.completed"

    quote_reserve: Amount
    completed_at: str


class TokenGraduated(MarketEvent):
    """The token trades in its pool from now on."""

    type: ClassVar[str] = "token.graduated"

    pool: str
    venue: Literal["amm", "raydium"]
    base_amount: Amount
    quote_amount: Amount
    burned: Amount
    graduated_at: str
    signature: str


class GraduationReleased(LiveEvent):
    """What a graduate's curve had kept went into a vesting schedule: lamports of the raise, or the pool's shares."""

    type: ClassVar[str] = "graduation.released"

    kind: Literal["team", "treasury", "liquidity"]
    amount: Amount
    schedule: str
    until: str | None
    released_at: str
    signature: str


class MilestoneReached(MarketEvent):
    """A token was worth `usd` US dollars for the first time; `king` is the milestone of the king of the hill.

    `market_cap` is in lamports, `sol_usd` the price of SOL that it was judged by.
    """

    type: ClassVar[str] = "token.milestone"

    name: str
    symbol: str
    usd: int
    king: bool
    market_cap: Amount
    sol_usd: str
    reached_at: str


class FeesClaimed(LiveEvent):
    """Fees left a curve for their owner."""

    type: ClassVar[str] = "fees.claimed"

    kind: Literal["protocol", "creator", "referrer"]
    recipient: str
    amount: Amount
    signature: str


BatchStep = Literal["opened", "deposited", "withdrawn", "settled", "failed", "claimed"]


class BatchMoved(LiveEvent):
    """Something happened to a batch launch. `deposits` are what is in it afterwards, lamports.

    `wallet` and `amount` (lamports) are of who deposited, withdrew, or claimed for his deposit.
    """

    type: ClassVar[str] = "batch"

    step: BatchStep
    wallet: str | None
    amount: Amount | None
    deposits: Amount
    happened_at: str


class VestingChanged(LiveEvent):
    """A vesting schedule was made, claimed from, revoked or handed on; null is unchanged."""

    type: ClassVar[str] = "vesting.changed"

    schedule: str
    beneficiary: str | None
    amount: Amount | None
    claimed: Amount | None


class RoomEvent(LiveEvent):
    """An event of the token's room; `seq` was assigned with the row it tells of."""

    seq: int

    def channels(self) -> tuple[str, ...]:
        """The room's channel."""
        return (f"room:{self.mint}",)


class MessagePosted(RoomEvent):
    """Someone said something. `body` is plain text; kind `alert` is a line that a rule of the author's wrote."""

    type: ClassVar[str] = "message.posted"

    id: str
    kind: Literal["said", "alert"] = "said"
    client_id: str
    author: str
    author_name: str | None
    badges: list[str]
    body: str
    reply_to: str | None
    created_at: str


class MessageEdited(RoomEvent):
    """An author changed a message."""

    type: ClassVar[str] = "message.edited"

    id: str
    body: str
    edited_at: str


class MessageDeleted(RoomEvent):
    """A message was taken back."""

    type: ClassVar[str] = "message.deleted"

    id: str


class ReactionChanged(RoomEvent):
    """Someone put or took an emoji; `count` is how many of it the message has now."""

    type: ClassVar[str] = "reaction.changed"

    id: str
    author: str
    emoji: str
    added: bool
    count: int


class UserEvent(LiveEvent):
    """An event for one person alone: `owner`, by the wallet that is signed in."""

    owner: str

    def channels(self) -> tuple[str, ...]:
        """The person's own channel."""
        return (f"user:{self.owner}",)


class AlertTriggered(UserEvent):
    """An alert rule fired. `value` is what was measured, in the `unit` of `threshold`; `trade` is what it fired on."""

    type: ClassVar[str] = "alert.triggered"

    id: str
    rule_id: str
    rule_type: str
    symbol: str
    value: str | None
    threshold: str | None
    unit: str | None
    window: str | None
    message: str
    trade: dict[str, Any] | None
    happened_at: str


EVENTS: dict[str, type[LiveEvent]] = {
    event.type: event
    for event in (
        TradeExecuted,
        TradeRetracted,
        TokenLaunched,
        TokenUpdated,
        CurveCompleted,
        MilestoneReached,
        TokenGraduated,
        GraduationReleased,
        FeesClaimed,
        BatchMoved,
        VestingChanged,
        MessagePosted,
        MessageEdited,
        MessageDeleted,
        ReactionChanged,
        AlertTriggered,
    )
}


class Telling(NamedTuple):
    """What is told of one event. `seq` is None where the publisher gives it; `data` is JSON."""

    channels: tuple[str, ...]
    type: str
    seq: int | None
    data: str


def telling(event: LiveEvent) -> Telling:
    """What is told of an event."""
    seq = event.seq if isinstance(event, RoomEvent) else None
    return Telling(event.channels(), event.type, seq, orjson.dumps(event.model_dump(exclude={"seq"})).decode())


def telling_of(kind: type[MarketEvent], values: dict[str, Any]) -> Telling:
    """The same of an event's fields, which are taken as they are: of trades come thousands a second."""
    return Telling(_token_and_market(values["mint"]), kind.type, None, orjson.dumps(values).decode())


class Packed(TypedDict):
    """The values of one row for the publisher."""

    frames: int
    of_chain: bool
    events: str


def packed(tellings: Sequence[Telling]) -> Iterator[Packed]:
    """The rows in which these wait for the publisher, some hundred in each; the indexer inserts them itself.

    An event is a line: channels, type, number or nothing, JSON; no JSON of ours has a raw tab or line end.
    """
    chain: list[Telling] = []
    people: list[Telling] = []
    for one in tellings:
        (chain if one.channels[-1] == "market" or one.channels[0].startswith("token:") else people).append(one)
    for alike in (chain, people):
        for start in range(0, len(alike), AT_ONCE):
            some = alike[start : start + AT_ONCE]
            frames = sum([len(one.channels) for one in some])
            yield Packed(frames=frames, of_chain=alike is chain, events="\n".join(map(_line, some)))


def _line(one: Telling) -> str:
    return f"{','.join(one.channels)}\t{one.type}\t{'' if one.seq is None else one.seq}\t{one.data}"


def unpacked(events: str) -> Iterator[Telling]:
    """What `packed` wrote, or a process of before revision 0036 did: a JSON array of arrays."""
    if events.startswith("["):
        for channels, kind, number, data in orjson.loads(events):
            yield Telling(tuple(channels), kind, number, data.translate(_RAW))
        return
    for line in events.split("\n"):
        heard, kind, seq, data = line.split("\t", 3)
        yield Telling(tuple(heard.split(",")), kind, int(seq) if seq else None, data)


async def publish(session: AsyncSession, *events: LiveEvent) -> None:
    """Tell the world about `events` once this session's transaction commits."""
    values = list(packed([telling(event) for event in events]))
    if values:
        await session.execute(insert(OutboxEntry), values)
