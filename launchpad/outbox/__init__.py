"""Telling the world: committed outbox rows, numbered per channel, go to Redis; readers catch up from there.

`run` is the one publisher. `read_after` and `head` are for the doors: what a
reader of a channel missed, and how far the channel is.
"""

from launchpad.outbox.catchup import ResyncRequiredError, head, read_after
from launchpad.outbox.publisher import run

__all__ = ["ResyncRequiredError", "head", "read_after", "run"]
