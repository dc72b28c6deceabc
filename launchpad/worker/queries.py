"""All SQL of the periodic jobs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, Result, RowMapping, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, String

# Metadata documents


async def tokens_without_document(session: AsyncSession, attempts: int, limit: int) -> Sequence[RowMapping]:
    """Tokens whose document was not fetched yet, newest first: mint, uri, metadata_hash, metadata_attempts."""
    found = await session.execute(
        text(
            "SELECT mint, uri, metadata_hash, metadata_attempts FROM tokens "
            "WHERE metadata_fetched_at IS NULL AND uri <> '' AND metadata_attempts < :attempts "
            "ORDER BY metadata_attempts, launched_at DESC LIMIT :limit"
        ),
        {"attempts": attempts, "limit": limit},
    )
    return found.mappings().all()


async def stored_media(session: AsyncSession, cid: str) -> bytes | None:
    """The bytes of an object in our own store."""
    body = await session.scalar(text("SELECT body FROM media WHERE cid = :cid"), {"cid": cid})
    return None if body is None else bytes(body)


async def save_document(session: AsyncSession, mint: str, uri: str, shown: Mapping[str, Any]) -> RowMapping | None:
    """Keep what a token's document says, unless the token names another by now; name, symbol, creator."""
    statement = text(
        "UPDATE tokens SET description = :description, image_uri = :image_uri, banner_uri = :banner_uri, "
        "links = :links, metadata_fetched_at = now() WHERE mint = :mint AND uri = :uri "
        "RETURNING name, symbol, creator"
    ).bindparams(bindparam("links", type_=JSONB))
    return (await session.execute(statement, {**shown, "mint": mint, "uri": uri})).mappings().one_or_none()


async def count_attempt(session: AsyncSession, mint: str) -> None:
    """Note that a token's document could not be had."""
    await session.execute(
        text("UPDATE tokens SET metadata_attempts = metadata_attempts + 1 WHERE mint = :mint"), {"mint": mint}
    )


# Tokens from elsewhere


async def unnamed_tokens(session: AsyncSession, attempts: int, limit: int) -> list[str]:
    """Tokens that our launcher did not make and of which only the mint is known."""
    found = await session.execute(
        text(
            "SELECT mint FROM tokens WHERE launch_record IS NULL AND uri = '' AND name = left(mint, 8) "
            "AND metadata_attempts < :attempts ORDER BY launched_at DESC LIMIT :limit"
        ),
        {"attempts": attempts, "limit": limit},
    )
    return list(found.scalars())


async def name_token(session: AsyncSession, mint: str, shown: Mapping[str, object]) -> str:
    """Keep what a token's mint says; the creator."""
    statement = text(
        "UPDATE tokens SET name = :name, symbol = :symbol, uri = :uri, supply = :supply, "
        "update_authority = :update_authority WHERE mint = :mint RETURNING creator"
    )
    return str((await session.execute(statement, {**shown, "mint": mint})).scalar_one())


# Classic tokens


async def listed_tokens(session: AsyncSession, program: str, after: str, limit: int) -> Sequence[RowMapping]:
    """Launched tokens of a token program whose metadata somebody may change, behind a mint: what is stored of it."""
    found = await session.execute(
        text(
            "SELECT mint, name, symbol, uri, update_authority FROM tokens WHERE token_program = :program "
            "AND launch_record IS NOT NULL AND update_authority IS NOT NULL AND mint > :after "
            "ORDER BY mint LIMIT :limit"
        ),
        {"program": program, "after": after, "limit": limit},
    )
    return found.mappings().all()


async def relist_token(session: AsyncSession, mint: str, shown: Mapping[str, object]) -> str:
    """Keep what a token's metadata says now, and have another document fetched; the creator.

    The hash of the launch does not hold for another document.
    """
    statement = text(
        "UPDATE tokens SET name = :name, symbol = :symbol, update_authority = :update_authority, "
        "metadata_hash = CASE WHEN uri = :uri THEN metadata_hash END, "
        "metadata_fetched_at = CASE WHEN uri = :uri THEN metadata_fetched_at END, "
        "metadata_attempts = CASE WHEN uri = :uri THEN metadata_attempts ELSE 0 END, uri = :uri "
        "WHERE mint = :mint RETURNING creator"
    )
    return str((await session.execute(statement, {**shown, "mint": mint})).scalar_one())


# Sent transactions


async def open_transactions(session: AsyncSession, limit: int) -> Sequence[RowMapping]:
    """Transactions whose end is not known: signature, wire, status, last_valid_block_height, open_air; oldest first.

    `open_air` says whether they may be sent plainly: what was handed in as a bundle stays out of sight at first.
    """
    found = await session.execute(
        text(
            "SELECT signature, wire, status, last_valid_block_height, "
            "executor = 'legacy' OR sent_at < now() - interval '20 seconds' AS open_air FROM sent_transactions "
            "WHERE status IN ('sent', 'confirmed') ORDER BY sent_at LIMIT :limit"
        ),
        {"limit": limit},
    )
    return found.mappings().all()


async def settle_transaction(
    session: AsyncSession, signature: str, status: str, slot: int | None, error: object
) -> None:
    """Note what became of a transaction."""
    statement = text(
        "UPDATE sent_transactions SET status = :status, slot = coalesce(:slot, slot), error = :error, "
        "settled_at = coalesce(settled_at, now()) WHERE signature = :signature"
    ).bindparams(bindparam("error", type_=JSONB(none_as_null=True)), bindparam("slot", type_=BigInteger))
    values = {"signature": signature, "status": status, "slot": slot, "error": error}
    await session.execute(statement, values)


# Reconciliation


async def curves(session: AsyncSession) -> Sequence[RowMapping]:
    """Every stored curve: what can be compared with its account on the chain."""
    found = await session.execute(
        text("SELECT mint, address, creator, status, sold, quote_reserve, protocol_fees, creator_fees FROM curves")
    )
    return found.mappings().all()


async def pools(session: AsyncSession) -> Sequence[RowMapping]:
    """Every stored pool: what can be compared with its account on the chain."""
    names = "address, creator, lp_supply, base_reserve, quote_reserve, protocol_fees, creator_fees"
    found = await session.execute(text(f"SELECT {names} FROM pools"))  # noqa: S608 - our own names
    return found.mappings().all()


async def recently_moved(session: AsyncSession, limit: int) -> list[str]:
    """Tokens that were traded last."""
    found = await session.execute(
        text("SELECT mint FROM curves ORDER BY last_trade_at DESC NULLS LAST LIMIT :limit"), {"limit": limit}
    )
    return list(found.scalars())


async def moving_tokens(session: AsyncSession, limit: int) -> dict[str, str]:
    """Tokens that were traded or launched last: mint to token program."""
    found = await session.execute(
        text(
            "SELECT t.mint, t.token_program FROM curves c JOIN tokens t ON t.mint = c.mint "
            "ORDER BY coalesce(c.last_trade_at, c.opened_at) DESC LIMIT :limit"
        ),
        {"limit": limit},
    )
    return {row.mint: row.token_program for row in found}


async def stored_balances(session: AsyncSession, accounts: Sequence[str]) -> dict[str, tuple[str, int]]:
    """What is stored of token accounts: account to owner and base units."""
    statement = text("SELECT account, owner, amount FROM token_accounts WHERE account = ANY(:accounts)").bindparams(
        bindparam("accounts", type_=ARRAY(String))
    )
    found = await session.execute(statement, {"accounts": list(accounts)})
    return {row.account: (row.owner, int(row.amount)) for row in found}


async def unknown_signatures(session: AsyncSession, signatures: Sequence[str]) -> list[str]:
    """Those of these transactions of which no event is stored, in the order given."""
    statement = text(
        "SELECT s.signature FROM unnest(:signatures) WITH ORDINALITY AS s (signature, n) "
        "WHERE NOT EXISTS (SELECT FROM chain_events e WHERE e.signature = s.signature) ORDER BY s.n"
    ).bindparams(bindparam("signatures", type_=ARRAY(String)))
    return list((await session.execute(statement, {"signatures": list(signatures)})).scalars())


# Retention


async def delete_expired_sign_ins(session: AsyncSession) -> int:
    """Forget sessions and challenges that have run out; how many."""
    gone = 0
    for statement in (
        "DELETE FROM sessions WHERE expires_at < now()",
        "DELETE FROM sign_in_challenges WHERE expires_at < now()",
    ):
        gone += _rows_of(await session.execute(text(statement)))
    return gone


async def delete_settled_transactions(session: AsyncSession, age: timedelta) -> int:
    """Forget transactions whose end has long been known; how many."""
    deleted = await session.execute(
        text(
            "DELETE FROM sent_transactions WHERE status NOT IN ('sent', 'confirmed') "
            "AND settled_at < now() - CAST(:age AS interval)"
        ),
        {"age": age},
    )
    return _rows_of(deleted)


async def delete_old_operations(session: AsyncSession, age: timedelta) -> int:
    """Forget operations on many items that were asked for so long ago, with their transactions; how many."""
    deleted = await session.execute(
        text("DELETE FROM bulk_operations WHERE created_at < now() - CAST(:age AS interval)"), {"age": age}
    )
    return _rows_of(deleted)


def _rows_of(result: Result[Any]) -> int:
    """How many rows a DELETE removed."""
    return result.rowcount if isinstance(result, CursorResult) else 0


async def unverified_tokens(session: AsyncSession, but: Sequence[str], limit: int) -> Sequence[str]:
    """Mints that were launched in the last day and never verified, newest first, without those in `but`."""
    found = await session.scalars(
        text(
            "SELECT t.mint FROM tokens t WHERE t.launched_at > now() - interval '1 day' AND t.mint <> ALL(:but) "
            "AND NOT EXISTS (SELECT FROM verifications v WHERE v.address = t.mint) "
            "ORDER BY t.launched_at DESC LIMIT :limit"
        ),
        {"but": list(but), "limit": limit},
    )
    return found.all()
