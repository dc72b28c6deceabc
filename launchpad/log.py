"""Logs: one line an event, coloured for people or JSON for machines."""

import logging
import sys

import structlog
from structlog.typing import Processor

from launchpad.config import Settings
from launchpad.redaction import hosts_of, redact

_QUIET = ("uvicorn", "engineio", "socketio", "httpx", "httpcore", "asyncio", "alembic.runtime.migration", "websockets")


def configure(settings: Settings, process: str) -> None:
    """Send structlog's and the standard library's records to standard error, marked with `process`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        # What nobody wants to read goes no further: every request has a line for debugging.
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderers(settings: Settings) -> list[Processor]:
    """The last processors: the line as text, without the keys and passwords of the services in use."""
    addresses = (*settings.rpc_urls, *settings.ws_urls, settings.jito_url, settings.database_url, settings.redis_url)
    return [*_writers(settings), _without_keys(hosts_of(addresses))]


def _without_keys(hosts: frozenset[str]) -> Processor:
    def cut(_logger: object, _method: str, line: object) -> str:
        return redact(str(line), hosts)

    return cut


def _writers(settings: Settings) -> list[Processor]:
    if settings.log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # Plain tracebacks: pretty ones print the values of local variables, and those may be secrets.
    return [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ]
