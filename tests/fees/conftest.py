"""Rows that are folded from made-up transactions."""

from tests.indexer.conftest import history, market, store

__all__ = ["history", "market", "store"]
