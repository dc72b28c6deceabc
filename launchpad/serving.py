"""Serves the doors with uvicorn: all behind one origin, or one alone."""

import uvicorn

from launchpad import log
from launchpad.config import Settings
from launchpad.errors import ConfigError
from launchpad.origin import DOORS
from launchpad.processes import raise_open_files


def serve(door: str, settings: Settings) -> None:
    """Serve `door` (`all`, or a name of DOORS) on HOST:PORT until told to end."""
    targets = {"all": "launchpad.origin:create_app", **DOORS}
    if door not in targets:
        raise ConfigError(f"There is no door called {door}: choose one of {', '.join(targets)}.")
    log.configure(settings, "serve" if door == "all" else door)
    # Every reader of live events is an open socket, and many systems begin with 1 024.
    raise_open_files()
    uvicorn.run(
        targets[door],
        factory=True,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="launchpad.wire:WireProtocol",
        log_config=None,
        access_log=False,
        # Compressing one broadcast anew for every socket costs more than it saves.
        ws_per_message_deflate=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
    )
