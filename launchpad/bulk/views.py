"""An operation for people, out of its rows. Pure."""

from collections import Counter
from decimal import Decimal
from typing import Any

from launchpad.amounts import decimal_text, shifted
from launchpad.bulk.schemas import BulkCost, BulkItemView, BulkTokenView, BulkTransactionView, BulkView, ItemStatus
from launchpad.chain.bulk.checking import Plan
from launchpad.chain.transactions import LAMPORTS_PER_SIGNATURE
from launchpad.tables.bulk import BulkOperation, BulkTransaction

_STATUS: dict[str, ItemStatus] = {
    "built": "planned",
    "sent": "sent",
    "confirmed": "confirmed",
    "failed": "failed",
    "expired": "failed",
}


def view(operation: BulkOperation, rows: list[BulkTransaction]) -> BulkView:
    """Every item with how it stands: by the newest transaction that it is in."""
    newest = {index: row for row in rows for index in row.items}
    items = [_item(operation, index, newest.get(index)) for index in range(len(operation.items))]
    counts = Counter(item.status for item in items)
    return BulkView(
        id=operation.id,
        payer=operation.payer,
        memo=f"launchpad {operation.mark}",
        created_at=operation.created_at,
        counts={status: counts.get(status, 0) for status in ("planned", "sent", "confirmed", "failed")},
        tokens=[BulkTokenView(**token) for token in operation.tokens],
        cost=BulkCost(**operation.cost),
        items=items,
        transactions=[_transaction(row) for row in rows],
    )


def _item(operation: BulkOperation, index: int, row: BulkTransaction | None) -> BulkItemView:
    status = _STATUS[row.status] if row else "planned"
    error = row.error if row and status == "failed" else None
    problem = operation.problems.get(str(index))
    if problem and status != "confirmed":
        status, error = "failed", problem
    return BulkItemView(
        index=index,
        **operation.items[index],
        status=status,
        transaction=row.number if row else None,
        signature=row.signature if row else None,
        error=error,
    )


def _transaction(row: BulkTransaction) -> BulkTransactionView:
    return BulkTransactionView(
        number=row.number,
        items=row.items,
        status=row.status,
        signature=row.signature,
        transaction=row.wire if row.status == "built" else None,
        last_valid_block_height=row.last_valid_block_height,
    )


def tokens(plan: Plan, symbols: dict[str, str]) -> list[dict[str, Any]]:
    """What a plan takes of each token, as it is kept."""
    return [
        BulkTokenView(
            mint=mint,
            symbol=symbols.get(mint) or token.mint.symbol,
            decimals=token.mint.decimals,
            token_program=token.mint.token_program,
            amount=str(token.amount),
            tokens=decimal_text(shifted(Decimal(token.amount), -token.mint.decimals)),
            held=str(token.held),
        ).model_dump()
        for mint, token in plan.tokens.items()
    ]


def cost(plan: Plan, transactions: int) -> dict[str, Any]:
    """What a plan costs besides, as it is kept."""
    network = transactions * LAMPORTS_PER_SIGNATURE
    return BulkCost(
        network=str(network),
        rent=str(plan.rent),
        accounts=len(plan.missing),
        total=str(network + plan.rent),
        transactions=transactions,
    ).model_dump()
