"""A wallet before the rules of an opening: when it may buy, how much, and what it has to send first.

standing = await fetch_standing(chain.rpc, curve, wallet, now)
if standing:
    standing.check(base, now)                  # NotAdmittedError, WalletCapReachedError
    before = standing.preparations(now)        # instructions in front of the buy
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from solders.instruction import Instruction

from launchpad.chain import allowlist, pda
from launchpad.chain.accounts import PROGRAM_OF, CurveState, decode_account
from launchpad.chain.addresses import TOKEN_PROGRAMS
from launchpad.chain.curve_math import BPS
from launchpad.chain.extensions import PLEDGEABLE, mint_extensions
from launchpad.chain.instructions import opening
from launchpad.chain.instructions.curve import Ruled
from launchpad.chain.instructions.opening import Community
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sale_accounts import PositionState, TermsState
from launchpad.chain.sale_terms import InvalidTermsError, OpeningRules
from launchpad.chain.tokens import data_of, parse_token_account
from launchpad.errors import ConflictError, NotFoundError

Stage = Literal["allowlist", "holders", "public"]
# The cluster's clock may lag behind ours: so long after the rules their accounts are named, which harms nothing.
_MARGIN_SECONDS = 60


class NotAdmittedError(ConflictError):
    """The wallet's stage of the sale has not begun; `opens_at` says when it does, in Unix seconds."""

    code = "NOT_ADMITTED"


class WalletCapReachedError(ConflictError):
    """More than one wallet may buy while the sale opens; `left` base units until `until`, Unix seconds."""

    code = "WALLET_CAP_REACHED"


class NoTermsError(NotFoundError):
    """The account of a sale's terms cannot be read."""

    code = "NO_TERMS"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules of a sale and the chain say about one wallet. `held` is what it has of the community's token."""

    curve: CurveState
    rules: OpeningRules
    wallet: str
    position: PositionState | None
    proof: Sequence[bytes] | None = None
    community: Community | None = None
    held: int = 0

    @property
    def ruled(self) -> Ruled:
        """The accounts that a buy names."""
        return Ruled(str(self.curve.terms), pda.position(self.curve.mint, self.wallet))

    @property
    def stage(self) -> Stage:
        """The first stage that admits the wallet, as things are."""
        if self._is_listed or not self.rules.tier_seconds:
            return "allowlist" if self.rules.allowlist else "public"
        holders = self.rules.holders
        pledges = holders and ((self.position and self.position.pledged) or self.held >= holders.minimum)
        return "holders" if pledges else "public"

    @property
    def opens_at(self) -> int:
        """When the wallet may buy first, Unix seconds."""
        return self.curve.opened_at + stage_begins(self.rules, self.stage)

    @property
    def bought(self) -> int:
        """Base units that the wallet bought under the rules."""
        return self.position.bought if self.position else 0

    def room(self, now: int) -> int | None:
        """Base units that the wallet may still buy at a time; None for any amount."""
        if not self.rules.wallet_cap_bps or now >= self.window_end:
            return None
        return max(0, wallet_cap(self.rules, self.curve.sale_supply) - self.bought)

    @property
    def window_end(self) -> int:
        """Until when cap and slot rule hold, Unix seconds."""
        return self.curve.opened_at + self.rules.window_seconds

    def check(self, base: int, now: int) -> None:
        """Raise the NotAdmittedError or WalletCapReachedError that a buy of `base` units would meet at a time."""
        if now < self.opens_at:
            message = f"This wallet may buy from {_words(self.stage)} on: {_wait(self.opens_at - now)}."
            raise NotAdmittedError(message, field="wallet", opens_at=self.opens_at, stage=self.stage)
        left = self.room(now)
        if left is not None and base > left:
            message = (
                f"While the sale opens a wallet buys at most {self.rules.wallet_cap_bps / 100:g} % of it: "
                f"buy less, or wait for {_wait(self.window_end - now)}."
            )
            raise WalletCapReachedError(message, field="amount", left=str(left), until=self.window_end)

    def preparations(self, now: int) -> list[Instruction]:
        """What the wallet sends in front of a buy: its position, its proof, or its pledge."""
        mint, terms = self.curve.mint, self.ruled.terms
        needed = [] if self.position else [opening.open_position(self.wallet, mint, self.wallet)]
        if self._waits_for_public(now) and self.proof is not None:
            needed.append(opening.prove_allowlisted(mint, terms, self.wallet, self.proof))
        elif self.community and self.pledges(now):
            needed.append(opening.pledge(mint, terms, self.wallet, self.community))
        return needed

    def pledges(self, now: int) -> bool:
        """Whether a buy at a time takes a pledge of the community's token, which comes back after the rules."""
        pledged = self.position is not None and self.position.pledged > 0
        begun = now >= self.curve.opened_at + stage_begins(self.rules, "holders")
        return (
            begun and not pledged and self.proof is None and self.community is not None and self._waits_for_public(now)
        )

    def _waits_for_public(self, now: int) -> bool:
        """Whether only tiers buy at a time, and the wallet has not proved that it is on the list."""
        proved = self.position is not None and self.position.allowlisted
        return now < self.curve.opened_at + self.rules.tier_seconds and not proved

    @property
    def _is_listed(self) -> bool:
        return self.proof is not None or bool(self.position and self.position.allowlisted)


def stage_begins(rules: OpeningRules, stage: Stage) -> int:
    """Seconds from the opening to the beginning of a stage."""
    first = rules.allowlist.seconds if rules.allowlist else 0
    return {"allowlist": 0, "holders": first, "public": rules.tier_seconds}[stage]


def wallet_cap(rules: OpeningRules, sale_supply: int) -> int:
    """Most base units of one wallet in the window, rounded down."""
    return sale_supply * rules.wallet_cap_bps // BPS


def rules_hold(curve: CurveState, now: int) -> bool:
    """Whether a buy should name what the rules ask for; a little longer than they hold."""
    return now < curve.rules_end + _MARGIN_SECONDS and curve.rules_end > 0


async def fetch_rules(rpc: RpcPool, curve: CurveState) -> OpeningRules:
    """The opening rules of a sale; NoTermsError where its terms cannot be read."""
    account = await rpc.get_account(curve.terms) if curve.terms else None
    if account is None or account["owner"] != PROGRAM_OF[TermsState]:
        raise NoTermsError(f"The terms of the sale of {curve.mint} cannot be read: try again.")
    return decode_account(TermsState, data_of(account)).sale.opening


async def fetch_standing(
    rpc: RpcPool, curve: CurveState, wallet: str, now: int, proof: Sequence[bytes] | None = None
) -> Standing | None:
    """Where a wallet stands at a time; None where no rules hold. A `proof` that leads nowhere counts for nothing."""
    if not rules_hold(curve, now):
        return None
    rules = await fetch_rules(rpc, curve)
    listed = rules.allowlist and proof is not None and allowlist.is_listed(rules.allowlist.root, wallet, proof)
    account = await rpc.get_account(pda.position(curve.mint, wallet))
    known = account is not None and account["owner"] == PROGRAM_OF[PositionState]
    position = decode_account(PositionState, data_of(account)) if account and known else None
    community, held = await _community(rpc, rules, wallet)
    return Standing(curve, rules, wallet, position, proof if listed else None, community, held)


async def before_buy(
    rpc: RpcPool, curve: CurveState, wallet: str, proof: Sequence[bytes] | None
) -> tuple[Ruled | None, list[Instruction]]:
    """What a buy names while rules of the opening hold, and the instructions in front of it."""
    now = int(time.time())
    standing = await fetch_standing(rpc, curve, wallet, now, proof)
    return (standing.ruled, standing.preparations(now)) if standing else (None, [])


async def require_pledgeable(rpc: RpcPool, mint: str) -> None:
    """Raise the InvalidTermsError that says why nobody could pledge a token: its tier would admit nobody."""
    account = await rpc.get_account(mint)
    if account is None or account["owner"] not in TOKEN_PROGRAMS:
        message = "There is no such token on this cluster: check the address."
        raise InvalidTermsError(message, field="rules.holders.mint")
    refused = [each for each in mint_extensions(data_of(account)) if each.number not in PLEDGEABLE]
    if refused:
        message = f"This token has the extension {refused[0].name}, so a pledge of it might not come back whole."
        raise InvalidTermsError(message, field="rules.holders.mint")


async def _community(rpc: RpcPool, rules: OpeningRules, wallet: str) -> tuple[Community | None, int]:
    """The token that holders pledge, and what a wallet has of it in its associated account."""
    if rules.holders is None:
        return None, 0
    mint = rules.holders.mint
    keys = [pda.associated_token(wallet, mint, program) for program in TOKEN_PROGRAMS]
    found, *accounts = await rpc.get_accounts([mint, *keys])
    if found is None or found["owner"] not in TOKEN_PROGRAMS:
        return None, 0
    program = str(found["owner"])
    account = accounts[TOKEN_PROGRAMS.index(program)]
    held = parse_token_account(data_of(account)).amount if account and account["owner"] == program else 0
    return Community(mint, program), held


def _words(stage: Stage) -> str:
    return {"allowlist": "the opening", "holders": "the holders' stage", "public": "the public stage"}[stage]


def _wait(seconds: int) -> str:
    minutes, rest = divmod(max(seconds, 1), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
