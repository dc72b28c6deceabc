"""The verbs that write who has a place in an opening with rules."""

from launchpad.chain.events import Admitted, PositionClosed, PositionOpened
from launchpad.folding import Batch, Place, instant


def record_position(batch: Batch, opened: PositionOpened, place: Place) -> None:
    """A wallet can buy while the rules hold."""
    change = batch.opening(opened.mint, opened.wallet, place)
    change.address, change.opened_at = opened.position, instant(opened.timestamp)


def record_admitted(batch: Batch, admitted: Admitted, place: Place) -> None:
    """A wallet proved that it belongs to a tier: by the list, or by its pledge."""
    change = batch.opening(admitted.mint, admitted.wallet, place)
    if admitted.tier == "allowlist":
        change.allowlisted_at = instant(admitted.timestamp)
    else:
        change.pledged_at = instant(admitted.timestamp)


def record_position_closed(batch: Batch, closed: PositionClosed, place: Place) -> None:
    """The rules are over, and the wallet has its pledge back."""
    change = batch.opening(closed.mint, closed.wallet, place)
    change.closed_at, change.bought = instant(closed.timestamp), closed.bought
