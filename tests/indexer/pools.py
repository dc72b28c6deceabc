"""Pools of a made-up market: a token sells out, gets its pool, and is traded there, event by event."""

import random
from dataclasses import dataclass, field

from launchpad.bench._market import address
from launchpad.chain import amm_math, curve_math, pda
from launchpad.chain.addresses import TOKEN, TOKEN_2022, WRAPPED_SOL
from launchpad.chain.amm_math import FeeRates, Reserves
from launchpad.chain.events import (
    EVENT_TYPES,
    AmmFeesClaimed,
    ChainEvent,
    ChainTransaction,
    CurveCompleted,
    EventKey,
    LiquidityAdded,
    LiquidityRemoved,
    PoolCreated,
    Swapped,
    TokenBalance,
    Traded,
)

RATES = FeeRates(20, 5, 30)
FEES = curve_math.Fees(50, 30)
_NAME_OF = {kind: key for key, kind in EVENT_TYPES.items()}


@dataclass
class PoolWorld:
    """One token of a bench market from its last curve trade on. Every call is one transaction, one slot later."""

    token: object
    slot: int
    time: int
    canonical: bool = True
    reserves: Reserves = None
    supply: int = 0
    protocol_fees: int = 0
    creator_fees: int = 0
    held: dict = field(default_factory=dict)
    told: list = field(default_factory=list)

    def __post_init__(self):
        self.held = dict(self.token.held)

    @property
    def mint(self):
        return self.token.mint

    @property
    def key(self):
        if self.canonical:
            return pda.canonical_pool(self.mint)
        return pda.free_pool(self.mint, WRAPPED_SOL, self.token.creator, 1)

    def tell(self, *happened, owner=None):
        """The transaction of these events."""
        self.slot, self.time = self.slot + 1, self.time + 1
        signature = f"{self.key} {self.slot}"
        events = [
            ChainEvent(EventKey(signature, 0, inner), *_NAME_OF[type(event)], event)
            for inner, event in enumerate(happened)
        ]
        balances = (
            [TokenBalance(self.key, self.mint, pda.pool_vault(self.key, self.mint), self.reserves.base)]
            if self.reserves
            else []
        )
        if owner:
            balances.append(TokenBalance(owner, self.mint, address(f"{owner} {self.mint}"), self.held.get(owner, 0)))
        self.told.append(ChainTransaction(signature, self.slot, self.time, 0, None, events, balances, 30_000, 700))
        return self.told[-1]

    def sell_out(self, buyer):
        """Somebody buys all that the curve has left."""
        segments, sold = self.token.segments, self.token.sold
        left = curve_math.sale_supply(segments) - sold
        quote = curve_math.quote_buy_exact_out(segments, sold, left, FEES)
        base, virtual, segment = curve_math.spot(segments, quote.sold_after)
        self.held[buyer] = self.held.get(buyer, 0) + left
        reserve = curve_math.raise_target(segments)
        bought = Traded(
            *(self.mint, self.token.curve, buyer, True, left, quote.curve_amount, quote.protocol_fee),
            *(quote.creator_fee, 0, None, quote.sold_after, reserve, base, virtual, segment, 0, 0, self.time + 1, 0),
        )
        return self.tell(
            bought, CurveCompleted(self.mint, self.token.curve, quote.sold_after, reserve, self.time + 1), owner=buyer
        )

    def open(self, quote=None, base=None):
        """The pool opens, at the end price of the curve unless told otherwise."""
        segments = self.token.segments
        x, y, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
        quote = quote or curve_math.raise_target(segments)
        self.reserves = Reserves(base or quote * x // y, quote)
        self.supply = amm_math.first_shares(self.reserves)
        minted = 0 if self.canonical else self.supply - amm_math.MINIMUM_LIQUIDITY
        created = PoolCreated(
            *(self.key, self.mint, WRAPPED_SOL, pda.lp_mint(self.key), TOKEN_2022, TOKEN, self.token.creator),
            *(self.token.creator, None, 0, self.canonical, 9, 9, False, False, True, 30),
            *(self.reserves.base, self.reserves.quote, self.supply, minted, 0, self.time + 1),
        )
        return self.tell(created)

    def buy(self, trader, lamports):
        return self._swap(trader, amm_math.quote_buy_exact_in(self.reserves, RATES, lamports))

    def sell(self, trader, base):
        return self._swap(trader, amm_math.quote_sell_exact_in(self.reserves, RATES, base))

    def _swap(self, trader, swap):
        self.reserves = swap.after
        self.protocol_fees += swap.fees.protocol
        self.creator_fees += swap.fees.creator
        self.held[trader] = self.held.get(trader, 0) + (swap.base if swap.is_buy else -swap.base)
        paid, received = (swap.total, swap.base) if swap.is_buy else (swap.base, swap.total)
        event = Swapped(
            *(self.key, self.mint, WRAPPED_SOL, trader, swap.is_buy, swap.base, swap.amount),
            *(swap.fees.lp, swap.fees.protocol, swap.fees.creator, paid, received),
            *(self.reserves.base, self.reserves.quote, self.protocol_fees, self.creator_fees, 30, self.time + 1),
        )
        return self.tell(event, owner=trader)

    def add(self, provider, shares):
        """Somebody buys shares."""
        cost = amm_math.cost_of(shares, self.reserves, self.supply)
        self.reserves = Reserves(self.reserves.base + cost.base, self.reserves.quote + cost.quote)
        self.supply += shares
        return self._moved(LiquidityAdded, provider, cost, shares)

    def remove(self, provider, shares):
        """Somebody gives shares back."""
        worth = amm_math.worth_of(shares, self.reserves, self.supply)
        self.reserves = Reserves(self.reserves.base - worth.base, self.reserves.quote - worth.quote)
        self.supply -= shares
        return self._moved(LiquidityRemoved, provider, worth, shares)

    def _moved(self, kind, provider, amounts, shares):
        at = (self.supply, self.reserves.base, self.reserves.quote, 30, self.time + 1)
        return self.tell(kind(self.key, provider, amounts.base, amounts.quote, shares, *at), owner=provider)

    def claim(self, kind, recipient):
        """Fees of a kind are paid out."""
        amount = self.creator_fees if kind == "creator" else self.protocol_fees
        if kind == "creator":
            self.creator_fees = 0
        else:
            self.protocol_fees = 0
        event = AmmFeesClaimed(self.key, self.mint, WRAPPED_SOL, kind, recipient, amount, self.time + 1)
        return self.tell(event)

    def trade(self, traders, count, seed=1):
        """So many random swaps, now and then liquidity that comes and goes; the transactions."""
        dice = random.Random(seed)
        for _ in range(count):
            trader = dice.choice(traders)
            holding = self.held.get(trader, 0)
            if dice.random() < 0.1:
                self.add(trader, self.supply // 50)
            elif dice.random() < 0.1:
                self.remove(trader, self.supply // 90)
            elif holding > 10**9 and dice.random() < 0.5:
                self.sell(trader, holding // 3)
            else:
                self.buy(trader, dice.randrange(10**7, 10**9))
        return self.told
