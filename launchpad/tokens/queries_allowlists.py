"""All SQL of allowlists."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.sales import Allowlist

_ROOT = "s.sale -> 'opening' -> 'allowlist' ->> 'root'"


async def keep(session: AsyncSession, root: str, wallets: Sequence[str]) -> None:
    """Store a list unless it is there; asked for again, it stays a day longer."""
    row = insert(Allowlist).values(root=root, wallets=list(wallets))
    await session.execute(row.on_conflict_do_update(index_elements=["root"], set_={"stored_at": text("now()")}))


async def forget_unused(session: AsyncSession) -> None:
    """Delete lists that no terms on chain named within a day."""
    statement = f"""DELETE FROM allowlists a WHERE a.stored_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM sale_terms s WHERE {_ROOT} = a.root)"""  # noqa: S608  fixed text
    await session.execute(text(statement))


async def root_of(session: AsyncSession, mint: str) -> str | None:
    """The allowlist's root in the terms of a token's sale, hex."""
    statement = f"SELECT {_ROOT} FROM curves c JOIN sale_terms s ON s.address = c.terms WHERE c.mint = :mint"  # noqa: S608  fixed text
    found: str | None = await session.scalar(text(statement), {"mint": mint})
    return found


async def names(session: AsyncSession, root: str, wallet: str) -> bool:
    """Whether a stored list has a wallet."""
    statement = "SELECT 1 FROM allowlists WHERE root = :root AND :wallet = ANY(wallets)"
    return await session.scalar(text(statement), {"root": root, "wallet": wallet}) is not None


async def wallets(session: AsyncSession, root: str) -> list[str]:
    """The wallets of a stored list."""
    return list(await session.scalar(select(Allowlist.wallets).where(Allowlist.root == root)) or [])
