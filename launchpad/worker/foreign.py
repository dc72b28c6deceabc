"""Tokens that were made elsewhere: their curve says nothing of their name, so their mint is asked."""

from dataclasses import dataclass
from typing import Any

import structlog

from launchpad import live
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import MintState, parse_mint
from launchpad.db import Database
from launchpad.tokens.texts import texts_of
from launchpad.worker import queries

log = structlog.get_logger(__name__)

AT_ONCE = 20
ATTEMPTS = 3


@dataclass
class ForeignMintJob:
    """Name, symbol, document, supply and authority of tokens whose curve was opened directly."""

    database: Database
    rpc: RpcPool

    async def run(self) -> None:
        """One turn over tokens that nobody has asked about yet."""
        async with self.database.read() as session:
            mints = await queries.unnamed_tokens(session, ATTEMPTS, AT_ONCE)
        for mint in mints:
            state = await self._state(mint)
            async with self.database.session() as session:
                if state is None or not state.name:
                    await queries.count_attempt(session, mint)
                    continue
                shown = shown_of(state)
                creator = await queries.name_token(session, mint, shown)
                event = live.TokenUpdated(
                    mint=mint, name=shown["name"], symbol=shown["symbol"], image_uri=None, creator=creator
                )
                await live.publish(session, event)

    async def _state(self, mint: str) -> MintState | None:
        account = await self.rpc.get_account(mint)
        try:
            return parse_mint(mint, account) if account else None
        except UndecodableError as error:
            log.info("worker.no_mint", mint=mint, error=error.message)
            return None


def shown_of(state: MintState) -> dict[str, Any]:
    """What is stored of a mint."""
    return {**texts_of(state), "supply": state.supply, "update_authority": state.update_authority}
