"""What snipers get of an opening, without rules, with each of them, and with all together.

A simulation on the curve's own arithmetic (`chain.curve_math`, number for number the program's)
and the rules' own (`chain.opening`, `chain.sale_terms`); a test plays a small opening on the
program itself and finds the same amounts. Snipers sell everything when everybody has come.
"""

from collections import deque
from dataclasses import dataclass, replace

from launchpad.bench._crowd import SLOT_MS, SOL, Crowd, Wallet, arrivals
from launchpad.bench.measure import Measure, Measures
from launchpad.chain import curve_math
from launchpad.chain.curve_math import (
    BPS,
    AmountTooSmallError,
    CurveCompleteError,
    Fees,
    LaunchFee,
    Segment,
    TradeQuote,
)
from launchpad.chain.opening import stage_begins, wallet_cap
from launchpad.chain.sale_terms import Allowlist, OpeningRules, SaleTerms

SALE = 793_100_000 * 10**9
_FEES = Fees(50, 30)
_WINDOW = 60
_MINUTE = OpeningRules(window_seconds=_WINDOW)
# Whose wallets the tree names does not matter here: the crowd says who is on it.
_LIST = Allowlist(bytes(32), _WINDOW)

RULES: dict[str, SaleTerms] = {
    "no rules": SaleTerms(),
    "launch fee, 5 % over 60 s": SaleTerms(launch_fee=LaunchFee(500, _WINDOW)),
    "launch fee, 50 % over 60 s": SaleTerms(launch_fee=LaunchFee(5_000, _WINDOW)),
    "cap of 2 %": SaleTerms(opening=replace(_MINUTE, wallet_cap_bps=200)),
    "cap of 0.5 %": SaleTerms(opening=replace(_MINUTE, wallet_cap_bps=50)),
    "one buy a slot": SaleTerms(opening=replace(_MINUTE, one_buy_per_slot=True)),
    "allowlist first": SaleTerms(opening=OpeningRules(allowlist=_LIST)),
    "preset fair": SaleTerms(LaunchFee(500, _WINDOW), replace(_MINUTE, wallet_cap_bps=200, one_buy_per_slot=True)),
    # The window outlasts the tier: otherwise those who waited outside meet no cap when they come in.
    "all together": SaleTerms(
        LaunchFee(5_000, 2 * _WINDOW), OpeningRules(5 * _WINDOW, 50, one_buy_per_slot=True, allowlist=_LIST)
    ),
}
CROWDS = {"5 wallets": Crowd(), "5 with 40 wallets each": Crowd(wallets=40)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an opening when its time is over. Lamports and base units; `served` others got some."""

    sniped: int
    paid: int
    proceeds: int
    served: int
    bought: int
    spent: int

    @property
    def share_bps(self) -> int:
        """The snipers' part of the sale before they sell, basis points, rounded down."""
        return self.sniped * BPS // SALE

    @property
    def profit(self) -> int:
        """What the snipers made, lamports; below zero for a loss."""
        return self.proceeds - self.paid

    @property
    def crowd_price(self) -> float:
        """What ordinary buyers paid for a million whole tokens on average, SOL, fees included."""
        return self.spent / SOL / (self.bought / 10**15) if self.bought else 0.0


@dataclass(frozen=True, slots=True)
class Purchase:
    """One buy of a simulation: whose, in which slot and second, and what it came to."""

    wallet: Wallet
    slot: int
    elapsed: int
    base: int
    total: int


def run() -> Measures:
    """Every set of rules against snipers with few wallets and with many."""
    found: Measures = {}
    for name, crowd in CROWDS.items():
        for rules, sale in RULES.items():
            outcome = simulate(sale, crowd)
            found[f"{name}, {rules}: share of the sale"] = Measure(outcome.share_bps / 100, "%", places=2)
            found[f"{name}, {rules}: profit"] = Measure(outcome.profit / SOL, "SOL", places=2)
            found[f"{name}, {rules}: others pay a million"] = Measure(outcome.crowd_price, "SOL", places=4)
    return found


def simulate(sale: SaleTerms, crowd: Crowd, tape: list[Purchase] | None = None) -> Outcome:
    """One opening under these terms; the same crowd and terms always end the same. `tape` gets every buy."""
    opening = _Opening(sale, crowd, [] if tape is None else tape)
    waiting, coming, slot = list[Wallet](), deque(arrivals(crowd)), 0
    everybody, last = list(coming), crowd.minutes * 60_000 // SLOT_MS
    while slot <= last and (coming or waiting):
        while coming and coming[0].arrives <= slot:
            waiting.append(coming.popleft())
        waiting = [wallet for wallet in waiting if not opening.serve(wallet, slot)]
        slot += 1
    return opening.outcome(everybody)


class _Opening:
    """A classic curve under terms, as the program would run it."""

    def __init__(self, sale: SaleTerms, crowd: Crowd, tape: list[Purchase]) -> None:
        self.sale, self.rules, self.tape = sale, sale.opening, tape
        self.segments: list[Segment] = curve_math.classic(SALE)
        self.sold = 0
        # Lamports for one base unit above which snipers wait.
        self.ceiling = crowd.ceiling * curve_math.price(self.segments, 0)

    def serve(self, wallet: Wallet, slot: int) -> bool:
        """Let a wallet buy what the rules let it in this slot; whether it is done."""
        elapsed = slot * SLOT_MS // 1_000
        if wallet.sniper and curve_math.price(self.segments, self.sold) >= self.ceiling:
            return True
        if elapsed < stage_begins(self.rules, "allowlist" if wallet.listed else "public"):
            return False
        window = elapsed < self.rules.window_seconds
        most = 1 if window and self.rules.one_buy_per_slot else wallet.money // wallet.shot + 1
        for _ in range(most):
            if not self._buy(wallet, slot, elapsed, window=window):
                return self.sold == SALE or (not wallet.sniper and not window)
        return wallet.money == 0

    def _buy(self, wallet: Wallet, slot: int, elapsed: int, *, window: bool) -> bool:
        """One buy of as much as the wallet wants and may; whether there was one."""
        room = wallet_cap(self.rules, SALE) - wallet.bought if window and self.rules.wallet_cap_bps else SALE
        fees = replace(_FEES, launch_bps=self.sale.launch_fee.bps_at(elapsed) if self.sale.launch_fee.seconds else 0)
        quote = self._quote(min(wallet.money, wallet.shot), room, fees)
        if quote is None or (wallet.sniper and quote.total > self.ceiling * quote.base_amount):
            return False
        self.sold = quote.sold_after
        wallet.bought += quote.base_amount
        wallet.paid += quote.total
        wallet.money -= quote.total
        self.tape.append(Purchase(wallet, slot, elapsed, quote.base_amount, quote.total))
        return True

    def _quote(self, money: int, room: int, fees: Fees) -> TradeQuote | None:
        if money <= 0 or room <= 0:
            return None
        try:
            quote = curve_math.quote_buy_exact_in(self.segments, self.sold, money, fees)
            if quote.base_amount > room:
                quote = curve_math.quote_buy_exact_out(self.segments, self.sold, room, fees)
        except (AmountTooSmallError, CurveCompleteError):
            return None
        return quote

    def outcome(self, everybody: list[Wallet]) -> Outcome:
        """Count, after the snipers have sold."""
        snipers = [wallet for wallet in everybody if wallet.sniper]
        others = [wallet for wallet in everybody if not wallet.sniper]
        sniped = sum(wallet.bought for wallet in snipers)
        quote = curve_math.quote_sell(self.segments, self.sold, sniped, _FEES) if sniped else None
        return Outcome(
            sniped=sniped,
            paid=sum(wallet.paid for wallet in snipers),
            proceeds=quote.total if quote else 0,
            served=sum(wallet.bought > 0 for wallet in others),
            bought=sum(wallet.bought for wallet in others),
            spent=sum(wallet.paid for wallet in others),
        )
