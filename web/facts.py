"""What can be said of a token because the chain says so, as marks that explain themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from launchpad.tokens.schemas import TokenDetails
from launchpad.vesting.schemas import VestingView
from web.formats import address, share

_BPS = 10_000


@dataclass(frozen=True)
class Mark:
    """A small label, its tone, and the sentence behind it."""

    key: str
    label: str
    tone: Literal["good", "caution", "accent", ""]
    icon: str
    explains: str


@dataclass(frozen=True)
class Locked:
    """What vesting schedules hold of a token. Base units."""

    amount: int
    released: int
    claimed: int
    share_bps: int
    next_release: datetime | None


@dataclass(frozen=True)
class Ending:
    """How a sale ended: in a word, in a sentence, and whether its goal was reached."""

    label: str
    explains: str
    reached: bool = True

    @property
    def tone(self) -> Literal["accent", "caution"]:
        """The tone of its mark."""
        return "accent" if self.reached else "caution"


ENDINGS = {
    "complete": Ending("Sold out", "The curve sold its last token, so it no longer trades."),
    "graduated": Ending("Graduated", "The curve sold out and its liquidity moved to a pool."),
    "depositing": Ending(
        "Batch launch",
        "The sale takes deposits. When the window ends they all buy at one price, and trading begins there.",
        reached=False,
    ),
    "failed": Ending(
        "Failed",
        "The deposits missed their minimum. Everybody takes the deposit back, to the lamport; nothing was bought.",
        reached=False,
    ),
    "refunding": Ending(
        "Refunding",
        "The sale missed its goal by its deadline. Whoever returns their tokens gets back a share of the SOL raised.",
        reached=False,
    ),
}


def marks(token: TokenDetails) -> list[Mark]:
    """Authorities and locks of a token, what protects its holders first."""
    found = [*_ended(token), _mint_authority(token), _freeze_authority(), _metadata(token)]
    held = locked(token)
    if held.amount:
        found.append(
            Mark(
                "locked",
                f"{share(held.share_bps)} locked",
                "accent",
                "lock",
                f"{share(held.share_bps)} of the supply is held by vesting schedules on chain and is released step by "
                "step. Nobody can move it earlier.",
            )
        )
    return found


def _ended(token: TokenDetails) -> list[Mark]:
    ending = ENDINGS.get(token.status)
    return [Mark("ended", ending.label, ending.tone, "check", ending.explains)] if ending else []


def _mint_authority(token: TokenDetails) -> Mark:
    if token.supply_mode.lower() == "mintable":
        text = "A named account can mint more tokens, up to a cap that was fixed at launch. More dilutes holders."
        return Mark("supply", "Mintable", "caution", "alert", text)
    text = "The mint authority was revoked at launch: no more tokens can ever be made."
    return Mark("supply", "Supply fixed", "good", "shield", text)


def _freeze_authority() -> Mark:
    text = "The mint has no freeze authority: nobody can freeze tokens in a wallet."
    return Mark("freeze", "Cannot freeze", "good", "shield", text)


def _metadata(token: TokenDetails) -> Mark:
    if token.update_authority is None:
        return Mark("metadata", "Metadata final", "good", "shield", "Name, ticker and picture can never be changed.")
    text = f"{address(token.update_authority)} can still change name, ticker and picture."
    return Mark("metadata", "Metadata can change", "caution", "alert", text)


def locked(token: TokenDetails) -> Locked:
    """The sum of a token's vesting schedules, and when the next step of any is released."""
    amount = sum(int(item.amount) for item in token.vesting)
    released = sum(int(item.vested) for item in token.vesting)
    now = datetime.now(UTC)
    steps = [step for item in token.vesting if (step := next_release(item, now))]
    held = amount - released
    return Locked(
        amount=held,
        released=released,
        claimed=sum(int(item.claimed) for item in token.vesting),
        share_bps=held * _BPS // max(int(token.supply), 1),
        next_release=min(steps, default=None),
    )


def next_release(schedule: VestingView, now: datetime) -> datetime | None:
    """When `schedule` releases its next step: the cliff, or the end of the running period; None when it is over."""
    if schedule.revoked_at is not None or now >= schedule.ends_at:
        return None
    if now < schedule.cliff_at:
        return schedule.cliff_at
    passed = int((now - schedule.starts_at).total_seconds()) // schedule.period_seconds
    step = schedule.starts_at + timedelta(seconds=(passed + 1) * schedule.period_seconds)
    return min(step, schedule.ends_at)
