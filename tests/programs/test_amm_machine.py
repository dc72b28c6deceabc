"""Random users in a random pool: whatever they do, the books add up and no share is ever worth less.

A model with fractions says what every step must do or which error must answer; after each step the
vaults, the shares, everybody's balance, the sums of prices and the fee counters are compared.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from solders.pubkey import Pubkey

from scripts import make_amm_vectors as model
from tests.programs.harness import AMM, NOW, TOKEN, TOKEN_2022, WSOL, Chain, refused
from tests.programs.pool_market import (
    CREATOR,
    LOCKED,
    RECIPIENT,
    TIERS,
    Pool,
    create_config,
    free_pool,
    fund,
    set_paused,
)

USERS = 3
PURSE = 10**17
SUPPLY = 10**18
FEES = (20, 5)
MILLION = 1_000_000
FAR = NOW + 10**9

users = st.integers(0, USERS - 1)
parts = st.sampled_from([0, 3, 41, 777, 20_000, 123_456, 600_000, 999_999, MILLION, 3 * MILLION])
extras = st.sampled_from([0, 0, 1, 2, 3, 57])
sizes = st.sampled_from([(10**6, 10**6), (10**15, 10**10), (206_900_000 * 10**9, 85_005_359_057), (1_500, 10**12)])


@dataclass
class Books:
    """The pool as the model keeps it."""

    base: int
    quote: int
    supply: int
    protocol: int = 0
    creator: int = 0
    recorded: tuple[int, int] = (0, 0)
    observed: int = NOW
    price_sum: int = 0
    inverse_sum: int = 0
    rate: int = 0
    held: list[list[int]] = field(default_factory=list)

    def model(self) -> model.Pool:
        """What quotes are asked of."""
        return model.Pool("machine", self.base, self.quote, model.Rates(*FEES, self.rate), self.supply)

    def observe(self, now: int) -> None:
        """Sums prices and moves the tier when a second has passed."""
        if now <= self.observed:
            return
        base, quote = self.recorded
        self.price_sum += (quote << 64) // base * (now - self.observed)
        self.inverse_sum += (base << 64) // quote * (now - self.observed)
        self.observed = now
        self.rate = tier(base, quote)


def tier(base: int, quote: int) -> int:
    """The creator's rate at a price of the whole supply."""
    market_cap = SUPPLY * quote // base
    return [each["creator_fee_bps"] for each in TIERS if each["min_market_cap_quote"] <= market_cap][-1]


def number(limbs: list[int]) -> int:
    return sum(limb << 64 * place for place, limb in enumerate(limbs))


class PoolMachine(RuleBasedStateMachine):
    """One pool with SOL, three users who trade and provide, a creator, and a model of it all."""

    @initialize(size=sizes, program=st.sampled_from([TOKEN, TOKEN_2022]))
    def open(self, size: tuple[int, int], program: Pubkey) -> None:
        self.chain = Chain([AMM])
        create_config(self.chain)
        self.pool: Pool = free_pool(self.chain, *size, program=program, supply=SUPPLY, creator=CREATOR.pubkey())
        shares = model.root(size[0] * size[1])
        self.books = Books(*size, shares, recorded=size, rate=tier(*size))
        self.users = [self.pool.user(PURSE, PURSE) for _ in range(USERS)]
        self.books.held = [[PURSE, PURSE, 0] for _ in range(USERS)]
        self.opener_shares = shares - LOCKED
        for key in (CREATOR, RECIPIENT):
            self.chain.airdrop(key.pubkey(), 1)
            fund(self.chain, key.pubkey(), WSOL, 0, TOKEN)
        self.paid = {"creator": 0, "protocol": 0}
        self.paused = False
        self.worth = Fraction(0)

    @rule(kind=st.sampled_from(list(model.SWAPS)), user=users, part=parts, extra=extras)
    def swap(self, kind: str, user: int, part: int, extra: int) -> None:
        books, is_buy = self.books, kind.startswith("buy")
        span = books.quote if kind in {"buy_exact_in", "sell_exact_out"} else books.base
        amount = min(span * part // MILLION + extra, 2**64 - 1)
        before = self._before()
        outcome = model.SWAPS[kind](books.model(), amount)
        call = self.pool.swap_instruction(kind, self.users[user].pubkey(), amount, deadline=FAR)
        refusal = "ZeroAmount" if amount == 0 else "Paused" if self.paused and is_buy else None
        if refusal or isinstance(outcome, str):
            self._refuse(call, user, refusal or str(outcome), before)
            return
        sign, held = (1 if is_buy else -1), books.held[user]
        after = (held[0] + sign * outcome["base"], held[1] - sign * outcome["total"])
        if min(after) < 0:
            self._refuse(call, user, 1, before)
            return
        self.chain.send([call], [self.users[user]])
        held[:2] = after
        books.base -= sign * outcome["base"]
        books.quote += sign * outcome["amount"] + outcome["lp"]
        books.protocol += outcome["protocol"]
        books.creator += outcome["creator"]
        books.recorded = (books.base, books.quote)

    @rule(user=users, part=parts, extra=extras)
    def deposit(self, user: int, part: int, extra: int) -> None:
        books, provider = self.books, self.users[user]
        limits = [min(each * part // MILLION + extra, 2**64 - 1) for each in (books.base, books.quote)]
        before = self._before()
        outcome = model.deposit(books.model(), *limits)
        args = {"max_base": limits[0], "max_quote": limits[1], "min_lp": 0, "deadline": FAR}
        call = AMM.instruction("deposit", args, self.pool.liquidity_accounts(provider.pubkey()))
        refusal = "Paused" if self.paused else outcome if isinstance(outcome, str) else None
        if refusal or isinstance(outcome, str):
            self._refuse(call, user, str(refusal), before)
            return
        held = books.held[user]
        if outcome["base"] > held[0] or outcome["quote"] > held[1]:
            self._refuse(call, user, 1, before)
            return
        self.chain.send([call], [provider])
        held[:] = [held[0] - outcome["base"], held[1] - outcome["quote"], held[2] + outcome["shares"]]
        self._grow(outcome["base"], outcome["quote"], outcome["shares"])

    @rule(user=users, part=parts)
    def withdraw(self, user: int, part: int) -> None:
        books, provider = self.books, self.users[user]
        held = books.held[user]
        shares = held[2] * part // MILLION
        before = self._before()
        outcome = model.withdraw(books.model(), shares)
        args = {"lp_amount": shares, "min_base": 0, "min_quote": 0}
        call = AMM.instruction("withdraw", args, self.pool.liquidity_accounts(provider.pubkey()))
        if isinstance(outcome, str):
            self._refuse(call, user, outcome, before)
            return
        if shares > held[2]:
            self._refuse(call, user, 1, before)
            return
        self.chain.send([call], [provider])
        held[:] = [held[0] + outcome["base"], held[1] + outcome["quote"], held[2] - shares]
        self._grow(-outcome["base"], -outcome["quote"], -shares)

    @rule(kind=st.sampled_from(["creator", "protocol"]))
    def claim(self, kind: str) -> None:
        owed = getattr(self.books, kind)
        try_it = (lambda: self.pool.claim(CREATOR)) if kind == "creator" else (lambda: self.pool.sweep(self.users[0]))
        if owed == 0:
            with refused(AMM, "NothingToClaim"):
                try_it()
            return
        try_it()
        self.paid[kind] += owed
        setattr(self.books, kind, 0)

    @rule(seconds=st.sampled_from([1, 7, 3_600]))
    def wait(self, seconds: int) -> None:
        self.chain.set_time(self.chain.now + seconds)

    @rule(paused=st.sampled_from([True, False, False]))
    def pause(self, *, paused: bool) -> None:
        set_paused(self.chain, paused=paused)
        self.paused = paused

    @rule(amount=st.integers(1, 10**9))
    def give(self, amount: int) -> None:
        """Base units straight into the vault: they belong to the liquidity from the next instruction on."""
        account = self.chain.account(self.pool.base_vault)
        data = bytearray(account.data)
        data[64:72] = (self.books.base + amount).to_bytes(8, "little")
        self.chain.set_account(self.pool.base_vault, bytes(data), account.owner, lamports=account.lamports)
        self.books.base += amount

    @invariant()
    def the_vaults_hold_the_reserves_and_the_fees(self) -> None:
        books, state = self.books, self.pool.state
        assert self.pool.vaults == (books.base, books.quote + books.protocol + books.creator)
        assert (state["base_reserve"], state["quote_reserve"]) == books.recorded
        assert (state["protocol_fees"], state["creator_fees"]) == (books.protocol, books.creator)
        assert self.chain.tokens(self.pool.quote_of(CREATOR.pubkey())) == self.paid["creator"]
        assert self.chain.tokens(self.pool.quote_of(RECIPIENT.pubkey())) == self.paid["protocol"]
        rent = self.chain.rent(165)
        assert self.chain.lamports(self.pool.quote_vault) == rent + self.pool.vaults[1], "wrapped SOL is backed"

    @invariant()
    def tokens_and_shares_are_neither_made_nor_lost(self) -> None:
        books = self.books
        assert [list(self.pool.held(each.pubkey())) for each in self.users] == books.held
        everybodys = sum(held[2] for held in books.held) + self.opener_shares
        assert self.pool.state["lp_supply"] == books.supply == everybodys + LOCKED
        assert self.chain.supply(self.pool.lp_mint) == everybodys

    @invariant()
    def prices_are_summed_over_time(self) -> None:
        books, state = self.books, self.pool.state
        assert (state["observed_at"], state["creator_fee_bps"]) == (books.observed, books.rate)
        assert number(state["base_price_cumulative"]) == books.price_sum
        assert number(state["quote_price_cumulative"]) == books.inverse_sum

    @invariant()
    def no_share_is_ever_worth_less(self) -> None:
        """The product of the reserves per square of the shares never falls, by no instruction at all."""
        worth = Fraction(self.books.base * self.books.quote, self.books.supply**2)
        assert worth >= self.worth
        self.worth = worth

    def _before(self) -> dict[str, Any]:
        """What a refusal must leave; the model observes as the program would."""
        before = dict(vars(self.books))
        self.books.observe(self.chain.now)
        return before

    def _refuse(self, call: Any, user: int, error: str | int, before: dict[str, Any]) -> None:
        program = AMM if isinstance(error, str) else None
        with refused(program, error):
            self.chain.send([call], [self.users[user]])
        vars(self.books).update(before)

    def _grow(self, base: int, quote: int, shares: int) -> None:
        books = self.books
        books.base, books.quote, books.supply = books.base + base, books.quote + quote, books.supply + shares
        books.recorded = (books.base, books.quote)


PoolMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestPoolMachine = PoolMachine.TestCase
