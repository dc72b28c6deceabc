"""A random router: whatever happens in whatever order, everybody has exactly what fractions say.

The model keeps every wallet's part as a fraction for ever and never forgets anybody; after each step the
balance of the router, its books and everybody's entry are compared with it.
"""

from fractions import Fraction
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from solders.keypair import Keypair

from tests.programs.fee_router.routes import ALL, DAY, ONE, open_route
from tests.programs.harness import ROUTER, Chain, refused

WALLETS = sorted((Keypair.from_seed(bytes([60 + place] * 32)).pubkey() for place in range(8)), key=bytes)

lamports = st.sampled_from([1, 2, 3, 7, 9_999, 10_000, 10_001, 123_456_789, 10**12])


@st.composite
def shares(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Some of the wallets, and basis points that sum up."""
    who = sorted(draw(st.sets(st.integers(0, len(WALLETS) - 1), min_size=1)))
    cuts = draw(st.sets(st.integers(1, ONE - 1), min_size=len(who) - 1, max_size=len(who) - 1))
    return [
        (place, after - before) for place, (before, after) in zip(who, pairwise([0, *sorted(cuts), ONE]), strict=True)
    ]


class RouterMachine(RuleBasedStateMachine):
    """One router, eight wallets that come and go."""

    @initialize(first=shares(), before=st.sampled_from([0, 1, 12_345]))
    def open(self, first: list[tuple[int, int]], before: int) -> None:
        """A router whose first shares count from its first lamport on."""
        self.route = open_route(Chain(ALL))
        for wallet in WALLETS:
            self.route.chain.airdrop(wallet, 1)
        self.parts = {place: Fraction(0) for place in range(len(WALLETS))}
        self.paid = dict.fromkeys(self.parts, 0)
        self.lost = dict.fromkeys(self.parts, Fraction(0))
        self.income, self.shares, self.waiting = before, dict(first), None
        if before:
            self.route.fund(before)
        self.route.change([(WALLETS[place], bps) for place, bps in first])
        self._earn(before)

    def _earn(self, amount: int) -> None:
        for place, bps in self.shares.items():
            self.parts[place] += Fraction(amount * bps, ONE)

    def _owed(self, place: int) -> int:
        return int(self.parts[place]) - self.paid[place]

    def _forget(self, place: int) -> None:
        """What is less than a lamport passes to the first recipient."""
        rest = self.parts[place] - self.paid[place]
        self.parts[place] -= rest
        self.parts[min(self.shares)] += rest

    @rule(amount=lamports)
    def send(self, amount: int) -> None:
        """Somebody sends lamports."""
        self.route.fund(amount)
        self.income += amount
        self._earn(amount)

    @rule(place=st.integers(0, len(WALLETS) - 1))
    def claim(self, place: int) -> None:
        """Somebody is paid, or there is nothing."""
        listed = [each["wallet"] for each in self.route.entries]
        owed = self._owed(place)
        if WALLETS[place] not in listed:
            assert owed == 0
            with refused(ROUTER, "NotRecipient"):
                self.route.claim(WALLETS[place])
        elif owed == 0:
            with refused(ROUTER, "NothingToClaim"):
                self.route.claim(WALLETS[place])
        else:
            assert self.route.claim(WALLETS[place]).event(ROUTER, "SharePaid")["amount"] == owed
            self.paid[place] += owed
            if place not in self.shares:
                self._forget(place)

    @rule(new=shares())
    def propose(self, new: list[tuple[int, int]]) -> None:
        """The owner proposes other shares, perhaps instead of those that wait."""
        if self.waiting:
            self.route.cancel()
        self.route.propose([(WALLETS[place], bps) for place, bps in new])
        self.waiting = (dict(new), self.route.chain.now + DAY)

    @rule(seconds=st.sampled_from([1, DAY - 1, DAY]))
    def apply(self, seconds: int) -> None:
        """Somebody applies what waits, in time or too early."""
        self.route.chain.set_time(self.route.chain.now + seconds)
        if self.waiting is None:
            return
        new, effective = self.waiting
        if self.route.chain.now < effective:
            with refused(ROUTER, "TimeLocked"):
                self.route.apply()
            return
        self.route.apply()
        gone = {place for place in self.parts if place not in new and self._owed(place) == 0}
        self.shares, self.waiting = new, None
        for place in gone:
            self._forget(place)

    @invariant()
    def books_add_up(self) -> None:
        """Not a lamport more or less anywhere."""
        if not hasattr(self, "route"):
            return
        paid = sum(self.paid.values())
        assert self.route.held == self.income - paid == sum(self.parts.values()) - paid
        state = self.route.state
        assert state["paid"] == paid
        for place, wallet in enumerate(WALLETS):
            assert self.route.chain.lamports(wallet) == 10**9 + self.paid[place]
        for each in self.route.entries:
            place = WALLETS.index(each["wallet"])
            unseen = Fraction((self.income - each["counted"]) * each["bps"], ONE)
            assert each["owed"] + Fraction(each["fraction"], ONE) + unseen == self.parts[place] - self.paid[place]


TestRouterMachine = RouterMachine.TestCase
TestRouterMachine.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
