"""Random users on a random curve: whatever they do, the books add up.

A model with fractions says what every step must do or which error must answer; after each step the
vault, the supply, everybody's balance and the accounts rebuilt from events are compared.
"""

import json
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scripts import make_vectors as model
from tests.programs import pool_market
from tests.programs.curve_market import (
    CLASSIC,
    CONFIG,
    Market,
    claim_referrer_fees,
    create_config,
    create_terms,
    curve_model,
    enough_liquidity,
    launch_fee,
    manage,
    opening,
    referrer_account,
    sale_terms,
)
from tests.programs.graduating import Graduate
from tests.programs.harness import AMM, CURVE, NOW, ROOT, SOL, TOKEN, TOKEN_2022, Chain, Receipt, refused, transfer_sol
from tests.programs.opening import bound, open_position, opening_rules
from tests.programs.replay import Replay

NAMES = ("base_reserve", "quote_reserve", "base_for_sale")
RATES = (70, 45, 3_300)
USERS = 3
PURSE = 20_000
FEE = 5_000
LATER = NOW + 10**9
WINDOW = 250
MILLION = 1_000_000


def affordable_curves() -> list[list[dict[str, int]]]:
    """The classic curve, and those of the vectors that are neither tiny nor beyond a purse."""
    rows = json.loads((ROOT / "tests" / "vectors" / "curve.json").read_text())["curves"]
    chosen = [row["segments"] for row in rows if MILLION < row["raise_target"] < PURSE * SOL]
    return [list(CLASSIC), *[[dict(zip(NAMES, each, strict=True)) for each in segments] for segments in chosen]]


users = st.integers(0, USERS - 1)
# Millionths of every magnitude; the whole of what is left only now and then, since it ends the trading.
PARTS = [3, 41, 777, 5_000, 20_000, 77_777, 123_456, 300_000, 600_000]
parts = st.sampled_from(PARTS)
rarely_all = st.sampled_from([0, *PARTS * 3, MILLION])
small = st.sampled_from([0, 0, 0, 1, 2, 3, 57, 199])
kinds = st.sampled_from(["buy_exact_in"] * 3 + ["buy_exact_out"] * 2 + ["sell"] * 4)
small = st.one_of(st.just(0), st.integers(1, 200))
referred = st.sampled_from([None, None, 1, 1, 0])


class CurveMachine(RuleBasedStateMachine):
    """One curve, three traders, two referrers of whom one trades, and a model of it all."""

    @initialize(
        segments=st.sampled_from(affordable_curves()),
        token_program=st.sampled_from([TOKEN_2022, TOKEN]),
        deadline=st.sampled_from([None, NOW + 1_000]),
        fee=st.sampled_from([None, (5_000, 600, 0), (3_333, 500, 100), (1, 600, 0)]),
        cap=st.sampled_from([None, None, 100, 2_500]),
    )
    def open(
        self,
        segments: list[dict[str, int]],
        token_program: Pubkey,
        deadline: int | None,
        fee: tuple[int, int, int] | None,
        cap: int | None,
    ) -> None:
        self.chain, self.replay = Chain([CURVE, AMM]), Replay()
        pool_market.create_config(self.chain)
        protocol, creator, referrer = RATES
        rates = {"protocol_fee_bps": protocol, "creator_fee_bps": creator, "referrer_share_bps": referrer}
        self.replay.feed(create_config(self.chain, **rates))
        terms = {"segments": segments, "token_program": token_program, "deadline": deadline}
        rules = opening_rules(window_seconds=WINDOW, wallet_cap_bps=cap) if cap else opening_rules()
        sale = sale_terms(launch_fee=launch_fee(*fee or (0, 0)), opening=rules) if fee or cap else None
        prepared = opening(self.chain, liquidity=enough_liquidity(segments) + 7, sale=sale, **terms)
        if sale:
            self.replay.feed(create_terms(self.chain, prepared.authority, sale))
        self.replay.feed(prepared.send())
        self.market = Market(prepared)
        self.fee = fee
        self.model = curve_model(segments, protocol=protocol, creator=creator, referrer=referrer)
        self.users = [self.market.trader(PURSE) for _ in range(USERS)]
        self.cap = None if cap is None else self.model.supply * cap // 10_000
        self.bought = [0] * USERS
        for user in self.users if cap else ():
            key = user.pubkey()
            self.replay.feed(self.chain.send([open_position(self.market, key, key)], [user]))
        self.referrers = [self.users[0], self.chain.wallet()]
        for each in self.referrers:
            self._register(each)
        self.chain.airdrop(self._recipient(), 1)
        self.sold = self.protocol = self.creator = self.launch = self.donated = self.vault_gift = 0
        self.held = [0] * USERS
        self.unclaimed = [0, 0]
        self.paused = self.complete = self.refunding = self.graduated = False
        # Base units that left for the pool or for good.
        self.gone = self.burned = 0
        self.deadline = deadline
        # What refunds have not paid yet, once there are any.
        self.waiting = 0

    # Trades

    @rule(kind=kinds, user=users, part=rarely_all, extra=small, through=referred)
    def trade(self, kind: str, user: int, part: int, extra: int, through: int | None) -> None:
        """Any trade of any size; sells mostly by somebody who holds something."""
        left, named = self.model.supply - self.sold, through is not None
        if kind == "sell":
            holders = [each for each in range(USERS) if self.held[each]] or [user]
            user = holders[user % len(holders)]
            base = self.held[user] * part // MILLION + extra
            self._trade("sell", user, base, through, model.sell(self.model, self.sold, base, referred=named))
        elif kind == "buy_exact_out":
            base = left * part // MILLION + extra
            outcome = model.buy_exact_out(self.model, self.sold, base, referred=named, launch=self.rate)
            self._trade("buy_exact_out", user, base, through, outcome)
        else:
            money = self.model.cost(self.sold, left) * part // MILLION + extra
            outcome = model.buy_exact_in(self.model, self.sold, money, referred=named, launch=self.rate)
            self._trade("buy_exact_in", user, money, through, outcome)

    @precondition(lambda self: not self.paused and not self.ended)
    @rule(user=users, part=parts)
    def round_trip(self, user: int, part: int) -> None:
        """Buying and selling at once, in one transaction, is never worth it."""
        base = min((self.model.supply - self.sold) * part // MILLION, self.model.supply - self.sold - 1)
        if base <= 0:
            return
        trader = self.users[user]
        trip = [
            self.market.instruction("buy_exact_out", trader.pubkey(), base, 2**63, LATER, **self._ruled(trader)),
            self.market.instruction("sell", trader.pubkey(), base, 0, LATER),
        ]
        before = self.chain.lamports(trader.pubkey())
        cost = model.buy_exact_out(self.model, self.sold, base, referred=False, launch=self.rate)
        back = model.sell(self.model, self.sold + base, base, referred=False)
        if isinstance(cost, str) or isinstance(back, str) or cost["total"] > before - FEE:
            with refused(None):
                self.chain.send(trip, [trader])
            return
        if self._is_over_cap(user, base):
            with refused(CURVE, "WalletCapReached"):
                self.chain.send(trip, [trader])
            return
        self.replay.feed(self.chain.send(trip, [trader]))
        self._count(user, base)
        self._book_fees(cost, None)
        self._book_fees(back, None)
        gain = self.chain.lamports(trader.pubkey()) + FEE - before
        assert gain == back["total"] - cost["total"] <= 0

    @rule(user=users)
    def trade_too_late(self, user: int) -> None:
        trader = self.users[user]
        late = self.market.instruction("sell", trader.pubkey(), 1, 0, self.chain.now - 1)
        with refused(CURVE, "DeadlinePassed"):
            self.chain.send([late], [trader])

    @precondition(lambda self: (self.fee or self.cap is not None) and self.chain.now < NOW + 700)
    @rule(seconds=st.sampled_from([1, 59, 100, 101, 300]))
    def let_the_launch_fee_fall(self, seconds: int) -> None:
        self.chain.set_time(self.chain.now + seconds)

    # The end of a sale that reached its goal

    @rule(user=users)
    def graduate(self, user: int) -> None:
        """Opens the pool once everything is sold, and does nothing a second time."""
        graduate, keeper = Graduate(self.market), self.users[user]
        if not self.complete:
            with refused(CURVE, "NotComplete"):
                graduate.send(keeper)
            return
        if self.graduated:
            assert not graduate.send(keeper).events(CURVE)
            return
        raised, kept = self.model.reserve(self.sold), self.market.opening.liquidity
        before = self.chain.lamports(keeper.pubkey())
        receipt = graduate.send(keeper)
        event = receipt.event(CURVE, "Graduated")
        quote = raised + self.launch - event["reward"]
        assert event["reward"] <= raised // 10
        assert event["quote_amount"] == quote
        assert event["base_amount"] == graduate.expected_base(quote) == kept - event["burned"]
        assert graduate.pool.vaults == (event["base_amount"], quote)
        spent = sum(self.chain.lamports(key) for key in (graduate.pool.key, graduate.pool.lp_mint))
        spent += 2 * self.chain.rent(165)
        assert self.chain.lamports(keeper.pubkey()) == before - FEE + event["reward"] - spent
        self.replay.feed(receipt)
        self.graduated, self.launch, self.gone, self.burned = True, 0, kept, event["burned"]

    # The end of a sale that failed

    @precondition(lambda self: self.deadline is not None and not self.ended)
    @rule(seconds=st.sampled_from([0, 0, 1, 5_000]))
    def pass_the_deadline(self, seconds: int) -> None:
        self.chain.set_time(NOW + 1_000 + seconds)

    @rule(user=users)
    def expire(self, user: int) -> None:
        """Ends the sale once its time is over, and never before or twice."""
        expected = "CurveNotTrading" if self.complete or self.refunding else None if self.ended else "SaleNotEnded"
        if expected:
            with refused(CURVE, expected):
                self.market.expire(self.users[user])
            return
        self.waiting = self.model.reserve(self.sold)
        if self.sold:
            self.waiting, self.launch = self.waiting + self.launch, 0
        self.replay.feed(self.market.expire(self.users[user]))
        self.refunding = True

    @rule(user=users, part=rarely_all, extra=small)
    def refund(self, user: int, part: int, extra: int) -> None:
        """Returns a part of what somebody holds, most often of somebody who holds something."""
        holders = [each for each in range(USERS) if self.held[each]] or [user]
        user = holders[user % len(holders)]
        holder, base = self.users[user], self.held[user] * part // MILLION + extra
        expected = model.refund(self.waiting, self.sold, base) if self.refunding else "NotRefunding"
        if isinstance(expected, str):
            with refused(CURVE, expected):
                self.market.refund(holder, base)
            return
        if base > self.held[user]:
            with refused(None, 1):
                self.market.refund(holder, base)
            return
        before = self.chain.lamports(holder.pubkey())
        self.replay.feed(self.market.refund(holder, base))
        assert self.chain.lamports(holder.pubkey()) == before - FEE + expected
        self.held[user] -= base
        self.sold -= base
        self.waiting -= expected
        assert self.sold > 0 or self.waiting == 0

    # Claims

    @rule(kind=st.sampled_from(["creator", "protocol", "referrer"]), which=st.integers(0, 1))
    def claim(self, kind: str, which: int) -> None:
        if kind == "creator":
            self._claim(self.creator, self.market.claim_creator_fees, self.market.creator.pubkey())
            self.creator = 0
        elif kind == "protocol":
            caller = self.users[which]
            self._claim(self.protocol, lambda: self.market.sweep_protocol_fees(caller), self._recipient(), fee=0)
            self.protocol = 0
        else:
            referrer = self.referrers[which]
            self._claim(self.unclaimed[which], lambda: claim_referrer_fees(self.chain, referrer), referrer.pubkey())
            self.unclaimed[which] = 0

    # What authorities and strangers do

    @rule(paused=st.sampled_from([True, False, False]))
    def set_paused(self, *, paused: bool) -> None:
        self.replay.feed(manage(self.chain, "set_paused", {"paused": paused}))
        self.paused = paused

    @rule(user=users, lamports=st.integers(1, SOL))
    def give_lamports(self, user: int, lamports: int) -> None:
        giver = self.users[user]
        if self.chain.lamports(giver.pubkey()) > lamports + SOL:
            self.chain.send([transfer_sol(giver.pubkey(), self.market.curve, lamports)], [giver])
            self.donated += lamports

    @precondition(lambda self: self.vault_gift == 0)
    @rule(user=users)
    def give_tokens(self, user: int) -> None:
        """All of a user's tokens, straight into the vault."""
        held = self.chain.tokens(self.market.vault)
        program = self.market.opening.token_program
        self.chain.set_tokens(self.users[user].pubkey(), self.market.mint, 0, program=program)
        self.chain.set_tokens(self.market.curve, self.market.mint, held + self.held[user], program=program)
        self.vault_gift, self.held[user] = self.held[user], 0

    # What must hold after every step

    @invariant()
    def the_curve_holds_its_reserve_and_the_unclaimed_fees(self) -> None:
        state = self.market.state
        reserve = self.waiting if self.refunding else 0 if self.graduated else self.model.reserve(self.sold)
        assert (state["sold"], state["quote_reserve"]) == (self.sold, reserve)
        fees = (self.protocol, self.creator, self.launch)
        assert (state["protocol_fees"], state["creator_fees"], state["launch_fees"]) == fees
        stage = "Refunding" if self.refunding else "Complete" if self.complete else "Trading"
        assert state["status"] == ("Graduated" if self.graduated else stage)
        account = self.chain.account(self.market.curve)
        owed = reserve + sum(fees)
        assert account.lamports == self.chain.rent(len(account.data)) + owed + self.donated

    @invariant()
    def tokens_are_neither_made_nor_lost(self) -> None:
        whole = self.model.supply + self.market.opening.liquidity
        assert self.chain.supply(self.market.mint) == whole - self.burned
        assert [self.market.held(user) for user in self.users] == self.held
        assert self.chain.tokens(self.market.vault) == whole - self.gone - sum(self.held)
        assert self.chain.tokens(self.market.vault) == whole - self.gone - self.sold + self.vault_gift

    @invariant()
    def referrers_hold_what_they_are_owed(self) -> None:
        for each, owed in zip(self.referrers, self.unclaimed, strict=True):
            account = self.chain.account(referrer_account(each.pubkey()))
            assert account.lamports == self.chain.rent(len(account.data)) + owed

    @invariant()
    def events_from_zero_rebuild_the_accounts(self) -> None:
        self.replay.assert_same(self.chain)

    # Helpers

    def _trade(self, name: str, user: int, amount: int, through: int | None, outcome: dict[str, int] | str) -> None:
        limit, sign = (0, -1) if name == "sell" else (2**63 if name == "buy_exact_out" else 0, +1)
        trader = self.users[user]
        account = None if through is None else referrer_account(self.referrers[through].pubkey())
        ruled = {} if name == "sell" else self._ruled(trader)
        trade = self.market.instruction(name, trader.pubkey(), amount, limit, LATER, referrer_fees=account, **ruled)
        before = self.chain.lamports(trader.pubkey())
        expected = self._refusal(name, user, through) or outcome
        if sign > 0 and not isinstance(expected, str) and self._is_over_cap(user, expected["base"]):
            expected = "WalletCapReached"
        if isinstance(expected, str):
            with refused(CURVE, expected):
                self.chain.send([trade], [trader])
            return
        if (sign > 0 and expected["total"] > before - FEE) or (sign < 0 and amount > self.held[user]):
            with refused(None, 1):
                self.chain.send([trade], [trader])
            return
        self.replay.feed(self.chain.send([trade], [trader]))
        self.sold += sign * expected["base"]
        self.held[user] += sign * expected["base"]
        if sign > 0:
            self._count(user, expected["base"])
        self.complete = self.sold == self.model.supply
        self._book_fees(expected, through)
        assert self.chain.lamports(trader.pubkey()) == before - FEE - sign * expected["total"]

    def _refusal(self, name: str, user: int, through: int | None) -> str | None:
        """The error that comes before any quote."""
        if self.paused and name != "sell":
            return "Paused"
        if user == 0 and through == 0:
            return "InvalidReferrer"
        if self.complete:
            return "CurveNotTrading" if self.graduated else "CurveComplete"
        if self.refunding:
            return "CurveNotTrading"
        return "SaleEnded" if self.ended else None

    @property
    def _in_window(self) -> bool:
        return self.cap is not None and self.chain.now < NOW + WINDOW

    def _ruled(self, trader: Keypair) -> dict[str, Pubkey | None]:
        """What buys name where the sale has a cap, also when it holds no more."""
        return {} if self.cap is None else bound(self.market, trader.pubkey())

    def _is_over_cap(self, user: int, base: int) -> bool:
        return self._in_window and self.bought[user] + base > (self.cap or 0)

    def _count(self, user: int, base: int) -> None:
        self.bought[user] += base if self._in_window else 0

    @property
    def rate(self) -> int:
        """The launch fee of this moment, in basis points."""
        return model.launch_bps(*self.fee, self.chain.now - NOW) if self.fee else 0

    @property
    def ended(self) -> bool:
        """Whether the sale's time is over."""
        return self.deadline is not None and self.chain.now >= self.deadline

    def _book_fees(self, quote: dict[str, int], through: int | None) -> None:
        self.protocol += quote["protocol"]
        self.creator += quote["creator"]
        self.launch += quote["launch"]
        if through is not None:
            self.unclaimed[through] += quote["referrer"]

    def _claim(self, owed: int, claim: Callable[[], Receipt], payee: Pubkey, fee: int = FEE) -> None:
        if owed == 0:
            with refused(CURVE, "NothingToClaim"):
                claim()
            return
        before = self.chain.lamports(payee)
        self.replay.feed(claim())
        assert self.chain.lamports(payee) == before + owed - fee

    def _register(self, referrer: Keypair) -> None:
        key = referrer.pubkey()
        accounts = {"payer": key, "referrer": key, "referrer_fees": referrer_account(key)}
        self.replay.feed(self.chain.send([CURVE.instruction("register_referrer", {}, accounts)], [referrer]))

    def _recipient(self) -> Pubkey:
        return Pubkey(bytes(self.chain.read(CURVE, "Config", CONFIG)["fee_recipient"]))


CurveMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, derandomize=True, database=None
)
TestCurveMachine = CurveMachine.TestCase
