"""A made-up market whose transactions are shaped, byte for byte, as a node would answer them.

Trades follow the real curve arithmetic, so that every event agrees with the ones before.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256, sha512
from struct import pack
from typing import Any

from based58 import b58decode, b58encode

from launchpad.bench._pools import RATES, MadeUpPool
from launchpad.chain import amm_math, curve_math, pda
from launchpad.chain.addresses import AMM, BONDING_CURVE, NONE, TOKEN_2022, TOKEN_LAUNCHER
from launchpad.chain.curve_math import Fees, Segment
from launchpad.chain.events import EVENT_TAG, discriminator

SUPPLY = 10**18
SALE = 793_100_000 * 10**9
FEES = Fees(50, 30)
SLOT_SECONDS = 0.4
FIRST_SLOT = 1000

Answer = dict[str, Any]


def address(name: str) -> str:
    """A made-up address that is always the same for one name."""
    return b58encode(sha256(name.encode()).digest()).decode()


def signature(name: str) -> str:
    """A made-up signature that is always the same for one name."""
    return b58encode(sha512(name.encode()).digest()).decode()


@cache
def _key(text: str) -> bytes:
    return bytes(b58decode(text.encode()))


def _text(value: str) -> bytes:
    return pack("<I", len(value.encode())) + value.encode()


@dataclass
class _Token:
    """One token of the market and what its traders hold."""

    name: str
    mint: str
    creator: str
    segments: list[Segment] = field(default_factory=lambda: curve_math.classic(SALE))
    sold: int = 0
    protocol_fees: int = 0
    creator_fees: int = 0
    held: dict[str, int] = field(default_factory=dict)
    pool: MadeUpPool | None = None

    @property
    def curve(self) -> str:
        return pda.curve(self.mint)


class Market:
    """Launches `tokens` tokens, then trades them without end; the same `seed` makes the same market.

    The first `graduates` of them have pools from the beginning and are traded there; only the first
    `traded` are traded at all where that is given.
    """

    def __init__(
        self,
        *,
        tokens: int,
        traders: int,
        per_second: int,
        start: int,
        seed: int = 7,
        graduates: int = 0,
        traded: int | None = None,
    ) -> None:
        # Not for secrets: the market has to repeat itself.
        self._random = random.Random(seed)  # noqa: S311
        self._seed = seed
        self._start = start
        self._per_slot = max(1, round(per_second * SLOT_SECONDS))
        self._count = 0
        self._traders = [address(f"trader {seed} {n}") for n in range(traders)]
        self.tokens = [
            _Token(f"Token {n}", address(f"mint {seed} {n}"), address(f"creator {seed} {n}")) for n in range(tokens)
        ]
        self.traded = self.tokens[:traded]
        for token in self.tokens[:graduates]:
            token.pool = MadeUpPool.at_the_end_of(token.segments, token.mint, token.creator)

    @property
    def per_slot(self) -> int:
        """How many transactions one slot holds."""
        return self._per_slot

    def launches(self) -> Iterator[Answer]:
        """One `getTransaction` answer per token: its curve opens and it is launched."""
        for token in self.tokens:
            events = [(BONDING_CURVE, _opened(token, self._time())), (TOKEN_LAUNCHER, _launched(token, self._time()))]
            yield self._answer(token.creator, token, events, {token.curve: SUPPLY})
            if pool := token.pool:
                created = [(AMM, pool.created(self._time()))]
                yield self._answer(token.creator, token, created, {token.curve: 0, pool.key: pool.reserves.base})

    def trades(self, count: int) -> Iterator[Answer]:
        """`count` answers of one trade each."""
        for _ in range(count):
            yield self.trade()

    def trade(self) -> Answer:
        """One random trade that the curve allows."""
        token, trader = self._random.choice(self.traded), self._random.choice(self._traders)
        holding = token.held.get(trader, 0)
        if token.pool:
            return self._swap(token, token.pool, trader, holding)
        is_buy = holding == 0 or (self._random.random() < 0.5 and token.sold < SALE // 2)  # noqa: PLR2004 - a coin
        if is_buy:
            quote = curve_math.quote_buy_exact_in(
                token.segments, token.sold, self._random.randrange(10**7, 10**8), FEES
            )
        else:
            quote = curve_math.quote_sell(token.segments, token.sold, max(holding // 2, min(holding, 10**9)), FEES)
        token.sold = quote.sold_after
        token.held[trader] = holding + (quote.base_amount if is_buy else -quote.base_amount)
        token.protocol_fees += quote.protocol_fee
        token.creator_fees += quote.creator_fee
        base, virtual, segment = curve_math.spot(token.segments, token.sold)
        event = (
            discriminator("Traded")
            + _key(token.mint)
            + _key(token.curve)
            + _key(trader)
            + pack(
                "<?QQQQQ?", is_buy, quote.base_amount, quote.curve_amount, quote.protocol_fee, quote.creator_fee, 0, 0
            )
            + pack("<QQQQB", token.sold, curve_math.held(token.segments, token.sold), base, virtual, segment)
            + pack("<QQq", token.protocol_fees, token.creator_fees, self._time())
        )
        after = {trader: token.held[trader], token.curve: SUPPLY - token.sold}
        return self._answer(trader, token, [(BONDING_CURVE, event)], after)

    def _swap(self, token: _Token, pool: MadeUpPool, trader: str, holding: int) -> Answer:
        """One random trade in a token's pool."""
        if holding < 10**9 or self._random.random() < 0.5:  # noqa: PLR2004 - a coin
            quote = amm_math.quote_buy_exact_in(pool.reserves, RATES, self._random.randrange(10**7, 10**8))
        else:
            quote = amm_math.quote_sell_exact_in(pool.reserves, RATES, holding // 2)
        token.held[trader] = holding + (quote.base if quote.is_buy else -quote.base)
        event = pool.swap(trader, quote, self._time())
        after = {trader: token.held[trader], pool.key: pool.reserves.base}
        return self._answer(trader, token, [(AMM, event)], after)

    def _slot(self) -> int:
        return FIRST_SLOT + self._count // self._per_slot

    def _time(self) -> int:
        return self._start + int((self._slot() - FIRST_SLOT) * SLOT_SECONDS)

    def _answer(self, payer: str, token: _Token, events: list[tuple[str, bytes]], after: dict[str, int]) -> Answer:
        """The answer, with one inner instruction per event and the balances after it."""
        programs = [BONDING_CURVE, TOKEN_LAUNCHER, AMM]
        authorities = [pda.event_authority(program) for program in programs]
        keys = [payer, *programs, *authorities, *(address(f"{owner} {token.mint}") for owner in after)]
        inner = [
            {
                "programIdIndex": keys.index(program),
                "accounts": [keys.index(program) + len(programs)],
                "data": b58encode(EVENT_TAG + event).decode(),
                "stackHeight": 2,
            }
            for program, event in events
        ]
        slot, time = self._slot(), self._time()
        self._count += 1
        return {
            "slot": slot,
            "blockTime": time,
            "version": 0,
            "transaction": {
                "signatures": [signature(f"{self._seed} {self._count}")],
                "message": {"accountKeys": keys, "instructions": []},
            },
            "meta": {
                "err": None,
                "innerInstructions": [{"index": 0, "instructions": inner}],
                "preTokenBalances": [],
                "postTokenBalances": [
                    {
                        "accountIndex": len(keys) - len(after) + n,
                        "mint": token.mint,
                        "owner": owner,
                        "uiTokenAmount": {"amount": str(amount)},
                    }
                    for n, (owner, amount) in enumerate(after.items())
                ],
                "loadedAddresses": {"writable": [], "readonly": []},
                "computeUnitsConsumed": 28_000,
                "fee": 5_700,
            },
        }


def _opened(token: _Token, time: int) -> bytes:
    authority = pda.launch_record(token.mint)
    keys = (token.mint, token.curve, token.creator, authority, TOKEN_2022)
    raised = curve_math.raise_target(token.segments)
    segments = b"".join(pack("<QQQ", s.base_reserve, s.quote_reserve, s.base_for_sale) for s in token.segments)
    return (
        discriminator("CurveOpened")
        + b"".join(map(_key, keys))
        + pack("<BQQQHHH", 9, SALE, SUPPLY - SALE, raised, FEES.protocol_bps, FEES.creator_bps, 2000)
        + pack("<I", len(token.segments))
        + segments
        + pack("<q", time)
    )


def _launched(token: _Token, time: int) -> bytes:
    keys = (token.mint, token.creator, pda.launch_record(token.mint), token.curve)
    return (
        discriminator("TokenLaunched")
        + b"".join(map(_key, keys))
        + _text(token.name)
        + _text(token.name[0] + token.name[-1])
        + _text("")
        + bytes(32)
        + pack("<BQB", 9, SUPPLY, 0)
        + pack("<HHHHH", 7931, 2069, 0, 0, 0)
        + _key(NONE)
        + pack("<Q?q", 20_000_000, 0, time)
        + pack("<Q???", 0, 0, 0, 0)
    )
