"""The deposits slice: batch launches, from the first deposit to the last claim."""

from launchpad.deposits.queries import due as due_batches

__all__ = ["due_batches"]
