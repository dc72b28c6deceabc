"""Allowlists under the root that stands for them: anybody may ask for a wallet's proof."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.chain import allowlist
from launchpad.chain.allowlist import Tree
from launchpad.db import Database
from launchpad.errors import NotFoundError
from launchpad.tokens import queries_allowlists
from launchpad.tokens.rules_schemas import ProofView

_TREES = 8


class NoAllowlistError(NotFoundError):
    """There is no such token, or its sale has no allowlist."""

    code = "NO_ALLOWLIST"


async def store(database: Database, wallets: Sequence[str]) -> str:
    """Keep a list; its root, hex. The same list twice is one. Raises InvalidAllowlistError."""
    root = allowlist.tree(wallets).root.hex()
    async with database.session() as session:
        await queries_allowlists.forget_unused(session)
        await queries_allowlists.keep(session, root, sorted(set(wallets)))
    return root


async def proof_under(database: Database, root: str, wallet: str) -> list[bytes] | None:
    """A wallet's proof under a root, hex; None where it is not listed, or nobody knows the list."""
    async with database.read() as session:
        return await _proof(session, root, wallet)


async def show(database: Database, mint: str, wallet: str) -> ProofView:
    """The same for people; raises NoAllowlistError."""
    async with database.read() as session:
        root = await queries_allowlists.root_of(session, mint)
        if root is None:
            raise NoAllowlistError(f"The sale of {mint} admits nobody by a list.")
        nodes = await _proof(session, root, wallet)
    proof = [node.hex() for node in nodes or ()]
    return ProofView(mint=mint, wallet=wallet, root=root, listed=nodes is not None, proof=proof)


async def _proof(session: AsyncSession, root: str, wallet: str) -> list[bytes] | None:
    if not await queries_allowlists.names(session, root, wallet):
        return None
    return _tree(tuple(await queries_allowlists.wallets(session, root))).proof(wallet)


@lru_cache(maxsize=_TREES)
def _tree(wallets: tuple[str, ...]) -> Tree:
    return allowlist.tree(wallets)
