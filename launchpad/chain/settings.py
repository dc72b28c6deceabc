"""What a client of a cluster has to be told."""

from typing import Protocol


class ChainSettings(Protocol):
    """What a client needs to know; `launchpad.config.Settings` has it."""

    @property
    def rpc_urls(self) -> list[str]:
        """JSON-RPC addresses, best first."""

    @property
    def ws_urls(self) -> list[str]:
        """WebSocket addresses; without them confirmations are asked for, not told."""

    @property
    def priority_fee_microlamports(self) -> int:
        """What to bid per compute unit; -1 asks the cluster."""

    @property
    def jito_url(self) -> str:
        """The block engine of executor jito, empty where the cluster has none."""

    @property
    def jito_auth_uuid(self) -> str:
        """The allowance at the block engine, empty for none."""

    @property
    def jito_max_tip_lamports(self) -> int:
        """The largest tip to build into a transaction."""
