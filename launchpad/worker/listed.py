"""Metadata of classic tokens: it changes in Metaplex's program, which tells us of no event, so it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping

from launchpad import live
from launchpad.chain.addresses import TOKEN
from launchpad.chain.metaplex import ListedMetadata, metadata_account, parse_metadata
from launchpad.chain.rpc import RpcPool
from launchpad.db import Database
from launchpad.tokens.texts import texts_of
from launchpad.worker import queries

# As many as a node answers at once.
AT_ONCE = 100


@dataclass
class ListedJob:
    """Keeps names, documents and update authorities of classic tokens as they are on chain, a hundred at a turn."""

    database: Database
    rpc: RpcPool
    _after: str = ""

    async def run(self) -> None:
        """One turn over the next tokens whose metadata can change; begins again behind the last one."""
        async with self.database.read() as session:
            rows = await queries.listed_tokens(session, TOKEN, self._after, AT_ONCE)
        self._after = rows[-1]["mint"] if len(rows) == AT_ONCE else ""
        for row, shown in await self._changed(rows):
            async with self.database.session() as session:
                creator = await queries.relist_token(session, row["mint"], shown)
                event = live.TokenUpdated(
                    mint=row["mint"], name=shown["name"], symbol=shown["symbol"], image_uri=None, creator=creator
                )
                await live.publish(session, event)

    async def _changed(self, rows: Sequence[RowMapping]) -> list[tuple[RowMapping, dict[str, Any]]]:
        """Those of the tokens whose metadata is no longer what is stored, each with what it is."""
        accounts = await self.rpc.get_accounts([metadata_account(row["mint"]) for row in rows]) if rows else []
        found = [(row, parse_metadata(row["mint"], account)) for row, account in zip(rows, accounts, strict=True)]
        told = [(row, shown_of(listed)) for row, listed in found if listed]
        return [(row, shown) for row, shown in told if any(row[name] != value for name, value in shown.items())]


def shown_of(listed: ListedMetadata) -> dict[str, Any]:
    """What is stored of it."""
    return {**texts_of(listed), "update_authority": listed.update_authority}
