"""`launchpad indexer parse`: what the parser makes of transactions, as JSON lines."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import orjson
import typer

from launchpad.chain.parsing import parse_transaction
from launchpad.chain.rpc import RpcPool
from launchpad.config import Settings
from launchpad.errors import NotFoundError


class NoSuchTransactionError(NotFoundError):
    """The cluster has no transaction of this signature, or not yet."""

    code = "NO_SUCH_TRANSACTION"


async def show(settings: Settings, what: str, *, raw: bool) -> None:
    """Print a line for each transaction of a recorded file, or for the one of a signature."""
    recorded = await asyncio.to_thread(_recorded, Path(what))
    for answer in [await _from_chain(settings, what)] if recorded is None else recorded:
        parsed = parse_transaction(answer).model_dump()
        typer.echo(orjson.dumps({**parsed, "rawData": answer} if raw else parsed))


def _recorded(path: Path) -> list[dict[str, Any]] | None:
    """The answers in a file; None where there is no such file."""
    if not path.is_file():
        return None
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        return [orjson.loads(line) for line in lines]


async def _from_chain(settings: Settings, signature: str) -> dict[str, Any]:
    async with RpcPool(settings.rpc_urls) as rpc:
        answer = await rpc.get_transaction(signature, commitment="confirmed")
    if answer is None:
        message = f"The cluster has no transaction {signature[:88]}: check the signature, or try again."
        raise NoSuchTransactionError(message)
    return answer
