"""What a local cluster is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import orjson

Engine = Literal["embedded", "validator"]

BUNDLED_PROGRAMS = Path(__file__).parent.parent / "chain" / "programs"
BUNDLED_IDLS = Path(__file__).parent.parent / "chain" / "idl"


def bundled_programs() -> dict[str, Path]:
    """The compiled programs that come with the package, by base58 program id.

    A program is `chain/programs/NAME.so`; its address stands in `chain/idl/NAME.json`.
    """
    found: dict[str, Path] = {}
    for binary in sorted(BUNDLED_PROGRAMS.glob("*.so")):
        idl = BUNDLED_IDLS / f"{binary.stem}.json"
        if idl.exists():
            found[orjson.loads(idl.read_bytes())["address"]] = binary
    return found


@dataclass(frozen=True)
class LocalnetOptions:
    """How to run a local cluster.

    `ledger` is the folder that holds everything worth keeping; `reset` empties it
    first. `ws_port` defaults to `rpc_port + 1`, where web3.js looks for it;
    at `geyser_port` there is a Geyser, if one is named.
    `programs` maps base58 program ids to `.so` files; left out, the bundled ones
    are loaded. `more_programs` come on top of them, and `accounts` (JSON files by
    address) stand there where the ledger has none yet. `slot_ms` is the length of a slot in milliseconds. An account is
    read at `finalized` when `finality_slots` more slots were produced. The newest
    `history_transactions` transactions and `history_slots` blocks are kept.
    """

    ledger: Path
    host: str = "127.0.0.1"
    rpc_port: int = 8899
    ws_port: int | None = None
    geyser_port: int | None = None
    reset: bool = False
    engine: Engine = "embedded"
    slot_ms: int = 400
    programs: Mapping[str, Path] | None = None
    more_programs: Mapping[str, Path] = field(default_factory=dict)
    accounts: Mapping[str, Path] = field(default_factory=dict)
    validator_path: Path | None = None
    finality_slots: int = 1
    history_transactions: int = 500_000
    history_slots: int = 1_500_000

    @property
    def websocket_port(self) -> int:
        """The port of the WebSocket."""
        return self.rpc_port + 1 if self.ws_port is None else self.ws_port

    @property
    def rpc_url(self) -> str:
        """Where JSON-RPC over HTTP is served."""
        return f"http://{self.host}:{self.rpc_port}"

    @property
    def ws_url(self) -> str:
        """Where subscriptions are served."""
        return f"ws://{self.host}:{self.websocket_port}"

    def program_files(self) -> dict[str, Path]:
        """The programs to load, by base58 program id."""
        return dict(bundled_programs() if self.programs is None else self.programs) | dict(self.more_programs)
