"""Keeping what people draw: per account and token, the last writer wins who knew what he overwrote."""

import orjson

from launchpad.db import Database
from launchpad.drawings import queries
from launchpad.drawings.errors import DrawingsConflictError, DrawingsQuotaError
from launchpad.drawings.schemas import DrawingsChange, DrawingsView
from launchpad.tables.drawings import ChartDrawings

BYTES_OF_TOKEN = 48 * 1024
BYTES_OF_ACCOUNT = 1024 * 1024
_ROW_BYTES = 128  # of the account's room, for a row with nothing in it


async def read(database: Database, address: str, mint: str) -> DrawingsView:
    """What an account has drawn on a token's chart; revision 0 where nothing was ever stored."""
    async with database.read() as session:
        return _view(mint, await queries.find(session, address, mint))


async def save(database: Database, address: str, mint: str, change: DrawingsChange) -> DrawingsView:
    """Store all drawings of a token in the place of the revision that was changed.

    Raises DrawingsConflictError where another one is stored, with what it holds, and DrawingsQuotaError.
    """
    drawings = [drawing.model_dump(mode="json", exclude_defaults=True) for drawing in change.drawings]
    size = len(orjson.dumps(drawings))
    if size > BYTES_OF_TOKEN:
        message = f"These drawings take {size} bytes and a token has room for {BYTES_OF_TOKEN}: delete some of them."
        raise DrawingsQuotaError(message, limit=BYTES_OF_TOKEN)
    size += _ROW_BYTES
    async with database.session() as session:
        if await queries.bytes_elsewhere(session, address, mint) + size > BYTES_OF_ACCOUNT:
            message = "Your account has no more room for drawings: delete some on this or on another token."
            raise DrawingsQuotaError(message, limit=BYTES_OF_ACCOUNT)
        stored = await queries.write(session, address, mint, change.revision, drawings, size)
        if stored is None:
            now = _view(mint, await queries.find(session, address, mint)).model_dump(mode="json")
            message = "The drawings were changed in another place meanwhile: put your changes on top of those."
            raise DrawingsConflictError(message, revision=now["revision"], drawings=now["drawings"])
        return _view(mint, stored)


def _view(mint: str, row: ChartDrawings | None) -> DrawingsView:
    if row is None:
        return DrawingsView(mint=mint, revision=0, drawings=[])
    values = {"revision": row.revision, "drawings": row.drawings, "updated_at": row.updated_at}
    return DrawingsView.model_validate({"mint": mint, **values})
