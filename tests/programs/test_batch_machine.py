"""Random depositors in a random batch: whatever they do, every lamport and every token is somebody's.

A model with fractions says what every step must do or which error must answer; after each step all
balances, the supply, and the accounts rebuilt from events are compared.
"""

from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from solders.pubkey import Pubkey

from tests.programs.batch_market import CLOSES_AT, WINDOW, Batch, batch_terms, purchase
from tests.programs.curve_market import (
    Market,
    create_config,
    create_terms,
    curve_model,
    enough_liquidity,
    manage,
    opening,
    sale_terms,
)
from tests.programs.harness import CURVE, NOW, SOL, TOKEN, TOKEN_2022, Chain, refused, transfer_sol
from tests.programs.replay import Replay
from tests.programs.test_curve_machine import RATES, affordable_curves

USERS = 4
PURSE = 20_000
FEE = 5_000
WITHDRAW_UNTIL = NOW + 300
DEADLINE = CLOSES_AT + 1_000

users = st.integers(0, USERS - 1)
# Lamports as millionths of a full raise, and some beside.
parts = st.sampled_from([0, 1, 40, 7_777, 100_000, 333_333, 700_000])
extras = st.sampled_from([0, 0, 1, 2, 999])


class BatchMachine(RuleBasedStateMachine):
    """One sale that begins with a batch, four depositors, and a model of it all."""

    @initialize(
        segments=st.sampled_from(affordable_curves()),
        token_program=st.sampled_from([TOKEN_2022, TOKEN]),
        minimum=st.sampled_from([1, SOL // 100, 5 * SOL, 500 * SOL]),
        limit=st.sampled_from([0, 0, 3 * SOL]),
        deadline=st.sampled_from([None, DEADLINE]),
    )
    def open(
        self, segments: list[dict[str, int]], token_program: Pubkey, minimum: int, limit: int, deadline: int | None
    ) -> None:
        self.chain, self.replay = Chain([CURVE]), Replay()
        protocol, creator, referrer = RATES
        rates = {"protocol_fee_bps": protocol, "creator_fee_bps": creator, "referrer_share_bps": referrer}
        self.replay.feed(create_config(self.chain, **rates))
        sale = sale_terms(batch=batch_terms(minimum=minimum, max_deposit=limit))
        terms = {"segments": segments, "token_program": token_program, "deadline": deadline, "sale": sale}
        prepared = opening(self.chain, liquidity=enough_liquidity(segments), **terms)
        self.replay.feed(create_terms(self.chain, prepared.authority, sale))
        self.replay.feed(prepared.send())
        self.batch = Batch(Market(prepared))
        self.model = curve_model(segments, protocol=protocol, creator=creator, referrer=referrer)
        self.raised = self.model.cost(0, self.model.supply)
        self.minimum, self.limit, self.deadline = minimum, limit, deadline
        self.users = [self.chain.wallet(PURSE) for _ in range(USERS)]
        self.money = [self.chain.lamports(each.pubkey()) for each in self.users]
        self.put_in, self.held = [0] * USERS, [0] * USERS
        self.base_left = self.refund_left = self.donated = self.cost = self.sold = 0
        self.paused, self.status = False, "Open"
        self.rent = self.chain.rent(len(CURVE.encode_account("Deposit", self._receipt(0, 0))))

    # What depositors do

    @rule(user=users, part=parts, extra=extras)
    def deposit(self, user: int, part: int, extra: int) -> None:
        amount = self.raised * part // 1_000_000 + extra
        expected = self._deposit_refusal(user, amount)
        if expected:
            with refused(CURVE, expected):
                self.batch.deposit(self.users[user], amount)
            self.money[user] -= FEE
            return
        rent = self.rent if self.put_in[user] == 0 else 0
        if self.money[user] < amount + rent + FEE + SOL:
            return
        self.replay.feed(self.batch.deposit(self.users[user], amount))
        self.put_in[user] += amount
        self.money[user] -= amount + rent + FEE

    @rule(user=users, part=st.sampled_from([0, 1, 500_000, 1_000_000, 2_000_000]))
    def withdraw(self, user: int, part: int) -> None:
        """A part, all, or more than all, which is all."""
        amount = self.put_in[user] * part // 1_000_000
        if self.put_in[user] == 0:
            with refused(None, 3012):
                self.batch.withdraw(self.users[user], SOL)
            self.money[user] -= FEE
            return
        expected = self._withdraw_refusal() or ("ZeroAmount" if amount == 0 else None)
        if expected:
            with refused(CURVE, expected):
                self.batch.withdraw(self.users[user], amount)
            self.money[user] -= FEE
            return
        self.replay.feed(self.batch.withdraw(self.users[user], amount))
        back = min(amount, self.put_in[user])
        self.put_in[user] -= back
        self.money[user] += back - FEE + (self.rent if self.put_in[user] == 0 else 0)

    @rule(user=users)
    def settle(self, user: int) -> None:
        expected = "NotDepositing" if self.status != "Open" else "BatchOpen" if self.chain.now < CLOSES_AT else None
        self.money[user] -= FEE
        if expected:
            with refused(CURVE, expected):
                self.batch.settle(self.users[user])
            return
        self.replay.feed(self.batch.settle(self.users[user]))
        bought = purchase(self.model, sum(self.put_in), self.minimum)
        late = self.deadline is not None and self.chain.now >= self.deadline
        if bought is None or (late and bought["base"] < self.model.supply):
            self.status = "Failed"
            return
        self.status = "Settled"
        self.base_left = self.sold = bought["base"]
        self.refund_left = sum(self.put_in) - bought["total"]
        self.cost = bought["total"]

    @rule(user=users, payer=users)
    def claim(self, user: int, payer: int) -> None:
        """By the depositor or anybody else."""
        self.money[payer] -= FEE
        expected: str | int | None = 3012 if self.put_in[user] == 0 else None
        expected = expected or {"Open": "BatchNotSettled", "Failed": "BatchFailed"}.get(self.status)
        if expected:
            with refused(None if isinstance(expected, int) else CURVE, expected):
                self.batch.claim(self.users[user].pubkey(), self.users[payer])
            return
        there = sum(self.put_in)
        base = int(Fraction(self.base_left * self.put_in[user], there))
        refund = int(Fraction(self.refund_left * self.put_in[user], there))
        account = self.batch.market.wallet_of(self.users[user])
        fresh = base > 0 and self.chain.lamports(account) == 0
        self.replay.feed(self.batch.claim(self.users[user].pubkey(), self.users[payer]))
        self.base_left, self.refund_left = self.base_left - base, self.refund_left - refund
        self.put_in[user] = 0
        self.held[user] += base
        self.money[user] += refund + self.rent
        self.money[payer] -= self.chain.lamports(account) if fresh else 0

    # Time, authorities and strangers

    @precondition(lambda self: self.chain.now < DEADLINE)
    @rule(step=st.sampled_from([1, 150, 150, WINDOW, 1_100]))
    def wait(self, step: int) -> None:
        self.chain.set_time(self.chain.now + step)

    @rule(paused=st.sampled_from([True, False, False]))
    def set_paused(self, *, paused: bool) -> None:
        self.replay.feed(manage(self.chain, "set_paused", {"paused": paused}))
        self.paused = paused

    @rule(user=users, lamports=st.integers(1, SOL))
    def give_lamports(self, user: int, lamports: int) -> None:
        giver = self.users[user]
        self.chain.send([transfer_sol(giver.pubkey(), self.batch.address, lamports)], [giver])
        self.money[user] -= lamports + FEE
        self.donated += lamports

    # What must hold after every step

    @invariant()
    def the_batch_holds_what_it_owes(self) -> None:
        state = self.batch.state
        left = (self.base_left, self.refund_left)
        assert (state["deposits"], state["base_left"], state["refund_left"]) == (sum(self.put_in), *left)
        assert state["status"] == self.status
        account = self.chain.account(self.batch.address)
        owed = self.refund_left if self.status == "Settled" else sum(self.put_in)
        assert account.lamports == self.chain.rent(len(account.data)) + owed + self.donated

    @invariant()
    def everybody_has_what_the_model_says(self) -> None:
        assert [self.chain.lamports(each.pubkey()) for each in self.users] == self.money
        assert [self.batch.market.held(each) for each in self.users] == self.held
        assert [self.batch.deposited(each.pubkey()) for each in self.users] == self.put_in

    @invariant()
    def the_curve_sold_what_is_claimed_and_what_waits(self) -> None:
        state, market = self.batch.market.state, self.batch.market
        assert state["sold"] == self.sold == self.base_left + sum(self.held)
        assert self.chain.tokens(market.vault) == self.chain.supply(market.mint) - sum(self.held)
        everything = self.sold == self.model.supply
        stages = {"Open": "Depositing", "Failed": "Failed", "Settled": "Complete" if everything else "Trading"}
        assert state["status"] == stages[self.status]
        account = self.chain.account(market.curve)
        assert account.lamports == self.chain.rent(len(account.data)) + self.cost

    @invariant()
    def dust_is_nobodys_but_the_last_ones(self) -> None:
        if self.status == "Settled" and sum(self.put_in) == 0:
            assert (self.base_left, self.refund_left) == (0, 0)

    @invariant()
    def events_from_zero_rebuild_the_accounts(self) -> None:
        self.replay.assert_same(self.chain)

    # Helpers

    def _deposit_refusal(self, user: int, amount: int) -> str | None:
        if self.paused:
            return "Paused"
        if self.status != "Open":
            return "NotDepositing"
        if self.chain.now >= CLOSES_AT:
            return "DepositWindowClosed"
        if amount == 0:
            return "ZeroAmount"
        return "DepositLimit" if self.limit and self.put_in[user] + amount > self.limit else None

    def _withdraw_refusal(self) -> str | None:
        if self.status == "Failed" or (self.status == "Open" and self.chain.now < WITHDRAW_UNTIL):
            return None
        late = self.status == "Open" and self.chain.now >= CLOSES_AT
        return "BatchNotSettled" if late else "WithdrawWindowClosed"

    def _receipt(self, user: int, amount: int) -> dict[str, object]:
        wallet = self.users[user].pubkey()
        return {
            "version": 1,
            "bump": 0,
            "mint": self.batch.market.mint,
            "wallet": wallet,
            "amount": amount,
            "reserved": bytes(32),
        }


BatchMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestBatchMachine = BatchMachine.TestCase
