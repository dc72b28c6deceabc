"""Rows that are folded from made-up transactions."""

from tests.indexer.conftest import connection, history, market, store

__all__ = ["connection", "history", "market", "store"]
