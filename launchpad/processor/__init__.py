"""The trade processor: a group of consumers of the bus that keep what is told of tokens ready in Redis.

`run` is one member. Several share the work; see docs/market-data.md for the keys.
"""

from launchpad.processor.service import run

__all__ = ["run"]
