"""A sale that sells out and graduates, in the benches' one life of the programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from launchpad.bench._routing import Line
from launchpad.chain import curve_math, keys, pda
from launchpad.chain.accounts import LauncherConfig
from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.curve_math import Fees, Segment
from launchpad.chain.instructions import curve, graduation, launcher
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.curve import Market
from launchpad.chain.instructions.graduation import Sale
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms

SUPPLY = 10**18
LATER = 2**62
# Sold out for six SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 2_118_000_000, 793_100_000 * 10**9),)
_LOCK = 180 * 86_400


@dataclass(frozen=True)
class _Token:
    """A token of `creator` whose raise vests in part and whose shares are locked for him."""

    creator: Any
    venue: str = "amm"
    key: Any = field(default_factory=keys.generate)

    @property
    def owner(self) -> str:
        """The creator's address."""
        return keys.address_of(self.creator)

    @property
    def mint(self) -> str:
        """The token's address."""
        return keys.address_of(self.key)

    @property
    def sale(self) -> SaleTerms:
        """The terms of its sale."""
        payout = Payout(self.owner, self.owner, 6_000)
        return SaleTerms(graduation=GraduationTerms(self.venue, 7_000, _LOCK, payout))

    @property
    def named(self) -> Sale:
        """What the instructions of its graduation name."""
        return Sale(self.mint, TOKEN_2022, pda.terms(self.sale), _LOCK, self.venue)

    def launch(self, config: LauncherConfig, fees: Fees) -> Any:
        """Its launch."""
        params = LaunchParams(self.owner, "Alumna", "ALUM", "ipfs://alumna", SUPPLY, segments=SEGMENTS, sale=self.sale)
        return launcher.launch(params.checked(), self.mint, config, fees)

    def last_buy(self) -> list[Any]:
        """Everything at once, into a new account."""
        account = create_token_account(self.owner, self.owner, self.mint, TOKEN_2022)
        everything = curve_math.sale_supply(SEGMENTS)
        return [account, curve.buy_exact_out(Market(self.mint), self.owner, everything, 10**11, LATER)]

    def graduate(self) -> Any:
        """The pool, opened by the creator."""
        make = graduation.graduate_to_raydium if self.venue == "raydium" else graduation.graduate
        return make(self.named, self.owner)


def steps(creator: Any, config: LauncherConfig, fees: Fees) -> Iterator[Line]:
    """A sale that is sold out, and its graduation by instructions of their own."""
    token, by = _Token(creator), [creator]
    owner = token.owner
    opened = [curve.create_terms(owner, token.sale), token.launch(config, fees)]
    yield "launch_token with terms", [creator, token.key], opened, True
    yield "buy_exact_out", by, token.last_buy(), True
    yield "graduate", by, [token.graduate()], False
    yield "graduate, again", by, [token.graduate()], False
    yield "release_payout", by, [graduation.release_payout(token.named, owner, "team", owner, 0)], False
    shares = graduates_pool(token.mint).lp_mint
    yield "lock_liquidity", by, [graduation.lock_liquidity(token.named, owner, shares, owner)], False


def whole_transactions(creator: Any, config: LauncherConfig, fees: Fees) -> Iterator[Line]:
    """The same by a keeper's transaction, and by the last buy's, as they go over the wire."""
    first, second, by = _Token(creator), _Token(creator), [creator]
    yield "launch_token with terms", [creator, first.key], [first.launch(config, fees)], True
    yield "buy_exact_out", by, first.last_buy(), True
    yield "graduate, whole transaction", by, [first.graduate()], False
    yield "launch_token with terms", [creator, second.key], [second.launch(config, fees)], True
    yield "the last buy and graduate, whole transaction", by, [*second.last_buy(), second.graduate()], False


def at_raydium(creator: Any, config: LauncherConfig, fees: Fees) -> Iterator[Line]:
    """The same into Raydium."""
    first, second, by = _Token(creator, "raydium"), _Token(creator, "raydium"), [creator]
    opened = [curve.create_terms(first.owner, first.sale), first.launch(config, fees)]
    yield "launch_token with terms", [creator, first.key], opened, True
    yield "buy_exact_out", by, first.last_buy(), True
    yield "graduate_to_raydium, whole transaction", by, [first.graduate()], False
    yield "launch_token with terms", [creator, second.key], [second.launch(config, fees)], True
    last = [*second.last_buy(), second.graduate()]
    yield "the last buy and graduate_to_raydium, whole transaction", by, last, False
