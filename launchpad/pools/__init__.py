"""The pools slice: where graduates trade, and what their liquidity is worth."""
