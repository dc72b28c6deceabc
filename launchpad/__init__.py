"""Launchpad: launch, trade and talk about tokens on Solana.

The domain, cut by feature. The three doors (`api`, `chat`, `web`) stand on it
and it knows none of them.
"""

__version__ = "0.1.0"
