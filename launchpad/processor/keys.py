"""What the live cache is called in Redis."""

BY_VOLUME = "tokens:by_volume"
BY_MARKET_CAP = "tokens:by_mcap"


def token(mint: str) -> str:
    """The newest trade and what it says of the token (hash)."""
    return f"token:{mint}"


def prices(mint: str) -> str:
    """One point for each minute of the last 24 hours in which it was traded (sorted set)."""
    return f"token:{mint}:prices"


def day(mint: str) -> str:
    """Trades and volume of the last 24 hours (hash)."""
    return f"token:{mint}:24h"


def metrics(mint: str) -> str:
    """Figures by window (hash)."""
    return f"token:{mint}:metrics"


def heartbeat(member: str) -> str:
    """That a member is alive."""
    return f"processor:{member}"
