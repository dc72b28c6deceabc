"""The bus: every committed trade, for whoever works on the market outside of this product's own processes.

`forward` runs beside the outbox' publisher, in the same leading process; `open_bus` gives what
the settings name, to publish to or to read from.
"""

from launchpad.bus.base import AMM_TRADES, CURVE_TRADES, TOPICS, TRADE_PROCESSOR, Bus, Message
from launchpad.bus.forwarder import forward
from launchpad.bus.opening import open_bus
from launchpad.bus.tail import Tail

__all__ = ["AMM_TRADES", "CURVE_TRADES", "TOPICS", "TRADE_PROCESSOR", "Bus", "Message", "Tail", "forward", "open_bus"]
