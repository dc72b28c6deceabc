"""The events of our programs, one dataclass each; each program's in a module of its own.

Addresses are base58, amounts base units, times Unix seconds; None stands for nobody
or nothing. The fields stand in the order of the wire (tests hold them against the
IDLs); readers accept longer bodies than they know.

Where two programs have an event of one name, the launcher's class begins with `Launcher`
and the pools' with `Amm`.
"""

from launchpad.chain.addresses import ProgramName
from launchpad.chain.curve_events import CURVE_EVENTS, CurveEvent
from launchpad.chain.launcher_events import LAUNCHER_EVENTS, LauncherEvent
from launchpad.chain.pool_events import POOL_EVENTS, PoolEvent
from launchpad.chain.router_events import ROUTER_EVENTS, RouterEvent
from launchpad.chain.sale_events import SALE_EVENTS, SaleEvent
from launchpad.chain.vesting_events import VESTING_EVENTS, VestingEvent

Event = CurveEvent | SaleEvent | LauncherEvent | VestingEvent | PoolEvent | RouterEvent

EVENTS_OF: dict[ProgramName, tuple[type[Event], ...]] = {
    "bonding_curve": (*CURVE_EVENTS, *SALE_EVENTS),
    "token_launcher": LAUNCHER_EVENTS,
    "vesting": VESTING_EVENTS,
    "amm": POOL_EVENTS,
    "fee_router": ROUTER_EVENTS,
}
